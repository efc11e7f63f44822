"""The phone's command about groups: making one, and what its admins do to it."""

from typing import Any

from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.groups import Group, found, new_group_id
from wad.sandbox.people import Person, person
from wad.sandbox.stanzas import group_stanza
from wad.sandbox.troubles import Hands

_PEOPLE = ("15550001111", "15550002222")
_LONGEST_SUBJECT = 100
# The words of the row by which a chat tells of a change; of several the first.
_WORDS = {"member": "add", "announce": "announce", "admin": "promote", "people": "add"}
# What it is where the answer is no.
_OPPOSITES = {"add": "remove", "promote": "demote"}


class GroupCommands(Hands):
    """Each change is kept for every linked device, as a message is."""

    async def group(
        self,
        id: str = "",  # noqa: A002 - the name on the wire
        subject: str | None = None,
        people: str | None = None,
        *,
        join: str = "",
        leave: str = "",
        lid: bool | None = None,
        announce: bool | None = None,
        admin: bool | None = None,
        member: bool | None = None,
    ) -> dict[str, Any]:
        """Make a group, or change the one with this `id`: who is in it, who may write, by number or `lid`."""
        if subject is not None and not 0 < len(subject) <= _LONGEST_SUBJECT:
            raise PhoneRefusedError(f"a subject has 1 to {_LONGEST_SUBJECT} characters")
        numbers = None if people is None else _numbers(people)
        wanted = {"subject": subject, "people": numbers, "announce": announce}
        wanted |= {"admin": admin, "member": member}
        changes = {name: value for name, value in wanted.items() if value is not None}
        if not id:
            by_lid = self._mail.migrated if lid is None else lid
            made = Group(new_group_id(), "Group", list(_PEOPLE), by_lid)
            self._mail.groups.append(made)
            return await self._tell(made, changes, "create")
        group = found(self._mail.groups, id)
        if join or leave:
            return await self._move(group, _numbers(join) if join else [], _numbers(leave) if leave else [])
        # The keys of its messages name their authors: here a group keeps the way it began in.
        if lid not in (None, group.by_lid):
            raise PhoneRefusedError("whether a group goes by number or by LID is decided when it is made")
        return await self._tell(group, changes, _word(changes))

    async def _move(self, group: Group, joining: list[str], leaving: list[str]) -> dict[str, Any]:
        """Let people come by a link, and go by themselves."""
        coming = [each for each in joining if each not in group.people]
        going = [each for each in leaving if each in group.people]
        group.people = [*(each for each in group.people if each not in going), *coming]
        for each in coming:
            self._messaging.mailbox.meet(Person(each))
            await self._messaging.push(group_stanza(group, "invite", each, [each]))
        for each in going:
            await self._messaging.push(group_stanza(group, "leave", each, [each]))
        return {"id": group.id}

    async def _tell(self, group: Group, changes: dict[str, Any], word: str) -> dict[str, Any]:
        before = group.people if word != "create" else []
        for name, value in changes.items():
            setattr(group, name, value)
        for each in group.people:
            self._messaging.mailbox.meet(Person(each))
        by = next(iter(group.people), "")
        gone = [each for each in before if each not in group.people]
        come = [each for each in group.people if each not in before]
        if word == "add" and gone:
            await self._messaging.push(group_stanza(group, "remove", by, gone))
        if word != "add" or come or not gone:
            me = word != "create" and not {"member", "admin"}.isdisjoint(changes)
            await self._messaging.push(group_stanza(group, word, by, come, me=me))
        return {"id": group.id}


def _numbers(people: str) -> list[str]:
    return [person(each.strip()).number for each in people.split(",")]


def _word(changes: dict[str, Any]) -> str:
    for name, word in _WORDS.items():
        if name in changes:
            return word if changes[name] else _OPPOSITES.get(word, word)
    return "subject"
