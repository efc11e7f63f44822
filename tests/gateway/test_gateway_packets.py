"""Packets: each message is encoded once."""

import json

import pytest

from wad.web.gateway.packets import Packets, framed


class Maker:
    """Encodes, and counts it."""

    def __init__(self):
        self.encoded = []

    def __call__(self, event):
        self.encoded.append(event)
        return ["packet", json.dumps(event)]


def test_each_message_is_encoded_once():
    """The same object gives the same packet; another event with it, or one like it, another."""
    make = Maker()
    packets = Packets(make)
    told = {"state": "qr"}
    first = packets.of("wa:state", told)

    assert ["packet", '["wa:state", {"state": "qr"}]'] == first
    assert packets.of("wa:state", told) is first
    assert packets.of("state", told) is not first
    assert packets.of("wa:state", dict(told)) is not first
    assert ["packet", '["ready"]'] == packets.of("ready", None)
    assert 4 == len(make.encoded)


def test_few_are_kept():
    """The oldest is forgotten, and an object at its place is not taken for it."""
    make = Maker()
    packets = Packets(make, room=2)
    for number in range(1000):
        assert ["packet", f'["n", [{number}]]'] == packets.of("n", [number])

    assert 1000 == len(make.encoded)


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, "8100"),
        (125, "817d"),
        (126, "817e007e"),
        (65_535, "817effff"),
        (65_536, "817f0000000000010000"),
    ],
)
def test_frames(size, head):
    """A message is one frame of text, whose length has as many bytes as it needs (RFC 6455, 5.2)."""
    assert bytes.fromhex(head) + b"x" * size == framed("x" * size)


def test_a_frame_counts_bytes():
    """The length is that of the text in UTF-8."""
    assert b"\x81\x02\xc3\xa4" == framed("ä")
