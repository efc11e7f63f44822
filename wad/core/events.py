"""What can happen to the link: one closed union of frozen values.

Rules of this file:

* An event is a fact, told by exactly one side: an operator asks, the supervisor reports its own work, the
  page's driver reports what the page shows.
* Page events are *levels*, not edges: each describes the page's present whole, so the same one may come
  twice, late, or be replaced by a later one without harm.
* An event's fields bear the names of the facts in `wad.core.status.Status` which they set.
"""

from dataclasses import field
from datetime import datetime
from typing import Literal

from wad.core.reasons import REASONS, Reason, Retry, State
from wad.core.status import Account, Blockage, Code, PairingCode
from wad.core.values import dataclass


@dataclass(frozen=True, slots=True)
class StartRequested:
    """Somebody wants the link: an operator, autostart, or a viewer who came after the code had expired."""


@dataclass(frozen=True, slots=True)
class StopRequested:
    """An operator wants the browser closed and the session kept."""

    reason: Literal[Reason.STOPPED] = Reason.STOPPED


@dataclass(frozen=True, slots=True)
class ResetRequested:
    """An operator wants the session forgotten and a fresh start; a number waiting for its code is, too."""

    phone: None = None


@dataclass(frozen=True, slots=True)
class LogoutRequested:
    """An operator wants WhatsApp told that this device leaves, then what reset does."""

    phone: None = None


@dataclass(frozen=True, slots=True)
class PairRequested:
    """An operator wants a code to type on the phone of this number (digits, with the country code)."""

    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PairingCancelled:
    """An operator wants the QR code again, instead of a pairing code."""

    phone: None = None


@dataclass(frozen=True, slots=True)
class BrowserStarted:
    """Chromium answers, and the page is being opened."""


@dataclass(frozen=True, slots=True)
class BrowserClosed:
    """The browser is gone, with all of its processes."""


@dataclass(frozen=True, slots=True)
class ProfileCleared:
    """The session is forgotten: the profile was set aside and a new one begun."""


@dataclass(frozen=True, slots=True)
class ProfileStuck:
    """The session could not be forgotten: its folder is in use by a living process, or cannot be changed."""

    reason: Reason

    def __post_init__(self) -> None:
        if self.reason not in {Reason.PROFILE_LOCKED, Reason.STORAGE_FULL}:
            raise ValueError(f"{self.reason} does not keep a profile from being cleared")


@dataclass(frozen=True, slots=True)
class RetryDue:
    """The back-off, or the time between two probes, is over."""


@dataclass(frozen=True, slots=True)
class QrLapsed:
    """The code's time ended and the page brought no other: it must not be shown any longer."""


@dataclass(frozen=True, slots=True)
class QrExpired:
    """Codes were shown long enough without a scan."""

    reason: Literal[Reason.QR_EXPIRED] = Reason.QR_EXPIRED


@dataclass(frozen=True, slots=True)
class PairingDue:
    """The page could pair now, and there is a number that waits for its code."""


@dataclass(frozen=True, slots=True)
class PairingGranted:
    """The page gave the pairing code it was asked for."""

    pairing: PairingCode


@dataclass(frozen=True, slots=True)
class PairingRefused:
    """The page gave no pairing code for the number."""

    phone: None = None
    reason: Reason = Reason.PAIRING_REFUSED

    def __post_init__(self) -> None:
        if REASONS[self.reason].state is not State.QR:
            raise ValueError(f"{self.reason} does not end a pairing")


@dataclass(frozen=True, slots=True)
class PairingLapsed:
    """The pairing code's time ended: it must not be shown any longer."""


@dataclass(frozen=True, slots=True)
class Steady:
    """The link went well for so long that earlier failures no longer count."""


@dataclass(frozen=True, slots=True)
class PageLoaded:
    """The page's models are there; it has not said yet whether it is linked."""


@dataclass(frozen=True, slots=True)
class QrIssued:
    """The page shows a live code."""

    code: Code


