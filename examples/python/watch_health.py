"""Tells how everything is whenever that changes, until it is ended: watch_health.py [SECONDS]."""

import sys
import time

from client import get

before = None
while True:
    health = get("/health")
    now = f"{health['status']} {health['whatsapp']['status']}"
    if now != before:
        print(now, flush=True)
    before = now
    time.sleep(float(sys.argv[1]) if len(sys.argv) > 1 else 5)
