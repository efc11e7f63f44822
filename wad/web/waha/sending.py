"""Sending, and all that is done to a message or a chat: WAHA's requests, turned into wad's operations.

Rules of this file: a send is answered once it is on the disk, with the ack 0: what comes of it is an event.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from wad.core.errors import MessageError, NoSuchMessageError
from wad.core.message import key_of
from wad.messages.operations import begin
from wad.waha.ids import new_key
from wad.waha.messages import wa_message
from wad.web.waha.asking import Ask, House, Reply, Row, Run, unsupported, wrong

# WAHA's description shows ids so, and clients made from it send what is shown unless somebody takes it out.
_SAMPLE: Final = re.compile(r"(.)\1+")
_NO_DIGIT: Final = re.compile(r"[^0-9]")
_OF_FILES: Final = ("url", "data", "mimetype", "filename")
DONE: Final = {"success": True}


async def send(house: House, ask: Ask, content: Mapping[str, Any]) -> Reply:
    """Have a message accepted; `content` is what it holds, in wad's words. Raises as `begin`."""
    body = ask.body
    wanted = {
        "to": ask.named("chatId"),
        "replyTo": body.get("reply_to") or None,
        "mentions": _mentions(body.get("mentions")),
        "clientRef": _own_key(body.get("id")),
        **content,
    }
    found = await begin(house.messages, "send", wanted)
    return Reply(wa_message(found.document["message"], house.own, house.base), HTTPStatus.CREATED)


def _own_key(given: object) -> str | None:
    """Give the client's own id of a message as a reference: the bare key, whichever form it has."""
    key = key_of(given) if isinstance(given, str) else ""
    return None if not key or _SAMPLE.fullmatch(key) else key


def _mentions(given: object) -> object:
    """Give who is mentioned, without the places that a form left empty."""
    return [each for each in given if each] or None if isinstance(given, list) else given or None


async def text(house: House, ask: Ask) -> Reply:
    """Send a text."""
    preview = ask.body.get("linkPreview")
    return await send(house, ask, {"text": ask.body.get("text"), "linkPreview": preview})


def _file(kind: str) -> Run:
    """Give what sends a file as that kind."""

    async def run(house: House, ask: Ask) -> Reply:
        file = ask.body.get("file")
        if not isinstance(file, Mapping):
            raise wrong("file is missing: it has mimetype, filename, and url or data")
        if ask.body.get("asNote") is True:
            raise unsupported("video notes; leave asNote out to send the video as such")
        media = {name: file[name] for name in _OF_FILES if file.get(name) is not None}
        return await send(
            house, ask, {"media": {"kind": kind, **media}, "text": ask.body.get("caption") or None}
        )

    return run


async def location(house: House, ask: Ask) -> Reply:
    """Send a place."""
    place = {name: ask.body.get(name) for name in ("latitude", "longitude")}
    return await send(house, ask, {"location": place | {"name": ask.body.get("title") or None}})


async def contacts(house: House, ask: Ask) -> Reply:
    """Send contacts."""
    given = ask.body.get("contacts")
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise wrong("contacts is a list, of which each has vcard, or fullName and phoneNumber")
    return await send(house, ask, {"contacts": [_contact(each) for each in given]})


def _contact(given: Mapping[str, Any]) -> dict[str, Any]:
    if given.get("vcard"):
        return {"vcard": given["vcard"]}
    phone = _NO_DIGIT.sub("", str(given.get("whatsappId") or given.get("phoneNumber") or ""))
    organization = given.get("organization") or None
    return {"name": given.get("fullName"), "phone": phone, "organization": organization}


async def poll(house: House, ask: Ask) -> Reply:
    """Send a poll."""
    given = ask.body.get("poll")
    if not isinstance(given, Mapping):
        raise wrong("poll is missing: it has name, options and multipleAnswers")
    multiple = given.get("multipleAnswers") or False
    asked = {"name": given.get("name"), "options": given.get("options"), "multiple": multiple}
    return await send(house, ask, {"poll": asked})


