"""The phone's commands that make something go wrong for every page, and those that take it back."""

import re
from typing import Any

from wad.sandbox.conditions import CORE_MODELS
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.listener import Listener
from wad.sandbox.mailbox import Mail
from wad.sandbox.network import Network
from wad.sandbox.pairing import Pairing
from wad.sandbox.stage import Stage

_BAN_SECONDS = 3600.0
_NAME = re.compile(r"\w{1,60}(\.\w{1,60}){0,4}")


class Hands:
    """What every group of commands reaches."""

    def __init__(self, network: Network, stage: Stage, listener: Listener) -> None:
        self._network = network
        self._stage = stage
        self._listener = listener
        self._pairing = Pairing(network)
        self._messaging = network.messaging

    @property
    def _mail(self) -> Mail:
        return self._messaging.mailbox.mail


class TroubleCommands(Hands):
    """Faults between WhatsApp and the page. Each lasts until it is taken back, reloads included."""

    async def offline(self) -> dict[str, Any]:
        """Cut the page off: its socket is lost, and a reload finds no server either."""
        self._network.conditions.offline = True
        # In this order: a page that loses its socket asks whether there is a network.
        await self._listener.pause()
        self._network.drop_all()
        return {}

    async def online(self) -> dict[str, Any]:
        """Connect the page again; a linked one is back at once, one with a code notices after 67 s."""
        self._network.conditions.offline = False
        self._listener.resume()
        await self._stage.act("reconnect")
        return {}

    async def refuse_sockets(self) -> dict[str, Any]:
        """Cut the page's sockets and refuse new ones, while all else is served."""
        self._network.conditions.sockets_refused = True
        self._network.drop_all()
        return {}

    async def accept_sockets(self) -> dict[str, Any]:
        """Accept the page's sockets again; it comes back by itself."""
        self._network.conditions.sockets_refused = False
        return await self._let_in()

    async def ban(self, seconds: float = _BAN_SECONDS) -> dict[str, Any]:
        """Ban the account for a while (failure 402): the TEMP_BAN screen."""
        self._network.conditions.banned_seconds = seconds
        self._network.apply_conditions()
        return {}

    async def unban(self) -> dict[str, Any]:
        """End the ban."""
        self._network.conditions.banned_seconds = None
        return await self._let_in()

    async def service_unavailable(self) -> dict[str, Any]:
        """Answer every page with 503: the SERVICE_UNAVAILABLE screen."""
        self._network.conditions.unavailable = True
        self._network.apply_conditions()
        return {}

    async def service_restored(self) -> dict[str, Any]:
        """Serve again."""
        self._network.conditions.unavailable = False
        return await self._let_in()

    async def update(self, *, forced: bool = False) -> dict[str, Any]:
        """Ask for an update: `Stream.needsUpdate`, and if forced failure 405 instead of being let in."""
        self._network.conditions.update_wanted = True
        self._network.conditions.update_forced = forced
        self._network.apply_conditions()
        await self._stage.act("needs_update", value=True)
        return {}

    async def terms(self) -> dict[str, Any]:
        """Want new terms of service accepted on the phone: TOS_BLOCK."""
        return self._block("TOS_BLOCK")

    async def deprecated(self) -> dict[str, Any]:
        """Call the page's version too old: DEPRECATED_VERSION."""
        return self._block("DEPRECATED_VERSION")

    async def proxy_block(self) -> dict[str, Any]:
        """Refuse the page's address: PROXYBLOCK."""
        return self._block("PROXYBLOCK")

    async def conflict(self) -> dict[str, Any]:
        """Let the servers see another session: CONFLICT, which builds still map to a screen."""
        return self._block("CONFLICT")

    async def stream_conflict(self) -> dict[str, Any]:
        """Let another session replace the linked pages' (conflict, replaced): a reload takes it back."""
        return {"pages": self._network.tell_linked({"type": "replaced"})}

    async def block_hosts(self, how: str = "filter") -> dict[str, Any]:
        """Block the page's scripts (`how="filter"`), or cut every answer off ("firewall"), and reload."""
        if how not in ("filter", "firewall"):
            raise PhoneRefusedError("how must be filter or firewall")
        self._network.conditions.hosts_blocked = "filter" if how == "filter" else "firewall"
        self._network.drop_all()
        await self._stage.act("reload", wait=False)
        return {}

    async def unblock_hosts(self) -> dict[str, Any]:
        """Let the hosts through again. A page whose scripts failed needs a reload, as the real one does."""
        self._network.conditions.hosts_blocked = None
        await self._stage.act("reconnect")
        return {}

    async def unregister_models(self) -> dict[str, Any]:
        """Take the models away from where they were, as a new release does, reloads included."""
        return await self._rename(*CORE_MODELS)

    async def rename(self, name: str = "WAWebAltDeviceLinkingApi") -> dict[str, Any]:
        """Take a module (`WAWebCmd`), or a member of one (`WAWebSocketModel.Socket.stream`), likewise."""
        if not _NAME.fullmatch(name):
            raise PhoneRefusedError("name must be that of a module, with members behind dots")
        return await self._rename(name)

    async def _rename(self, *names: str) -> dict[str, Any]:
        conditions = self._network.conditions
        conditions.renamed = tuple(dict.fromkeys((*conditions.renamed, *names)))
        await self._stage.act("rename", names=conditions.renamed)
        return {}

    async def stall_sync(self) -> dict[str, Any]:
        """Stop delivering chats halfway: a linked page never becomes ready."""
        self._network.conditions.sync = "stalled"
        return {}

    async def fail_sync(self) -> dict[str, Any]:
        """Never send history: a page linked from now on logs itself out 180 s after its pairing."""
        self._network.conditions.sync = "no_history"
        return {}

    async def resume_sync(self) -> dict[str, Any]:
        """Deliver chats again, where it was stopped."""
        self._network.conditions.sync = "normal"
        for connection in list(self._network.connections):
            if connection.device is not None:
                await self._network.deliver(connection)
        return {}

    async def sync_progress(self, percent: int = 50) -> dict[str, Any]:
        """Say that this much of the chats has come, and send no more; 100 makes the page ready."""
        if not 0 <= percent <= 100:  # noqa: PLR2004 - per cent
            raise PhoneRefusedError("percent must be 0 to 100")
        for connection in list(self._network.connections):
            if connection.device is not None:
                await connection.stop_syncing()
                self._network.progress(connection, percent)
        return {}

    async def recover(self) -> dict[str, Any]:
        """End every trouble. A page whose scripts or models were missing needs a reload."""
        self._network.conditions.clear()
        self._messaging.tell_account()
        self._listener.resume()
        await self.resume_sync()
        await self._stage.act("needs_update", value=False)
        return await self._let_in()

    def _block(self, state: str) -> dict[str, Any]:
        self._network.conditions.blocked_state = state
        self._network.apply_conditions()
        return {}

    async def _let_in(self) -> dict[str, Any]:
        """Spare the pages the rest of their pause between two attempts."""
        await self._stage.act("reconnect")
        return {}
