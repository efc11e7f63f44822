"""The browser's profile: the folder, its lock, and what was discarded.

Rules of this file:

* Whoever holds the flock on ``lock`` owns the folder. The kernel drops it when wad dies, however it dies.
* Nothing is deleted while somebody waits: a profile is renamed away at once and swept later.
* A living process that is not ours is never robbed of its profile.

All methods but `sweep` block for the time the disk takes, and a damaged disk may take for ever: call
`prepare` and `discard` with `asyncio.to_thread`. They exclude each other, so none disturbs the next.
"""

import asyncio
import errno
import fcntl
import os
import shutil
import socket
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from wad.errors import AlreadyRunningError, BrowserError, ProfileLockedError, StorageFullError

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
        self._root = root
        self._condemned = root / "condemned"
        self._lock_fd: int | None = None
        self._busy = threading.Lock()

    def lock(self) -> None:
        """Take the folder for this process, and create it if need be; a second call does nothing.

        Raises AlreadyRunningError when another process holds it, StorageFullError when it cannot be created.
        """
        if self._lock_fd is not None:
            return
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(self._root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as exc:
            raise StorageFullError(f"cannot use {self._root}: {exc.strerror}") from exc
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

    def prepare(self) -> None:
        """Make the profile ready: it exists, can be written, and no dead browser's lock is in it. Blocks.

        Raises ProfileLockedError when a living process uses it, StorageFullError when nothing can be written,
        and BrowserError when something that is no folder lies in its place (`discard` mends that).
        """
        with self._busy:
            if os.path.lexists(self._condemned):
                self._discard()
            try:
                self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._refuse_if_used()
                for name in _SINGLETONS:
                    (self.path / name).unlink(missing_ok=True)
                self._make_folders()
                self._probe()
            except (FileExistsError, NotADirectoryError) as exc:
                raise BrowserError(f"{self.path} is no folder") from exc
            except OSError as exc:
                raise StorageFullError(f"cannot write {self.path}: {exc.strerror}") from exc

    def discard(self) -> None:
        """Put the profile aside, whatever its state, and begin an empty one; `sweep` deletes it. Blocks.

        Raises ProfileLockedError when a living process uses it, StorageFullError when it cannot be renamed.
        """
        with self._busy:
            self._discard()

    def condemn(self) -> None:
        """Have the profile discarded at the latest when it is prepared again, whatever happens till then.

        So a session that is to be forgotten is, even if wad is killed before `discard`. Blocks.
        """
        with suppress(OSError):  # a disk too full for a name; then it is `discard` alone
            self._condemned.touch(mode=0o600)

    def _discard(self) -> None:
        self._refuse_if_used()
        try:
            if os.path.lexists(self.path):
                self.path.rename(self._root / f"discarded-{uuid.uuid4().hex}")
            self.path.mkdir(mode=0o700, parents=True)
            self._condemned.unlink(missing_ok=True)
        except OSError as exc:
            raise StorageFullError(f"cannot replace {self.path}: {exc.strerror}") from exc

    async def sweep(self) -> None:
        """Delete all that was discarded, in a thread; never raises, and logs what it could not delete."""
        for left in await asyncio.to_thread(self._sweep):
            _log.warning("discarded_profile_left", path=str(left))

    def _sweep(self) -> list[Path]:
        discarded = [*self._root.glob("discarded-*")]
        for path in discarded:
            _delete(path)
        return [path for path in discarded if os.path.lexists(path)]

    def _make_folders(self) -> None:
        self.home.mkdir(mode=0o700, exist_ok=True)
        _delete(self.tmp)
        self.tmp.mkdir(mode=0o700, exist_ok=True)

    def _probe(self) -> None:
        """Really write: only that tells of a quota, or a file system that turned read-only.

        And leave room: on the last megabyte Chromium starts, and then cannot store its keys.
        """
        free = os.statvfs(self.path)
        if free.f_bavail * free.f_frsize < _ROOM_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        probe = self.path / ".wad-probe"
        try:
            with probe.open("wb") as file:
                file.write(os.urandom(_PROBE_BYTES))
                file.flush()
                os.fsync(file.fileno())
        finally:
            probe.unlink(missing_ok=True)

    def _refuse_if_used(self) -> None:
        try:
            owner = str((self.path / "SingletonLock").readlink())
        except OSError:  # none, or no link: no browser's
            return
        host, _, pid = owner.rpartition("-")
        if host == socket.gethostname() and pid.isdecimal() and _uses(int(pid), self.path):
            raise ProfileLockedError(f"process {pid} uses {self.path}")


def _uses(pid: int, path: Path) -> bool:
    """Return whether `pid` is a living browser on the profile at `path`, not a later holder of the number.

    A process that names a profile is believed; one that names none is judged by its looks. A helper
    (``--type=``) never holds the lock. What cannot be read is another user's, and our folder is closed to it.
    """
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()  # a zombie's is empty
    except OSError:
        return False
    # Chromium writes its own anew, with spaces instead of the NUL bytes: nothing here can be split safely.
    text = raw.replace(b"\0", b" ")
    if b" --user-data-dir=" in text:
        return any(b" --user-data-dir=" + os.fsencode(p) + b" " in text for p in (path, path.resolve()))
    program = text.partition(b" ")[0].rpartition(b"/")[2]
    return b"chrom" in program and b" --type=" not in text


def _delete(path: Path) -> None:
    """Delete `path` and all below, also in folders made unreadable. Links are not followed."""
    if path.is_symlink() or not path.is_dir():
        with suppress(OSError):
            path.unlink()
        return
    _open_up(path)
    for folder, names, _ in os.walk(path):
        for name in names:
            _open_up(Path(folder, name))
    shutil.rmtree(path, ignore_errors=True)


def _open_up(folder: Path) -> None:
    if not folder.is_symlink():
        with suppress(OSError):
            folder.chmod(0o700)
