"""wad against a given page, for the bench: the daemon as it is, but for the address.

Arguments: the page's address, the browser, the state folder.
"""

import asyncio
import sys
from unittest.mock import patch

from wad import daemon
from wad.config import load

url, browser, folder = sys.argv[1:]
config = load(
    {"state_dir": folder, "listen": ["127.0.0.1:0"]},
    {"WAD_BROWSER_EXECUTABLE": browser, "WAD_LOG_FORMAT": "json"},
)
sys.stderr = sys.stdout
from wad.log.setup import configure  # noqa: E402 - it takes the stream that was just set

configure("json", "info", sys.stdout)
with patch.object(daemon, "WHATSAPP_WEB", url):
    asyncio.run(daemon.run(config))
