"""Chats, contacts, groups and pictures: what can be asked, and what the answers look like."""

from typing import Any

from wad.core.message import Chat, Message
from wad.core.people import ChatSeen, Contact, GroupSeen, Member
from wad.messages.operations import LISTED, LONGEST_CURSOR, LONGEST_SEARCH, MOST_LISTED
from wad.messages.people import chat_listed, contact_document, group_document
from wad.web.openapi.forms import json_answer
from wad.web.openapi.headers import answer_headers
from wad.web.openapi.operations import Operation
from wad.web.openapi.shapes import COUNT, FLAG, TEXT, YES, Schema, about, nullable, record, ref

_CHAT = ref("schemas", "Chat")
_MESSAGE = ref("schemas", "Message")
_NUMBER: Schema = {"type": "integer"}
_NAMES: dict[str, Schema] = {
    "id": about(TEXT, "the address under which WhatsApp Web has it"),
    "pn": about(nullable(TEXT), "by the phone number: `…@c.us`"),
    "lid": about(nullable(TEXT), "by WhatsApp's hidden id: `…@lid`"),
    "name": nullable(TEXT),
}
_NEXT = about(nullable(TEXT), "what to go on with; null at the end")
_LISTED_CHAT = record(
    {
        **_NAMES,
        "kind": ref("schemas", "ChatKind"),
        "unread": about(COUNT, "how many messages nobody has read"),
        "markedUnread": about(FLAG, "marked as unread by hand"),
        "timestamp": about(nullable(_NUMBER), "of the last message, seconds since 1970"),
        "archived": FLAG,
        "pinned": FLAG,
        "muted": FLAG,
        "mutedUntil": about(nullable(_NUMBER), "seconds since 1970; null for ever, or not at all"),
        "lastMessage": nullable(_MESSAGE),
    },
    description="A chat as the phone lists it",
)
_CONTACT = record(
    {
        **_NAMES,
        "pushname": about(nullable(TEXT), "what they call themselves"),
        "shortName": nullable(TEXT),
        "isMyContact": about(FLAG, "in the phone's own book"),
        "isBusiness": FLAG,
        "isBlocked": FLAG,
    }
)
_GROUP = record(
    {
        **_NAMES,
        "kind": ref("schemas", "ChatKind"),
        "owner": nullable(TEXT),
        "created": about(nullable(_NUMBER), "seconds since 1970"),
        "description": nullable(TEXT),
        "announce": about(FLAG, "its admins alone may write"),
        "participants": {"type": "array", "items": ref("schemas", "Participant")},
    }
)


def _list(name: str, item: str) -> Schema:
    items = {"type": "array", "maxItems": MOST_LISTED, "items": ref("schemas", item)}
    return record({"success": YES, name: items, "next": _NEXT})


PEOPLE_SCHEMAS: dict[str, Schema] = {
    "ListedChat": _LISTED_CHAT,
    "Contact": _CONTACT,
    "Participant": record({**_NAMES, "isAdmin": FLAG, "isOwner": FLAG}),
    "Group": _GROUP,
    "ChatList": _list("chats", "ListedChat"),
    "ChatAnswer": record({"success": YES, "chat": ref("schemas", "ListedChat")}),
    "MessageList": _list("messages", "Message"),
    "ContactList": _list("contacts", "Contact"),
    "NumberCheck": record(
        {"success": YES, "exists": about(FLAG, "false only where WhatsApp said so"), "chat": nullable(_CHAT)}
    ),
    "GroupAnswer": record({"success": YES, "group": ref("schemas", "Group")}),
}

_ADA = Chat("15557654321@c.us", "15557654321@c.us", "123456789012345@lid", "Ada")
_SAID = Message(
    "false_15557654321@c.us_3A5B1C77E0D24C6F9A10",
    _ADA,
    _ADA.id,
    from_me=False,
    type="chat",
    text="Thank you",
    timestamp=1795410600,
)
_LISTED: dict[str, Any] = chat_listed(ChatSeen(_ADA, 1, 1795410600, last=_SAID))
_CLUB = Chat("120363000000000001@g.us", name="Club", kind=_ADA.kind.GROUP)

