"""WAHA's dialect, served over real messages and a page in memory; nothing of a browser."""

import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from frontend_harness import DirectSupervisor
from messages_harness import opened
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.netutil import bind_sockets
from tornado.websocket import websocket_connect

from wad.config import load
from wad.core.deadlines import Deadlines
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.reports.documents import Daemon
from wad.reports.presenter import Presenter
from wad.service.listen import address_of
from wad.web.app import make_app
from wad.web.connections.server import serve
from wad.web.guard import Guard
from wad.web.messaging.stream import Followers
from wad.web.waha.asking import House
from wad.web.waha.routes import waha_routes
from wad.webhooks.service import Webhooks

KEY = "a-token-of-decent-length"
NUMBER = "15551110000"
CHAT = f"{NUMBER}@c.us"


class Speaking:
    """The dialect on a port of loopback; `house` moves what is behind it, `page` is WhatsApp's."""

    def __init__(self, house, port, guard, webhooks, inbox):
        self.house = house
        self.page = house.page
        self.session = house.session
        self.port = port
        self.guard = guard
        self.webhooks = webhooks
        self.inbox = inbox
        self._client = AsyncHTTPClient(force_instance=True)
        self._sockets = []

    @property
    def url(self):
        """Where clients are told it is."""
        return f"http://127.0.0.1:{self.port}/waha"

    async def ask(self, method, path, body=None, key=KEY, **headers):
        """Ask; gives the status and the document, or the bytes of what is no JSON."""
        sent = None if body is None else body if isinstance(body, bytes) else json.dumps(body)
        if sent is None and method in {"POST", "PUT"}:
            sent = "{}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = HTTPRequest(
            self.url + path,
            method,
            {**({"X-Api-Key": key} if key else {}), **named},
            sent,
            request_timeout=30,
        )
        answer = await self._client.fetch(request, raise_error=False)
        kind = answer.headers.get("Content-Type", "")
        return answer.code, json.loads(answer.body) if "json" in kind else answer.body

    async def send(self, name="sendText", **body):
        """Send something; gives as `ask`."""
        return await self.ask("POST", f"/api/{name}", {"session": "default", "chatId": CHAT, **body})

    async def listen(self, query=""):
        """Open the websocket."""
        socket = await websocket_connect(f"ws://127.0.0.1:{self.port}/waha/ws?x-api-key={KEY}&{query}")
        self._sockets.append(socket)
        return socket

    async def refused(self, query="", key=KEY, **headers):
        """Ask for a websocket that is not given; gives as `ask`."""
        upgrade = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec_WebSocket_Version": "13",
        }
        return await self.ask("GET", f"/ws?x-api-key={key}&{query}", key=None, **upgrade, **headers)

    def close(self):
        """Ask no more, and hear no more."""
        self._client.close()
        for each in self._sockets:
            each.close()


@asynccontextmanager
async def speaking(folder, *, linked=True, token=KEY, private=True, **http):
    """Serve it."""
    async with opened(folder) as house:
        sockets = bind_sockets(0, "127.0.0.1")
        port = sockets[0].getsockname()[1]
        inbox = DirectSupervisor(house.session)
        commands = Commands(house.session, inbox, Audience(house.messages.desk.clock, 60), sandbox=True)
        daemon = Daemon("instance-1", "0.1.0", datetime.now(UTC))
        presenter = Presenter(house.session, daemon, 10)
        guard = Guard(load({}, {f"WAD_HTTP_{name.upper()}": text for name, text in http.items()}), token)
        guard.listens([address_of(each) for each in sockets])
        base = f"http://127.0.0.1:{port}/waha"
        webhooks = Webhooks(house.messages.desk, private=private, base=base)
        await webhooks.start()
        followers = Followers()
        asked = House(commands, presenter, house.messages, webhooks, base, datetime.now(UTC))
        server = serve(make_app(waha_routes(asked, followers), guard), sockets, Deadlines(), most=100)
        found = Speaking(house, port, guard, webhooks, inbox)
        if linked:
            await house.link()
        try:
            yield found
        finally:
            found.close()
            presenter.close()
            server.stop()
            followers.close()
            await server.close_all_connections()
            await webhooks.close()
