"""WhatsApp's servers where messages are concerned: they take a page's, and hand others to linked devices.

A stanza is kept for a device until it says that it has it, so one may come twice. What a page sends is
answered once it is kept; that a phone got it, and that somebody read it, comes later, as a stanza.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from typing import Any

from wad.sandbox.conditions import Conditions
from wad.sandbox.connections import ChatConnection
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.mailbox import Mailbox, Received, Sent
from wad.sandbox.people import Person
from wad.sandbox.store import Device

# Receipts, as the page counts them.
DELIVERED, READ = 2, 3
# Of what was there before a device was linked, it is given no more.
_LONGEST_HISTORY = 200


class Messaging:
    """The one who moves stanzas between pages and the mailbox."""

    def __init__(self, mailbox: Mailbox, conditions: Conditions, clock: Callable[[], float]) -> None:
        self.mailbox = mailbox
        self._conditions = conditions
        self._clock = clock
        self._lock = asyncio.Lock()
        self._slow: set[asyncio.Task[None]] = set()
        self.devices: Callable[[], Iterable[Device]] = tuple
        self.connections: Callable[[], Iterable[ChatConnection]] = tuple

    # To the pages

    async def welcome(self, connection: ChatConnection, device: Device) -> None:
        """Tell a page how its account is, then all that waits for it, then that this was all."""
        async with self._lock:
            connection.wire.tell(self._account())
            for each in self.mailbox.waiting_for(device):
                self._tell(connection, each.seq, {**each.stanza, "offline": True})
            connection.wire.tell({"type": "offline-end"})
            connection.welcomed = True

    async def push(self, stanza: dict[str, Any]) -> None:
        """Keep a stanza for every linked device, and hand it to those whose pages are there."""
        async with self._lock:
            waiting = {device.wid: self.mailbox.enqueue(device, stanza) for device in self.devices()}
            await self.mailbox.save()
            for connection in self._welcomed():
                if connection.device is not None and connection.device.wid in waiting:
                    self._tell(connection, waiting[connection.device.wid].seq, stanza)

    def tell_account(self) -> None:
        """Tell the pages how their account is: with LIDs or without, whom it has blocked, what hangs."""
        for connection in self._welcomed():
            connection.wire.tell(self._account())

    def history(self, device: Device) -> list[dict[str, Any]]:
        """Return what was said before a device was linked, oldest first: all but what waits for it."""
        coming = {each.stanza.get("id") for each in self.mailbox.waiting_for(device)}
        mail = self.mailbox.mail
        sent = [Received(each.id, each.number, "", each.text, each.t, own=True) for each in mail.sent]
        known = sorted([*mail.received, *sent], key=lambda each: each.t)
        return [text_stanza(each) for each in known if each.id not in coming][-_LONGEST_HISTORY:]

    def _account(self) -> dict[str, Any]:
        mail = self.mailbox.mail
        hanging = self._conditions.seen_hanging
        return {"type": "account", "migrated": mail.migrated, "blocked": mail.blocked, "seenHangs": hanging}

    def _welcomed(self) -> list[ChatConnection]:
        return [each for each in self.connections() if each.welcomed]

    def _tell(self, connection: ChatConnection, seq: int, stanza: dict[str, Any]) -> None:
        for _ in range(2 if self._conditions.duplicating else 1):
            connection.wire.tell({"type": "stanza", "seq": seq, **stanza})

    # From the pages

    async def receive(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        """Act on a linked page's message about messages."""
        device = connection.device
        if device is None:
            return
        match message.get("type"):
            case "send":
                self._in_its_time(connection, message)
            case "stanza-ack":
                self.mailbox.delivered(device, int(message["seq"]))
                await self.mailbox.save()
            case "exists":
                await self._look_up(connection, message)

    def _in_its_time(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        task = asyncio.create_task(self._take(connection, message))
        self._slow.add(task)
        task.add_done_callback(self._slow.discard)

    async def _take(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        conditions = self._conditions
        if conditions.slow_seconds is not None:
            await asyncio.sleep(conditions.slow_seconds / self._clock())
        if conditions.sending == "silent":
            return
        if conditions.nack is not None:
            connection.wire.tell({"type": "send-answer", "id": message["id"], "error": conditions.nack})
            return
        await self._arrived(connection, message)

    async def _arrived(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        now = int(time.time())
        to, number = str(message["to"]), self._number(message)
        self.mailbox.arrived(Sent(str(message["id"]), number, str(message["text"]), now))
        await self.mailbox.save()
        if self._conditions.sending == "unanswered":
            return
        connection.wire.tell({"type": "send-answer", "id": message["id"], "t": now})
        with contextlib.suppress(PhoneRefusedError):  # A receipt for which there is no room is no loss.
            await self.push(receipt(to, [str(message["id"])], DELIVERED))

    def _number(self, message: dict[str, Any]) -> str:
        """Return the recipient's number; of a LID which nobody here has met, the digits of the LID."""
        address = str(message.get("pn") or message["to"])
        return self.mailbox.mail.lids.get(address, address.partition("@")[0])

    async def _look_up(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        answer = {"type": "exists-answer", "id": message["id"], "wid": None, "lid": None, "error": None}
        lookup = self._conditions.lookup
        if lookup == "silent":
            return
        if lookup == "error":
            answer["error"] = 500
        elif lookup == "normal":
            someone = Person(str(message["wid"]).partition("@")[0])
            self.mailbox.meet(someone)
            await self.mailbox.save()
            answer |= {"wid": someone.pn, "lid": someone.lid}
        connection.wire.tell(answer)

    async def forget(self, device: Device | None) -> None:
        """Drop what waits for a device that is no longer linked; for all of them with None."""
        self.mailbox.forget(device)
        await self.mailbox.save()

    async def stop(self) -> None:
        """End what is on its way."""
        for task in list(self._slow):
            task.cancel()
        await asyncio.gather(*self._slow, return_exceptions=True)


def text_stanza(received: Received) -> dict[str, Any]:
    """Return what a linked device is told of a message that came to the phone or was written on it."""
    someone = Person(received.number)
    return {
        "kind": "text",
        "id": received.id,
        "pn": someone.pn,
        "lid": someone.lid,
        "name": received.name,
        "text": None if received.secret else received.text,
        "t": received.t,
        "own": received.own,
    }


def receipt(address: str, ids: list[str], level: int) -> dict[str, Any]:
    """Return what tells a device that somebody's phone has these messages, or that they were read."""
    return {"kind": "receipt", "from": address, "ids": ids, "level": level}
