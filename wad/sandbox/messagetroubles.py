"""The phone's commands that make something go wrong with messages, and those that change the account's."""

from typing import Any

from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.people import person
from wad.sandbox.troubles import Hands

# "You have been writing to too many people who do not know you" (reported by peers' users).
_REACH_OUT = 463
_LEAST_FAILURE, _GREATEST_FAILURE = 400, 599
_LONGEST = 3600.0
_SOMEBODY = "+15550001111"


class MessageTroubles(Hands):
    """Faults on the way of a message. Each lasts until it is taken back."""

    async def silent(self, *, arrives: bool = False) -> dict[str, Any]:
        """Answer nothing that pages send: it is lost, or it `arrives` and only the answer is lost."""
        conditions = self._network.conditions
        conditions.sending = "unanswered" if arrives else "silent"
        # A message that was asked for may still be on its way to being lost.
        return {"lost": conditions.lost}

    async def nack(self, code: int = _REACH_OUT) -> dict[str, Any]:
        """Refuse what pages send: 463 (too many strangers), 475 (too many new chats), or another code."""
        if not _LEAST_FAILURE <= code <= _GREATEST_FAILURE:
            raise PhoneRefusedError(f"code must be {_LEAST_FAILURE} to {_GREATEST_FAILURE}")
        self._network.conditions.nack = code
        return {}

    async def slow(self, seconds: float = 10.0) -> dict[str, Any]:
        """Take what pages send only after a while (seconds of the sandbox's clock)."""
        if not 0 <= seconds <= _LONGEST:
            raise PhoneRefusedError(f"seconds must be 0 to {_LONGEST:.0f}")
        self._network.conditions.slow_seconds = seconds
        return {}

    async def duplicate(self) -> dict[str, Any]:
        """Hand every stanza over twice, as servers do that did not hear of its arrival."""
        self._network.conditions.duplicating = True
        return {}

    async def lookup(self, answer: str = "absent") -> dict[str, Any]:
        """Answer who asks for a number with "absent" (not on WhatsApp), "silent", "error" or "normal"."""
        if answer not in ("normal", "absent", "silent", "error"):
            raise PhoneRefusedError("answer must be normal, absent, silent or error")
        self._network.conditions.lookup = answer  # type: ignore[assignment] # it is one of them
        return {}

    async def hang_seen(self) -> dict[str, Any]:
        """Let it come to no end when a page tells that a chat was seen, as without synced app state."""
        self._network.conditions.seen_hanging = True
        self._messaging.tell_account()
        return {}

    async def take_messages(self) -> dict[str, Any]:
        """Take messages and answer as usual again; what was left without an answer stays so."""
        conditions = self._network.conditions
        conditions.sending, conditions.nack, conditions.slow_seconds = "normal", None, None
        conditions.duplicating, conditions.seen_hanging, conditions.lookup = False, False, "normal"
        self._messaging.tell_account()
        return {}

    async def block(self, number: str = _SOMEBODY) -> dict[str, Any]:
        """Block somebody on the phone: the page refuses to send them anything."""
        blocked = self._mail.blocked
        return await self._account(blocked=[*blocked, *({person(number).number} - set(blocked))])

    async def unblock(self, number: str = _SOMEBODY) -> dict[str, Any]:
        """Take back a block."""
        return await self._account(blocked=[x for x in self._mail.blocked if x != person(number).number])

    async def lid(self, *, migrated: bool = True) -> dict[str, Any]:
        """Migrate the account to LIDs, or back, for good: it outlives the sandbox."""
        return await self._account(migrated=migrated)

    async def _account(self, **changes: Any) -> dict[str, Any]:
        for name, value in changes.items():
            setattr(self._mail, name, value)
        await self._messaging.mailbox.save()
        self._messaging.tell_account()
        return {}
