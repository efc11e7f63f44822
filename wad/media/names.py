"""Names of files, as strangers give them: what is kept of one is no path, and nothing that a terminal runs.

Rules of this file: pure. No name ever becomes the name of a file of wad's own.
"""

import re
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Final
from urllib.parse import quote

LONGEST: Final = 200
_SEPARATORS: Final = re.compile(r"[/\\]")
# Marks that turn the direction of writing make "gpj.exe" look like "exe.jpg".
_HIDDEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ASCII: Final = re.compile(r"[^A-Za-z0-9._ -]")


def clean_name(given: object) -> str | None:
    """Give what is left of a name: its last part, printable, not hidden, at most `LONGEST` characters.

    >>> clean_name("../../etc/passwd")
    'passwd'
    """
    if not isinstance(given, str):
        return None
    text = given.encode("utf-8", "replace").decode("utf-8")
    last = _HIDDEN.sub("", _SEPARATORS.split(text)[-1])
    kept = "".join(each for each in last if each.isprintable()).strip().lstrip(".").strip()
    if len(kept) <= LONGEST:
        return kept or None
    # The end says what it is.
    stem, dot, end = kept.rpartition(".")
    return f"{stem[: LONGEST - len(end) - 1]}.{end}" if dot and len(end) < 20 else kept[:LONGEST]  # noqa: PLR2004


def named_in(disposition: str) -> str | None:
    """Give the name in a Content-Disposition header, as RFC 6266 and RFC 2231 have it; None for none."""
    header = Message()
    header["Content-Disposition"] = disposition.replace("\r", " ").replace("\n", " ")
    found = [value for name, value in header.get_params([], "Content-Disposition") if name == "filename"]
    # The one with a character set, which is a triple here, is the whole name; the other is for old clients.
    found.sort(key=lambda value: isinstance(value, str))
    return clean_name(collapse_rfc2231_value(found[0])) if found else None


def disposition(name: str | None, *, inline: bool) -> str:
    """Give a Content-Disposition header (RFC 6266): plain for old clients, and whole for all others."""
    kind = "inline" if inline else "attachment"
    if name is None:
        return kind
    return f"{kind}; filename=\"{_ASCII.sub('_', name)}\"; filename*=UTF-8''{quote(name, safe='')}"
