"""The old frontend in a real browser, behind the shipped site: whatever happens to the daemon, it can go on asking."""

import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

from daemon_frontend import SITE, served, visitor
from daemon_harness import SMALL_BROWSER, Daemon
from nginx_harness import Nginx

from wad.config import load, render_nginx

ALWAYS = "[...window.seen.health, ...window.seen.status].map((answer) => answer.http)"


def events(name):
    return f"window.seen.events.filter((event) => event.name === '{name}').map((event) => event.payload)"


class Behind(Daemon):
    """A daemon that listens on a Unix socket for nginx, besides the port the harness asks it on."""

    def __init__(self, state, socket, env):
        super().__init__(state, "--sandbox", "--listen", f"unix:{socket}", env=env)


async def test_it_never_meets_a_cors_error_nor_a_5xx_on_the_status_routes(free_folder):
    """Daemon down, started, a code, scanned, killed, back again: each answer can be read, and is a 200."""
    socket = free_folder / "http.sock"
    async with served() as port, visitor(free_folder / "visitor") as page:
        origin = f"http://localhost:{port}"
        origins = render_nginx(load({}, {"WAD_HTTP_ALLOWED_ORIGINS": origin}))
        nginx = Nginx(free_folder, f"unix:{socket}", origins)
        nginx.start()
        env = {**SMALL_BROWSER, "WAD_SANDBOX_CLOCK": "5", "WAD_HTTP_ALLOWED_ORIGINS": origin}
        daemon = Behind(free_folder / "state", socket, env=env)
        try:
            await page.open(f"{origin}/#http://{SITE}:{nginx.port}")
            await page.until(
                "window.seen.status.at(-1)?.reason === 'daemon_unavailable'", "nginx in its place"
            )
            async with daemon:
                await page.until(f"{events('wa:qr')}.at(-1)", "a code on the socket")
                await page.until("window.seen.status.at(-1).qrCode", "a code in the status")
                await daemon.phone("scan")
                await page.until(f"{events('account-connected')}.length", "the account")
                await page.until("window.seen.health.at(-1).status === 'ok'", "a good health")
                # The daemon alone: a browser that is killed with it has not yet written down that it is linked.
                await daemon.stop(signal.SIGKILL)
                await daemon.gone()
                await page.until("window.seen.status.at(-1).reason === 'daemon_unavailable'", "nginx again")
                await daemon.start()
                await page.until("window.seen.health.at(-1).status === 'ok'", "ready again without a scan")
            codes = await page.value(ALWAYS)
            errors = await page.value("window.seen.errors")
        finally:
            nginx.stop()

    assert {200} == set(codes)
    assert [] == errors
