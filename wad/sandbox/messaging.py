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
from wad.sandbox.contents import file_name, sent_content
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.groups import NO_SUCH_GROUP, is_group
from wad.sandbox.mailbox import Mailbox, Received, Sent
from wad.sandbox.mediafiles import MediaFiles
from wad.sandbox.people import Person, new_id
from wad.sandbox.pictures import Pictures
from wad.sandbox.presence import Presence
from wad.sandbox.questions import Questions
from wad.sandbox.stanzas import DELIVERED, group_stanza, place, receipt, text_stanza
from wad.sandbox.store import Device

# The types of what a page says of messages, and of those with whom it writes.
OF_MESSAGES = frozenset(
    {
        *("send", "stanza-ack", "mark", "media-retry", "exists", "group-query", "group-leave"),
        *("picture", "seen", "chatstate", "available"),
    }
)
# Of what was there before a device was linked, it is given no more.
_LONGEST_HISTORY = 200


class Messaging:
    """The one who moves stanzas between pages and the mailbox."""

    def __init__(
        self, mailbox: Mailbox, files: MediaFiles, conditions: Conditions, clock: Callable[[], float]
    ) -> None:
        self.mailbox = mailbox
        self._files = files
        self.pictures = Pictures(mailbox)
        self.presence = Presence(self._shown)
        self._questions = Questions(mailbox, conditions, self.pictures)
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
            self.mailbox.mail.lids[device.lid] = device.wid.partition(":")[0]
            connection.wire.tell(self._account())
            for each in self.mailbox.waiting_for(device):
                self._tell(connection, each.seq, {**each.stanza, "offline": True})
            connection.wire.tell({"type": "offline-end"})
            connection.welcomed = True

    async def push(self, stanza: dict[str, Any], received: Received | None = None) -> None:
        """Keep a stanza for every linked device, and hand it to those whose pages are there.

        What was `received` is kept with it, in one writing: whoever is killed in between has both or neither.
        """
        async with self._lock:
            if received is not None:
                self.mailbox.keep(received)
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
        sent = [
            Received(
                each.id,
                each.number,
                "",
                each.text,
                each.t,
                own=True,
                group=each.group,
                by_lid=each.by_lid,
                content=each.content,
            )
            for each in mail.sent
        ]
        known = sorted([*mail.received, *sent], key=lambda each: each.t)
        return [text_stanza(each) for each in known if each.id not in coming][-_LONGEST_HISTORY:]

    def _account(self) -> dict[str, Any]:
        mail = self.mailbox.mail
        hanging = self._conditions.seen_hanging
        known = [(Person(number), name) for number, name in mail.names.items()]
        names = [{"pn": each.pn, "lid": each.lid, "name": name} for each, name in known]
        account = {"type": "account", "migrated": mail.migrated, "blocked": mail.blocked, "names": names}
        return {**account, "seenHangs": hanging}

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
            case "mark":
                self.mailbox.marked(str(message["about"]), str(message["kind"]), message)
                await self.mailbox.save()
            case "exists" | "group-query" | "picture":
                await self._questions.answer(connection, message)
            case "seen" | "chatstate" | "available":
                self.presence.receive(message)
            case "group-leave":
                await self._leave_group(str(message["group"]))
            case "media-retry":
                await self._upload_again(str(message["about"]))

    async def _upload_again(self, about: str) -> None:
        """Let the phone upload an expired medium again, or say that it has it no more."""
        known: list[Sent | Received] = [*self.mailbox.mail.received, *self.mailbox.mail.sent]
        found = next((each for each in known if each.id == about and each.content), None)
        if found is None or found.content is None:
            return
        file = self._files.get(file_name(found.content))
        if file is not None and file.phone == "away":
            return
        path = None
        if file is not None and file.phone == "has":
            file.served, file.uploads = True, file.uploads + 1
            await self._files.save()
            path = found.content["fields"]["directPath"] = file.direct_path
        stanza = {
            "kind": "reupload",
            "id": new_id(),
            "about": about,
            "directPath": path,
            "t": int(time.time()),
        }
        await self.push({**place(found), **stanza})

    def _in_its_time(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        task = asyncio.create_task(self._take(connection, message))
        self._slow.add(task)
        task.add_done_callback(self._slow.discard)

    async def _take(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        conditions = self._conditions
        if conditions.slow_seconds is not None:
            await asyncio.sleep(conditions.slow_seconds / self._clock())
        if conditions.sending == "silent":
            conditions.lost += 1
            return
        if (nack := conditions.nack or self._group_nack(str(message["to"]))) is not None:
            connection.wire.tell({"type": "send-answer", "id": message["id"], "error": nack})
            return
        await self._arrived(connection, message)

    async def _arrived(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        now = int(time.time())
        to, group = str(message["to"]), self.mailbox.group(str(message["to"]))
        number, by_lid = ("", group.by_lid) if group else (self._number(message), False)
        sent = Sent(str(message["id"]), number, str(message["text"]), now, by_lid=by_lid)
        sent.group = group.id if group else ""
        sent.content = sent_content(message)
        self.mailbox.arrived(sent)
        await self.mailbox.save()
        if self._conditions.sending == "unanswered":
            return
        connection.wire.tell({"type": "send-answer", "id": message["id"], "t": now})
        with contextlib.suppress(PhoneRefusedError):  # A receipt for which there is no room is no loss.
            for reader in self.readers(sent):
                await self.push(receipt(to, [sent.id], DELIVERED, reader))

    def readers(self, sent: Sent) -> list[str | None]:
        """Return who tells of having a message: each of a group by name; None where one alone can."""
        group = self.mailbox.group(sent.group)
        return [group.address(each) for each in group.people] if group else [None]

    def _group_nack(self, address: str) -> int | None:
        group = self.mailbox.group(address)
        if group is None:
            return NO_SUCH_GROUP if is_group(address) else None
        return group.nack()

    async def _leave_group(self, address: str) -> None:
        """Take the account out of a group, as its own page asked."""
        group = self.mailbox.group(address)
        if group is None or not group.member:
            return
        group.member = False
        await self.push(group_stanza(group, "leave", own=True))

    def _shown(self, address: str) -> str:
        """Return whose address it is, as the phone's owner knows them: by number, or a group by its id."""
        if is_group(address):
            return address
        return f"+{self.mailbox.mail.lids.get(address, address.partition('@')[0])}"

    def _number(self, message: dict[str, Any]) -> str:
        """Return the recipient's number; of a LID which nobody here has met, the digits of the LID."""
        address = str(message.get("pn") or message["to"])
        return self.mailbox.mail.lids.get(address, address.partition("@")[0])

    async def forget(self, device: Device | None) -> None:
        """Drop what waits for a device that is no longer linked; for all of them with None."""
        self.mailbox.forget(device)
        await self.mailbox.save()

    async def stop(self) -> None:
        """End what is on its way."""
        for task in list(self._slow):
            task.cancel()
        await asyncio.gather(*self._slow, return_exceptions=True)
