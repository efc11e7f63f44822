"""Asking the daemon for a reload, and what its log says of it."""

import signal

from daemon_client import until


def at(daemon, event):
    """Give the lines of an event."""
    return [line for line in daemon.lines() if line["event"] == event]


async def hup(daemon, event):
    """Ask for a reload by SIGHUP, and give the line that comes of it."""
    before = len(at(daemon, event))
    daemon.send(signal.SIGHUP)
    await until(lambda: len(at(daemon, event)) > before, f"another {event}")
    return at(daemon, event)[-1]
