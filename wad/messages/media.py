"""The files of messages: taken from whoever sends them, fetched from WhatsApp, given out, and let go.

Theory of operation. A message tells the SHA-256 of its file before anybody has fetched it, so a file has one
name from the first moment: an event can name the address at which it will be, and whoever asks there waits
for it. What is fetched is checked against that name. WhatsApp's servers keep files for some weeks; one that
has expired is asked for again from the phone by the page, once.

Rules of this file: a file is whole and on the disk before its row says so, and its row goes before the file.
"""

import asyncio
from base64 import b64decode
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import structlog

from wad.core.errors import (
    MediaBusyError,
    MediaExpiredError,
    MediaTooLargeError,
    MediaUnreachableError,
    MessageError,
    NoSuchMediaError,
    StoreError,
    UnsupportedMediaError,
    WadError,
)
from wad.core.message import FileToSend, MediaKind, MediaSeen
from wad.core.values import dataclass
from wad.media import kinds, voice
from wad.media.fetching import Fetcher
from wad.media.files import IncomingFile, KeptFile, MediaFiles
from wad.media.names import clean_name
from wad.messages.desk import Bell, Desk
from wad.store import media as store
from wad.store.media import MediaRow, MediaState

log = structlog.get_logger(__name__)

EAGER, LAZY, NEVER = "eager", "lazy", "never"
AGAIN: Final = "again"
# Further apart each time; what a phone has to send again may come days later.
_PAUSES: Final = (10.0, 60.0, 600.0, 3600.0, 6 * 3600.0)
_AT_ONCE: Final = 2
# With those that somebody waits for: the page holds each of them whole.
_MOST_AT_ONCE: Final = 4
_LONG: Final = 3600.0
_CHUNK: Final = 256 * 1024
# Of the room that files may have, so much is kept free for what comes.
_FREE: Final = 0.2


@dataclass(frozen=True, slots=True)
class GivenOut:
    """A file to be given out: where it is, its size in bytes, and what it was called."""

    path: Path
    size: int
    mimetype: str | None
    filename: str | None


