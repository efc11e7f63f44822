"""What a file is: told by its bytes; by what others say of it only where these tell nothing."""

import base64

import pytest

from wad.core.message import MediaKind
from wad.media import kinds

BMP = b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00" + bytes(36)
# The first bytes of real files: written by ffmpeg 7, ImageMagick 7, LibreOffice 25 and gzip 1.13.
HEADS = {
    "image/jpeg": bytes.fromhex("ffd8ffe000104a46494600010200000100010000"),
    "image/png": base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"),
    "image/gif": b"GIF89a\x01\x00\x01\x00\x80\x00\x00",
    "image/bmp": BMP,
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8L",
    "image/heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    "image/avif": b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf",
    "video/mp4": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41",
    "video/quicktime": b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ",
    "video/3gpp": b"\x00\x00\x00\x1cftyp3gp4\x00\x00\x02\x00",
    "video/webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm",
    "video/x-matroska": b"\x1aE\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x88matroska",
    "video/x-msvideo": b"RIFF\x00\x10\x00\x00AVI LIST",
    "audio/mp4": b"\x00\x00\x00\x1cftypM4A \x00\x00\x02\x00M4A isomiso2",
    "audio/wav": b"RIFF\x24\x08\x00\x00WAVEfmt ",
    "audio/mpeg": b"ID3\x04\x00\x00\x00\x00\x00\x22TSSE",
    "audio/aac": b"\xff\xf1\x50\x80\x02\x1f\xfc",
    "audio/flac": b"fLaC\x00\x00\x00\x22",
    "audio/amr": b"#!AMR\n\x3c",
    kinds.OPUS: b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00",
    "audio/ogg": b"OggS\x00\x02" + bytes(20) + b"\x01\x1e\x01vorbis",
    "application/pdf": b"%PDF-1.7\n%\xb5\xb5\xb5\xb5\n",
    "application/zip": b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
    "application/gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
}
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("mimetype", HEADS)
def test_bytes_tell(mimetype):
    """Whatever others say."""
    head = HEADS[mimetype]

    assert kinds.sniffed(head) == mimetype
    if mimetype not in {"application/zip", "application/gzip"}:
        assert kinds.mimetype_of(head, "text/html", "page.html") == mimetype


@pytest.mark.parametrize(
    "head",
    [b"", b"BMW,3\n", b"BM", b"hello", HTML, SVG, b"\x00" * 512, b"II*\x00", b"RIFF\x00\x00\x00\x00XXXX"],
)
def test_bytes_that_tell_nothing(head):
    """A list of cars that begins with BMW is no picture."""
    assert kinds.sniffed(head) is None


@pytest.mark.parametrize(
    ("head", "named", "filename", "mimetype"),
    [
        (b"a,b\n", None, "a.csv", "text/csv"),
        (b"a,b\n", "text/csv; charset=utf-8", None, "text/csv"),
        (b"a,b\n", "application/octet-stream", "a.csv", "text/csv"),
        (b"a,b\n", "application/x-www-form-urlencoded", "a.csv", "text/csv"),
        (b"a,b\n", "application/x-www-form-urlencoded", None, kinds.UNKNOWN),
        (b"a,b\n", "no type", None, kinds.UNKNOWN),
        (b"a,b\n", "x" * 200 + "/y", None, kinds.UNKNOWN),
        (HEADS["application/zip"], None, None, "application/zip"),
        (HEADS["application/zip"], "application/octet-stream", "a.zip", "application/zip"),
        (
            HEADS["application/zip"],
            "application/vnd.oasis.opendocument.text",
            None,
            "application/vnd.oasis.opendocument.text",
        ),
        # What is no picture, film or sound by its bytes is never named one.
        (HTML, "image/png", "a.png", kinds.UNKNOWN),
        (SVG, "image/svg+xml", "a.svg", kinds.UNKNOWN),
        (HEADS["application/zip"], "video/mp4", "a.mp4", "application/zip"),
        (HTML, "text/html", "a.html", "text/html"),
    ],
)
def test_what_others_say(head, named, filename, mimetype):
    """It counts where the bytes tell nothing, and only for what nobody opens as a picture, film or sound."""
    assert kinds.mimetype_of(head, named, filename) == mimetype


@pytest.mark.parametrize(
    ("mimetype", "kind"),
    [
        ("image/jpeg", MediaKind.IMAGE),
        ("image/heic", MediaKind.DOCUMENT),
        ("video/mp4", MediaKind.VIDEO),
        ("video/x-matroska", MediaKind.DOCUMENT),
        ("audio/mpeg", MediaKind.AUDIO),
        (kinds.OPUS, MediaKind.AUDIO),
        ("audio/flac", MediaKind.DOCUMENT),
        ("application/zip", MediaKind.DOCUMENT),
        ("image/svg+xml", MediaKind.DOCUMENT),
        ("text/html", MediaKind.DOCUMENT),
        (kinds.UNKNOWN, MediaKind.DOCUMENT),
    ],
)
def test_what_a_file_is_sent_as(mimetype, kind):
    """What the page takes as such; all else, an archive that would unpack to a thousand times itself too, whole."""
    assert kinds.default_kind(mimetype) is kind


@pytest.mark.parametrize(
    ("kind", "mimetype", "taken"),
    [
        (MediaKind.DOCUMENT, "text/html", True),
        (MediaKind.DOCUMENT, "image/png", True),
        (MediaKind.IMAGE, "application/pdf", False),
        (MediaKind.IMAGE, "image/svg+xml", False),
        (MediaKind.STICKER, "image/png", False),
        (MediaKind.STICKER, "image/webp", True),
        (MediaKind.VOICE, "audio/wav", True),
        (MediaKind.VOICE, "audio/flac", True),
        (MediaKind.VOICE, "text/plain", False),
        (MediaKind.VIDEO, "audio/wav", False),
    ],
)
def test_what_can_be_sent_as_what(kind, mimetype, taken):
    """A voice note is made of any sound; nothing else is converted."""
    assert kinds.takes(kind, mimetype) is taken


@pytest.mark.parametrize(
    "mimetype", ["image/svg+xml", "text/html", "application/pdf", "application/xhtml+xml", "text/xml", None]
)
def test_what_a_browser_might_run_is_given_out_as_bytes(mimetype):
    """Pictures, films and sounds alone have their type."""
    assert kinds.shown_type(mimetype) == kinds.UNKNOWN
    assert kinds.shown_type("image/png") == "image/png"
