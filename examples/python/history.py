"""Lists the last changes of the link, the oldest first."""

from client import get

for change in get("/whatsapp/history")["transitions"]:
    print(f"{change['at']} {change['from']} -> {change['to']} ({change['phase']})")
