"""How a page becomes a linked device: what the servers and the phone tell it, and what it answers.

Whether a pairing holds is the page's word: it checks what the phone signed, and refuses a hello for a code
that it does not hold. The servers only pass it on.
"""

import asyncio
from typing import Any

from wad.sandbox.codes import Code
from wad.sandbox.connections import ChatConnection
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.linkcodes import LinkCode
from wad.sandbox.network import Network
from wad.sandbox.store import Device

# In real seconds: a page that does not answer by then is hung or gone.
PAIRING_ANSWER_SECONDS = 10.0
# Between "paired" and code 515, in the sandbox's seconds: the moment when a page is registered and its
# socket's state has not changed yet.
_RESTART_AFTER = 0.3


class Pairing:
    """Links devices over the pages' sockets."""

    def __init__(self, network: Network) -> None:
        self._network = network

    async def link(self, code: Code, *, number: str, name: str, platform: str) -> Device:
        """Link the page that shows this code; `PhoneRefusedError` when there is none, or it says no."""
        connection = self._holder(code)
        device = self._network.new_device(connection, number=number, name=name, platform=platform)
        return await self._pair(connection, device, code.adv_secret)

    async def link_typed(self, code: LinkCode, typed: str, *, name: str, platform: str) -> Device:
        """Link the page that made this code, of which these letters were typed; refuses as `link` does.

        Only the phone, with what the page finishes, can tell whether they are the right ones.
        """
        connection = next((each for each in self._network.connections if code.is_of(each)), None)
        if connection is None:
            raise PhoneRefusedError("Couldn't link device: its page is not connected")
        answer = await self._ask(connection, {"type": "primary-hello", "ref": code.ref})
        if answer.get("type") != "companion-finish":
            raise PhoneRefusedError(f"Couldn't link device: the page refused it ({answer.get('error')})")
        if answer.get("code") != typed:
            raise PhoneRefusedError("Couldn't link device: the code is wrong")
        device = self._network.new_device(connection, number=code.phone, name=name, platform=platform)
        await self._pair(connection, device, str(answer["advSecret"]))
        self._network.link_codes.forget(code)
        return device

    def forge(self, code: Code) -> None:
        """Tell the page that shows this code, whose secret is not its own, that it is linked; or refuse."""
        connection = self._holder(code)
        device = self._network.new_device(connection, number="15550000000", name="Forged", platform="android")
        connection.wire.tell(_pair_success(device, code.adv_secret))

    async def _pair(self, connection: ChatConnection, device: Device, secret: str) -> Device:
        answer = await self._ask(connection, _pair_success(device, secret))
        if answer.get("ok") is not True:
            raise PhoneRefusedError("Couldn't link device: the page did not accept the pairing")
        connection.batch = ()
        await self._network.add(device)
        await asyncio.sleep(_RESTART_AFTER / self._network.clock)
        connection.wire.tell({"type": "restart", "code": 515})
        return device

    def _holder(self, code: Code) -> ChatConnection:
        for connection in self._network.connections:
            if code.ref in connection.batch and (code.noise, code.identity) == (
                connection.noise,
                connection.identity,
            ):
                return connection
        raise PhoneRefusedError("Couldn't link device: the code is unknown or has expired")

    async def _ask(self, connection: ChatConnection, message: dict[str, Any]) -> dict[str, Any]:
        """Ask a page about a pairing, one question at a time; {} where no answer came."""
        if connection.answer is not None:
            raise PhoneRefusedError("Couldn't link device: another phone is linking it just now")
        connection.answer = asyncio.get_running_loop().create_future()
        connection.wire.tell(message)
        try:
            return await asyncio.wait_for(connection.answer, PAIRING_ANSWER_SECONDS)
        except TimeoutError:
            return {}
        finally:
            connection.answer = None


def _pair_success(device: Device, secret: str) -> dict[str, Any]:
    """Return what a page is told when a phone has signed for it with this secret."""
    account = {key: getattr(device, key) for key in ("wid", "lid", "name", "platform")}
    return {"type": "pair-success", "account": account, "advSecret": secret}
