"""Sends a text and waits until WhatsApp has it: send.py NUMBER TEXT."""

import sys
import time
import uuid

from client import WadError, post

to, text = sys.argv[1:]
# Asking again under the same reference is harmless: it is the same message, which goes out once.
draft = {"to": to, "text": text, "clientRef": str(uuid.uuid4())}
for pause in range(1, 6):
    try:
        print(post("/api/whatsapp/messages?wait=sent&timeout=5", draft)["message"]["state"])
        break
    except WadError as error:
        sys.exit(str(error))
    except OSError:
        time.sleep(pause)
else:
    sys.exit("wad did not answer")
