"""Views of the kernel's: which processes belong to a daemon, by the state directory they name."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def processes_of(state: Path) -> list[int]:
    """Return the living processes that name the state directory in their command line or environment.

    That is the daemon (``--state-dir``), its browsers (``--user-data-dir``) and their helpers (``HOME``).
    """
    return [pid for pid in _living() if os.fsencode(state) in _told(pid)]


def browsers_of(state: Path) -> list[int]:
    """Return the browsers' main processes: those with the profile on their command line, helpers excluded."""
    wanted = b"--user-data-dir=" + os.fsencode(state)
    lines = {pid: _read(pid, "cmdline") for pid in processes_of(state)}
    return [pid for pid, line in lines.items() if wanted in line and b"--type=" not in line]


def renderers_of(state: Path) -> list[int]:
    """Return the processes that render pages."""
    return helpers_of(state, b"--type=renderer")


def helpers_of(state: Path, mark: bytes) -> list[int]:
    """Return the processes whose arguments hold this mark."""
    return [pid for pid in processes_of(state) if mark in _read(pid, "cmdline")]


def kill_all(state: Path) -> None:
    """End whatever names the state directory."""
    for pid in processes_of(state):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _living() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(OSError):  # gone meanwhile
                if (entry / "stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] not in "ZX":
                    yield int(entry.name)


def _told(pid: int) -> bytes:
    return _read(pid, "cmdline") + _read(pid, "environ")


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
