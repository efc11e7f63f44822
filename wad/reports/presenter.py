"""The status body, rendered once for each change and not for each request.

Theory of operation. A body depends on the status' `seq`, on whether the code is still live, and on whether
the caller may see secrets; that is its key. A code's pictures take tens of milliseconds, so each is made
once, in a thread, by the first who wants it, and everybody else waits for the same job. A picture that is
late or fails costs the picture only: the status is told all the same.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable
from enum import Enum
from functools import partial

import structlog

from wad.core.errors import WadError
from wad.core.status import Code, PairingCode, Status
from wad.core.values import dataclass
from wad.link.session import Change, Session
from wad.reports import qr
from wad.reports.documents import (
    Daemon,
    Document,
    live_code,
    live_pairing,
    redacted,
    start_document,
    status_document,
)
from wad.reports.failed_documents import failed
from wad.reports.history import History

log = structlog.get_logger(__name__)


class PictureError(WadError):
    """The code's picture could not be made, or not in time."""

    code = "picture_failed"


class Kind(Enum):
    """The forms in which a code is shown."""

    PNG = "png"
    SVG = "svg"
    TXT = "txt"
    SMALL = "small"


def _lines(text: str) -> bytes:
    return qr.terminal(text).encode()


def _fewer_lines(text: str) -> bytes:
    return qr.small_terminal(text).encode()


_MAKERS: dict[Kind, Callable[[str], bytes]] = {
    Kind.PNG: qr.png,
    Kind.SVG: qr.svg,
    Kind.TXT: _lines,
    Kind.SMALL: _fewer_lines,
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body ready to be sent; `etag` is a hash of it, quoted as HTTP wants it."""

    body: bytes
    etag: str


def render(document: Document) -> Rendered:
    """Write a document as it is sent: a line, so that a terminal's prompt stays where it belongs."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    body = f"{text}\n".encode()
    return Rendered(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


class Pictures:
    """The present code's pictures. `within` bounds in seconds how long anybody waits for one."""

    def __init__(self, within: float) -> None:
        self._within = within
        self._code: Code | None = None
        self._jobs: dict[Kind, asyncio.Task[bytes]] = {}

    def follow(self, code: Code | None) -> None:
        """Make `code` the present one; another one's pictures, and its text, are forgotten."""
        if code != self._code:
            self._code, self._jobs = code, {}

    def begin(self, code: Code, kind: Kind) -> asyncio.Task[bytes]:
        """Give the job that makes the picture, begun now unless somebody began it before."""
        self.follow(code)
        job = self._jobs.get(kind)
        if job is None or _has_failed(job):
            job = asyncio.create_task(asyncio.to_thread(_MAKERS[kind], code.text))
            job.add_done_callback(partial(_note, kind))
            self._jobs[kind] = job
        return job

    async def get(self, code: Code, kind: Kind) -> bytes:
        """Give the picture. Raises PictureError, which says nothing about the code."""
        job = self.begin(code, kind)
        if not job.done():
            # Others wait for the same job: whoever gives up must not end it.
            await asyncio.wait([job], timeout=self._within)
        if not job.done():
            log.warning("picture_late", kind=kind.value)
        if not job.done() or _has_failed(job):
            raise PictureError("the code could not be drawn")
        return job.result()


def _has_failed(job: asyncio.Task[bytes]) -> bool:
    return job.done() and (job.cancelled() or job.exception() is not None)


def _note(kind: Kind, job: asyncio.Task[bytes]) -> None:
    """Log why a job failed; having asked also keeps asyncio from doing so."""
    cause = None if job.cancelled() else job.exception()
    if cause is not None:
        # The class alone: a library's message, or a traceback with its variables, could hold the code.
        log.error("picture_failed", kind=kind.value, error=type(cause).__name__)


@dataclass(frozen=True, slots=True)
class Moment:
    """The status and, if they may be shown now, its code to scan and its code to type."""

    status: Status
    code: Code | None
    pairing: PairingCode | None

    @property
    def key(self) -> tuple[int, bool, bool]:
        """What bodies depend on."""
        return self.status.seq, self.code is not None, self.pairing is not None


class Presenter:
    """Renders the session's status for whoever asks. `within` is the deadline for a picture, in seconds."""

    def __init__(self, session: Session, daemon: Daemon, within: float) -> None:
        self._session = session
        self.daemon = daemon
        self._pictures = Pictures(within)
        self._written: tuple[bytes, str] | None = None
        self._history = History()
        self._bodies: dict[bool, tuple[tuple[int, bool, bool], Rendered]] = {}
        self.close: Callable[[], None] = session.subscribe(self._changed)

    def moment(self) -> Moment:
        """Give the present."""
        status, now = self._session.status, self._session.now()
        return Moment(status, live_code(status, now), live_pairing(status, now))

    async def status(self, *, authorised: bool) -> Rendered:
        """Give the status body; never that of a status that was replaced while it was drawn."""
        while True:
            moment = self.moment()
            known = self._bodies.get(authorised)
            if known is not None and known[0] == moment.key:
                return known[1]
            document, whole = await self._document(moment, authorised=authorised)
            if self.moment().key != moment.key:
                continue
            body = render(document)
            if whole:
                self._bodies[authorised] = (moment.key, body)
            return body

    async def picture(self, kind: Kind) -> bytes | None:
        """Give the live code's picture, or None if no code is live. Raises PictureError."""
        while (moment := self.moment()).code is not None:
            picture = await self._pictures.get(moment.code, kind)
            if self.moment().code == moment.code:
                return picture
        return None

    async def data_url(self) -> str | None:
        """Give the live code's PNG as a data URL, or None if no code is live. Raises PictureError."""
        picture = await self.picture(Kind.PNG)
        return self._url(picture) if picture is not None else None

    def document(self) -> Document:
        """Give the present status document without the code's picture."""
        return self._bare(self.moment())

    def _bare(self, moment: Moment) -> Document:
        return status_document(moment.status, self.daemon, moment.code, None, moment.pairing)

    def history(self) -> Document:
        """Tell the last transitions since the daemon's start."""
        return self._history.document(self.daemon.instance)

    def started(self, status: Status) -> Document:
        """Tell what a start has led to; `status` is the one after it."""
        moment = self.moment()
        return start_document(status, moment.code if moment.status is status else None)

    async def _document(self, moment: Moment, *, authorised: bool) -> tuple[Document, bool]:
        """Give the document, and whether it is whole: one that lacks its picture is not worth keeping."""
        bare = self._bare(moment)
        if not authorised:
            return redacted(bare), True
        if moment.code is None:
            return bare, True
        try:
            picture = await self._pictures.get(moment.code, Kind.PNG)
        except PictureError:
            return failed(bare), False
        return bare | {"qrCode": self._url(picture)}, True

    def _url(self, picture: bytes) -> str:
        """Write a picture as a data URL: the same one for all who are sent it."""
        if self._written is None or self._written[0] is not picture:
            self._written = (picture, qr.data_url(picture))
        return self._written[1]

    def _changed(self, change: Change) -> None:
        """Note the change, draw a new code before anybody asks, and forget an old one."""
        self._history.note(change, self._session.now())
        self._bodies.clear()
        self._pictures.follow(change.after.code)
        self._written = None
        if change.after.code is not None:
            self._pictures.begin(change.after.code, Kind.PNG)
