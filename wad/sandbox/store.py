"""What outlives a restart: the port, and the devices linked to the phone's account.

The port is part of the origin, and the browser keeps a session for an origin: with another port every
saved session would be lost. The devices are the server's half of a session; only public keys are kept.
"""

import asyncio
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Device:
    """One linked device, as WhatsApp's servers and the phone know it."""

    wid: str
    """Such as ``15551234567:1@c.us``: number, device, server."""
    lid: str
    name: str
    platform: str
    noise: str
    """The public noise key (base64) by which the page proves to be this device."""
    has_history: bool = False
    """Whether the phone has sent its chats; until then the device logs itself out after 180 s."""


@dataclass
class Saved:
    """The content of the state file."""

    port: int | None = None
    last_device: int = 0
    devices: list[Device] = field(default_factory=list)


class Store:
    """Reads the state once and writes it after every change, never halfway."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / "sandbox.json"
        self._lock = asyncio.Lock()
        self.saved = Saved()

    async def load(self) -> None:
        """Read the state file; one that is missing or damaged counts as empty: nothing here is dear."""
        self.saved = await asyncio.to_thread(self._read)

    async def save(self) -> None:
        """Write the state now; calls queue up, so that the last one written is the newest."""
        async with self._lock:
            text = json.dumps(asdict(self.saved), indent=1)
            await asyncio.to_thread(self._write, text)

    def _read(self) -> Saved:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory.chmod(0o700)
        try:
            return _parse(json.loads(self._path.read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return Saved()

    def _write(self, text: str) -> None:
        temporary = self._path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.rename(self._path)


def _parse(data: dict[str, Any]) -> Saved:
    devices = [Device(**each) for each in data["devices"]]
    return Saved(port=data["port"], last_device=int(data["last_device"]), devices=devices)
