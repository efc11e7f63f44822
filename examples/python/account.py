"""Tells who is linked; fails if nobody is."""

import sys

from client import get

account = get("/whatsapp/account")["account"]
if account is None:
    sys.exit("nobody is linked")
print(account["phoneNumber"].partition("@")[0], account["name"])
