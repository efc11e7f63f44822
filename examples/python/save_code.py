"""Saves the code as a picture: save_code.py [FILE]. Fails if no code is live."""

import sys
from pathlib import Path

from client import request

file = Path(sys.argv[1] if len(sys.argv) > 1 else "code.png")
file.write_bytes(request("/api/whatsapp/qr.png").read())
print(f"saved {file}")