async def seen(house: House, ask: Ask) -> Reply:
    """Mark a chat as read: all of it, whichever messages are named."""
    await begin(house.messages, "seen", {"chat": ask.named("chatId")})
    return Reply(DONE, HTTPStatus.CREATED)


def _typing(*, on: bool) -> Run:
    """Give what shows that somebody types, or no longer."""

    async def run(house: House, ask: Ask) -> Reply:
        await begin(house.messages, "typing", {"chat": ask.named("chatId"), "on": on})
        return Reply(DONE, HTTPStatus.CREATED)

    return run


async def reaction(house: House, ask: Ask) -> Reply:
    """React to a message, or take that back."""
    ref = await known_id(house, ask.named("messageId"))
    await begin(house.messages, "react", {"id": ref, "text": ask.body.get("reaction")})
    return Reply(DONE)


async def new_id(_: House, __: Ask) -> Reply:
    """Make a key that a send can be given."""
    return Reply({"id": new_key()})


async def known_id(house: House, ref: str) -> str:
    """Give a message's id, also for one by the client's own key. Raises NoSuchMessageError."""
    try:
        return str((await house.messages.message(ref))["id"])
    except NoSuchMessageError:
        return str((await house.messages.message(key_of(ref)))["id"])


async def message(house: House, ask: Ask) -> Reply:
    """Give a message."""
    known = await house.messages.message(await known_id(house, ask.named("messageId")))
    download = ask.flag("downloadMedia", default=True)
    return Reply(wa_message(known, house.own, house.base, media=download))


async def edit(house: House, ask: Ask) -> Reply:
    """Give a message another text."""
    ref = await known_id(house, ask.named("messageId"))
    found = await begin(house.messages, "edit", {"id": ref, "text": ask.body.get("text")})
    return Reply(wa_message(found.document["message"], house.own, house.base))


async def delete(house: House, ask: Ask) -> Reply:
    """Take a message back for everyone, or cancel one that waits."""
    ref = await known_id(house, ask.named("messageId"))
    await begin(house.messages, "withdraw", {"id": ref})
    return Reply(DONE)


async def read(house: House, ask: Ask) -> Reply:
    """Mark a chat as read; which messages that were, the page does not tell."""
    await begin(house.messages, "seen", {"chat": ask.named("chatId")})
    return Reply({"ids": None}, HTTPStatus.CREATED)


async def reply(house: House, ask: Ask) -> Reply:
    """Send a text that replies to a message, as clients once did."""
    if not ask.body.get("reply_to"):
        raise MessageError("reply_to is missing: it is a message's id")
    return await text(house, ask)


_MESSAGE: Final = "/api/{session}/chats/{chatId}/messages"
ROWS: Final = (
    Row("POST", "/api/sendText", text),
    Row("POST", "/api/sendImage", _file("image")),
    Row("POST", "/api/sendFile", _file("document")),
    Row("POST", "/api/sendVoice", _file("voice")),
    Row("POST", "/api/sendVideo", _file("video")),
    Row("POST", "/api/sendSticker", _file("sticker")),
    Row("POST", "/api/sendLocation", location),
    Row("POST", "/api/sendContactVcard", contacts),
    Row("POST", "/api/sendPoll", poll),
    Row("POST", "/api/reply", reply),
    Row("POST", "/api/sendSeen", seen),
    Row("POST", "/api/startTyping", _typing(on=True)),
    Row("POST", "/api/stopTyping", _typing(on=False)),
    Row("PUT", "/api/reaction", reaction),
    Row("GET", "/api/{session}/new-message-id", new_id),
    Row("POST", f"{_MESSAGE}/read", read),
    Row("GET", f"{_MESSAGE}/{{messageId}}", message),
    Row("PUT", f"{_MESSAGE}/{{messageId}}", edit),
    Row("DELETE", f"{_MESSAGE}/{{messageId}}", delete),
)