PEOPLE_ANSWERS: dict[str, Schema] = {
    "Chats": json_answer(
        "ChatList",
        "The chats, the newest message first",
        {"one": {"success": True, "chats": [_LISTED], "next": None}},
    ),
    "ListedChat": json_answer("ChatAnswer", "The chat", {"one": {"success": True, "chat": _LISTED}}),
    "ChatMessages": json_answer(
        "MessageList",
        "The chat's messages, newest first",
        {"one": {"success": True, "messages": [_LISTED["lastMessage"]], "next": None}},
    ),
    "Contacts": json_answer(
        "ContactList",
        "The people the account knows, by name",
        {
            "one": {
                "success": True,
                "contacts": [contact_document(Contact(_ADA, "Ada L.", is_mine=True))],
                "next": None,
            }
        },
    ),
    "NumberCheck": json_answer(
        "NumberCheck",
        "What WhatsApp says of the number",
        {"absent": {"success": True, "exists": False, "chat": None}},
    ),
    "Group": json_answer(
        "GroupAnswer",
        "The group and who is in it",
        {
            "one": {
                "success": True,
                "group": group_document(GroupSeen(_CLUB, (Member(_ADA, is_admin=True),), 1700000000)),
            }
        },
    ),
    "ChatPicture": {
        "description": "The picture, as WhatsApp has it now",
        "headers": {
            **answer_headers(),
            "Content-Disposition": ref("headers", "ContentDisposition"),
            "Content-Security-Policy": ref("headers", "Content-Security-Policy"),
        },
        "content": {
            kind: {"schema": {"type": "string", "format": "binary", "contentMediaType": kind}}
            for kind in ("image/jpeg", "image/png")
        },
    },
}

_ASKED = ("NotLinked", "PageRefused", "StoreOrLinkTrouble", "DiskFull")


def _list_of(name: str, summary: str, answer: str, *parameters: str, refusals: tuple[str, ...]) -> Operation:
    return Operation(
        name,
        "messages",
        summary,
        answer,
        refusals=(*refusals, *_ASKED),
        parameters=(*parameters, "ListLimit"),
    )


PEOPLE_OPERATIONS: dict[str, Operation] = {
    "GET /api/whatsapp/chats": _list_of(
        "getChats",
        "The chats, the newest message first",
        "Chats",
        "ListAfter",
        refusals=("QuestionRefused",),
    ),
    "GET /api/whatsapp/chats/{chat}": Operation(
        "getChat", "messages", "A chat", "ListedChat", refusals=("ChatRefused", "NoChat", *_ASKED)
    ),
    "GET /api/whatsapp/chats/{chat}/messages": _list_of(
        "getChatMessages",
        "A chat's messages, newest first; what the page lacks it asks the phone for",
        "ChatMessages",
        "ListBefore",
        refusals=("ChatRefused", "NoChat"),
    ),
    "GET /api/whatsapp/chats/{chat}/picture": Operation(
        "getChatPicture",
        "messages",
        "A chat's picture",
        "ChatPicture",
        refusals=("ChatRefused", "NoPictureOfChat", *_ASKED),
    ),
    "GET /api/whatsapp/contacts": _list_of(
        "getContacts",
        "The people the account knows, by name",
        "Contacts",
        "ListAfter",
        "Search",
        refusals=("QuestionRefused",),
    ),
    "GET /api/whatsapp/contacts/check": Operation(
        "checkNumber",
        "messages",
        "Whether a number is on WhatsApp",
        "NumberCheck",
        "WhatsApp is asked, so ask for few: who looks up many numbers looks like somebody who collects them.",
        refusals=("ChatRefused", *_ASKED),
        parameters=("CheckedNumber",),
    ),
    "GET /api/whatsapp/groups/{group}": Operation(
        "getGroup",
        "messages",
        "A group and who is in it",
        "Group",
        refusals=("ChatRefused", "NoChat", *_ASKED),
    ),
}


def _query(name: str, schema: Schema, description: str, **further: object) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema, **further}


_CURSOR: Schema = {"type": "string", "maxLength": LONGEST_CURSOR}

PEOPLE_PARAMETERS: dict[str, Schema] = {
    "ListAfter": _query("after", _CURSOR, "What the answer before had as `next`; the beginning, if not set."),
    "ListBefore": _query("before", _CURSOR, "What the answer before had as `next`; the newest, if not set."),
    "ListLimit": _query("limit", COUNT, f"At most so many; {LISTED} if not set, {MOST_LISTED} at the most."),
    "Search": _query(
        "search",
        {"type": "string", "maxLength": LONGEST_SEARCH},
        "In a name or a number; everybody, if not set.",
    ),
    "CheckedNumber": _query(
        "phone", ref("schemas", "NumberToCheck"), "A number with its country code.", required=True
    ),
}
