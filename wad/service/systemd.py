"""What wad and systemd tell each other: readiness, status, watchdog, and sockets handed over.

Each function is harmless where there is no systemd. Facts here were measured on systemd 252 and 257.
"""

import asyncio
import fcntl
import os
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress

import sdnotify

from wad.core.reasons import REASONS
from wad.core.status import Status
from wad.link.session import Change

_FIRST_FD = 3  # SD_LISTEN_FDS_START
# systemd hands its sockets over exactly where Chromium wants its pipe (3 and 4): they are moved away.
_OUT_OF_THE_WAY = 11
_MICROSECONDS = 1_000_000


class Notifier:
    """Tells systemd about the daemon, by sd_notify(3)."""

    def __init__(self, env: Mapping[str, str]) -> None:
        # Without the variable the library opens a socket, and leaves it open.
        self._notifier = sdnotify.SystemdNotifier() if env.get("NOTIFY_SOCKET") else None
        if self._notifier is not None and self._notifier.socket is not None:
            # A manager that does not read must not hold the loop.
            self._notifier.socket.settimeout(0)

    def ready(self, status: Status) -> None:
        """Tell that the front ends are open. It says nothing about the link."""
        self._tell(f"READY=1\nSTATUS={status_line(status)}")

    def changed(self, change: Change) -> None:
        """Keep the line that ``systemctl status`` shows up to date; a subscriber of the session."""
        before, after = status_line(change.before), status_line(change.after)
        if before != after:
            self._tell(f"STATUS={after}")

    def stopping(self) -> None:
        """Tell that the daemon ends on purpose."""
        self._tell("STOPPING=1\nSTATUS=stopping")

    def reloading(self) -> None:
        """Tell that the configuration is being read again; `ready` ends it."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def alive(self) -> None:
        """Feed the watchdog."""
        self._tell("WATCHDOG=1")

    def close(self) -> None:
        """Close the socket."""
        if self._notifier is not None and self._notifier.socket is not None:
            self._notifier.socket.close()

    def _tell(self, state: str) -> None:
        if self._notifier is not None:
            self._notifier.notify(state)


def status_line(status: Status) -> str:
    """Say in one line how the link is."""
    words = [status.state, f"({status.phase})"]
    if status.reason is not None:
        words.append(f"- {REASONS[status.reason].sentence}")
    return " ".join(words)


def watchdog_interval(env: MutableMapping[str, str]) -> float | None:
    """Give how often, in seconds, the watchdog wants to be fed; None where there is none.

    Half of WatchdogSec, as sd_watchdog_enabled(3) advises. The variables are taken out of `env`, so that no
    child takes the watchdog for its own.
    """
    usec, pid = env.pop("WATCHDOG_USEC", ""), env.pop("WATCHDOG_PID", "")
    if not usec.isdecimal() or (pid and pid != str(os.getpid())):
        return None
    return int(usec) / _MICROSECONDS / 2


async def feed_watchdog(notifier: Notifier, interval: float, prove: Callable[[], Awaitable[None]]) -> None:
    """Feed the watchdog for ever, each time only once `prove` has returned.

    `prove` returns when the supervisor has advanced. One that stands still is not fed for, even though the
    loop, and this task, go on.
    """
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(interval):
                await prove()
                notifier.alive()
        await asyncio.sleep(interval)


def inherited_sockets(env: MutableMapping[str, str]) -> dict[str, list[socket.socket]]:
    """Take over the sockets systemd hands to this process, by their names (FileDescriptorName=).

    They arrive blocking, which would hang Tornado in accept, and without CLOEXEC, which would hand them on to
    Chromium: both is mended. The variables are taken out of `env`. Sockets of one unit share a name.
    """
    pid, count = env.pop("LISTEN_PID", ""), env.pop("LISTEN_FDS", "")
    names = env.pop("LISTEN_FDNAMES", "").split(":")
    if pid != str(os.getpid()) or not count.isdecimal():
        return {}
    found: dict[str, list[socket.socket]] = {}
    for index in range(int(count)):
        name = names[index] if index < len(names) else "unknown"
        found.setdefault(name, []).append(_take(_FIRST_FD + index))
    return found


def _take(descriptor: int) -> socket.socket:
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY)
    os.close(descriptor)
    taken = socket.socket(fileno=moved)
    taken.settimeout(0)
    return taken
