"""The browser's profile: the folder, its lock, and what was discarded.

Rules of this file:

* Whoever holds the flock on ``lock`` owns the folder. The kernel drops it when wad dies, however it dies.
* Nothing is deleted while somebody waits: a profile is renamed away at once and swept later.
* A living process that is not ours is never robbed of its profile (`wad.browser.owners`).

All methods but `sweep` block for the time the disk takes, and a damaged disk may take for ever: call them
with `asyncio.to_thread`. Those that change the profile exclude each other, so none disturbs the next.
"""

import asyncio
import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import structlog

from wad.browser import folders
from wad.browser.owners import BrowserRecord, refuse_if_used
from wad.core.errors import AlreadyRunningError, BrowserError, storage_trouble

_log = structlog.get_logger()

_PROBE_BYTES: Final = 8192  # two blocks: enough to need space of its own, too little to wait for
# A fresh profile takes 5 MB; with 1 MB left a code never came, with 5 MB it did (measured with Chromium 156).
_ROOM_BYTES: Final = 16 << 20
_SINGLETONS: Final = ("SingletonLock", "SingletonCookie", "SingletonSocket")


class Profile:
    """The folder that holds the browser's profile, its lock, and what was discarded."""

    def __init__(self, root: Path) -> None:
        root = root.absolute()  # it is told to the browser and looked for among processes
        self.path = root / "profile"
        self.home = self.path / "home"
        """What the browser takes for its user's home: fonts' caches, certificates."""
        self.tmp = self.path / "tmp"
        """Its temporary files, emptied by `prepare`: a killed browser leaves them."""
        self.discards = 0
        """How many profiles were put aside since the daemon began."""
        self._root = root
        self._condemned = root / "condemned"
        self._browser = BrowserRecord(root / "browser", self.path)
        self._lock_fd: int | None = None
        self._busy = threading.Lock()

    def lock(self) -> None:
        """Take the folder for this process, and create it if need be; a second call does nothing.

        The folder is closed to others. Raises AlreadyRunningError when another process holds it,
        UnsafeFolderError when another user owns it, StorageFullError when it cannot be created.
        """
        if self._lock_fd is not None:
            return
        with _storage(f"cannot use {self._root}"):
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            folders.secure(self._root)
            fd = os.open(self._root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            self._take(fd)
        except BaseException:
            os.close(fd)
            raise
        self._lock_fd = fd

    def _take(self, fd: int) -> None:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            holder = os.pread(fd, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise AlreadyRunningError(f"{self._root} is in use by process {holder}") from exc
        with suppress(OSError):  # a full disk; the number only serves an error's sentence
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)

    def unlock(self) -> None:
        """Give the folder back. The file stays: were it deleted, two processes could lock two files."""
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None

    def recover(self) -> None:
        """End what an earlier wad left behind: its browser, and a session that was to be forgotten. Blocks.

        Raises as `discard` does.
        """
        with self._busy, _storage(f"cannot use {self._root}"):
            self._end_browser()
        if os.path.lexists(self._condemned):
            self.discard()

    def prepare(self) -> None:
        """Make the profile ready: it exists, can be written, and no dead browser's lock is in it. Blocks.

        Raises ProfileLockedError when a living process uses it, StorageFullError when nothing can be written,
        and BrowserError when something that is no folder lies in its place (`discard` mends that).
        """
        self.recover()
        with self._busy, _storage(f"cannot write {self.path}"):
            self._make()
            refuse_if_used(self.path)
            for name in _SINGLETONS:
                (self.path / name).unlink(missing_ok=True)
            self._make_folders()
            _probe(self.path)

    def check(self) -> None:
        """Raise what would keep `prepare` or `discard` from being done, and change nothing. Blocks."""
        with self._busy, _storage(f"cannot write {self.path}"):
            refuse_if_used(self.path)
            _probe(self._root)
            if self.path.is_dir():
                _probe(self.path)

    def record(self, pid: int) -> None:
        """Remember the started browser, so that a later wad can end it. Blocks. Raises StorageFullError."""
        with self._busy, _storage(f"cannot write to {self._root}"):
            self._browser.write(pid)

    def discard(self) -> None:
        """Put the profile aside, whatever its state, and begin an empty one; `sweep` deletes it. Blocks.

        Raises ProfileLockedError when a living process uses it, StorageFullError when it cannot be renamed.
        """
        with self._busy, _storage(f"cannot replace {self.path}"):
            self._end_browser()
            refuse_if_used(self.path)
            if os.path.lexists(self.path):
                folders.set_aside(self.path)
            self.discards += 1
            self.path.mkdir(mode=0o700, parents=True)
            # The sentence is taken back only once it is carried out on the disk, too.
            folders.sync(self._root)
            folders.clear(self._condemned)

    def condemn(self, discards: int) -> None:
        """Have the profile discarded at the latest when it is prepared again, whatever happens till then.

        So a session that is to be forgotten is, even if wad is killed before `discard`. `discards` is what
        that number was when it was decided: a profile begun since then is not meant. Blocks. Raises OSError.
        """
        with self._busy:
            if discards == self.discards:
                folders.put(self._condemned)

    async def sweep(self) -> None:
        """Delete all that was discarded, in a thread; never raises, and logs what it could not delete."""
        for left in await asyncio.to_thread(folders.sweep, self._root):
            _log.warning("discarded_profile_left", path=str(left))

    def _end_browser(self) -> None:
        """End the recorded browser. Without the lock its wad may live, and want it."""
        if self._lock_fd is not None:
            self._browser.end()

    def _make(self) -> None:
        if self.path.is_symlink():
            raise BrowserError(f"{self.path} is a symbolic link, which is not followed: reset replaces it")
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as exc:
            raise BrowserError(f"{self.path} is no folder: reset replaces it") from exc

    def _make_folders(self) -> None:
        if self.home.is_symlink():
            self.home.unlink()
        self.home.mkdir(mode=0o700, exist_ok=True)
        folders.delete(self.tmp)
        self.tmp.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def _storage(text: str) -> Iterator[None]:
    """Raise what an error of the disk means to the link."""
    try:
        yield
    except OSError as exc:
        raise storage_trouble(text, exc) from exc


def _probe(folder: Path) -> None:
    """Really write: only that tells of a quota, or a file system that turned read-only.

    And leave room: on the last megabyte Chromium starts, and then cannot store its keys.
    """
    free = os.statvfs(folder)
    if free.f_bavail * free.f_frsize < _ROOM_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    probe = folder / ".wad-probe"
    try:
        with open(folders.create(probe), "wb") as file:  # noqa: PTH123 - it is a descriptor
            file.write(os.urandom(_PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)
