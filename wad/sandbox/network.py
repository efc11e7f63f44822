"""WhatsApp's servers: they hand out refs, know the linked devices, deliver chats, and turn pages away.

Time is kept where the real thing keeps it. A ref's life is the page's business; the servers pace only
the delivery of chats.
"""

import asyncio
import base64
import random
from typing import Any

from wad.sandbox.conditions import Conditions
from wad.sandbox.connections import ChatConnection
from wad.sandbox.linkcodes import LinkCodes
from wad.sandbox.mailbox import Mailbox
from wad.sandbox.mediafiles import MediaFiles
from wad.sandbox.messaging import OF_MESSAGES, Messaging
from wad.sandbox.options import SandboxOptions
from wad.sandbox.store import Device, Store

# The first ref lives 60 s and each further one 20 s: 160 s (measured, builds of April to September 2026).
REFS_IN_A_BATCH = 6
_STEPS = 10
# With the four other fields, and behind the prefix, that makes a code of 323 characters (measured).
_REF_BYTES = 109


class Network:
    """The one holder of what the servers know."""

    def __init__(self, options: SandboxOptions, store: Store, mailbox: Mailbox, files: MediaFiles) -> None:
        self.options = options
        self.clock = options.clock
        self.conditions = Conditions()
        self.connections: set[ChatConnection] = set()
        self.link_codes = LinkCodes()
        self.files = files
        self.messaging = Messaging(mailbox, files, self.conditions, lambda: self.clock)
        self.messaging.devices = lambda: self.devices
        self.messaging.connections = lambda: self.connections
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
            case "pair-answer" | "companion-finish" | "companion-refused":
                connection.answered(message)
            case str(type_) if type_ in OF_MESSAGES:
                await self.messaging.receive(connection, message)
            case "history-received" if connection.device is not None:
                connection.device.has_history = True
                await self._store.save()
            case "logout":
                await self._forget(connection.device)
                connection.wire.tell({"type": "logged-out"})

    def _link_code(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        ref = self._ref()
        failure = self.conditions.pairing_failure or self.link_codes.ask(connection, message, ref)
        answer = {"type": "link-code-answer", "id": message.get("id"), "ref": ref, "failure": failure}
        if self.conditions.pairing_stalled:
            self.link_codes.keep_back(connection, answer)
        else:
            connection.wire.tell(answer)

    async def leave(self, connection: ChatConnection) -> None:
        """Take note that a page's socket is gone."""
        self.connections.discard(connection)
        connection.answered({})
        await connection.stop_syncing()

    async def _hello(self, connection: ChatConnection, message: dict[str, Any]) -> None:
        connection.page = str(message.get("page"))
        connection.noise = str(message.get("noise"))
        connection.identity = str(message.get("identity"))
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
        connection.wire.tell({"type": "success"})
        await self.messaging.welcome(connection, device)
        await self.deliver(connection)

    def _device(self, wid: str, noise: str) -> Device | None:
        return next((each for each in self.devices if (each.wid, each.noise) == (wid, noise)), None)

    def next_seed(self) -> int:
        """Return the seed of a page's load: another one each time, the same ones in each run."""
        return self._random.getrandbits(31)

    def _ref(self) -> str:
        return "2@" + base64.b64encode(self._random.randbytes(_REF_BYTES)).decode("ascii").rstrip("=")

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
        told = [] if device.has_history else self.messaging.history(device)
        connection.wire.tell({"type": "history", "messages": told})
        while connection.progress < 100 and self.conditions.sync == "normal":  # noqa: PLR2004 - per cent
            await asyncio.sleep(span / _STEPS / self.clock)
            self.progress(connection, min(100, connection.progress + 100 // _STEPS))

    def progress(self, connection: ChatConnection, percent: int) -> None:
        """Tell a page how much of its chats has come."""
        connection.progress = percent
        connection.wire.tell({"type": "progress", "percent": percent})

    # What the phone does

    def new_device(self, connection: ChatConnection, *, number: str, name: str, platform: str) -> Device:
        """Return what the page behind this socket would be as a linked device."""
        self._store.saved.last_device += 1
        lid = f"{self._random.randrange(10**14, 10**15)}@lid"
        wid = f"{number}:{self._store.saved.last_device}@c.us"
        return Device(wid=wid, lid=lid, name=name, platform=platform, noise=connection.noise)

    async def add(self, device: Device) -> None:
        """Link a device."""
        self.devices.append(device)
        await self._store.save()

    async def unlink_all(self) -> int:
        """Remove every linked device; the pages that are theirs are told. Returns how many there were."""
        removed = list(self.devices)
        self.tell_linked({"type": "failure", "code": 401})
        self.devices.clear()
        await self._store.save()
        await self.messaging.forget(None)
        return len(removed)

    def tell_linked(self, message: dict[str, Any]) -> int:
        """Tell every page that is let in as a linked device. Returns how many there are."""
        linked = [each for each in self.connections if each.device is not None]
        for connection in linked:
            connection.wire.tell(message)
        return len(linked)

    async def _forget(self, device: Device | None) -> None:
        if device in self.devices:
            self.devices.remove(device)
            await self.messaging.forget(device)
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
