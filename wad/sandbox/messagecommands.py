"""The phone's commands about messages: what others do, what its owner does, and what went out."""

import time
from dataclasses import replace
from typing import Any

from wad.sandbox import contents
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.groups import Group, found, is_group
from wad.sandbox.mailbox import Received, Sent
from wad.sandbox.people import Person, bare_id, new_id, person
from wad.sandbox.stanzas import READ, place, receipt, text_stanza
from wad.sandbox.troubles import Hands

_SOMEBODY = "+15550001111"


class MessageCommands(Hands):
    """Each is kept for every linked device, whose page may be closed, and waits there until it is open."""

    async def receive(
        self,
        from_: str = _SOMEBODY,
        text: str = "Hello",
        name: str = "Somebody",
        group: str = "",
        *,
        media: dict[str, Any] | None = None,
        location: dict[str, Any] | None = None,
        contacts: list[Any] | None = None,
        poll: dict[str, Any] | None = None,
        album: list[Any] | None = None,
        undecryptable: bool = False,
    ) -> dict[str, Any]:
        """Receive a message, in a `group` or not; `undecryptable` is one whose text comes with `decrypt`."""
        someone = person(from_)
        made = Received(new_id(), someone.number, name, text, int(time.time()), secret=undecryptable)
        if group:
            self._put_into(made, self._group_of(group, someone))
        self._messaging.mailbox.meet(someone)
        return await self._with(
            made, media=media, location=location, contacts=contacts, poll=poll, album=album
        )

    async def write(
        self,
        to: str = _SOMEBODY,
        text: str = "Hello",
        *,
        media: dict[str, Any] | None = None,
        location: dict[str, Any] | None = None,
        contacts: list[Any] | None = None,
        poll: dict[str, Any] | None = None,
        album: list[Any] | None = None,
    ) -> dict[str, Any]:
        """Write a message on the phone itself, to somebody or a group: linked devices get a copy."""
        made = Received(new_id(), "", "", text, int(time.time()), own=True)
        if is_group(to):
            self._put_into(made, self._group_of(to))
        else:
            made.number = person(to).number
            self._messaging.mailbox.meet(Person(made.number))
        return await self._with(
            made, media=media, location=location, contacts=contacts, poll=poll, album=album
        )

    async def _with(self, made: Received, **beside: Any) -> dict[str, Any]:
        """Let a message arrive with what it is beside a text."""
        given = {name: value for name, value in beside.items() if value is not None}
        if len(given) > 1:
            raise PhoneRefusedError(f"a message is one of {', '.join(beside)}")
        for name, value in given.items():
            if name in ("media", "album"):
                return await (self._medium(made, value) if name == "media" else self._album(made, value))
            made.content, made.text = contents.MAKERS[name](value), ""
        return await self._arrive(made)

    async def _medium(self, made: Received, told: dict[str, Any]) -> dict[str, Any]:
        made.content, file = await contents.medium(self._network.files, told)
        return {**await self._arrive(made), "media": {"size": file.size, "sha256": file.sha256}}

    async def _album(self, made: Received, told: list[Any]) -> dict[str, Any]:
        """Let the album come, then what is in it: each under its key, the first one with the text."""
        if not told or not all(isinstance(each, dict) for each in told):
            raise PhoneRefusedError("album: a list of media")
        items = [(await contents.medium(self._network.files, each))[0] for each in told]
        above = replace(made, id=new_id(), text="", content=contents.album(items))
        answer = await self._arrive(above)
        arrived = []
        for number, item in enumerate(items):
            content, text = {**item, "parent": above.id}, made.text if number == 0 else ""
            arrived.append(await self._arrive(replace(made, id=new_id(), text=text, content=content)))
        return {**answer, "items": [each["id"] for each in arrived]}

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
                    "to": each.group or f"+{each.number}",
                    "text": each.text,
                    "times": each.times,
                }
                for each in sent
            ]
        }

    async def marks(self) -> dict[str, Any]:
        """Tell what the pages have said of messages: which they took back, and their reactions."""
        said: list[Sent | Received] = [*self._mail.sent, *self._mail.received]
        return {
            "marks": [
                {
                    "id": self._serialized(each),
                    "text": each.text,
                    "revoked": isinstance(each, Sent) and each.revoked,
                    "reaction": each.reaction,
                }
                for each in said
            ]
        }

    async def read(self, id: str | None = None, by: str = "") -> dict[str, Any]:  # noqa: A002 - the name on the wire
        """Let the recipients read what was sent, or the message with this `id`; of a group `by` one alone."""
        found = [each for each in self._mail.sent if id is None or each.id == bare_id(id)]
        self._must_be_known(found, id)
        for each in [each for each in found if not each.read]:
            each.read = not by
            for reader in self._readers(each, by):
                await self._messaging.push(receipt(self._chat(each), [each.id], READ, reader))
        return {"ids": [self._serialized(each) for each in found]}

    def _readers(self, sent: Sent, by: str) -> list[str | None]:
        if by and sent.group:
            return [self._group_of(sent.group, person(by)).address(person(by).number)]
        return self._messaging.readers(sent)

    async def react(self, id: str | None = None, emoji: str = "👍", from_: str = "") -> dict[str, Any]:  # noqa: A002
        """Let the other one, `from` in a group, react to a message or the last one; "" takes it back."""
        candidates: list[Sent | Received] = [*self._mail.received, *self._mail.sent]
        found = [each for each in candidates if id is None or each.id == bare_id(id)]
        self._must_be_known(found, id)
        if not found:
            return {"id": None}
        target = max(found, key=lambda each: each.t)
        if target.group and not from_:
            from_ = next(iter(self._group_of(target.group).people), "")
        return await self._about(target, {"kind": "reaction", "text": emoji}, from_)

    async def edit(self, id: str | None = None, text: str = "Hello again") -> dict[str, Any]:  # noqa: A002
        """Let the sender edit a message that was received, the last one without an `id`."""
        found = self._received(id)
        if found is None:
            return {"id": None}
        found.text = text
        caption = contents.kind_of(found.content) is not None
        return await self._about(found, {"kind": "edit", "text": text, "caption": caption})

    async def revoke(self, id: str | None = None, from_: str = "") -> dict[str, Any]:  # noqa: A002
        """Let the sender, or `from` as an admin, delete a received message or the last one for everyone."""
        found = self._received(id)
        if found is None:
            return {"id": None}
        if found.group and from_ and person(from_).number != found.number:
            self._must_be_admin(self._group_of(found.group), person(from_))
        self._mail.received.remove(found)
        return await self._about(found, {"kind": "revoke"}, from_)

    async def _arrive(self, made: Received) -> dict[str, Any]:
        await self._messaging.push(text_stanza(made), made)
        return {"id": self._serialized(made)}

    async def _about(self, target: Sent | Received, stanza: dict[str, Any], by: str = "") -> dict[str, Any]:
        """Tell of what was done to a message: `by` somebody of its group, else by its author."""
        common = {**place(target), "about": target.id, "by": self._actor(target, by), "t": int(time.time())}
        await self._messaging.push({**common, **stanza, "id": new_id()})
        return {"id": self._serialized(target)}

    def _actor(self, target: Sent | Received, by: str) -> dict[str, str] | None:
        if target.group and by:
            self._group_of(target.group, person(by))
        number = person(by).number if target.group and by else target.number
        return {"pn": Person(number).pn, "lid": Person(number).lid} if number else None

    def _group_of(self, id: str, someone: Person | None = None) -> Group:  # noqa: A002 - as on the wire
        """Return a group; `PhoneRefusedError` where there is none, or this one is not in it."""
        group = found(self._mail.groups, id)
        if someone is not None and someone.number not in group.people:
            raise PhoneRefusedError("this number is not in the group")
        if not group.member:
            raise PhoneRefusedError("the account is no longer in this group")
        return group

    def _must_be_admin(self, group: Group, someone: Person) -> None:
        if not group.has_admin(someone.number):
            raise PhoneRefusedError("the group's admin, the first of its people, alone may do this")

    def _put_into(self, made: Received, group: Group) -> None:
        made.group, made.by_lid = group.id, group.by_lid

    def _received(self, id: str | None, *, secret: bool = False) -> Received | None:  # noqa: A002
        wanted = [each for each in self._mail.received if each.secret or not secret]
        found = [each for each in wanted if id is None or each.id == bare_id(id)]
        self._must_be_known(found, id)
        return found[-1] if found else None

    def _must_be_known(self, found: list[Any], id: str | None) -> None:  # noqa: A002
        if not found and id is not None:
            raise PhoneRefusedError("no message of that kind has this id")

    def _serialized(self, message: Sent | Received) -> str:
        own = "true" if message.own else "false"
        author = f"_{self._author(message)}" if message.group else ""
        return f"{own}_{self._chat(message)}_{message.id}{author}"

    def _chat(self, message: Sent | Received) -> str:
        return message.group or Person(message.number).address(migrated=self._mail.migrated)

    def _author(self, message: Sent | Received) -> str:
        """Return who wrote a message in a group, by number or LID as the group has it."""
        if not message.own:
            return Person(message.number).address(migrated=message.by_lid)
        device = next(iter(self._network.devices), None)
        if device is None:
            return ""
        return device.lid if message.by_lid else f"{device.wid.partition(':')[0]}@c.us"
