"""WhatsApp's media server: it takes what pages upload, and serves it, unless it is in trouble."""

import asyncio
import base64
import binascii
import contextlib

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, stream_request_body

from wad.sandbox.conditions import Answer
from wad.sandbox.handlers import Base
from wad.sandbox.mediafiles import LARGEST, SEAL, MediaFile, Writing
from wad.sandbox.network import Network

# In bytes: what is read from a file, or written to one, at once.
_PIECE = 1024 * 1024


class MediaBase(Base):
    """What uploads and downloads share: the troubles of the server."""

    def initialize(self, network: Network) -> None:
        """Take the servers, and their files."""
        super().initialize(network)
        self.files = network.files
        self._gone = asyncio.Event()

    def on_connection_close(self) -> None:
        """Take note that nobody waits any more."""
        self._gone.set()

    async def hold(self, seconds: float | None = None) -> None:
        """Wait until the page goes away, or for so long (the sandbox's seconds)."""
        real = None if seconds is None else seconds / self.network.clock
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), real)

    async def before(self, answer: Answer) -> bool:
        """Do what goes wrong before an answer begins; tell whether there is to be one."""
        if answer == "down":
            self.cut_off()
        elif answer == "error":
            self.set_status(500)
        elif answer == "slow":
            await self.hold(self.network.conditions.media_seconds)
        return answer not in ("down", "error")


@stream_request_body
class UploadHandler(MediaBase):
    """Takes a file, piece by piece, under the name that its hash is."""

    _writing: Writing | None = None
    _received = 0

    def initialize(self, network: Network) -> None:
        """Take the servers, and begin with nothing."""
        super().initialize(network)
        self._pending = bytearray()

    async def prepare(self) -> None:  # type: ignore[override] # Tornado awaits it
        """Refuse other pages, what is too large, and everything while the server is down."""
        super().prepare()
        if self._finished:
            return
        if self.request.headers.get("Origin") != f"http://{self.request.host}":
            raise HTTPError(403)
        if int(self.request.headers.get("Content-Length", "0")) > LARGEST:
            raise HTTPError(413)
        if self.network.conditions.uploads == "down":
            self.cut_off()
            return
        self.request.connection.set_max_body_size(LARGEST)  # type: ignore[union-attr] # it is HTTP/1
        self._writing = await self.files.begin()

    async def data_received(self, chunk: bytes) -> None:
        """Take a piece; several are written at once, since each way into a thread and back takes its time."""
        self._received += len(chunk)
        self._pending += chunk
        if len(self._pending) >= _PIECE:
            await self._write()
        expected = int(self.request.headers.get("Content-Length", "0"))
        if self.network.conditions.uploads == "broken" and self._received * 2 >= expected:
            self.request.connection.stream.close()  # type: ignore[union-attr] # it is HTTP/1

    async def _write(self) -> None:
        # Nobody may close it while it is written to: whoever loses the page meanwhile finds none.
        writing, self._writing = self._writing, None
        pending, self._pending = bytes(self._pending), bytearray()
        if writing is None:
            return
        try:
            await asyncio.to_thread(writing.write, pending)
        except BaseException:
            writing.drop()
            raise
        if self._gone.is_set():
            writing.drop()
        else:
            self._writing = writing

    async def post(self, name: str) -> None:
        """Keep what came, if it is what its name says, and tell where it is."""
        answer = self.network.conditions.uploads
        await self._write()
        if not await self.before(answer) or self._writing is None:
            return
        if answer == "endless":
            await self.hold()
            return
        writing, self._writing = self._writing, None
        made = await self.files.finish(writing)
        if made.name != _hex(name):
            raise HTTPError(400)
        origin = f"http://{self.request.host}"
        self.finish({"url": f"{origin}{made.direct_path}", "direct_path": made.direct_path})

    def on_connection_close(self) -> None:
        """Throw away what came of it."""
        super().on_connection_close()
        self.on_finish()

    def on_finish(self) -> None:
        """Throw away what was not kept."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.drop()


class DownloadHandler(MediaBase):
    """Serves a file, as long as it is there."""

    async def get(self, name: str) -> None:
        """Send the file, or say that it has expired, or that there never was one."""
        answer = self.network.conditions.downloads
        if not await self.before(answer):
            return
        file = self.files.get(name)
        if file is None:
            raise HTTPError(404)
        if not file.served or self.get_query_argument("oh", "") != str(file.uploads):
            raise HTTPError(file.expired)
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Length", str(file.size + SEAL))
        with contextlib.suppress(StreamClosedError):
            await self._send(file, answer)

    async def _send(self, file: MediaFile, answer: Answer) -> None:
        left = file.size + SEAL
        half = left // 2
        stream = await asyncio.to_thread(self.files.path(file).open, "rb")
        try:
            while left > 0:
                if answer in ("broken", "endless") and left <= half + 1:
                    return await self._stop(answer)
                wanted = min(_PIECE, max(left - half, 1) if left > half else left)
                piece = await asyncio.to_thread(stream.read, wanted)
                left -= len(piece)
                self.write(piece)
                await self.flush()
        finally:
            stream.close()
        return None

    async def _stop(self, answer: Answer) -> None:
        if answer == "endless":
            await self.hold()
        self.cut_off()


def _hex(name: str) -> str:
    try:
        return base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).hex()
    except (binascii.Error, ValueError):
        return ""
