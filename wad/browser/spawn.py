"""Starting a program with a debugging pipe, and nothing else of ours.

Rules of this file:

* Nothing forks here: wad has threads, and Python is not safe between a fork and an exec. ``posix_spawn`` is.
* The child inherits fds 0 to 4 only: /dev/null twice, its stderr, and the two ends of the pipe.
* The child's environment is an allow-list: what is not named never reaches what runs strangers' code.
"""

import fcntl
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

from wad.core.values import dataclass

# systemd hands its sockets over from 3 on, and Chromium wants its pipe at 3 and 4.
# Our ends live above both, so that a dup2 to 3 or 4 never meets its own source (that would keep CLOEXEC).
_LOWEST_FD: Final = 10
_BROWSER_READS: Final = 3  # fixed by --remote-debugging-pipe
_BROWSER_WRITES: Final = 4
STDOUT: Final = 1

# What Python ignores and a program does not expect to find ignored.
_RESTORED_SIGNALS: Final = (signal.SIGPIPE, signal.SIGXFSZ)

_PASSED: Final = frozenset(
    {
        "PATH",  # Debian's launcher is a shell script
        "LD_LIBRARY_PATH",  # browsers installed by hand
        "LANG",
        "LANGUAGE",
        "TZ",  # the page shows times
        "http_proxy",  # Chromium reads the lower-case names where no desktop tells it
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "CHROME_DEVEL_SANDBOX",  # the path of the setuid sandbox on kernels without user namespaces
    }
)
_PASSED_PREFIXES: Final = ("LC_", "FONTCONFIG_")


@dataclass(frozen=True)
class Spawned:
    """A started program: its process and our ends of its pipes, all CLOEXEC; the pipes do not block."""

    pid: int
    pidfd: int
    reads: int
    """Messages of the browser are read here."""
    writes: int
    """Messages to the browser are written here."""
    stderr: int


def environment(inherited: Mapping[str, str], home: Path, tmp: Path) -> dict[str, str]:
    """Return the child's environment: the allowed part of `inherited`, with its files pointed below `home`.

    Without ``XDG_*`` every such folder is below ``HOME``, so one variable keeps all of them in.
    """
    kept = {
        name: value
        for name, value in inherited.items()
        if name in _PASSED or name.startswith(_PASSED_PREFIXES)
    }
    return kept | {
        "HOME": str(home),
        "TMPDIR": str(tmp),
        # Chromium dumps the memory of what crashes, chats included, and no flag forbids it (measured with
        # 156). Here the next start deletes it.
        "BREAKPAD_DUMP_LOCATION": str(tmp / "crashes"),
        # An address that libdbus refuses at once; with none it looks for a bus, or starts one.
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "DBUS_SYSTEM_BUS_ADDRESS": "disabled:",
        "GSETTINGS_BACKEND": "memory",  # else GLib starts dconf
    }


def spawn(argv: Sequence[str], env: Mapping[str, str], answers_at: int = _BROWSER_WRITES) -> Spawned:
    """Start `argv` in a session (and so a process group) of its own; raises OSError with nothing left behind.

    What the program writes to its fd `answers_at` is read at `Spawned.reads`.
    Returns after the exec, which takes some milliseconds: the kernel suspends only the calling thread.
    """
    with ExitStack() as child_ends, ExitStack() as our_ends:
        commands, writes = _pipe(child_ends, our_ends, child_reads=True)
        answers, reads = _pipe(child_ends, our_ends, child_reads=False)
        errors, stderr = _pipe(child_ends, our_ends, child_reads=False)
        pid = os.posix_spawn(
            argv[0],
            list(argv),
            dict(env),
            file_actions=[*_file_actions(commands, errors), (os.POSIX_SPAWN_DUP2, answers, answers_at)],
            setsid=True,
            setsigmask=(),
            setsigdef=_RESTORED_SIGNALS,
        )
        pidfd = _watch(pid)
        our_ends.pop_all()
        return Spawned(pid, pidfd, reads, writes, stderr)


def _pipe(child_ends: ExitStack, our_ends: ExitStack, *, child_reads: bool) -> tuple[int, int]:
    """Make a pipe above the low fds and return (the child's end, our end); ours does not block."""
    reader, writer = os.pipe()
    with ExitStack() as low:
        low.callback(os.close, reader)
        low.callback(os.close, writer)
        theirs, ours = (reader, writer) if child_reads else (writer, reader)
        theirs = fcntl.fcntl(theirs, fcntl.F_DUPFD_CLOEXEC, _LOWEST_FD)
        child_ends.callback(os.close, theirs)
        ours = fcntl.fcntl(ours, fcntl.F_DUPFD_CLOEXEC, _LOWEST_FD)
        our_ends.callback(os.close, ours)
    os.set_blocking(ours, False)
    return theirs, ours


def _file_actions(commands: int, errors: int) -> list[tuple[Any, ...]]:
    """Return what happens to the fds before the exec, in this order: ours are closed, then the pipes put."""
    return [
        *((os.POSIX_SPAWN_CLOSE, fd) for fd in _inheritable_fds()),
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_DUP2, errors, 2),
        (os.POSIX_SPAWN_DUP2, commands, _BROWSER_READS),
    ]


def _inheritable_fds() -> list[int]:
    """Return the fds that would survive an exec: those handed to us, for Python opens its own CLOEXEC.

    One that another thread closes meanwhile does no harm: glibc ignores the failure of such a close.
    """
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 # names are what is wanted
        with suppress(OSError):  # the listing's own fd is closed again by now
            if os.get_inheritable(int(name)):
                found.append(int(name))
    return found


def _watch(pid: int) -> int:
    """Return a pidfd for our own child; a child that cannot be watched is not kept."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
