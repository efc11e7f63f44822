"""What WhatsApp's servers tell a linked device, in the form in which the sandbox's page is told of it."""

import time
from collections.abc import Iterable
from typing import Any

from wad.sandbox.groups import Group
from wad.sandbox.mailbox import Received, Sent
from wad.sandbox.people import Person, new_id

# Receipts, as the page counts them.
DELIVERED, READ = 2, 3


def place(message: Sent | Received) -> dict[str, Any]:
    """Return where a message is: in whose chat or, in a group, in which one and who wrote it, if not we."""
    someone = Person(message.number) if message.number else None
    return {
        "pn": someone.pn if someone else None,
        "lid": someone.lid if someone else None,
        "group": message.group or None,
        "byLid": message.by_lid,
        "own": message.own,
    }


def group_stanza(
    group: Group, word: str, by: str = "", about: Iterable[str] = (), *, own: bool = False, me: bool = False
) -> dict[str, Any]:
    """Return what tells a device of a change of a group: `by` whom, or by one's own hand, and `about` whom.

    Others are given by their numbers; `me` says that it is about the account itself, too.
    """
    told = {"kind": "group", "id": new_id(), "word": word, "t": int(time.time()), "group": group.told()}
    author = None if own or not by else {"pn": Person(by).pn, "lid": Person(by).lid}
    people = [{"pn": Person(each).pn, "lid": Person(each).lid} for each in about]
    return {**told, "by": author, "about": people, "own": own, "me": me or own}


def text_stanza(received: Received) -> dict[str, Any]:
    """Return what a linked device is told of a message that came to the phone or was written on it."""
    return {
        **place(received),
        "kind": "text",
        "id": received.id,
        "name": received.name,
        "text": None if received.secret else received.text,
        "content": None if received.secret else received.content,
        "t": received.t,
    }


def receipt(address: str, ids: list[str], level: int, participant: str | None = None) -> dict[str, Any]:
    """Return what tells a device that somebody's phone has these messages, or that they were read.

    In a group `participant` is whose phone; each of its people tells so alone.
    """
    return {"kind": "receipt", "from": address, "ids": ids, "level": level, "participant": participant}
