"""The phone's commands about messages: what others do, what its owner does, and what went out."""

import time
from typing import Any

from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.mailbox import Received, Sent
from wad.sandbox.messaging import READ, receipt, text_stanza
from wad.sandbox.people import Person, bare_id, new_id, person
from wad.sandbox.troubles import Hands

_SOMEBODY = "+15550001111"


class MessageCommands(Hands):
    """Each is kept for every linked device, whose page may be closed, and waits there until it is open."""

    async def receive(
        self,
        from_: str = _SOMEBODY,
        text: str = "Hello",
        name: str = "Somebody",
        *,
        undecryptable: bool = False,
    ) -> dict[str, Any]:
        """Receive a message from somebody; `undecryptable` is one whose text comes with `decrypt`."""
        return await self._arrive(person(from_), text, name=name, secret=undecryptable)

    async def write(self, to: str = _SOMEBODY, text: str = "Hello") -> dict[str, Any]:
        """Write a message on the phone itself: linked devices get a copy."""
        return await self._arrive(person(to), text, own=True)

    async def decrypt(self, id: str | None = None) -> dict[str, Any]:  # noqa: A002 - the name on the wire
        """Let the text of an undecryptable message come, of the last one without an `id`."""
        found = self._received(id, secret=True)
        if found is None:
            return {"id": None}
        found.secret = False
        return await self._about(found, {**text_stanza(found), "kind": "decrypted"})

    async def messages(self) -> dict[str, Any]:
        """Tell what the pages have sent and the servers took; `times` counts how often it arrived."""
        sent = self._mail.sent
        return {
            "messages": [
                {
                    "id": self._serialized(each),
                    "to": f"+{each.number}",
                    "text": each.text,
                    "times": each.times,
                }
                for each in sent
            ]
        }

    async def read(self, id: str | None = None) -> dict[str, Any]:  # noqa: A002 - the name on the wire
        """Let the recipients read what was sent to them, or the one message with this `id`."""
        found = [each for each in self._mail.sent if id is None or each.id == bare_id(id)]
        self._must_be_known(found, id)
        for each in [each for each in found if not each.read]:
            each.read = True
            await self._messaging.push(receipt(self._address(each.number), [each.id], READ))
        return {"ids": [self._serialized(each) for each in found]}

    async def react(self, id: str | None = None, emoji: str = "👍") -> dict[str, Any]:  # noqa: A002
        """Let the other one react to a message, to the last one without an `id`; "" takes it back."""
        candidates: list[Sent | Received] = [*self._mail.received, *self._mail.sent]
        found = [each for each in candidates if id is None or each.id == bare_id(id)]
        self._must_be_known(found, id)
        if not found:
            return {"id": None}
        target = max(found, key=lambda each: each.t)
        return await self._about(target, {"kind": "reaction", "text": emoji, "own": self._is_own(target)})

    async def edit(self, id: str | None = None, text: str = "Hello again") -> dict[str, Any]:  # noqa: A002
        """Let the sender edit a message that was received, the last one without an `id`."""
        found = self._received(id)
        if found is None:
            return {"id": None}
        found.text = text
        return await self._about(found, {"kind": "edit", "text": text, "own": found.own})

    async def revoke(self, id: str | None = None) -> dict[str, Any]:  # noqa: A002 - the name on the wire
        """Let the sender delete a received message for everyone, the last one without an `id`."""
        found = self._received(id)
        if found is None:
            return {"id": None}
        self._mail.received.remove(found)
        return await self._about(found, {"kind": "revoke", "own": found.own})

    async def _arrive(
        self, someone: Person, text: str, *, name: str = "", own: bool = False, secret: bool = False
    ) -> dict[str, Any]:
        made = Received(new_id(), someone.number, name, text, int(time.time()), own=own, secret=secret)
        self._messaging.mailbox.meet(someone)
        self._messaging.mailbox.keep(made)
        await self._messaging.push(text_stanza(made))
        return {"id": self._serialized(made)}

    async def _about(self, target: Sent | Received, stanza: dict[str, Any]) -> dict[str, Any]:
        someone = Person(target.number)
        common = {
            "id": new_id(),
            "about": target.id,
            "pn": someone.pn,
            "lid": someone.lid,
            "t": int(time.time()),
        }
        await self._messaging.push({**common, **stanza, "id": common["id"]})
        return {"id": self._serialized(target)}

    def _received(self, id: str | None, *, secret: bool = False) -> Received | None:  # noqa: A002
        wanted = [each for each in self._mail.received if each.secret or not secret]
        found = [each for each in wanted if id is None or each.id == bare_id(id)]
        self._must_be_known(found, id)
        return found[-1] if found else None

    def _must_be_known(self, found: list[Any], id: str | None) -> None:  # noqa: A002
        if not found and id is not None:
            raise PhoneRefusedError("no message of that kind has this id")

    def _serialized(self, message: Sent | Received) -> str:
        own = "true" if self._is_own(message) else "false"
        return f"{own}_{self._address(message.number)}_{message.id}"

    def _is_own(self, message: Sent | Received) -> bool:
        return isinstance(message, Sent) or message.own

    def _address(self, number: str) -> str:
        return Person(number).address(migrated=self._mail.migrated)
