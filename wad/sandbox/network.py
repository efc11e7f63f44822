"""WhatsApp's servers: they hand out refs, link devices, deliver chats, and turn pages away.

Time is kept where the real thing keeps it. A ref's life is the page's business; the servers pace only
the delivery of chats.
"""

import asyncio
import base64
import random
from typing import Any

from wad.sandbox.codes import Code
from wad.sandbox.conditions import Conditions
from wad.sandbox.connections import ChatConnection
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.linkcodes import TOO_MANY, LinkCode, LinkCodes
from wad.sandbox.options import SandboxOptions
from wad.sandbox.store import Device, Store

# The first ref lives 60 s and each further one 20 s: 160 s (measured, builds of April to September 2026).
REFS_IN_A_BATCH = 6
# In real seconds: a page that does not answer by then is hung or gone.
PAIRING_ANSWER_SECONDS = 10.0
# Between "paired" and code 515, in the sandbox's seconds: the moment when a page is registered and its
# socket's state has not changed yet.
_RESTART_AFTER = 0.3
_STEPS = 10


class Network:
    """The one holder of what the servers know."""

    def __init__(self, options: SandboxOptions, store: Store) -> None:
        self.options = options
        self.clock = options.clock
        self.conditions = Conditions()
        self.connections: set[ChatConnection] = set()
        self.link_codes = LinkCodes()
        self._store = store
        self._random = random.Random(options.seed)  # noqa: S311 - repeatable on purpose; it guards nothing

    @property
    def devices(self) -> list[Device]:
        """The devices linked to the phone's account."""
        return self._store.saved.devices

    # What a page says

    async def receive(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        """Act on one message of a page; an unknown one is ignored."""
        match message.get("type"):
            case "hello":
                await self._hello(connection, message)
            case "link-code":
                self._link_code(connection, message)
            case "link-code-cancel":
                self.link_codes.keep(connection, None)
            case "pair-answer" if connection.answer is not None and not connection.answer.done():
                connection.answer.set_result(message.get("ok") is True)
            case "history-received" if connection.device is not None:
                connection.device.has_history = True
                await self._store.save()
            case "logout" if connection.device is not None:
                await self._forget(connection.device)
                connection.wire.tell({"type": "logged-out"})

    def _link_code(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        refused = self.conditions.pairing_refused
        failure = TOO_MANY if refused else self.link_codes.ask(connection, message, self.clock)
        answer = {"type": "link-code-answer", "linkCode": message.get("code"), "failure": failure}
        connection.wire.tell(answer)

    async def leave(self, connection: ChatConnection) -> None:
        """Take note that a page's socket is gone."""
        self.connections.discard(connection)
        if connection.answer is not None and not connection.answer.done():
            connection.answer.set_result(False)
        await connection.stop_syncing()

    async def _hello(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        connection.page = str(message.get("page"))
        connection.noise = str(message.get("noise"))
        connection.identity = str(message.get("identity"))
        self.link_codes.keep(connection, message.get("linkCode"))
        wid = message.get("device")
        if (refusal := self.conditions.refusal()) is not None:
            connection.wire.tell(refusal)
        elif wid is None:
            connection.batch = tuple(self._ref() for _ in range(REFS_IN_A_BATCH))
            connection.wire.tell({"type": "refs", "refs": connection.batch})
        else:
            await self._welcome(connection, str(wid))

    async def _welcome(self, connection: ChatConnection, wid: str) -> None:
        device = self._device(wid, connection.noise)
        if device is None:
            connection.wire.tell({"type": "failure", "code": 401})
            return
        connection.device = device
        connection.wire.tell({"type": "success", "needsHistory": not device.has_history})
        await self.deliver(connection)

    def _device(self, wid: str, noise: str) -> Device | None:
        return next((each for each in self.devices if (each.wid, each.noise) == (wid, noise)), None)

    def next_seed(self) -> int:
        """Return the seed of a page's load: another one each time, the same ones in each run."""
        return self._random.getrandbits(31)

    def _ref(self) -> str:
        return "2@" + base64.b64encode(self._random.randbytes(96)).decode("ascii")

    # The delivery of chats

    async def deliver(self, connection: ChatConnection) -> None:
        """Begin, or go on with, the delivery of chats to a linked page."""
        await connection.stop_syncing()
        connection.syncing = asyncio.create_task(self._deliver(connection))

    async def _deliver(self, connection: ChatConnection) -> None:
        device = connection.device
        if device is None or self.conditions.sync == "no_history":
            return
        # A session found again has its chats already, and fetches only what it missed.
        span = self.options.sync_seconds / (3 if device.has_history else 1)
        connection.wire.tell({"type": "history"})
        while connection.progress < 100 and self.conditions.sync == "normal":  # noqa: PLR2004 - per cent
            await asyncio.sleep(span / _STEPS / self.clock)
            self.progress(connection, min(100, connection.progress + 100 // _STEPS))

    def progress(self, connection: ChatConnection, percent: int) -> None:
        """Tell a page how much of its chats has come."""
        connection.progress = percent
        connection.wire.tell({"type": "progress", "percent": percent})

    # What the phone does

    async def link(self, code: Code, *, number: str, name: str, platform: str) -> Device:
        """Link the page that shows this code; `PhoneRefusedError` when there is none, or it says no."""
        connection = self._holder(code)
        device = self._new_device(connection, number=number, name=name, platform=platform)
        return await self._pair(connection, device, {"advSecret": code.adv_secret})

    async def link_typed(self, code: LinkCode, *, name: str, platform: str) -> Device:
        """Link the page that made this code to type; refuses as `link` does."""
        holders = [each for each in self.connections if code.is_of(each)]
        if not holders:
            raise PhoneRefusedError("Couldn't link device: its page is not connected")
        device = self._new_device(holders[0], number=code.phone, name=name, platform=platform)
        await self._pair(holders[0], device, {"linkCode": code.code})
        self.link_codes.keep(holders[0], None)
        return device

    async def _pair(self, connection: ChatConnection, device: Device, proof: dict[str, str]) -> Device:
        if connection.answer is not None:
            raise PhoneRefusedError("Couldn't link device: another phone is linking it just now")
        account = {key: getattr(device, key) for key in ("wid", "lid", "name", "platform")}
        connection.answer = asyncio.get_running_loop().create_future()
        connection.wire.tell({"type": "pair-success", "account": account, **proof})
        if not await self._answered(connection):
            raise PhoneRefusedError("Couldn't link device: the page did not accept the pairing")
        connection.batch = ()
        self.devices.append(device)
        await self._store.save()
        await asyncio.sleep(_RESTART_AFTER / self.clock)
        connection.wire.tell({"type": "restart", "code": 515})
        return device

    def _holder(self, code: Code) -> ChatConnection:
        for connection in self.connections:
            if code.ref in connection.batch and (code.noise, code.identity) == (
                connection.noise,
                connection.identity,
            ):
                return connection
        raise PhoneRefusedError("Couldn't link device: the code is unknown or has expired")

    def _new_device(self, connection: ChatConnection, *, number: str, name: str, platform: str) -> Device:
        self._store.saved.last_device += 1
        lid = f"{self._random.randrange(10**14, 10**15)}@lid"
        wid = f"{number}:{self._store.saved.last_device}@c.us"
        return Device(wid=wid, lid=lid, name=name, platform=platform, noise=connection.noise)

    async def _answered(self, connection: ChatConnection) -> bool:
        assert connection.answer is not None  # noqa: S101 - set by the only caller
        try:
            return await asyncio.wait_for(connection.answer, PAIRING_ANSWER_SECONDS)
        except TimeoutError:
            return False
        finally:
            connection.answer = None

    async def unlink_all(self) -> int:
        """Remove every linked device; the pages that are theirs are told. Returns how many there were."""
        removed = list(self.devices)
        for connection in list(self.connections):
            if connection.device is not None:
                connection.wire.tell({"type": "failure", "code": 401})
        self.devices.clear()
        await self._store.save()
        return len(removed)

    async def _forget(self, device: Device) -> None:
        if device in self.devices:
            self.devices.remove(device)
        await self._store.save()

    def apply_conditions(self) -> None:
        """Turn away the pages that are in, when something now forbids it."""
        refusal = self.conditions.refusal()
        if refusal is None:
            return
        for connection in list(self.connections):
            connection.wire.tell(refusal)

    def drop_all(self) -> None:
        """Lose every page's socket."""
        for connection in list(self.connections):
            connection.wire.drop()
