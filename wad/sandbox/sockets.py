"""The page's two sockets: to WhatsApp's servers, and to the sandbox itself."""

import asyncio
import json
from typing import Any

from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from wad.sandbox.connections import ChatConnection, StageConnection
from wad.sandbox.network import Network
from wad.sandbox.stage import Stage

# The longest text in JSON, and what is around it.
_LONGEST_MESSAGE = 512 * 1024


class PageSocket(WebSocketHandler):
    """What both sockets share. Implements `wad.sandbox.connections.Wire`."""

    def prepare(self) -> None:
        """Refuse a name that is not ours."""
        if self.request.host != self.settings["own_host"]():
            raise HTTPError(421)

    def check_origin(self, origin: str) -> bool:
        """Accept the page's own origin and no other."""
        return origin == f"http://{self.settings['own_host']()}"

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message; a socket that is closed already loses it, as sockets do."""
        try:
            sending = self.write_message(json.dumps(message))
        except WebSocketClosedError:
            return
        sending.add_done_callback(_forget)

    def drop(self) -> None:
        """Close the connection without the closing handshake."""
        if self.ws_connection is not None and self.ws_connection.stream is not None:
            self.ws_connection.stream.close()


class ChatSocket(PageSocket):
    """The socket to WhatsApp's servers."""

    def initialize(self, network: Network) -> None:
        """Take the servers."""
        self.network = network
        self.connection = ChatConnection(self)

    def prepare(self) -> None:
        """Refuse while there is no way to the servers."""
        super().prepare()
        if self.network.conditions.hosts_blocked or self.network.conditions.sockets_refused:
            raise HTTPError(403)

    def open(self, *_: str, **__: str) -> None:
        """Join."""
        self.network.connections.add(self.connection)

    async def on_message(self, message: str | bytes) -> None:
        """Hand a message over."""
        await self.network.receive(self.connection, _parse(message))

    def on_close(self) -> None:
        """Leave."""
        IOLoop.current().add_callback(self.network.leave, self.connection)


class StageSocket(PageSocket):
    """The sandbox's own line to the page."""

    def initialize(self, stage: Stage) -> None:
        """Take the stage."""
        self.stage = stage
        self.connection = StageConnection(self)

    def open(self, *_: str, **__: str) -> None:
        """Join."""
        self.stage.pages.append(self.connection)

    def on_message(self, message: str | bytes) -> None:
        """Hand a message over."""
        self.stage.receive(self.connection, _parse(message))

    def on_close(self) -> None:
        """Leave."""
        self.stage.leave(self.connection)


def _forget(sending: asyncio.Future[None]) -> None:
    """Take note of a loss that came while it was being sent; nobody is told of it."""
    if not sending.cancelled():
        sending.exception()


def _parse(message: str | bytes) -> dict[str, Any]:
    """Read a message; what is no object counts as an empty one, which nobody knows."""
    if len(message) > _LONGEST_MESSAGE:
        return {}
    try:
        parsed = json.loads(message)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
