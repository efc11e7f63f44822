"""A message as WAHA tells it, made from wad's own document of it.

Rules of this file:

* Pure. What wad does not know is null, and nothing is said that nobody has seen: a message that was accepted
  has the ack 0 until WhatsApp's server has it.
* `from` and `to` are addresses under which the page has the chat; what else is known of it, a number or a
  LID, stands in `_data`, which is wad's own document.
"""

from collections.abc import Mapping
from typing import Any

from wad.core.message import GROUP, chat_of, key_of, participant_of
from wad.waha.ids import Document, ack_of, file_url


def wa_message(known: Mapping[str, Any], own: str | None, base: str, *, media: bool = True) -> Document:
    """Give a WAMessage for wad's document `known`; `own` is the account's address.

    `base` is where clients reach the dialect; without `media` its files are not named.
    """
    ack, name = ack_of(known["ack"])
    file = media_document(known["media"], base) if known.get("media") is not None and media else None
    return {
        **destination(known["id"], known, own),
        "timestamp": known["timestamp"],
        "source": "api" if known.get("source") == "wad" else "app",
        "body": known.get("text") or "",
        "hasMedia": known.get("media") is not None,
        "media": file,
        "mediaUrl": file["url"] if file is not None else None,
        "ack": ack,
        "ackName": name,
        "author": known.get("author"),
        "location": _location(known.get("location")),
        "vCards": [each["vcard"] for each in known.get("contacts") or ()],
        "replyTo": _reply(known.get("replyTo")),
        "_data": dict(known),
    }


def destination(ref: str, known: Mapping[str, Any], own: str | None) -> Document:
    """Give who wrote whom: of the message with the whole id `ref`, or of what `known` tells about it.

    `known` has `chat` and `fromMe`, and may have `author`, who wrote it in a group, and `from`.
    """
    chat = chat_of(ref) or known["chat"]["id"]
    mine = known["fromMe"]
    me = own or (known.get("from") if mine else None)
    author = (known.get("author") or participant_of(ref)) if chat.endswith(GROUP) else None
    return {
        "id": ref,
        "from": me if mine else chat,
        "fromMe": mine,
        "to": chat if mine else me,
        "participant": author,
    }


def media_document(media: Mapping[str, Any], base: str) -> Document:
    """Give a WAMedia; what cannot be had any more says so, and has no address."""
    lost = media["state"] in {"expired", "failed"}
    return {
        "url": None if lost else file_url(base, media),
        "mimetype": media["mimetype"],
        "filename": media["filename"],
        "error": {"code": f"media_{media['state']}"} if lost else None,
    }


def _location(place: Mapping[str, Any] | None) -> Document | None:
    if place is None:
        return None
    return {
        "latitude": str(place["latitude"]),
        "longitude": str(place["longitude"]),
        "live": False,
        "name": place["name"],
        "description": place["name"],
    }


def _reply(ref: str | None) -> Document | None:
    return {"id": key_of(ref), "participant": participant_of(ref), "body": None} if ref is not None else None
