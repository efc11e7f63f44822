"""What pages ask WhatsApp's servers: whether a number is there, what a group is, which picture there is."""

from typing import Any

from wad.sandbox.conditions import Conditions
from wad.sandbox.connections import ChatConnection
from wad.sandbox.groups import NO_SUCH_GROUP, NOT_IN_GROUP
from wad.sandbox.mailbox import Mailbox
from wad.sandbox.people import Person
from wad.sandbox.pictures import Pictures


class Questions:
    """Answers each at once, unless the phone's owner has it otherwise."""

    def __init__(self, mailbox: Mailbox, conditions: Conditions, pictures: Pictures) -> None:
        self._mailbox = mailbox
        self._conditions = conditions
        self._pictures = pictures

    async def answer(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        """Answer a page's question, or leave it open."""
        match message["type"]:
            case "exists":
                await self._look_up(connection, message)
            case "group-query":
                self._tell_group(connection, message)
            case "picture":
                tag = self._pictures.tag(str(message["about"]))
                connection.wire.tell({"type": "picture-answer", "id": message["id"], "tag": tag})

    async def _look_up(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        answer = {"type": "exists-answer", "id": message["id"], "wid": None, "lid": None, "error": None}
        lookup = self._conditions.lookup
        if lookup == "silent":
            return
        if lookup == "error":
            answer["error"] = 500
        elif lookup == "normal":
            someone = Person(str(message["wid"]).partition("@")[0])
            self._mailbox.meet(someone)
            await self._mailbox.save()
            answer |= {"wid": someone.pn, "lid": someone.lid}
        connection.wire.tell(answer)

    def _tell_group(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        answer = {"type": "group-answer", "id": message["id"], "group": None, "error": None}
        group = self._mailbox.group(str(message["group"]))
        if self._conditions.lookup == "silent":
            return
        if self._conditions.lookup == "error":
            answer["error"] = 500
        elif group is None:
            answer["error"] = NO_SUCH_GROUP
        elif not group.member:
            answer["error"] = NOT_IN_GROUP
        else:
            answer["group"] = group.told()
        connection.wire.tell(answer)
