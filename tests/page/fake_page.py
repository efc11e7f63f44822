"""The page and the servers behind the fake driver, kept in memory.

`Servers` outlives browsers; a `Page` is one document's life in one browser. What a page shows is a level, as
`wad.core.events` wants it: `Page.level` describes the present whole.
"""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from wad.core.errors import PairingError, ProfileLockedError
from wad.core.events import (
    Authenticated,
    ConnectionLost,
    LoggedOut,
    PageEvent,
    PageLoaded,
    PairingCodeIssued,
    QrIssued,
    QrSpent,
    QrWithdrawn,
    Ready,
    Scanned,
    trouble,
)
from wad.core.reasons import Reason
from wad.core.status import Account, Code, PairingCode

# The server hands out six refs; see the facts about the life of a code.
BATCH = 6


class FakeProfile:
    """Holds the session as the browser's folder does: it is there until it is discarded."""

    def __init__(self) -> None:
        self.account: Account | None = None
        self.used = False
        self.discards = 0
        self.sweeps = 0
        self.checks = 0
        self.error: Exception | None = None
        self.endless = False

    def condemn(self, discards: int) -> None:
        """Remember nothing: a fake outlives no crash."""

    def check(self) -> None:
        """Say what is in the way of a new profile."""
        self.checks += 1
        if self.error is not None:
            raise self.error

    async def until_checked(self, times: int) -> None:
        """Wait until it was looked so often."""
        while self.checks < times:  # noqa: ASYNC110 - it is called in a thread
            await asyncio.sleep(0.001)

    def discard(self) -> None:
        """Forget the session, unless a browser lives on it or the disk says no."""
        if self.error is not None:
            raise self.error
        if self.used:
            raise ProfileLockedError("a browser uses it")
        self.account = None
        self.discards += 1

    async def sweep(self) -> None:
        """Have nothing to delete, or never come to the end of it."""
        self.sweeps += 1
        if self.endless:
            await asyncio.Event().wait()


@dataclass
class Servers:
    """WhatsApp's side, and what stands between it and the page."""

    # Seconds a batch's first code lives, and each further one; long enough never to matter unless wanted.
    lives: tuple[float, float] = (60.0, 60.0)
    offline: bool = False
    refusal: Reason | None = None
    stalled: bool = False
    silent: bool = False
    linked: bool = False
    models: bool = True
    refuses: Reason | None = None
    renamed: set[str] = field(default_factory=set)
    refs: itertools.count = field(default_factory=lambda: itertools.count(1))

    def pairing(self, life: float) -> PairingCode:
        """Hand out the next code to type."""
        return PairingCode(f"FAKE{next(self.refs):04}", datetime.now(UTC) + timedelta(seconds=life))

    def code(self, life: float) -> Code:
        """Hand out the next code."""
        return Code(f"2@ref{next(self.refs)},k,i,s,1", datetime.now(UTC) + timedelta(seconds=life))


class Page:
    """One document. `changed` is called whenever the page may show something else."""

    def __init__(self, servers: Servers, profile: FakeProfile, changed: Callable[[], None]) -> None:
        self._servers = servers
        self._profile = profile
        self._changed = changed
        self._timer: asyncio.TimerHandle | None = None
        self._used = 0
        self.loaded = False
        self.connected = False
        self.code: Code | None = None
        self.spent = False
        self.unsure = False
        self.pairs = self.refused = False
        self.pairing: PairingCode | None = None
        self.phone: str | None = None
        self.synced = False
        self.progress: int | None = None
        self.trouble: Reason | None = None

    @property
    def registered(self) -> bool:
        """Whether the profile under it holds a session."""
        return self._profile.account is not None

    def level(self, *, was_registered: bool) -> PageEvent | None:
        """Give the event that describes the page now; None while it cannot be told."""
        if not self.loaded:
            return None
        if was_registered and not self.registered:
            return LoggedOut()
        if self.trouble is not None:
            return trouble(self.trouble)
        return self._linked() if self._profile.account else self._unlinked()

    def _linked(self) -> PageEvent:
        if self._servers.offline:
            return ConnectionLost()
        if self.synced and self._profile.account:
            return Ready(self._profile.account)
        return Authenticated(self.progress)

    def _unlinked(self) -> PageEvent:
        if self.unsure:
            return Scanned()
        if self.pairs and not self._servers.offline:
            return self._paired()
        if self.code is not None:
            return QrIssued(self.code)
        if self._servers.offline:
            return ConnectionLost()
        if self.spent:
            return QrSpent()
        return QrWithdrawn() if self.connected else PageLoaded()

    def _paired(self) -> PageEvent | None:
        if self.refused:
            return QrSpent()
        if self.pairing is None:
            return None
        return PairingCodeIssued(self.pairing) if self.pairing.expires_at > datetime.now(UTC) else QrSpent()

    def pair(self, phone: str, life: float) -> PairingCode:
        """Show a code to type in the other code's place, and tell when its life is over."""
        self.pairs, self.pairing, self.refused = True, None, False
        self._changed()
        why = self._servers.refuses
        if why is not None or self.code is None or self._servers.offline:
            self.refused = True
            raise PairingError("the page gave no pairing code: Error", why or Reason.PAIRING_FAILED)
        self.pairing, self.phone = self._servers.pairing(life), phone
        self._changed()
        asyncio.get_running_loop().call_later(life, self._changed)
        return self.pairing

    def enter(self) -> None:
        """Have seen that a code was typed on the phone."""
        if self.pairing is not None:
            later = self.pairing.expires_at + timedelta(seconds=30)
            self.pairing = replace(self.pairing, entered=True, expires_at=later)
        self._changed()

    def load(self) -> None:
        """Have the models appear, and go on to connect in the next turn of the loop."""
        if not self._servers.models:
            return
        self.loaded = True
        self._changed()
        asyncio.get_running_loop().call_soon(self.connect)

    def connect(self) -> None:
        """Say hello to the servers, and do what they answer."""
        self.close()
        self.unsure = False
        if not self.loaded or self._servers.offline:
            self._changed()
            return
        self.connected = True
        self.trouble = self._servers.refusal
        if self.trouble is None and not self.registered:
            self._changed()  # opening, as a real page shows between two batches
            if not self._servers.silent:
                self._next()
            return
        if self.trouble is None and not self._servers.linked:
            self._profile.account = None
        elif self.trouble is None and not self._servers.stalled:
            self.synced = True
        self._changed()

    def close(self) -> None:
        """Lose the socket; whatever was live on it is dead."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self.connected = self.spent = False
        self.code = None
        self._used = 0

    def next_ref(self) -> None:
        """Show the next code of the batch; after the last one there is none."""
        if self.code is not None:
            self._next()

    def spend(self) -> None:
        """Use the rest of the batch up."""
        if self.code is not None:
            self._used = BATCH
            self._next()

    def refresh(self) -> None:
        """Go back to the codes to scan, and do what the button does that covers a spent one."""
        if self.pairs:
            self.pairs, self.pairing = False, None
            self._changed()
        if self.spent:
            self.connect()

    def _next(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._used >= BATCH:
            self.close()
            self.spent = True
        else:
            life = self._servers.lives[min(self._used, 1)]
            self.code = self._servers.code(life)
            self._used += 1
            self._timer = asyncio.get_running_loop().call_later(life, self._next)
        self._changed()
