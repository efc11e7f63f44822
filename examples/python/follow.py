"""Prints each message that comes, and misses none: follow.py [FILE].

The file keeps the number of the last one dealt with, so that whatever came while this was not running
is printed at its next start.
"""

import sys
import time
from pathlib import Path

from client import WadError, get

file = Path(sys.argv[1] if len(sys.argv) > 1 else "last-event")
after = int(file.read_text()) if file.exists() else 0
while True:
    try:
        found = get(f"/api/whatsapp/events?types=message&after={after}&wait=5")
    except WadError as error:
        if error.code == "unauthorized":
            sys.exit(str(error))
        time.sleep(1)
        continue
    except OSError:
        time.sleep(1)  # wad is away, and comes back
        continue
    for event in found["events"]:
        print(f"{event['data']['from']}: {event['data']['text']}", flush=True)
    if found["next"] != after:
        after = found["next"]
        new = file.with_suffix(".new")
        new.write_text(str(after))
        new.replace(file)
