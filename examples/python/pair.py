"""Gets a code to type on the phone, under Linked devices: pair.py '+1 555 123-45-67'."""

import sys
import time

from client import get, post

print(post("/api/whatsapp/pair", {"phone": sys.argv[1]})["message"])
while not (status := get("/whatsapp/status"))["pairingCode"]:
    if (status["reason"] or "").startswith("pairing_"):
        sys.exit(status["action"])
    time.sleep(1)
print(f"{status['pairingCode'][:4]}-{status['pairingCode'][4:]}")
