"""What wad does to its own folder: who may enter, files that say something by being there, and deleting.

Rules of this file:

* What `put` or `clear` has returned from is on the disk, not only in the kernel: a file by its own fsync, a
  name by that of its folder.
* Whatever lies in a file's place counts as the file, and can be cleared.
* Links are never followed to what wad did not make.

All block for the time the disk takes: call them off the event loop.
"""

import os
import shutil
import stat
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from wad.core.errors import UnsafeFolderError

_log = structlog.get_logger()

ASIDE: Final = "discarded-"
"""How the name of what waits to be deleted begins."""

_PRIVATE: Final = 0o700
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def secure(folder: Path) -> None:
    """Have the folder be this user's alone, and the one above it be changed by nobody else, if that can be.

    Whoever may write above could put another folder in its place. Raises UnsafeFolderError where it is
    somebody else's, OSError where it cannot be closed.
    """
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise UnsafeFolderError(
            f"{folder} belongs to user {found.st_uid}, and wad runs as {os.geteuid()}: "
            "chown it, or use another state directory"
        )
    if stat.S_IMODE(found.st_mode) & 0o777 != _PRIVATE:
        _close(folder, found.st_mode, _PRIVATE)
    _secure_above(folder.parent)


def _secure_above(folder: Path) -> None:
    """Take others' leave to write, unless the folder is somebody else's or one for everybody, as /tmp is."""
    found = folder.stat()
    mode = stat.S_IMODE(found.st_mode)
    if not mode & _OTHERS_WRITE:
        return
    if mode & stat.S_ISVTX:
        mend = "use a directory of wad's own: wad --state-dir DIR"
    elif found.st_uid != os.geteuid():
        mend = f"sudo chmod go-w {folder}"
    else:
        _close(folder, found.st_mode, mode & ~_OTHERS_WRITE)
        return
    _log.warning("folder_open", path=str(folder), mode=f"{mode:o}", mend=mend)


def _close(folder: Path, was: int, mode: int) -> None:
    folder.chmod(mode)
    _log.warning("folder_closed", path=str(folder), was=f"{stat.S_IMODE(was):o}", mode=f"{mode:o}")


def put(path: Path) -> None:
    """Have something lie at `path`, this user's alone if it is made now. Raises OSError."""
    if not os.path.lexists(path):
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    sync(path.parent)


def create(path: Path) -> int:
    """Open an empty file of this user's alone; a link that lies there goes, and what it leads to stays.

    Raises OSError.
    """
    with suppress(FileNotFoundError):
        path.unlink()
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def clear(path: Path) -> None:
    """Have nothing lie at `path`; a folder is set aside. Raises OSError."""
    try:
        path.unlink(missing_ok=True)
    except IsADirectoryError:
        set_aside(path)
    sync(path.parent)


def set_aside(path: Path) -> None:
    """Rename what lies there, a link itself and not what it leads to, to be deleted later. Raises OSError."""
    path.rename(path.with_name(f"{ASIDE}{uuid.uuid4().hex}"))


def sync(folder: Path) -> None:
    """Have the folder's names on the disk. Raises OSError."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sweep(folder: Path) -> list[Path]:
    """Delete all that was set aside, and return what could not be deleted."""
    discarded = [*folder.glob(f"{ASIDE}*")]
    for path in discarded:
        delete(path)
    return [path for path in discarded if os.path.lexists(path)]


def delete(path: Path) -> None:
    """Delete `path` and all below, also in folders made unreadable, as far as possible."""
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
            folder.chmod(_PRIVATE)
