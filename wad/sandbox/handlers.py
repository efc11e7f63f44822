"""What the sandbox serves over HTTP: the page, its files, its frames."""

import secrets
from typing import Any

from tornado.web import HTTPError, RequestHandler

from wad.sandbox import assets
from wad.sandbox.network import Network
from wad.sandbox.options import BUILD

# Seconds of the sandbox's clock between two moves of a frame, on average.
_FRAME_SECONDS = 8.0
_FRAMES = 2


class Base(RequestHandler):
    """Checks who is asked before anything is answered, and sends the policy with every page."""

    def initialize(self, network: Network) -> None:
        """Take what every handler works on."""
        self.network = network

    def prepare(self) -> None:
        """Refuse a name that is not ours: a page elsewhere may have rebound its own to loopback."""
        if self.request.host != self.settings["own_host"]():
            raise HTTPError(421)
        if self.network.conditions.hosts_blocked == "firewall":
            self.cut_off()

    def cut_off(self) -> None:
        """Close without an answer."""
        self.detach().close()

    def set_default_headers(self) -> None:
        """Keep nothing: the page differs from load to load."""
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    def send_page(self, name: str, **values: Any) -> None:
        """Send an HTML file under the strict policy: only scripts with this response's nonce run."""
        nonce = secrets.token_urlsafe(12)
        if self.network.options.csp:
            self.set_header("Content-Security-Policy", _policy(nonce, self.request.host))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(assets.render(name, nonce=nonce, **values))


class PageHandler(Base):
    """The page itself, or the one for browsers it does not know."""

    def get(self) -> None:
        """Serve the page. A user agent that says "headless" is no browser WhatsApp works with."""
        if "HeadlessChrome" in self.request.headers.get("User-Agent", ""):
            self.send_page("unsupported.html")
            return
        options = self.network.options
        frames = range(_FRAMES if options.navigating_iframes else 0)
        every = round(_FRAME_SECONDS * 1000 / self.network.clock)
        config = assets.script_json(_config(self.network))
        self.send_page("index.html", language=options.language, config=config, frames=frames, every=every)


class FrameHandler(Base):
    """A frame of the page, which navigates by itself."""

    def get(self) -> None:
        """Serve the frame."""
        self.send_page("frame.html", number=self.get_query_argument("n", "0"))


class StaticHandler(Base):
    """The page's scripts and its style."""

    def get(self, name: str) -> None:
        """Serve a file, or several; while scripts are blocked, send the browser where it will not go."""
        if self.network.conditions.hosts_blocked is not None and name.endswith(".js"):
            port = self.request.host.rpartition(":")[2]
            self.redirect(f"http://localhost:{port}/blocked/{name}")
            return
        found = assets.bundle(name)
        if found is None:
            raise HTTPError(404)
        kind, content = found
        self.set_header("Content-Type", kind)
        self.finish(content)


class PictureHandler(Base):
    """Pictures of people and groups."""

    async def get(self, kind: str, address: str) -> None:
        """Serve one, of the tag there is now."""
        found = await self.network.messaging.pictures.made(address, kind)
        if found is None:
            raise HTTPError(404)
        self.set_header("Content-Type", "image/png")
        self.finish(found)


class BlockedHandler(RequestHandler):
    """What a blocked script leads to: another origin, whose answer the browser must not use.

    It fails as ``net::ERR_BLOCKED_BY_RESPONSE``. No server can bring about the name an ad blocker gives,
    ``net::ERR_BLOCKED_BY_CLIENT``; a test gets that one from the browser itself.
    """

    def get(self) -> None:
        """Answer for the own origin only."""
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Content-Type", "text/javascript")


class NothingHandler(Base):
    """Answers what browsers ask for by themselves, such as the icon, and a page that asks for an answer."""

    def get(self) -> None:
        """Have nothing, and say so without an error."""
        self.set_status(204)


def _policy(nonce: str, host: str) -> str:
    return (
        f"default-src 'self'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data: blob:; "
        f"media-src 'self' blob:; connect-src 'self' ws://{host}; frame-src 'self'; object-src 'none'; "
        "base-uri 'none'"
    )


def _config(network: Network) -> dict[str, Any]:
    options = network.options
    return {
        "build": BUILD,
        "clock": network.clock,
        "modules": options.modules,
        "debug": options.debug,
        "qrForm": options.qr_form,
        "linkCode": options.link_code,
        "events": options.events,
        "pushname": options.pushname,
        "pairing": options.pairing,
        "logout": options.logout,
        "language": options.language,
        "seed": network.next_seed(),
        "needsUpdate": network.conditions.update_wanted,
        "renamed": network.conditions.renamed,
    }
