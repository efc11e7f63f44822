"""Packets of Engine.IO's: each message is encoded, and framed, once, however many clients it goes to.

Rules of this file: an argument is recognised as the same object, never by its content, so nobody may change
one that was sent; it is kept as long as its packet, so that no other object takes its place.
"""

import struct
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

# A change has three to eight messages, and not every client is as fast as the others.
_ROOM: Final = 32


# RFC 6455, 5.2: the last frame of a message, which is text; a length of 126 or 127 stands for a longer field.
_TEXT: Final = 0x81
_SHORT: Final = 126
_TWO_BYTES: Final = 0xFFFF


def framed(text: str) -> bytes:
    """Give a message of text as a server's frame of a websocket: whole, neither masked nor compressed."""
    data = text.encode()
    size = len(data)
    if size < _SHORT:
        return struct.pack("!BB", _TEXT, size) + data
    if size <= _TWO_BYTES:
        return struct.pack("!BBH", _TEXT, _SHORT, size) + data
    return struct.pack("!BBQ", _TEXT, _SHORT + 1, size) + data


class Packets(Generic[T]):
    """Gives the packet of a message; `make` encodes an event's name and its argument, if it has one."""

    def __init__(self, make: Callable[[list[Any]], T], room: int = _ROOM) -> None:
        self._make = make
        self._room = room
        self._kept: OrderedDict[tuple[str, int], tuple[Any, T]] = OrderedDict()

    def of(self, event: str, argument: Any) -> T:
        """Give the packet of an event; without an argument where that is None."""
        key = (event, id(argument))
        if key in self._kept:
            return self._kept[key][1]
        packet = self._make([event] if argument is None else [event, argument])
        self._kept[key] = (argument, packet)
        if len(self._kept) > self._room:
            self._kept.popitem(last=False)
        return packet
