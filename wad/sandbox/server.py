"""The sandbox as a whole: starts in order, stops in reverse."""

from pathlib import Path

from tornado.web import Application, url

from wad.sandbox.handlers import (
    BlockedHandler,
    FrameHandler,
    NothingHandler,
    PageHandler,
    PictureHandler,
    StaticHandler,
)
from wad.sandbox.listener import HOST, Listener
from wad.sandbox.mailbox import Mailbox
from wad.sandbox.mediafiles import MediaFiles
from wad.sandbox.mediahandlers import DownloadHandler, UploadHandler
from wad.sandbox.network import Network
from wad.sandbox.options import SandboxOptions
from wad.sandbox.phone import Phone
from wad.sandbox.sockets import ChatSocket, StageSocket
from wad.sandbox.stage import Stage
from wad.sandbox.store import Store


class Sandbox:
    """A stand-in for WhatsApp Web on 127.0.0.1, with a phone beside it.

    `directory` is made (mode 0700) and holds what outlives a restart: the port, which is part of the
    origin that a browser keeps a session for, the devices linked to the phone's account, messages and media.
    """

    def __init__(self, directory: Path, options: SandboxOptions | None = None) -> None:
        self._options = options or SandboxOptions()
        self._store = Store(directory)
        self._mailbox = Mailbox(directory)
        self._files = MediaFiles(directory)
        self._network = Network(self._options, self._store, self._mailbox, self._files)
        self._stage = Stage()
        self._listener = Listener(self._application())
        self.phone = Phone(self._network, self._stage, self._listener)

    @property
    def url(self) -> str:
        """The page's address, the one value in which the sandbox differs from WhatsApp; after `start`."""
        if not self._listener.port:
            raise RuntimeError("the sandbox has no address before it is started")
        return f"http://{self._own_host()}/"

    async def start(self) -> None:
        """Listen; `OSError` when a port that was asked for is taken."""
        await self._store.load()
        await self._mailbox.load()
        await self._files.load()
        self._listener.open(self._options.port, self._store.saved.port)
        self._store.saved.port = self._listener.port
        await self._store.save()

    async def stop(self) -> None:
        """Close everything that was opened, within about two seconds; again is harmless."""
        # First of all: a page that loses its socket asks whether there is a network.
        await self._listener.close()
        for page in list(self._stage.pages):
            page.wire.drop()
        for connection in list(self._network.connections):
            connection.wire.drop()
            await self._network.leave(connection)
        await self._network.messaging.stop()

    def _own_host(self) -> str:
        return f"{HOST}:{self._listener.port}"

    def _application(self) -> Application:
        network = {"network": self._network}
        routes = [
            url(r"/", PageHandler, network),
            url(r"/frame", FrameHandler, network),
            url(r"/static/([a-z_.+]+)", StaticHandler, network),
            url(r"/blocked/.+", BlockedHandler),
            url(r"/favicon\.ico|/status\.json", NothingHandler, network),
            url(r"/mms/[a-z]+/([\w-]+)", UploadHandler, network),
            url(r"/pps/([a-z]+)/([\w.@-]+)", PictureHandler, network),
            url(r"/v/[\w.-]+/([0-9a-f]+)\.enc", DownloadHandler, network),
            url(r"/ws/chat", ChatSocket, network),
            url(r"/sandbox/stage", StageSocket, {"stage": self._stage}),
        ]
        # Tornado's access log would be one more place where something private could end up.
        return Application(routes, own_host=self._own_host, log_function=lambda _: None)
