"""What kind of file it is, by its first bytes; a name or a header counts only where these say nothing.

Rules of this file: pure. The signatures are those of the MIME Sniffing Standard (section 6) and, for what
that lacks, of the formats' own descriptions.
"""

import mimetypes
import re
from collections.abc import Callable, Mapping
from typing import Final

from wad.core.message import MediaKind

HEAD: Final = 512
"""So many of a file's first bytes decide."""

UNKNOWN: Final = "application/octet-stream"
OPUS: Final = "audio/ogg; codecs=opus"

_FTYP: Final = 8
_ID3: Final = b"ID3"
# The brands of the ISO base media format that hold sound alone, and pictures.
_SOUND_BRANDS: Final = frozenset({b"M4A ", b"M4B ", b"M4P "})
_PICTURE_BRANDS: Final = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
}
_BMP_HEADERS: Final = frozenset(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))
# What programs say that know nothing of a file; curl says the last of whatever it posts.
_NOTHING_SAID: Final = frozenset(
    {UNKNOWN, "binary/octet-stream", "application/x-www-form-urlencoded", "multipart/form-data"}
)
_NAME: Final = re.compile(r"[\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,80}", re.ASCII)


def _riff(head: bytes) -> str | None:
    return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12])


def _bmp(head: bytes) -> str | None:
    # Two letters begin a text, too: what lies behind them is nought, and one of the header's sizes.
    return "image/bmp" if head[6:10] == b"\0\0\0\0" and head[14:18] in _BMP_HEADERS else None


def _iso(head: bytes) -> str | None:
    brand = head[_FTYP : _FTYP + 4]
    if brand in _PICTURE_BRANDS:
        return _PICTURE_BRANDS[brand]
    if brand in _SOUND_BRANDS:
        return "audio/mp4"
    if brand.startswith((b"3gp", b"3g2")):
        return "video/3gpp"
    return "video/quicktime" if brand == b"qt  " else "video/mp4"


def _ogg(head: bytes) -> str | None:
    if b"OpusHead" in head:
        return OPUS
    return "video/ogg" if b"theora" in head else "audio/ogg"


def _matroska(head: bytes) -> str | None:
    return "video/webm" if b"webm" in head else "video/x-matroska"


# Where the bytes lie, which, and what it is then.
_SIGNATURES: Final[tuple[tuple[int, bytes, str | Callable[[bytes], str | None]], ...]] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"BM", _bmp),
    (0, b"RIFF", _riff),
    (4, b"ftyp", _iso),
    (0, b"OggS", _ogg),
    (0, b"\x1aE\xdf\xa3", _matroska),
    (0, b"#!AMR", "audio/amr"),
    (0, b"fLaC", "audio/flac"),
    (0, _ID3, "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
)
# What the page takes as each kind (read in whatsapp-web.js 1.34.7); a document is anything.
ACCEPTED: Final[Mapping[MediaKind, frozenset[str]]] = {
    MediaKind.IMAGE: frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"}),
    MediaKind.VIDEO: frozenset({"video/mp4", "video/3gpp", "video/quicktime", "video/webm"}),
    MediaKind.AUDIO: frozenset(
        {"audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "audio/ogg", OPUS, "audio/wav"}
    ),
    MediaKind.VOICE: frozenset({OPUS}),
    MediaKind.STICKER: frozenset({"image/webp"}),
}
# What else a voice note can be made of.
CONVERTIBLE: Final = ACCEPTED[MediaKind.AUDIO] | {"audio/flac", "video/mp4", "video/webm", "video/3gpp"}
# What a browser shows, and never runs; all else is given out as bytes to be saved.
HARMLESS: Final = frozenset(
    {
        *("image/jpeg", "image/png", "image/gif", "image/webp"),
        *("video/mp4", "video/3gpp", "video/webm"),
        *("audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "audio/ogg", "audio/wav", OPUS),
    }
)


def sniffed(head: bytes) -> str | None:
    """Give the type that a file's first bytes tell; None where they tell nothing."""
    for at, bytes_, found in _SIGNATURES:
        if head[at : at + len(bytes_)] == bytes_:
            return found if isinstance(found, str) else found(head)
    return None


def mimetype_of(head: bytes, named: str | None = None, filename: str | None = None) -> str:
    """Give a file's type: by its bytes, else as it was `named`, else by the end of its name.

    A picture, film or sound that is not one by its bytes is never named so: what it would be taken for is
    decided by whoever opens it.
    """
    found = sniffed(head)
    # Offices' files, and many others, are ZIP archives.
    if found is not None and found not in {"application/zip", "application/gzip"}:
        return found
    for said in (plain(named), mimetypes.guess_type(filename or "", strict=False)[0]):
        if said is None or said in _NOTHING_SAID:
            continue
        if said.partition("/")[0] not in {"image", "video", "audio"}:
            return said
    return found or UNKNOWN


def plain(named: str | None) -> str | None:
    """Give a type without its parameters; None for what is no type."""
    word = (named or "").partition(";")[0].strip().lower()
    return word if _NAME.fullmatch(word) else None


def default_kind(mimetype: str) -> MediaKind:
    """Give what a file is sent as where nobody says."""
    for kind in (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.AUDIO):
        if mimetype in ACCEPTED[kind]:
            return kind
    return MediaKind.DOCUMENT


def takes(kind: MediaKind, mimetype: str) -> bool:
    """Tell whether a file of that type can be sent as that kind, maybe once it is converted."""
    if kind is MediaKind.DOCUMENT:
        return True
    return mimetype in (CONVERTIBLE if kind is MediaKind.VOICE else ACCEPTED[kind])


def shown_type(mimetype: str | None) -> str:
    """Give the type under which a file is given out: one that no browser runs."""
    return mimetype if mimetype in HARMLESS else UNKNOWN
