"""What a message can be besides a text, as somebody asks for it: checked, and put into one form.

Rules of this file: pure. An error says what to do and repeats nothing of what was given.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from wad.core.errors import MessageError
from wad.core.message import MediaKind
from wad.media.fetching import checked_url
from wad.media.kinds import plain
from wad.media.names import clean_name

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_SOURCES: Final = ("url", "data", "sha256")
_MEDIA: Final = frozenset({*_SOURCES, "kind", "mimetype", "filename"})
LONGEST_NAME: Final = 1000
MOST_CONTACTS: Final = 100
LONGEST_VCARD: Final = 20_000
# As WhatsApp's own form for polls has them.
LONGEST_QUESTION: Final = 255
LONGEST_OPTION: Final = 100
FEWEST_OPTIONS, MOST_OPTIONS = 2, 12
_DIGITS: Final = re.compile(r"\+?[0-9]{5,20}")


def media(given: object) -> dict[str, Any]:
    """Give a file as it was given: by `url`, `data` (base64) or `sha256`. Raises MessageError."""
    found = _object(given, "media", _MEDIA)
    if sum(found.get(name) is not None for name in _SOURCES) != 1:
        raise MessageError(f"media has exactly one of {', '.join(_SOURCES)}")
    kept = {name: value for name, value in found.items() if value is not None}
    if "url" in kept:
        checked_url(kept["url"])
    if "sha256" in kept and not _SHA256.fullmatch(str(kept["sha256"])):
        raise MessageError("sha256 must be 64 digits of hex, as the upload gave it")
    if "kind" in kept and kept["kind"] not in set(MediaKind):
        raise MessageError(f"kind can be {', '.join(MediaKind)}")
    if "mimetype" in kept and (not isinstance(kept["mimetype"], str) or plain(kept["mimetype"]) is None):
        raise MessageError("mimetype must look like image/jpeg")
    if "filename" in kept:
        name = clean_name(kept.pop("filename"))
        kept |= {"filename": name} if name is not None else {}
    return kept


def location(given: object) -> dict[str, Any]:
    """Give a place: `latitude` and `longitude` in degrees, and maybe its `name`. Raises MessageError."""
    found = _object(given, "location", frozenset({"latitude", "longitude", "name"}))
    place: dict[str, Any] = {
        "latitude": _degrees(found.get("latitude"), "latitude", 90.0),
        "longitude": _degrees(found.get("longitude"), "longitude", 180.0),
    }
    if found.get("name") is not None:
        place["name"] = _words(found["name"], "name", LONGEST_NAME)
    return place


def contacts(given: object) -> list[str]:
    """Give vCards: each contact is one by its `vcard`, or by `name` and `phone`. Raises MessageError."""
    if not isinstance(given, list) or not 0 < len(given) <= MOST_CONTACTS:
        raise MessageError(f"contacts must be a list of 1 to {MOST_CONTACTS} contacts")
    return [_vcard(each) for each in given]


def poll(given: object) -> dict[str, Any]:
    """Give a poll: its `name`, its `options`, whether `multiple` may be chosen. Raises MessageError."""
    found = _object(given, "poll", frozenset({"name", "options", "multiple"}))
    options = found.get("options")
    if not isinstance(options, list) or not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise MessageError(f"options must be a list of {FEWEST_OPTIONS} to {MOST_OPTIONS} texts")
    texts = [_words(each, "each of options", LONGEST_OPTION) for each in options]
    if len(set(texts)) < len(texts):
        raise MessageError("options must differ from each other")
    multiple = found.get("multiple", False)
    if not isinstance(multiple, bool):
        raise MessageError("multiple must be true or false")
    return {
        "name": _words(found.get("name"), "name", LONGEST_QUESTION),
        "options": texts,
        "multiple": multiple,
    }


def _object(given: object, name: str, fields: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise MessageError(f"{name} must be an object")
    if given.keys() - fields:
        raise MessageError(f"{name} has no such field; it has {', '.join(sorted(fields))}")
    return given


def _words(given: object, name: str, most: int) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > most:
        raise MessageError(f"{name} must be a text of 1 to {most} characters")
    try:
        given.encode()
    except UnicodeEncodeError as error:
        raise MessageError(f"{name} holds half a character: it is not valid Unicode") from error
    return given


def _degrees(given: object, name: str, most: float) -> float:
    fine = isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)
    if not fine or abs(float(given)) > most:  # type: ignore[arg-type]
        raise MessageError(f"{name} must be a number of degrees, from -{most:g} to {most:g}")
    return float(given)  # type: ignore[arg-type]


def _vcard(given: object) -> str:
    found = _object(given, "each of contacts", frozenset({"vcard", "name", "phone", "organization"}))
    if found.get("vcard") is not None:
        card = _words(found["vcard"], "vcard", LONGEST_VCARD).strip()
        if not card.startswith("BEGIN:VCARD") or not card.endswith("END:VCARD"):
            raise MessageError("vcard must begin with BEGIN:VCARD and end with END:VCARD")
        return card
    phone = found.get("phone")
    if not isinstance(phone, str) or not _DIGITS.fullmatch(phone):
        raise MessageError("phone must be a number with its country code: +15551234567")
    digits = phone.removeprefix("+")
    name = _escaped(_words(found.get("name"), "name", LONGEST_NAME))
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:;{name};;;", f"FN:{name}"]
    if found.get("organization") is not None:
        lines.append(f"ORG:{_escaped(_words(found['organization'], 'organization', LONGEST_NAME))}")
    # WhatsApp offers to write to the contact by what `waid` says (read in what phones send).
    lines += [f"TEL;type=CELL;type=VOICE;waid={digits}:+{digits}", "END:VCARD"]
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """Give a text as a vCard holds it (RFC 2426, section 4)."""
    for plain_, kept in (("\\", "\\\\"), ("\n", "\\n"), ("\r", ""), (",", "\\,"), (";", "\\;")):
        text = text.replace(plain_, kept)
    return text
