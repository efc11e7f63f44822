"""A webhook's receiver: a real HTTP server that takes down what it was sent and answers as it is told."""

import asyncio
import json
from contextlib import asynccontextmanager
from itertools import chain, repeat

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler


class _Handler(RequestHandler):
    def initialize(self, receiver):
        self.receiver = receiver

    async def post(self):
        receiver = self.receiver
        receiver.requests.append((dict(self.request.headers), self.request.body))
        receiver.news.set()
        status, headers = next(receiver.answers)
        if status is None:
            await receiver.hanging.wait()
            return
        self.set_status(status)
        for name, value in headers.items():
            self.set_header(name, value)


class Receiver:
    """Answers with the statuses of `answers`, one after the other, then with 200; None never answers."""

    def __init__(self, tls=None):
        self.requests = []
        self.news = asyncio.Event()
        self.hanging = asyncio.Event()
        self.answers = repeat((200, {}))
        self._tls = tls

    def answer(self, *statuses):
        """Answer the next requests so; a pair has headers, too."""
        pairs = [each if isinstance(each, tuple) else (each, {}) for each in statuses]
        self.answers = chain(pairs, repeat((200, {})))

    def open(self, port=0):
        """Listen."""
        sockets = bind_sockets(port, "127.0.0.1")
        self.port = sockets[0].getsockname()[1]
        app = Application([("/.*", _Handler, {"receiver": self})], log_function=lambda _: None)
        self.server = HTTPServer(app, ssl_options=self._tls)
        self.server.add_sockets(sockets)

    async def close(self):
        """Listen no more."""
        self.hanging.set()
        self.server.stop()
        await self.server.close_all_connections()

    @property
    def url(self):
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hook?key=secret"

    @property
    def bodies(self):
        """What was sent, as JSON."""
        return [json.loads(body) for _, body in self.requests]

    async def until(self, count):
        """Wait until so many requests came."""
        async with asyncio.timeout(30):
            while len(self.requests) < count:
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def listening(**more):
    """Give a receiver that listens."""
    receiver = Receiver(**more)
    receiver.open()
    try:
        yield receiver
    finally:
        await receiver.close()
