"""Chats, contacts, groups and sessions as WAHA tells them, made from wad's own documents. Pure."""

from collections.abc import Mapping
from typing import Any

from wad.core.message import GROUP, PERSON_PN
from wad.core.status import Status
from wad.waha.ids import ENGINE, SESSION, SPOKEN, TIER, Document, session_status
from wad.waha.messages import wa_message


def chat_document(chat: Mapping[str, Any], own: str | None, base: str) -> Document:
    """Give a chat."""
    last = chat.get("lastMessage")
    return {
        "id": chat["id"],
        "name": chat["name"],
        "isGroup": chat["kind"] == "group",
        "timestamp": chat["timestamp"],
        "unreadCount": chat["unread"],
        "archived": chat["archived"],
        "pinned": chat["pinned"],
        "isMuted": chat["muted"],
        "lastMessage": wa_message(last, own, base) if last is not None else None,
        "_data": dict(chat) | {"lastMessage": None},
    }


def overview_document(chat: Mapping[str, Any], own: str | None, base: str) -> Document:
    """Give a chat as lists for people show it; its picture is not looked for."""
    told = chat_document(chat, own, base)
    last = told.pop("lastMessage")
    return {"id": chat["id"], "name": chat["name"], "picture": None, "lastMessage": last, "_chat": told}


def contact_document(contact: Mapping[str, Any], own: str | None) -> Document:
    """Give a contact."""
    number = contact["pn"].removesuffix(PERSON_PN) if contact["pn"] is not None else None
    return {
        "id": contact["id"],
        "number": number,
        "name": contact["name"],
        "pushname": contact["pushname"],
        "shortName": contact["shortName"],
        "isMe": own is not None and own in {contact["id"], contact["pn"]},
        "isGroup": contact["id"].endswith(GROUP),
        "isWAContact": True,
        "isMyContact": contact["isMyContact"],
        "isBusiness": contact["isBusiness"],
        "isBlocked": contact["isBlocked"],
        "pn": contact["pn"],
        "lid": contact["lid"],
    }


def group_document(group: Mapping[str, Any]) -> Document:
    """Give a group; what wad does not look at is null."""
    return {
        "id": group["id"],
        "subject": group["name"],
        "description": group["description"],
        "invite": None,
        "membersCanAddNewMember": None,
        "membersCanSendMessages": not group["announce"],
        "newMembersApprovalRequired": None,
        "participants": participants(group),
        "_data": {name: group[name] for name in ("owner", "created")},
    }


def participants(group: Mapping[str, Any]) -> list[Document]:
    """Give who is in a group."""
    return [
        {
            "id": each["id"],
            "pn": each["pn"],
            "role": "superadmin" if each["isOwner"] else "admin" if each["isAdmin"] else "participant",
        }
        for each in group["participants"]
    ]


def me_document(status: Status) -> Document | None:
    """Give the account; None while none is known."""
    account = status.account
    if account is None:
        return None
    return {"id": account.wid, "pushName": account.name or ""}


def session_document(status: Status, config: Document | None = None) -> Document:
    """Give the session; `since` its status last changed stands for its last activity, in ms since 1970."""
    return {
        "name": SESSION,
        "status": session_status(status.state, status.phase),
        "config": config,
        "me": me_document(status),
        "presence": None,
        "timestamps": {"activity": int(status.since.timestamp() * 1000)},
        "engine": {"engine": ENGINE, "state": status.state.upper()},
        "reason": status.reason,
    }


def environment(version: str) -> Document:
    """Give what speaks; `version` is wad's own."""
    return {
        "version": SPOKEN,
        "engine": ENGINE,
        "tier": TIER,
        "browser": None,
        "platform": None,
        "worker": {"id": None},
        "wad": version,
    }
