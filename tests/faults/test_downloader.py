"""The library that wad drives Chromium with can download one, from where nobody checks it; wad never lets it."""

import asyncio
import os
import subprocess
import sys

from daemon_harness import HASTY, Daemon, environment
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

# What the library does where its own `launch` finds no browser.
DOWNLOAD = "from pyppeteer.chromium_downloader import download_chromium; download_chromium()"


async def test_a_missing_browser_is_not_downloaded(folder):
    """Without a browser wad says so; neither the library's server nor its folder is touched."""
    asked = []

    def answer(request):
        asked.append(request.path)
        request.connection.close()

    server, (sock, port) = HTTPServer(answer), bind_unused_port()
    server.add_socket(sock)
    home = folder / "home"
    lured = {"PYPPETEER_DOWNLOAD_HOST": f"http://127.0.0.1:{port}", "PYPPETEER_HOME": str(home)}
    missing = {"WAD_BROWSER_EXECUTABLE": str(folder / "chromium")}
    async with Daemon(folder / "state", env={**HASTY, **lured, **missing}) as daemon:
        await daemon.wait(reason="browser_missing")
        await daemon.post("/api/whatsapp/start")
        await daemon.wait(reason="browser_missing")
    of_wad = list(asked), home.exists()
    # Whoever does ask is seen: else the above would say nothing.
    argv, env = [sys.executable, "-c", DOWNLOAD], {**os.environ, **environment(lured)}
    await asyncio.to_thread(subprocess.run, argv, env=env, capture_output=True, check=False, timeout=60)
    server.stop()

    assert of_wad == ([], False)
    assert asked
