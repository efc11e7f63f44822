"""The phone's commands about people: the address book, pictures, and what the pages tell of themselves."""

from typing import Any

from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.groups import found, is_group
from wad.sandbox.people import Person, new_id, person
from wad.sandbox.troubles import Hands

_SOMEBODY = "+15550001111"
_LONGEST_NAME = 100


class PeopleCommands(Hands):
    """What is told here outlives the sandbox, but for what pages tell of themselves."""

    async def contact(self, number: str = _SOMEBODY, name: str = "Somebody") -> dict[str, Any]:
        """Put somebody into the phone's address book under this name, or take them out with an empty one."""
        if len(name) > _LONGEST_NAME:
            raise PhoneRefusedError(f"a name has at most {_LONGEST_NAME} characters")
        someone = person(number)
        self._messaging.mailbox.meet(someone)
        self._mail.names.pop(someone.number, None)
        if name:
            self._mail.names[someone.number] = name
        await self._messaging.mailbox.save()
        self._messaging.tell_account()
        return {}

    async def picture(self, of: str = _SOMEBODY, *, there: bool = True) -> dict[str, Any]:
        """Give somebody, a group or the account itself (by its number) a new picture, or none."""
        about = found(self._mail.groups, of).id if is_group(of) else person(of).pn
        pictures = self._messaging.pictures
        tag = await (pictures.renew(about) if there else pictures.remove(about))
        lid = None if is_group(about) else Person(about.partition("@")[0]).lid
        await self._messaging.push({"kind": "picture", "id": new_id(), "pn": about, "lid": lid})
        return {"tag": tag}

    async def presence(self) -> dict[str, Any]:
        """Tell to whom the pages are writing, which chats they have seen, and whether they are available."""
        presence = self._messaging.presence
        return {
            "presence": list(presence.states),
            "seen": list(presence.seen),
            "available": presence.available,
        }
