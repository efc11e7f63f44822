"""Shows how the link is, and draws the code if one waits to be scanned."""

from client import get, request

status = get("/whatsapp/status")
print(f"{status['currentState']}: {status['message']}")
if status["hasQr"]:
    print(request("/api/whatsapp/qr.txt").read().decode())
