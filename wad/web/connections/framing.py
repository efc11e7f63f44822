"""Where a request's body ends: heads that leave it open are refused before a byte of the body is read.

What one side takes for a body and the next for a second request lets a stranger put words into somebody
else's mouth (RFC 9112, 11.2). So only what every reader understands alike is let through: either one
``Content-Length`` of plain digits, or ``Transfer-Encoding: chunked``, or neither. Whatever the library in use
makes of the rest (6.2 read a length of ``+5`` or ``1_0``, and a chunk of ``-1`` for ever), it never sees it.
"""

import re
from collections.abc import Sequence

# However long a number is: `wad.web.base_handler` answers that a body has a limit.
_LENGTH = re.compile(r"[0-9]+")


def framing_fault(version: str, lengths: Sequence[str], encodings: Sequence[str]) -> str | None:
    """Give what is wrong with a head, as a sentence for people; None if it says where its body ends.

    `version` is the request's (``HTTP/1.1``); `lengths` and `encodings` are the values of all its
    ``Content-Length`` and ``Transfer-Encoding`` headers.
    """
    if encodings:
        return _fault_of_encoding(version, lengths, encodings)
    if len(lengths) > 1:
        return "there is more than one Content-Length"
    if lengths and not _LENGTH.fullmatch(lengths[0]):
        return "Content-Length must be digits, and nothing else"
    return None


def _fault_of_encoding(version: str, lengths: Sequence[str], encodings: Sequence[str]) -> str | None:
    if [encoding.lower() for encoding in encodings] != ["chunked"]:
        return "the only Transfer-Encoding taken is chunked, named once"
    if lengths:
        return "a request has either a Content-Length or a Transfer-Encoding"
    if version != "HTTP/1.1":
        return "only HTTP/1.1 knows Transfer-Encoding"
    return None