class Media:
    """An account's files. `run` fetches what is to be fetched, until it is cancelled."""

    def __init__(self, desk: Desk, files: MediaFiles, fetcher: Fetcher) -> None:
        self._desk = desk
        self._fetcher = fetcher
        self._bell = Bell()
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        # Files of messages that are being accepted, by how many; none is judged while one goes.
        self._wanted: Counter[str] = Counter()
        self._going = asyncio.Lock()
        self._turns = asyncio.Semaphore(_MOST_AT_ONCE)
        self.files = files

    def leave(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done for a client that has gone away; it ends with the daemon."""
        task = asyncio.create_task(work, name="wad-media-leave")
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def wake(self) -> None:
        """Have what is due looked for."""
        self._bell.ring()

    async def open(self) -> None:
        """Learn what there is, and sweep what no row knows: it was being taken in, or should be gone.

        Raises StoreError.
        """
        await self.files.open()
        kept = await self.files.names()
        known = await self._desk.read(store.names)
        for name in kept - known:
            await self.files.remove(name)

    # Taking files in.

    async def begin(self, size: int | None = None) -> IncomingFile:
        """Begin a file of about that size, and have room for it. Raises StoreError, MediaTooLargeError."""
        if size is not None and size > self.files.most:
            raise MediaTooLargeError(f"a file may have at most {self.files.most >> 20} MiB")
        await self.trim(size or 0)
        return await self.files.begin()

    async def add(self, file: KeptFile, named: str | None = None, filename: str | None = None) -> MediaSeen:
        """Take note of a file that is whole; gives what it is. Raises as `Database.run`."""
        name = clean_name(filename)
        mimetype = kinds.mimetype_of(file.head, named, name)
        found = MediaSeen(kinds.default_kind(mimetype), file.sha256, mimetype, name, file.size)
        now = self._desk.now()
        await self._desk.read(lambda connection: store.stored(connection, found, now))
        return found

    async def decoded(self, data: object) -> KeptFile:
        """Keep a file that was given as base64. Raises MessageError, MediaTooLargeError, StoreError."""
        if not isinstance(data, str):
            raise MessageError("data must be a file in base64")
        text = data.partition(",")[2] if data.startswith("data:") else data
        if not text:
            raise MessageError("data is empty: a file has one byte at least")
        async with await self.begin(len(text) * 3 // 4) as incoming:
            for start in range(0, len(text), _CHUNK):
                try:
                    await incoming.write(b64decode(text[start : start + _CHUNK], validate=True))
                except ValueError as error:  # also what is no ASCII
                    raise MessageError("data must be a file in base64") from error
            return await incoming.keep()

    async def named(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Give a draft's file with its content's name in place of the content, which is kept.

        Raises MessageError, MediaTooLargeError, StoreError.
        """
        wanted = dict(given)
        if (data := wanted.pop("data", None)) is not None:
            file = await self.decoded(data)
            found = await self.add(file, wanted.get("mimetype"), wanted.get("filename"))
            wanted["sha256"] = found.sha256
        return wanted

    @asynccontextmanager
    async def accepted(self, wanted: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """Give a draft's file as the outbox keeps it; it does not go before the outbox has it.

        What is here is judged now, what is not when it comes. Raises MessageError, UnsupportedMediaError,
        StoreError.
        """
        if "sha256" not in wanted:
            yield dict(wanted)
            return
        sha256 = str(wanted["sha256"])
        self._wanted[sha256] += 1
        try:
            async with self._going:
                try:
                    judged = await self._judged(wanted, sha256)
                except NoSuchMediaError as error:
                    raise MessageError("there is no file with this sha256: upload it first") from error
            yield judged
        finally:
            self._wanted[sha256] -= 1
            self._wanted += Counter()

    async def _judged(self, wanted: Mapping[str, Any], sha256: str) -> dict[str, Any]:
        """Give what a file that is here is sent as. Raises UnsupportedMediaError, NoSuchMediaError."""
        file = await self._kept(sha256)
        if file is None:
            raise NoSuchMediaError("there is no such file: upload it first, or give its data or url")
        if not file.size:
            raise UnsupportedMediaError("the file is empty")
        row = await self._desk.read(lambda connection: store.find(connection, sha256))
        filename = clean_name(wanted.get("filename")) or (row.filename if row is not None else None)
        mimetype = kinds.mimetype_of(file.head, wanted.get("mimetype"), filename)
        kind = MediaKind(wanted["kind"]) if wanted.get("kind") else kinds.default_kind(mimetype)
        if not kinds.takes(kind, mimetype):
            takes = ", ".join(sorted(kinds.ACCEPTED[kind]))
            raise UnsupportedMediaError(
                f"this file cannot be sent as {kind}, which takes {takes}: send it as a document"
            )
        if kind is MediaKind.VOICE and not voice.is_voice(file.head) and not voice.available():
            raise UnsupportedMediaError(
                "a voice note is Opus in Ogg with one channel; install ffmpeg to have others converted"
            )
        kept = {"kind": kind, "sha256": sha256, "mimetype": mimetype, "size": file.size}
        return kept | ({"filename": filename} if filename else {}) | _only(wanted, "url")

    async def prepared(self, media: Mapping[str, Any]) -> tuple[FileToSend, dict[str, Any]]:
        """Have a draft's file here, in the form in which it is sent; gives it, and what the outbox keeps.

        Raises MediaUnreachableError, MediaTooLargeError, UnsupportedMediaError, NoSuchMediaError, StoreError.
        """
        kept = dict(media)
        if "sha256" not in kept:
            fetched = await self._fetcher.fetch(str(kept["url"]))
            found = await self.add(
                fetched.file,
                kept.get("mimetype") or fetched.mimetype,
                kept.get("filename") or fetched.filename,
            )
            kept = await self._judged(
                kept | {"mimetype": found.mimetype, "filename": found.filename}, fetched.file.sha256
            )
        sha256, kind, mimetype = str(kept["sha256"]), MediaKind(kept["kind"]), str(kept["mimetype"])
        file = await self._kept(sha256)
        if file is None:
            raise NoSuchMediaError("the file is not here any more")
        if kind is MediaKind.VOICE and not voice.is_voice(file.head):
            if (made := await self._kept(str(kept.get("voice", "")))) is None:
                made = await voice.make_voice(self.files, file, mimetype, self._desk.deadlines.media_convert)
                await self.add(made, kinds.OPUS)
            kept["voice"] = made.sha256
            file, mimetype = made, kinds.OPUS
        return FileToSend(self.files.path(file.sha256), kind, mimetype, kept.get("filename")), kept

    async def _kept(self, sha256: str) -> KeptFile | None:
        try:
            return await self.files.find(sha256)
        except ValueError:
            return None

    # Fetching what came.

    async def run(self) -> None:
        """Fetch what is due, until cancelled."""
        try:
            while True:
                await self._bell.wait(await self._turn())
        finally:
            tasks = [*self._fetching.values(), *self._leaving]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _turn(self) -> float:
        if not self._desk.ready:
            return _LONG
        try:
            now = self._desk.now()
            due = await self._desk.read(lambda connection: store.due(connection, now, 2 * _AT_ONCE))
            for row in due:
                if len(self._fetching) < _AT_ONCE and row.sha256 not in self._fetching:
                    self._start(row)
            following = await self._desk.read(store.next_due)
        except (StoreError, TimeoutError) as error:
            log.warning("media_waits", error=type(error).__name__)
            return self._desk.deadlines.outbox_retry
        if following is None or following >= store.NOT_BY_ITSELF or self._fetching:
            return _LONG
        return min(max(following - self._desk.now(), 0.1), _LONG)

    def _start(self, row: MediaRow) -> asyncio.Task[None]:
        task = asyncio.create_task(self._fetch(row), name="wad-media-fetch")
        self._fetching[row.sha256] = task
        task.add_done_callback(lambda _: self._ended(row.sha256))
        return task

    def _ended(self, sha256: str) -> None:
        self._fetching.pop(sha256, None)
        self._bell.ring()

    async def _fetch(self, row: MediaRow) -> None:
        """Fetch one file from WhatsApp's servers, and take note of what came of it."""
        try:
            async with self._turns:
                await self._take(row)
            self._desk.tally.media[MediaState.STORED] += 1
        except (MediaExpiredError, MediaTooLargeError) as error:
            log.info("media_lost", why=error.code, kind=row.kind)
            expired = isinstance(error, MediaExpiredError)
            self._desk.tally.media[MediaState.EXPIRED if expired else MediaState.FAILED] += 1
            await self._note(row, MediaState.EXPIRED if expired else MediaState.FAILED, 0.0)
        except (WadError, TimeoutError) as error:
            why = error.code if isinstance(error, WadError) else "timeout"
            log.warning("media_not_fetched", why=why, kind=row.kind)
            again = row.tries < len(_PAUSES)
            self._desk.tally.media[AGAIN if again else MediaState.FAILED] += 1
            due = self._desk.now() + _PAUSES[row.tries] if again else 0.0
            await self._note(row, MediaState.REMOTE if again else MediaState.FAILED, due)

    async def _take(self, row: MediaRow) -> None:
        if row.size is not None and row.size > self.files.most:
            raise MediaTooLargeError(f"a file may have at most {self.files.most >> 20} MiB")
        async with await self.begin(row.size) as incoming:
            async with asyncio.timeout(self._desk.deadlines.media_download):
                await self._desk.page.download(str(row.message_id), incoming.write)
            if incoming.name != row.sha256:
                raise MediaUnreachableError("damaged")
            file = await incoming.keep()
        mimetype = kinds.mimetype_of(file.head, row.mimetype, row.filename)
        found = MediaSeen(row.kind, file.sha256, mimetype, row.filename, file.size)
        now = self._desk.now()
        await self._desk.read(lambda connection: store.stored(connection, found, now))

    async def _note(self, row: MediaRow, state: MediaState, due: float) -> None:
        with suppress(StoreError, TimeoutError):
            await self._desk.read(lambda connection: store.failed(connection, row, state, due))

    # Giving files out.

    async def give(self, sha256: str, within: float) -> GivenOut:
        """Give a file, fetching it where that is to be done, for at most `within` seconds.

        One that was given up is tried once more. Raises NoSuchMediaError, MediaExpiredError,
        MediaUnreachableError, MediaTooLargeError, MediaBusyError, StoreError.
        """
        row = await self._row(sha256)
        if row.state is MediaState.STORED:
            file = await self._kept(sha256)
            if file is not None:
                now = self._desk.now()
                await self._desk.read(lambda connection: store.used(connection, sha256, now))
                return GivenOut(self.files.path(sha256), file.size, row.mimetype, row.filename)
            await self._desk.read(lambda connection: store.gone(connection, sha256))
            row = await self._row(sha256)
        if row.state is MediaState.EXPIRED:
            raise MediaExpiredError("WhatsApp has this file no more, and wad has not kept it")
        if row.size is not None and row.size > self.files.most:
            raise MediaTooLargeError(f"a file may have at most {self.files.most >> 20} MiB")
        if self._desk.settings.media == NEVER:
            raise NoSuchMediaError("files are not fetched: see media under [messages]")
        if not self._desk.ready:
            raise MediaBusyError("the link is not ready: try again when it is")
        task = self._fetching.get(sha256) or self._start(replace(row, tries=0))
        await asyncio.wait({task}, timeout=within)
        if not task.done():
            raise MediaBusyError("the file is being fetched: try again in a moment")
        row = await self._row(sha256)
        if row.state is MediaState.STORED:
            return await self.give(sha256, within)
        if row.state is not MediaState.EXPIRED:
            raise MediaUnreachableError("WhatsApp's servers did not give it")
        raise MediaExpiredError("WhatsApp has this file no more, and neither has the phone")

    async def _row(self, sha256: str) -> MediaRow:
        row = await self._desk.read(lambda connection: store.find(connection, sha256))
        if row is None:
            raise NoSuchMediaError("wad knows no such file")
        return row

    # Letting files go.

    async def trim(self, coming: int = 0) -> None:
        """Delete what was not used for long, and what there is no room for. Raises StoreError."""
        now, quota = self._desk.clock.cautious(), self.files.quota
        before = now - self._desk.settings.media_age
        wanted = self.files.used + coming - int(quota * (1 - _FREE))
        going = await self._desk.read(lambda connection: store.disposable(connection, before, wanted))
        for sha256, _ in going:
            await self._let_go(sha256)

    async def _let_go(self, sha256: str) -> None:
        """Delete a file, unless somebody has begun to need it since it was chosen."""
        async with self._going:
            if sha256 in self._wanted:
                return
            if await self._desk.read(lambda connection: store.let_go(connection, sha256)):
                await self.files.remove(sha256)

    async def forget(self) -> None:
        """Delete all. Raises StoreError."""
        for task in [*self._fetching.values()]:
            task.cancel()
        await self.files.wipe()


def _only(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}
