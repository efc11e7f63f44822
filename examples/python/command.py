"""Gives a command: command.py start|stop|reset|logout. The status tells what comes of it."""

import sys

from client import post

if sys.argv[1:] not in (["start"], ["stop"], ["reset"], ["logout"]):
    print("usage: command.py start|stop|reset|logout", file=sys.stderr)
    sys.exit(2)
print(post(f"/api/whatsapp/{sys.argv[1]}")["message"])
