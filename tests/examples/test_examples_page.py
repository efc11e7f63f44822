"""The example of a page, in a real browser on an origin of its own."""

import socket
from contextlib import asynccontextmanager

from daemon_frontend import visitor
from daemon_harness import Daemon
from examples_harness import EXAMPLES
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, StaticFileHandler


@asynccontextmanager
async def served():
    """Serve the examples' folder on a port of its own, and give the port."""
    (listening,) = bind_sockets(0, "127.0.0.1", family=socket.AF_INET)
    files = [("/(.*)", StaticFileHandler, {"path": str(EXAMPLES / "javascript")})]
    server = HTTPServer(Application(files, log_function=lambda _: None))
    server.add_socket(listening)
    try:
        yield listening.getsockname()[1]
    finally:
        server.stop()
        await server.close_all_connections()


async def test_the_page_starts_and_links(folder):
    """The button starts the link, the code appears as a picture, and the page tells of the link by itself."""
    async with served() as port, visitor(folder / "visitor") as page:
        env = {"WAD_HTTP_ALLOWED_ORIGINS": f"http://localhost:{port}"}
        async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=env) as daemon:
            await page.open(f"http://localhost:{port}/page.html#http://127.0.0.1:{daemon.port}")
            idle = await page.until(
                "document.querySelector('#state').textContent.includes('idle')", "the state"
            )
            await page.value("document.querySelector('#start').click()")
            drawn = await page.until(
                "!document.querySelector('#code').hidden && document.querySelector('#code').naturalWidth",
                "the code",
            )
            await daemon.phone("scan")
            await page.until("document.querySelector('#state').textContent.startsWith('ready')", "the link")
            hidden = await page.value("document.querySelector('#code').hidden")

    assert idle is True
    assert drawn > 200
    assert hidden is True
