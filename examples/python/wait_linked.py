"""Waits until the link is ready. An ETag makes asking cheap: what has not changed is not sent again."""

import json
import sys
import time

from client import request

etag, state = "", ""
while state != "ready":
    response = request("/whatsapp/status", headers={"If-None-Match": etag})
    if response is None:
        time.sleep(1)
        continue
    etag, status = response.headers["ETag"], json.load(response)
    state = status["currentState"]
    if state == "blocked":
        sys.exit(status["action"])
    print("linked" if state == "ready" else state, flush=True)
