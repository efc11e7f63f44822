"""The files themselves, each under the SHA-256 of its content; what is not whole yet lies apart.

Theory of operation. A file is written piece by piece beside the others, synced, and only then given its name.
So whatever has a name is whole, what was cut off has none and is swept at the next start, and the same file
sent by twenty people lies there once.

Rules of this file:

* Every file is this user's alone, and none is opened through a link.
* Whatever touches the disk runs in a thread, and with a deadline.
* Nothing here says which files may go: whoever asks for `remove` knows.
"""

import asyncio
import errno
import hashlib
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import field
from io import FileIO
from pathlib import Path
from typing import Final, Self, TypeVar

from wad.browser import folders
from wad.core.errors import MediaTooLargeError, StoreError, StoreFullError
from wad.core.values import dataclass
from wad.media.kinds import HEAD

T = TypeVar("T")

_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PRIVATE: Final = 0o700
# Kept free for the session, which is worth more than any file.
_SPARE: Final = 64 << 20
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is whole: its name, its size in bytes, and its first bytes."""

    sha256: str
    size: int
    head: bytes = field(repr=False)


class MediaFiles:
    """The files below `folder`. One may have up to `most` bytes, all of them together up to `quota`."""

    def __init__(self, folder: Path, *, most: int, quota: int, patience: float) -> None:
        self._kept = folder / "kept"
        self._incoming = folder / "incoming"
        self._folder = folder
        self._patience = patience
        self.most = most
        self.quota = quota
        self.used = 0
        self._coming = 0

    async def open(self) -> None:
        """Make the folders, sweep what was cut off, and count what is kept. Raises StoreError."""
        self.used = await self._done(self._opened)

    def _opened(self) -> int:
        for folder in (self._folder, self._kept):
            if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir()):
                folders.set_aside(folder)
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
            folder.chmod(_PRIVATE)
        if os.path.lexists(self._incoming):
            folders.delete(self._incoming)
        self._incoming.mkdir(mode=_PRIVATE)
        return sum(file.lstat().st_size for file in self._listed())

    async def names(self) -> set[str]:
        """Give the names of all files that are kept. Raises StoreError."""
        return await self._done(lambda: {file.name for file in self._listed()})

    def _listed(self) -> Iterator[Path]:
        return (
            file
            for folder in self._kept.glob("??")
            if not folder.is_symlink()
            for file in folder.glob("*")
            if _NAME.fullmatch(file.name)
        )

    async def wipe(self) -> None:
        """Delete all that is kept, and nothing that comes in meanwhile. Raises StoreError."""
        self.used = await self._done(self._wiped)

    def _wiped(self) -> int:
        # The folders stay where they are, so that whoever writes finds them; links go themselves.
        for file in self._kept.iterdir():
            folders.delete(file)
        return sum(file.lstat().st_size for file in self._listed())

    def path(self, sha256: str) -> Path:
        """Give where a file is, or would be. Raises ValueError for what is no name of one."""
        if not _NAME.fullmatch(sha256):
            raise ValueError("this is no SHA-256 in hex")
        return self._kept / sha256[:2] / sha256

    async def find(self, sha256: str) -> KeptFile | None:
        """Give a file that is kept; None where it is not. Raises ValueError, StoreError."""
        path = self.path(sha256)
        return await self._done(lambda: _look(path))

    async def remove(self, sha256: str) -> None:
        """Delete a file, if it is there. Raises ValueError, StoreError."""
        path = self.path(sha256)
        self.used -= await self._done(lambda: _removed(path))

    async def begin(self) -> "IncomingFile":
        """Begin a file. Raises StoreError, StoreFullError."""
        sink = _Sink(self._incoming / secrets.token_hex(16))
        try:
            await self._done(sink.open)
        except BaseException:
            # Also where whoever asked is cancelled: the thread may have opened it all the same.
            with suppress(StoreError):
                await asyncio.shield(self._done(sink.drop))
            raise
        return IncomingFile(self, sink)

    async def write(self, sink: "_Sink", piece: bytes) -> None:
        """Append a piece to a file that comes in. Raises StoreFullError, StoreError."""
        if self.used + self._coming + len(piece) > self.quota:
            raise StoreFullError(
                "the files of messages take all the room they may have: see media_quota_mib under [messages]"
            )
        self._coming += len(piece)
        try:
            await self._done(lambda: sink.write(piece))
        except BaseException:
            self._coming -= len(piece)
            raise

    async def keep(self, sink: "_Sink", sha256: str, size: int) -> None:
        """Give a file that is whole its name; there may be one already. Raises StoreError."""
        kept = self.path(sha256)

        async def named() -> None:
            try:
                new = await self._done(lambda: sink.keep(kept))
            finally:
                self._coming -= size
            self.used += size if new else 0

        # To its end, whoever goes away meanwhile: what is on the disk is to be counted.
        await asyncio.shield(named())

    async def drop(self, sink: "_Sink", size: int) -> None:
        """Forget a file that came in so far. Raises StoreError."""
        self._coming -= size
        await self._done(sink.drop)

    async def _done(self, work: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.to_thread(work)
        except TimeoutError as error:
            raise StoreError("the disk with the files of messages does not answer") from error
        except OSError as error:
            if error.errno in _FULL:
                raise StoreFullError("the disk with the files of messages is full") from error
            raise StoreError(f"a file of a message cannot be kept: {type(error).__name__}") from error


class _Sink:
    """A file on the disk that is being written, in whichever thread.

    Whoever asks for something may have gone away while a thread still does it: the next thread waits for that
    one, so that nothing is ever written to a descriptor that has become another file's.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd = -1
        self._over = False
        self._lock = threading.Lock()

    def open(self) -> None:
        """Make the file. Raises OSError."""
        with self._lock:
            if self._over:
                raise OSError(errno.ECANCELED, "nobody wants it any more")
            left = os.statvfs(self.path.parent)
            if left.f_bavail * left.f_frsize < _SPARE:
                raise OSError(errno.ENOSPC, "too little room is left")
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._fd = os.open(self.path, flags, 0o600)

    def write(self, piece: bytes) -> None:
        """Append a piece. Raises OSError."""
        with self._lock:
            view = memoryview(piece)
            while view:
                view = view[os.write(self._fd, view) :]

    def keep(self, kept: Path) -> bool:
        """Give it its name, once it is on the disk; False where there is one already. Raises OSError."""
        with self._lock:
            try:
                os.fsync(self._fd)
                try:
                    return self._place(kept)
                except FileNotFoundError:
                    # Its folder was deleted just then, with all that an account had.
                    return self._place(kept)
            finally:
                self._close()

    def _place(self, kept: Path) -> bool:
        kept.parent.mkdir(mode=_PRIVATE, exist_ok=True)
        new = not os.path.lexists(kept)
        self.path.rename(kept)
        folders.sync(kept.parent)
        return new

    def drop(self) -> None:
        """Delete it. Raises OSError."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        fd, self._fd, self._over = self._fd, -1, True
        if fd >= 0:
            os.close(fd)
        # Where it was renamed there is nothing.
        self.path.unlink(missing_ok=True)


class IncomingFile:
    """A file on its way in: written to, then kept or dropped, whatever happens in between."""

    def __init__(self, files: MediaFiles, sink: _Sink) -> None:
        self._files = files
        self._sink = sink
        self._hash = hashlib.sha256()
        self._head = b""
        self._open = True
        self.size = 0

    async def __aenter__(self) -> Self:
        """Give itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Drop what was not kept, also while its owner is cancelled."""
        await self.close()

    async def close(self) -> None:
        """Drop it, unless it was kept."""
        if self._open:
            self._open = False
            with suppress(StoreError):
                await asyncio.shield(self._files.drop(self._sink, self.size))

    async def write(self, piece: bytes) -> None:
        """Append a piece. Raises MediaTooLargeError, StoreFullError, StoreError."""
        if self.size + len(piece) > self._files.most:
            raise MediaTooLargeError(f"a file may have at most {self._files.most >> 20} MiB")
        await self._files.write(self._sink, piece)
        self.size += len(piece)
        self._head += piece[: HEAD - len(self._head)] if len(self._head) < HEAD else b""
        # A piece of 64 KiB takes less than a change to a thread and back.
        self._hash.update(piece)

    @property
    def name(self) -> str:
        """The SHA-256 of what has come so far, in hex."""
        return self._hash.hexdigest()

    async def keep(self) -> KeptFile:
        """Have it whole and on the disk, under its content's name. Raises StoreError."""
        name = self.name
        self._open = False
        await self._files.keep(self._sink, name, self.size)
        return KeptFile(name, self.size, self._head)


def open_kept(path: Path) -> FileIO:
    """Open a file that is kept, to be read. Raises OSError; FileNotFoundError where it has gone."""
    return open(  # noqa: PTH123 - it is a descriptor
        os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb", buffering=0
    )


def _look(path: Path) -> KeptFile | None:
    try:
        with open_kept(path) as file:
            return KeptFile(path.name, os.fstat(file.fileno()).st_size, file.read(HEAD) or b"")
    except FileNotFoundError:
        return None


def _removed(path: Path) -> int:
    try:
        size = path.lstat().st_size
        path.unlink()
    except FileNotFoundError:
        return 0
    return size
