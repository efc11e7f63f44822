"""The phone's commands about what is neither text nor medium: places, contacts, polls, votes."""

from typing import Any

from wad.sandbox.contents import described, kind_of
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.mailbox import Received, Sent
from wad.sandbox.mediacommands import MediaCommands
from wad.sandbox.people import bare_id


class ContentCommands(MediaCommands):
    """What others do with them, and what the pages have sent of them."""

    async def contents(self) -> dict[str, Any]:
        """Tell which places, contacts, polls and albums the pages have sent, and what they voted."""
        mail = self._mail
        sent = [each for each in mail.sent if each.content and kind_of(each.content) is None]
        told = [{**self._where(each), **described(each.content or {})} for each in sent]
        known: list[Sent | Received] = [*mail.received, *mail.sent]
        voted = [each for each in known if each.vote is not None]
        votes = [{**self._where(each), "kind": "vote", "options": each.vote} for each in voted]
        return {"contents": [*told, *votes]}

    def _where(self, message: Sent | Received) -> dict[str, Any]:
        return {"id": self._serialized(message), "to": message.group or f"+{message.number}"}

    async def vote(
        self,
        id: str | None = None,  # noqa: A002 - the name on the wire
        options: list[Any] | None = None,
        from_: str = "",
    ) -> dict[str, Any]:
        """Let the other one, or `from` in a group, vote in a poll or the last one; none takes it back."""
        known: list[Sent | Received] = [*self._mail.received, *self._mail.sent]
        polls = [each for each in known if each.content and each.content["type"] == "poll_creation"]
        found = [each for each in polls if id is None or each.id == bare_id(id)]
        self._must_be_known(found, id)
        if not found:
            return {"id": None}
        target = max(found, key=lambda each: each.t)
        names = [each["name"] for each in (target.content or {})["fields"]["pollOptions"]]
        if unknown := [each for each in options or [] if each not in names]:
            raise PhoneRefusedError(f"the poll has no option {unknown[0]}")
        if target.group and not from_:
            from_ = next(iter(self._group_of(target.group).people), "")
        return await self._about(target, {"kind": "vote", "options": options or []}, from_)
