"""What outlives a restart: the port, and the devices linked to the phone's account.

The port is part of the origin, and the browser keeps a session for an origin: with another port every
saved session would be lost. The devices are the server's half of a session; only public keys are kept.
"""

from dataclasses import asdict, field
from pathlib import Path
from typing import Any

from wad.core.values import dataclass
from wad.sandbox.jsonfile import JsonFile


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
        self._file = JsonFile(directory / "sandbox.json")
        self.saved = Saved()

    async def load(self) -> None:
        """Read the state file; one that is missing or damaged counts as empty: nothing here is dear."""
        self.saved = _parse(await self._file.read())

    async def save(self) -> None:
        """Write the state now."""
        await self._file.write(asdict(self.saved))


def _parse(data: Any) -> Saved:
    try:
        devices = [Device(**each) for each in data["devices"]]
        return Saved(port=data["port"], last_device=int(data["last_device"]), devices=devices)
    except (ValueError, TypeError, KeyError):
        return Saved()
