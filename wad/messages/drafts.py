"""What somebody asks to be sent, checked and put into one form.

Rules of this file: an error says what to do and repeats nothing of what was given.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from wad.core.errors import MessageError, TooLargeError
from wad.core.recipient import recipient
from wad.messages.contents import contacts, location, media, poll
from wad.store.outbox import Draft

# As long as WhatsApp lets a text be.
LONGEST_TEXT: Final = 65_536
LONGEST_REF: Final = 255
MOST_MENTIONS: Final = 100
LONGEST_LIFE: Final = 30 * 86400
# An emoji with all its joiners.
LONGEST_REACTION: Final = 32
_ID: Final = re.compile(r"(true|false)_[^_\s]{1,60}_[0-9A-Za-z]{1,60}(_[^_\s]{1,60})?")
# What a message can be besides a text; one of them at most.
CONTENTS: Final = ("media", "location", "contacts", "poll")
FIELDS: Final = frozenset(
    {
        *("to", "text", "replyTo", "mentions", "linkPreview", "clientRef", "expiresIn", "idempotencyKey"),
        *CONTENTS,
    }
)


def draft(given: Mapping[str, Any], now: float, expires_in: float) -> Draft:
    """Give the draft; `now` is in seconds since 1970, `expires_in` the life of one that names none.

    Raises RecipientError, MessageError, TooLargeError.
    """
    unknown = given.keys() - FIELDS
    if unknown:
        raise MessageError(f"a message has no such field; it has {', '.join(sorted(FIELDS))}")
    content = _content(given)
    if given.get("replyTo") is not None:
        content["replyTo"] = message_id(given["replyTo"])
    if given.get("mentions") is not None and (mentions := _mentions(given["mentions"])):
        content["mentions"] = mentions
    if not _flag(given.get("linkPreview"), default=True):
        content["linkPreview"] = False
    life = _seconds(given.get("expiresIn"), expires_in)
    return Draft(recipient(given.get("to")), content, now + life, _reference(given))


def _content(given: Mapping[str, Any]) -> dict[str, Any]:
    named = [name for name in CONTENTS if given.get(name) is not None]
    if not named:
        return {"text": text(given.get("text"))}
    if len(named) > 1:
        raise MessageError(f"a message has one of {', '.join(CONTENTS)}, not several")
    name = named[0]
    content: dict[str, Any] = {name: _PARSERS[name](given[name])}
    if given.get("text") not in (None, ""):
        if name != "media":
            raise MessageError(f"a message with {name} has no text: send that as a message of its own")
        content["text"] = text(given["text"])
    return content


def text(given: object) -> str:
    """Give a message's text. Raises MessageError for none, TooLargeError."""
    if not isinstance(given, str) or not given.strip():
        raise MessageError("text must be a text that is not blank")
    try:
        given.encode()
    except UnicodeEncodeError as error:
        raise MessageError("text holds half a character: it is not valid Unicode") from error
    if len(given) > LONGEST_TEXT:
        raise TooLargeError(f"text has at most {LONGEST_TEXT} characters")
    return given


def reaction(given: object) -> str:
    """Give a reaction's text, which is empty where one is taken back. Raises MessageError."""
    if not isinstance(given, str) or len(given) > LONGEST_REACTION:
        raise MessageError("text must be one emoji, or empty to take the reaction back")
    return given


def message_id(given: object) -> str:
    """Give a message's whole id. Raises MessageError."""
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise MessageError("a message's id looks like true_15551234567@c.us_3EB0…, as events have it")
    return given


def _reference(given: Mapping[str, Any]) -> str | None:
    """Give the client's own reference: `clientRef` and the header's key are the same thing."""
    named = [given[name] for name in ("clientRef", "idempotencyKey") if given.get(name) is not None]
    if len(set(map(str, named))) > 1:
        raise MessageError("clientRef and Idempotency-Key are the same thing: give one, or the same in both")
    if not named:
        return None
    ref = named[0]
    if not isinstance(ref, str) or not ref.isprintable() or not 0 < len(ref) <= LONGEST_REF:
        raise MessageError(f"clientRef must be a text of 1 to {LONGEST_REF} printable characters")
    return ref


def _mentions(given: object) -> list[str]:
    if not isinstance(given, list) or len(given) > MOST_MENTIONS:
        raise MessageError(f"mentions must be a list of at most {MOST_MENTIONS} numbers or ids")
    return [recipient(each) for each in given]


def _flag(given: object, *, default: bool) -> bool:
    if given is None:
        return default
    if not isinstance(given, bool):
        raise MessageError("linkPreview must be true or false")
    return given


def _seconds(given: object, default: float) -> float:
    if given is None:
        return default
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given <= LONGEST_LIFE:
        raise MessageError(f"expiresIn must be a number of seconds, more than 0 and at most {LONGEST_LIFE}")
    return float(given)


_PARSERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "media": media,
    "location": location,
    "contacts": contacts,
    "poll": poll,
}
