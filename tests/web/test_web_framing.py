"""Heads that leave open where their body ends, in each spelling readers disagree about."""

import pytest

from wad.web.connections.framing import framing_fault

FINE = {
    "neither": ("HTTP/1.1", [], []),
    "a length beyond all bounds": ("HTTP/1.1", ["9" * 5000], []),
    "nothing to come": ("HTTP/1.1", ["0"], []),
    "a length": ("HTTP/1.0", ["16384"], []),
    "chunks": ("HTTP/1.1", [], ["chunked"]),
    "chunks in capitals": ("HTTP/1.1", [], ["Chunked"]),
}
LENGTHS = ("-5", "+5", "1_0", "0x10", "5.0", "", " 5", "5,5", "٣", "5 5", "5\t")
ENCODINGS = ("xchunked", "identity", "gzip, chunked", "chunked, chunked", " chunked", "chunked\x0b", "")


@pytest.mark.parametrize("head", FINE.values(), ids=FINE)
def test_fine(head):
    """What every reader understands alike is let through."""
    assert framing_fault(*head) is None


@pytest.mark.parametrize("length", LENGTHS)
def test_lengths(length):
    """A length is digits and nothing else."""
    assert "Content-Length must be digits, and nothing else" == framing_fault("HTTP/1.1", [length], [])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(encoding):
    """There is one encoding."""
    fault = framing_fault("HTTP/1.1", [], [encoding])

    assert "the only Transfer-Encoding taken is chunked, named once" == fault


def test_both_and_twice():
    """A head says it once, in one way; and HTTP/1.0 knows one way only."""
    faults = [
        framing_fault("HTTP/1.1", ["5", "5"], []),
        framing_fault("HTTP/1.1", ["5"], ["chunked"]),
        framing_fault("HTTP/1.1", [], ["chunked", "chunked"]),
        framing_fault("HTTP/1.0", [], ["chunked"]),
    ]

    assert [
        "there is more than one Content-Length",
        "a request has either a Content-Length or a Transfer-Encoding",
        "the only Transfer-Encoding taken is chunked, named once",
        "only HTTP/1.1 knows Transfer-Encoding",
    ] == faults
