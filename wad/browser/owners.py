"""Whose browser lives on the profile: another's, which keeps it, or one that an earlier wad left behind.

Rules of this file:

* A living process that is not ours is never robbed of its profile, nor is one killed that may not be ours.
* What cannot be told for want of descriptors is not taken for an answer: it is raised.

Theory of operation: Chromium names its process in ``SingletonLock``. Which browser is wad's own is told by
wad's own record: the number, the start time and the machine's boot. Whoever holds the lock of the state
folder knows that the wad which wrote it is dead, or is itself. The kernel gives a number to no other process
while a group bears it; so with its leader alive, as recorded, the group is that browser's.
"""

import json
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import structlog

from wad.browser import folders, procfs
from wad.browser.process import GONE_TIMEOUT, POLL
from wad.core.errors import ProfileLockedError
from wad.core.values import dataclass

_log = structlog.get_logger()


def refuse_if_used(profile: Path) -> None:
    """Raise ProfileLockedError where a living browser uses the profile, OSError where that cannot be told."""
    try:
        owner = str((profile / "SingletonLock").readlink())
    except OSError:  # none, or no link: no browser's; a link is read without a descriptor
        return
    host, _, pid = owner.rpartition("-")
    if host == socket.gethostname() and pid.isdecimal() and _uses(int(pid), profile):
        raise ProfileLockedError(f"process {pid} uses {profile}")


def _uses(pid: int, profile: Path) -> bool:
    """Return whether `pid` is a living browser on the profile, not a later holder of the number.

    A process that names a profile is believed; one that names none is judged by its looks. A helper
    (``--type=``) never holds the lock. What may not be read is another user's, and our folder is closed
    to it.
    """
    text = _spaced(pid)
    if b" --user-data-dir=" in text:
        paths = (profile, profile.resolve())
        return any(b" --user-data-dir=" + os.fsencode(path) + b" " in text for path in paths)
    program = text.partition(b" ")[0].rpartition(b"/")[2]
    return b"chrom" in program and not _is_helper(text)


def _is_helper(text: bytes) -> bool:
    return b" --type=" in text


@dataclass(frozen=True, slots=True)
class _Born:
    """Which process it was: `started` in seconds since the machine's start, whose name is `boot`."""

    pid: int
    started: float
    boot: str


class BrowserRecord:
    """The file that says which process group is the browser on `profile`. Its methods block."""

    def __init__(self, path: Path, profile: Path) -> None:
        self._path = path
        self._profile = profile

    def write(self, pid: int) -> None:
        """Record the leader of a browser's group; one that is dead already needs none. Raises OSError.

        It is not synced: after a crash of the machine the boot is another one.
        """
        process = procfs.process(pid)
        if process is None:
            return
        fd = folders.create(self._path)
        with open(fd, "w", encoding="utf-8") as file:  # noqa: PTH123 - it is a descriptor
            json.dump(asdict(_Born(pid, process.started, procfs.boot())), file)

    def end(self) -> None:
        """End what lives of the recorded browser, and wait until it is gone. Raises OSError.

        Raises ProfileLockedError where it does not go within 5 s, as on a disk that does not answer.
        """
        if not os.path.lexists(self._path):
            return
        if killed := _end(self._group):
            _log.warning("earlier_browser_ended", pids=killed)
        _end(self._crash_handlers)  # they end by themselves, unless somebody stopped them: no word of that
        folders.clear(self._path)

    def _read(self) -> _Born | None:
        try:
            born = _Born(**json.loads(self._path.read_text("utf-8")))
        except (IsADirectoryError, FileNotFoundError, ValueError, TypeError):
            return None
        return born if isinstance(born.pid, int) and isinstance(born.started, float) else None

    def _group(self) -> set[int]:
        born = self._read()
        return _group(born) if born is not None and born.boot == procfs.boot() else set()

    def _crash_handlers(self) -> set[int]:
        """Give those that write what crashed into the profile: they leave the group, and their parents."""
        wanted = b" --database=" + os.fsencode(self._profile) + b"/"
        return {each.pid for each in procfs.processes() if wanted in _spaced(each.pid)}


def _end(living: Callable[[], set[int]]) -> list[int]:
    """Kill each process once, for its number may be another's afterwards; return them when all are dead."""
    deadline = time.monotonic() + GONE_TIMEOUT
    killed: set[int] = set()
    while (new := living() - killed) or any(map(procfs.process, killed)):
        if time.monotonic() > deadline:
            raise ProfileLockedError(f"processes of an earlier browser do not end: {sorted(killed)}")
        for pid in new:
            _kill(pid)
        killed |= new
        time.sleep(POLL)
    return sorted(killed)


def _kill(pid: int) -> None:
    """Kill a process; with a leader its group, in which there may be some that /proc hides from us."""
    with suppress(ProcessLookupError, PermissionError):
        (os.killpg if os.getpgid(pid) == pid else os.kill)(pid, signal.SIGKILL)


def _group(born: _Born) -> set[int]:
    """Return the processes of the recorded browser.

    Once its leader is dead and all of the group, too, the number may be anybody's. So without the leader
    only a browser's helpers are believed.
    """
    leader = procfs.process(born.pid)
    if leader is not None:
        return {each.pid for each in procfs.family(born.pid)} if leader.started == born.started else set()
    group = [each for each in procfs.processes() if each.group == born.pid and each.started >= born.started]
    return {each.pid for each in group if _is_helper(_spaced(each.pid))}


def _spaced(pid: int) -> bytes:
    """Give a process' arguments; Chromium writes its own anew, with spaces instead of the NUL bytes."""
    return procfs.command_line(pid).replace(b"\0", b" ")