@dataclass(frozen=True, slots=True)
class QrWithdrawn:
    """The page is connecting: it is not linked, and no code of it is live."""


@dataclass(frozen=True, slots=True)
class QrSpent:
    """The page used up its batch of codes, or its pairing code, and waits for somebody to ask for more."""


@dataclass(frozen=True, slots=True)
class PairingCodeIssued:
    """The page shows a live pairing code.

    While a new one is asked for it may still be the old one: whoever asked is told by `PairingGranted`.
    """

    pairing: PairingCode


@dataclass(frozen=True, slots=True)
class PairingFailed:
    """A pairing code was entered on the phone, and the page could not finish with it: the code is dead."""

    reason: Literal[Reason.PAIRING_FAILED] = Reason.PAIRING_FAILED


@dataclass(frozen=True, slots=True)
class Scanned:
    """The page has an account, and has not looked yet at what the phone signed for it."""


@dataclass(frozen=True, slots=True)
class Authenticated:
    """The page is registered and not in step yet; `progress` is 0 to 100 if the page tells."""

    progress: int | None = None

    def __post_init__(self) -> None:
        if self.progress is not None and not 0 <= self.progress <= 100:  # noqa: PLR2004 - per cent
            raise ValueError("progress is given in per cent")


@dataclass(frozen=True, slots=True)
class Ready:
    """The page is linked and in step."""

    account: Account


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The page lost its connection to WhatsApp and tries by itself to get it back."""

    reason: Literal[Reason.NETWORK_UNREACHABLE] = Reason.NETWORK_UNREACHABLE


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """WhatsApp or the phone ended the link: the session is worthless now."""

    reason: Reason = Reason.LOGGED_OUT

    def __post_init__(self) -> None:
        if REASONS[self.reason].retry is not Retry.AT_ONCE:
            raise ValueError(f"{self.reason} does not end a session")


@dataclass(frozen=True, slots=True)
class Failed:
    """Browser or page cannot go on; wad tries again by itself."""

    reason: Reason

    def __post_init__(self) -> None:
        row = REASONS[self.reason]
        if row.state is not State.DISCONNECTED or row.retry is Retry.AT_ONCE:
            raise ValueError(f"{self.reason} is no failure that wad mends by itself")


@dataclass(frozen=True, slots=True)
class Blocked:
    """The link cannot come about until a person acts, or time has passed; `until` when, if that is known."""

    reason: Reason
    blockage: Blockage | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if REASONS[self.reason].state is not State.BLOCKED:
            raise ValueError(f"{self.reason} needs no person")
        if self.until is not None and self.until.tzinfo is None:
            raise ValueError("until needs a time zone")


Command = StartRequested | StopRequested | ResetRequested | LogoutRequested | PairRequested | PairingCancelled
PageEvent = (
    PageLoaded
    | QrIssued
    | QrWithdrawn
    | QrSpent
    | PairingCodeIssued
    | PairingFailed
    | Scanned
    | Authenticated
    | Ready
    | ConnectionLost
    | LoggedOut
    | Failed
    | Blocked
)
Event = (
    Command
    | BrowserStarted
    | BrowserClosed
    | ProfileCleared
    | ProfileStuck
    | RetryDue
    | QrLapsed
    | QrExpired
    | PairingDue
    | PairingGranted
    | PairingRefused
    | PairingLapsed
    | Steady
    | PageEvent
)


def trouble(
    reason: Reason, blockage: Blockage | None = None, until: datetime | None = None
) -> LoggedOut | Failed | Blocked:
    """Give the event that reports `reason`, by the reason's row in the table; `until` is a block's known end.

    Raises ValueError for a reason that reports no trouble (``stopped``, ``qr_expired``, ``pairing_refused``).
    """
    row = REASONS[reason]
    if row.state is State.BLOCKED:
        return Blocked(reason, blockage, until)
    if row.retry is Retry.AT_ONCE:
        return LoggedOut(reason)
    return Failed(reason)
