"""Small media that the sandbox makes itself: pictures, a voice note, and as many bytes as are asked for."""

import base64
import random
import struct
import zlib
from collections.abc import Iterator

_PIECE = 64 * 1024
# Silence, 20 ms of it, as Opus has it; and its samples, which are always counted at 48 kHz.
_SILENCE, _SAMPLES = b"\xf8\xff\xfe", 960
_RATE = 48_000
_FIRST, _LAST = 2, 4
# A grey JPEG of eight by eight pixels, in base64: what stands for a picture before that was fetched.
THUMBNAIL = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI/////////////////////////////////"
    "///////////////////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEA"
    "AD8AP//Z"
)
# A WebP of one pixel: no encoder is needed for it.
DOT = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")


def noise(size: int) -> Iterator[bytes]:
    """Give so many bytes in pieces, for each size always the same ones."""
    source = random.Random(size)  # noqa: S311 - repeatable on purpose; it guards nothing
    for start in range(0, size, _PIECE):
        yield source.randbytes(min(_PIECE, size - start))


def picture(seed: str, side: int = 64) -> bytes:
    """Return a PNG of `side` by `side` pixels, whose colours follow from the seed."""
    source = random.Random(seed)  # noqa: S311 - as above
    first, second = (bytes(source.randrange(256) for _ in range(3)) for _ in range(2))
    # Squares of eight by eight: the picture of one is told from that of another.
    light, dark = (
        (each * 8 + other * 8) * (side // 16 + 1) for each, other in ((first, second), (second, first))
    )
    rows = b"".join(b"\0" + (dark if y // 8 % 2 else light)[: 3 * side] for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def voice(seconds: int = 1) -> bytes:
    """Return a voice note as phones make them, Opus in Ogg with one channel: so many seconds of silence."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, _RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 7) + b"sandbox" + struct.pack("<I", 0)
    pages = [_page([head], 0, 0, _FIRST), _page([tags], 0, 1, 0)]
    count = _RATE // _SAMPLES
    for second in range(seconds):
        kind = _LAST if second == seconds - 1 else 0
        pages.append(_page([_SILENCE] * count, (second + 1) * _RATE, second + 2, kind))
    return b"".join(pages)


def _page(packets: list[bytes], granule: int, number: int, kind: int) -> bytes:
    """Return a page of Ogg (RFC 3533) whose packets are shorter than 255 bytes each."""
    head = b"OggS" + struct.pack("<BBqII", 0, kind, granule, 1, number)
    lengths = bytes([len(packets), *map(len, packets)])
    rest = lengths + b"".join(packets)
    return head + struct.pack("<I", _checksum(head + bytes(4) + rest)) + rest


def _checksum(data: bytes) -> int:
    """Return the checksum of Ogg: of 32 bits, begun with 0, its bits in their own order (RFC 3533)."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value
