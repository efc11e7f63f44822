"""wad against a given page, for the bench: the daemon as it is, but for the address.

Arguments: the page's address, the browser, the state folder. Of the environment WAD_* counts, as always; with
BENCH_CLIENTS as many clients of Socket.IO have a place, and all of them may come from one address.
Nothing else is imported: it would be weighed with the daemon.
"""

import asyncio
import os
import sys

from wad import daemon
from wad.config import load
from wad.log.setup import configure
from wad.web.gateway import connections

url, browser, folder = sys.argv[1:]
config = load(
    {"state_dir": folder, "listen": ["127.0.0.1:0"]},
    {
        "WAD_BROWSER_EXECUTABLE": browser,
        **{name: value for name, value in os.environ.items() if name.startswith("WAD_")},
    },
)
if clients := int(os.environ.get("BENCH_CLIENTS", "0")):
    connections.MOST = connections.MOST_OF_ONE = clients
daemon.WHATSAPP_WEB = url
configure("json", "info", sys.stdout)
asyncio.run(daemon.run(config))
