"""The two kinds of socket a page holds, seen from the servers' side."""

import asyncio
import contextlib
from dataclasses import field
from typing import Any, Protocol

from wad.core.values import dataclass
from wad.sandbox.store import Device


class Wire(Protocol):
    """What a socket can do for us. Neither method waits, and neither minds a socket already closed."""

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message."""

    def drop(self) -> None:
        """Close without ceremony, as a lost network does."""


@dataclass(eq=False)
class ChatConnection:
    """A page's socket to WhatsApp's servers."""

    wire: Wire
    page: str = ""
    noise: str = ""
    identity: str = ""
    batch: tuple[str, ...] = ()
    device: Device | None = None
    progress: int = 0
    """Per cent of the chats delivered."""
    answer: asyncio.Future[dict[str, Any]] | None = None
    """The page's word on a pairing under way; empty where it went away."""
    syncing: asyncio.Task[None] | None = None
    welcomed: bool = False
    """Whether what waited for the device was handed over, so that new stanzas may follow."""

    def answered(self, message: dict[str, Any]) -> None:
        """Hand the page's word to whoever waits for it, if anybody does."""
        if self.answer is not None and not self.answer.done():
            self.answer.set_result(message)

    async def stop_syncing(self) -> None:
        """End the delivery of chats, and wait until it has ended."""
        task, self.syncing = self.syncing, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@dataclass(eq=False)
class StageConnection:
    """The sandbox's own line to a page: the phone's camera, and the phone's hand on the page."""

    wire: Wire
    page: str = ""
    report: dict[str, Any] = field(default_factory=dict)
    """What the page last said of itself: shown, linkCode, ref, live, state, mode, registered, synced."""
    pending: dict[int, asyncio.Future[None]] = field(default_factory=dict)
    painting: set[asyncio.Task[None]] = field(default_factory=set)
    """Pictures of codes being made for it."""
