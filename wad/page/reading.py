"""What the page said, and what it means: a reading is parsed once at the border and turned into one event.

Rules of this file:

* A reading describes the page's present whole; what it means depends on nothing but itself and on whether the
  page was registered before. So a reading may be lost, or come twice, without harm.
* Readings are ordered by (document's birth, serial); an older one than the last seen is dropped.

The meaning of the page's states was measured on the builds of April to September 2026: `PAIRING` is *not*
"scanned", UNPAIRED is the only state in which a code is live, and a page is in step when it is registered,
its socket has synced, its stream's mode is MAIN, which no loss changes any more, and its socket's stream is
CONNECTED, or was until a moment ago. A page takes an account before it has looked at what the phone signed:
registered and still UNPAIRED it may yet forget it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Self

from wad.core.errors import PageError
from wad.core.events import (
    Authenticated,
    Blocked,
    ConnectionLost,
    Failed,
    LoggedOut,
    PageEvent,
    PageLoaded,
    PairingCodeIssued,
    PairingFailed,
    QrIssued,
    QrSpent,
    QrWithdrawn,
    Ready,
    Scanned,
    trouble,
)
from wad.core.reasons import Reason
from wad.core.status import Account, Code, PairingCode
from wad.core.values import dataclass

# A text longer than this is no code of WhatsApp's (about 240 characters) and would not fit a scannable QR.
MAX_CODE = 1024
# WhatsApp lets a name have 25 characters; some of them are several to Python.
MAX_NAME = 256
# WhatsApp's addresses of pictures, with their signatures, have some 300 characters.
MAX_ADDRESS = 2000
_ADDRESS = re.compile(r"https?://[!-~]+")
# Milliseconds: a code of WhatsApp's lives 60 s at the most. One for which the page claims more is shown until
# it is replaced, and looked at again by then.
MAX_REMAINING = 600_000
# Milliseconds: a block that is said to last longer than a year is said to last a year.
MAX_UNTIL = 366 * 86_400_000

# What the page announces once, and screens that its socket's state or its stream's mode stand for.
_TOLD = {
    "ban": Reason.TEMPORARILY_BANNED,
    "unavailable": Reason.SERVICE_UNAVAILABLE,
    "storage": Reason.STORAGE_FULL,
    "replaced": Reason.REPLACED,
}
_LOGOUTS = {
    "logout": Reason.LOGGED_OUT,
    "history": Reason.HISTORY_SYNC_TIMEOUT,
    "sync": Reason.SYNC_FAILED,
    "locked": Reason.ACCOUNT_LOCKED,
    "identity": Reason.IDENTITY_CHANGED,
}
_SCREENS = {
    "CONFLICT": Reason.REPLACED,
    "PROXYBLOCK": Reason.HOSTS_BLOCKED,
    "TOS_BLOCK": Reason.TERMS_OF_SERVICE,
    "SMB_TOS_BLOCK": Reason.TERMS_OF_SERVICE,
    "DEPRECATED_VERSION": Reason.UPDATE_REQUIRED,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the page. `remaining` is the code's life in milliseconds, `until` that of a ban."""

    born: float
    serial: int
    loaded: bool = False
    registered: bool | None = None
    socket: str | None = None
    mode: str | None = None
    up: bool = True
    lost: bool = False
    offline: bool = False
    leaving: bool = False
    synced: bool = False
    needs_update: bool = False
    code: str | None = field(default=None, repr=False)
    withdrawn: bool = False
    remaining: float | None = None
    pairs: bool = False
    pairing: str | None = field(default=None, repr=False)
    pairing_spent: bool = False
    entered: bool = False
    failed: bool = False
    number: str | None = None
    name: str | None = None
    platform: str | None = None
    picture: str | None = field(default=None, repr=False)
    progress: int | None = None
    refused: bool = False
    told: str | None = None
    until: float | None = None

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Self:
        """Make a reading of what `read.js` gave. Raises PageError when it does not have that form."""
        try:
            account = raw.get("account") or {}
            pairing = raw.get("pairing")
            progress = _number(raw.get("progress"))
            return cls(
                born=_finite(raw["born"]),
                serial=int(_finite(raw["serial"])),
                loaded=raw["loaded"] is True,
                registered=raw["registered"] if isinstance(raw["registered"], bool) else None,
                socket=_text(raw.get("socket")),
                mode=_text(raw.get("mode")),
                up=raw.get("up") is not False,
                lost=raw.get("lost") is True,
                offline=raw.get("offline") is True,
                leaving=raw.get("leaving") is True,
                synced=raw.get("synced") is True,
                needs_update=raw.get("needsUpdate") is True,
                code=_text(raw.get("code")),
                withdrawn=raw.get("withdrawn") is True,
                remaining=_number(raw.get("remaining")),
                pairs=pairing is not None,
                pairing=_text((pairing or {}).get("code")),
                pairing_spent=(pairing or {}).get("spent") is True,
                entered=(pairing or {}).get("entered") is True,
                failed=(pairing or {}).get("failed") is True,
                number=_text(account.get("number")),
                name=_brief(account.get("name")),
                platform=_brief(account.get("platform")),
                picture=_address(account.get("picture")),
                progress=None if progress is None else min(100, max(0, round(progress))),
                refused=raw.get("refused") is True,
                told=_text(raw.get("told")),
                until=_number(raw.get("until")),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            # `from None`: the cause's text could quote a code
            raise PageError(f"the page's reading has an unknown form ({type(error).__name__})") from None

    @property
    def order(self) -> tuple[float, int]:
        """Where the reading stands among all: later ones are greater."""
        return (self.born, self.serial)

    def meaning(self, *, was_registered: bool, now: datetime) -> PageEvent | None:
        """Give the event that describes this page; None while it tells nothing yet.

        `was_registered`: whether an earlier reading since the browser's start was registered; a page that no
        longer is has been logged out.
        """
        if self.leaving:
            return None  # why is told by the next document
        known = self._trouble(now, was_registered=was_registered)
        if known is not None:
            return known
        if not self.loaded:
            # Where the models are elsewhere, a code that is drawn is all there is.
            return QrWithdrawn() if self.withdrawn else self._issued(now)
        if self.registered:
            return self._linked() if self.linked else Scanned()
        return self._unlinked(now)

    @property
    def linked(self) -> bool:
        """Whether the page has an account that it will keep."""
        return self.registered is True and (self.socket != "UNPAIRED" or self._in_step)

    def _trouble(self, now: datetime, *, was_registered: bool) -> LoggedOut | Failed | Blocked | None:
        if self.refused:
            return Blocked(Reason.UNSUPPORTED_BROWSER)
        left = self.loaded and was_registered and self.registered is False
        if left or (self.told in _LOGOUTS and (was_registered or self.registered)):
            return LoggedOut(_LOGOUTS.get(self.told or "", Reason.LOGGED_OUT))
        reason = (
            _TOLD.get(self.told or "") or _SCREENS.get(self.socket or "") or _SCREENS.get(self.mode or "")
        )
        if reason is None and self.needs_update and not self._in_step:
            reason = Reason.UPDATE_REQUIRED  # a page in step that wants an update goes on working
        return trouble(reason, until=self._end(now)) if reason else None

    def _end(self, now: datetime) -> datetime | None:
        if self.told != "ban" or self.until is None or self.until <= 0:
            return None
        return now + timedelta(milliseconds=min(self.until, MAX_UNTIL))

    @property
    def _in_step(self) -> bool:
        return bool(self.registered and self.synced and self.mode == "MAIN" and self.up)

    def _linked(self) -> PageEvent:
        if self.lost and self.socket == "CONNECTED":
            # The page's own connection stands, and its stream does not come back: only a new document helps.
            return Failed(Reason.REPLACED)
        if self.lost or self.mode == "OFFLINE":
            return ConnectionLost()
        if self._in_step and self.number is not None:
            try:
                return Ready(Account(self.number, self.name, self.platform, picture=self.picture))
            except ValueError:
                return Failed(Reason.INTERNAL_ERROR)
        return Authenticated(self.progress)

    def _unlinked(self, now: datetime) -> PageEvent | None:
        if self.pairs and self.mode != "OFFLINE" and not self.offline:
            return self._paired(now)
        if self.socket == "UNPAIRED":
            return self._issued(now)
        if self.offline or self.mode == "OFFLINE":
            return ConnectionLost()
        if self.socket == "UNPAIRED_IDLE":
            return QrSpent()
        if self.socket in {None, "UNLAUNCHED"}:
            return PageLoaded()
        return QrWithdrawn()

    def _issued(self, now: datetime) -> QrIssued | None:
        """Give the code; None where the DOM has not caught up with the model yet, or the text is no code."""
        if not self.code or not _plausible(self.code) or self.remaining is None or self.remaining <= 0:
            return None
        return QrIssued(Code(self.code, now + timedelta(milliseconds=min(self.remaining, MAX_REMAINING))))

    def _paired(self, now: datetime) -> PairingCodeIssued | PairingFailed | QrSpent | None:
        """Give the code to type; None until it is there. A dead one is left on the screen by the page."""
        if self.failed:
            return PairingFailed()
        if self.pairing_spent:
            return QrSpent()
        if self.pairing is None or self.remaining is None:
            return None
        end = now + timedelta(milliseconds=min(self.remaining, MAX_REMAINING))
        try:
            return PairingCodeIssued(PairingCode(self.pairing, end, self.entered))
        except ValueError:
            return None


def _address(value: Any) -> str | None:
    """Give the address of a picture, as a page may show one; None for anything else."""
    return (
        value if isinstance(value, str) and len(value) <= MAX_ADDRESS and _ADDRESS.fullmatch(value) else None
    )


def _plausible(code: str) -> bool:
    return len(code) <= MAX_CODE and code.isascii() and not code.startswith("undefined")


def _finite(value: Any) -> float:
    """Give a number that can be reckoned with; JSON as the page writes it knows others. Raises ValueError."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("no finite number")
    return number


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _brief(value: Any) -> str | None:
    text = _text(value)
    return text[:MAX_NAME] if text else None


def _number(value: Any) -> float | None:
    return _finite(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
