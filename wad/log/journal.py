"""The journal's native protocol: one datagram for each entry, with fields that `journalctl` can match.

Not by standard output: a daemon that writes there dies with journald, since every write raises
BrokenPipeError after ``systemctl stop systemd-journald``, even when journald is back (measured on systemd
252). A datagram that cannot be delivered is lost, and nothing else happens.

The protocol is described in systemd's "Native Journal Protocol".
"""

import os
import socket
import struct
from collections.abc import Mapping
from typing import Any

SOCKET = "/run/systemd/journal/socket"
# syslog's priorities, by structlog's levels.
PRIORITIES = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2, "exception": 3}
# A datagram that is too large is refused; a log entry of this size is none that people read.
_MAX_VALUE = 16 * 1024


def under_journal(env: Mapping[str, str], descriptor: int = 2) -> bool:
    """Whether a descriptor leads to the journal: JOURNAL_STREAM names that one's device and inode."""
    device, _, inode = env.get("JOURNAL_STREAM", "").partition(":")
    try:
        status = os.fstat(descriptor)
    except OSError:
        return False
    return (device, inode) == (str(status.st_dev), str(status.st_ino))


def encode(fields: Mapping[str, Any]) -> bytes:
    """Give an entry as the journal takes it; names in capitals, values as text."""
    return b"".join(_field(name, str(value)) for name, value in fields.items() if value is not None)


def _field(name: str, value: str) -> bytes:
    raw = value.encode("utf-8", "replace")[:_MAX_VALUE]
    key = name.encode("ascii")
    if b"\n" in raw:
        return key + b"\n" + struct.pack("<Q", len(raw)) + raw + b"\n"
    return key + b"=" + raw + b"\n"


class Journal:
    """Sends entries to journald. Never raises and never blocks; what cannot be sent is lost."""

    def __init__(self, path: str = SOCKET) -> None:
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.settimeout(0)

    def send(self, fields: Mapping[str, Any]) -> bool:
        """Send one entry; False if it was lost."""
        try:
            self._socket.sendto(encode(fields), self._path)
        except OSError:  # journald is stopped, or its queue is full
            return False
        return True

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def entry(event: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of a structlog event: MESSAGE, PRIORITY, and each further key as WAD_KEY."""
    level = str(event.get("level", "info"))
    fields: dict[str, Any] = {
        "MESSAGE": _message(event),
        "PRIORITY": PRIORITIES.get(level, 6),
        "SYSLOG_IDENTIFIER": "wad",
        "WAD_EVENT": event.get("event"),
    }
    for key, value in event.items():
        if key not in {"event", "level", "timestamp"}:
            fields[_name(key)] = value
    return fields


def _name(key: str) -> str:
    """Give a field's name: the journal takes capitals, digits and underscores, and no leading underscore."""
    return "WAD_" + "".join(letter if letter.isalnum() else "_" for letter in key.upper())[:60]


def _message(event: Mapping[str, Any]) -> str:
    """Give the line people read: the event, and its facts behind it."""
    facts = [
        f"{key}={value}"
        for key, value in event.items()
        if key not in {"event", "level", "timestamp", "exception"} and value is not None
    ]
    line = " ".join([str(event.get("event", "")), *facts])
    return f"{line}\n{event['exception']}" if event.get("exception") else line
