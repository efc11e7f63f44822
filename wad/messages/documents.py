"""What the outside is told of messages and events.

Rules of this file:

* Pure. Names and types are the contract's; what is unknown is null.
* A message's `timestamp` is WhatsApp's, in whole seconds; times of wad's own are written as ISO 8601.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from wad.core.failures import FAILURES, Failure
from wad.core.message import (
    GROUP,
    PERSON_LID,
    PERSON_PN,
    TYPES_OF_MEDIA,
    Chat,
    ChatKind,
    MediaKind,
    MediaSeen,
    Message,
    Place,
    Poll,
    participant_of,
    whole_id,
)
from wad.core.sending import Progress, Sending
from wad.store.event_log import LoggedEvent
from wad.store.media import MediaState
from wad.store.outbox import Row

Document = dict[str, Any]

_BY_ACK: Mapping[int, Progress] = {
    0: Progress.SENDING,
    1: Progress.SENT,
    2: Progress.DELIVERED,
    3: Progress.READ,
    4: Progress.PLAYED,
}
# WhatsApp's types of messages, by what they hold.
_TYPES: Mapping[str, str] = {"location": "location", "poll": "poll_creation"}


def time_text(seconds: float) -> str:
    """Give a time as JavaScript's ``toISOString`` does; `seconds` since 1970."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event_document(event: LoggedEvent) -> Document:
    """Give an event as programs get it, by whichever way."""
    return {
        "seq": event.seq,
        "id": event.id,
        "type": event.type,
        "at": time_text(event.at),
        "data": dict(event.data),
    }


def chat_document(chat: Chat) -> Document:
    """Give a chat with all its names."""
    return {"id": chat.id, "pn": chat.pn, "lid": chat.lid, "name": chat.name, "kind": chat.kind}


def address_document(recipient: str) -> Document:
    """Give what is known of a chat whose address alone is."""
    pn = recipient if recipient.endswith(PERSON_PN) else None
    lid = recipient if recipient.endswith(PERSON_LID) else None
    other = ChatKind.GROUP if recipient.endswith(GROUP) else ChatKind.OTHER
    kind = ChatKind.PERSON if pn or lid else other
    return {"id": recipient, "pn": pn, "lid": lid, "name": None, "kind": kind}


def error_document(failure: Failure, whatsapp_code: int | None = None) -> Document:
    """Give why a message was not sent, and what to do about it."""
    row = FAILURES[failure]
    return {
        "code": failure,
        "message": row.sentence,
        "action": row.action,
        "again": row.again,
        "whatsappCode": whatsapp_code,
    }


def row_id(row: Row) -> str:
    """Give the message's id as WhatsApp writes it; before it has a chat, with the address it was given."""
    return row.message_id or whole_id(row.recipient, row.key)


def row_document(row: Row, own: str | None = None) -> Document:
    """Give a message of the outbox; `own` is the account's address."""
    sending = row.sending
    return {
        "id": row_id(row),
        "clientRef": row.client_ref,
        "chat": dict(row.chat) if row.chat is not None else address_document(row.recipient),
        "from": own,
        "fromMe": True,
        "author": participant_of(row_id(row)),
        "type": _type_of(row.content),
        "text": row.content.get("text"),
        "timestamp": int(row.accepted_at),
        "state": sending.progress,
        "ack": _told_ack(sending),
        "error": error_document(sending.failure, sending.whatsapp_code) if sending.failure else None,
        "replyTo": row.content.get("replyTo"),
        "mentions": list(row.content.get("mentions", ())),
        "forwarded": False,
        "edited": False,
        "revoked": False,
        **_content_documents(row.content),
        "album": None,
        "source": "wad",
    }


def _type_of(content: Mapping[str, Any]) -> str:
    """Give WhatsApp's type for what a message holds; before its file is here, for what it is to be."""
    if "media" in content:
        return TYPES_OF_MEDIA[MediaKind(content["media"].get("kind") or MediaKind.DOCUMENT)]
    if "contacts" in content:
        return "vcard" if len(content["contacts"]) == 1 else "multi_vcard"
    return next((told for name, told in _TYPES.items() if name in content), "chat")


def _content_documents(content: Mapping[str, Any]) -> Document:
    """Give what a message of the outbox holds besides a text."""
    media = content.get("media")
    return _contents(
        media_document(_seen(media), MediaState.STORED if "sha256" in media else MediaState.REMOTE)
        if media is not None
        else None,
        place_of(content),
        tuple(content.get("contacts", ())),
        poll_of(content),
    )


def _seen(media: Mapping[str, Any]) -> MediaSeen:
    kind = MediaKind(media.get("kind") or MediaKind.DOCUMENT)
    names = media.get("sha256"), media.get("mimetype"), media.get("filename"), media.get("size")
    return MediaSeen(kind, *names)


def place_of(content: Mapping[str, Any]) -> Place | None:
    """Give the place that a message of the outbox holds."""
    found = content.get("location")
    return Place(found["latitude"], found["longitude"], found.get("name")) if found is not None else None


def poll_of(content: Mapping[str, Any]) -> Poll | None:
    """Give the poll that a message of the outbox holds."""
    found = content.get("poll")
    return Poll(found["name"], tuple(found["options"]), found["multiple"]) if found is not None else None


def media_document(media: MediaSeen, state: MediaState) -> Document:
    """Give a message's file; `url` is where it can be had, as a path of wad's own."""
    return {
        "kind": media.kind,
        "mimetype": media.mimetype,
        "filename": media.filename,
        "size": media.size,
        "sha256": media.sha256,
        "width": media.width,
        "height": media.height,
        "seconds": media.seconds,
        "state": state,
        "url": f"/api/whatsapp/media/{media.sha256}" if media.sha256 is not None else None,
    }


def _contents(
    media: Document | None, place: Place | None, vcards: tuple[str, ...], poll: Poll | None
) -> Document:
    return {
        "media": media,
        "location": {"latitude": place.latitude, "longitude": place.longitude, "name": place.name}
        if place is not None
        else None,
        "contacts": [{"vcard": card} for card in vcards] or None,
        "poll": {"name": poll.name, "options": list(poll.options), "multiple": poll.multiple}
        if poll is not None
        else None,
    }


def _told_ack(sending: Sending) -> int:
    return -1 if sending.failure is not None and sending.ack == 0 else sending.ack


def message_document(message: Message, *, source: str) -> Document:
    """Give a message that the page told of; `source` is `phone` for one's own, else `other`."""
    return {
        "id": message.id,
        "clientRef": None,
        "chat": chat_document(message.chat),
        "from": message.sender,
        "fromMe": message.from_me,
        "author": message.author,
        "type": message.type,
        "text": None if message.revoked else message.text,
        "timestamp": message.timestamp,
        "state": ack_state(message.ack) if message.from_me else None,
        "ack": message.ack,
        "error": None,
        "replyTo": message.reply_to,
        "mentions": list(message.mentions),
        "forwarded": message.forwarded,
        "edited": message.edit is not None,
        "revoked": message.revoked,
        **_contents(
            media_document(message.media, MediaState.REMOTE) if message.media is not None else None,
            message.place,
            message.vcards,
            message.poll,
        ),
        "album": message.album,
        "source": source,
    }


def ack_state(ack: int) -> Progress:
    """Give the state that an ack means."""
    return _BY_ACK.get(ack, Progress.FAILED if ack < 0 else Progress.PLAYED)
