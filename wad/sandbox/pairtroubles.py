"""The phone's commands that make something go wrong with pairing and with the account behind a link."""

import secrets
from dataclasses import replace
from typing import Any

from wad.sandbox.codes import Code
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.linkcodes import TOO_MANY
from wad.sandbox.troubles import Hands

# The failures a server answers a question with.
_LEAST_FAILURE, _GREATEST_FAILURE = 400, 599


class PairingTroubles(Hands):
    """Faults on the way to a link, and the end of one."""

    async def refuse_pairing(self, code: int = TOO_MANY) -> dict[str, Any]:
        """Answer who asks for a code to type with this failure: 400, 403, 429, 452, 500, or one unknown."""
        if not _LEAST_FAILURE <= code <= _GREATEST_FAILURE:
            raise PhoneRefusedError(f"code must be {_LEAST_FAILURE} to {_GREATEST_FAILURE}")
        self._network.conditions.pairing_failure = code
        return {}

    async def stall_pairing(self) -> dict[str, Any]:
        """Keep the answers back from who asks for a code to type."""
        self._network.conditions.pairing_stalled = True
        return {}

    async def late_answers(self) -> dict[str, Any]:
        """Send the answers that were kept back, in the order of their questions."""
        return {"answers": self._network.link_codes.late()}

    async def allow_pairing(self) -> dict[str, Any]:
        """Answer who asks for a code to type with one, at once; what was kept back stays so."""
        self._network.conditions.pairing_failure = None
        self._network.conditions.pairing_stalled = False
        return {}

    async def forge(self) -> dict[str, Any]:
        """Link the page that shows a code with a wrong signature: it takes the account, then wipes itself."""
        code = Code.parse(await self._stage.look())
        if code is None:
            raise PhoneRefusedError("Couldn't link device: this is no code of WhatsApp Web")
        self._pairing.forge(replace(code, adv_secret=secrets.token_urlsafe()))
        return {}

    async def change_identity(self) -> dict[str, Any]:
        """Change the account's identity, as a new phone does: linked pages log themselves out."""
        return {"pages": self._network.tell_linked({"type": "identity-change"})}

    async def page_logout(self, reason: str = "client_fatal_error") -> dict[str, Any]:
        """Let the pages log themselves out for a reason, in the page's own word for it."""
        return {"pages": await self._stage.act("logout", reason=reason)}
