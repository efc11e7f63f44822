"""What is known of the link: frozen values, nothing else.

A phase is finer than a state: it is the node of the machine (`wad.core.machine`). Each phase belongs to
exactly one state, so a state is never stored, it follows.
"""

import re
from dataclasses import field
from datetime import UTC, datetime
from enum import StrEnum, unique

from wad.core.reasons import LINKED_STATES, Reason, State
from wad.core.values import dataclass


@unique
class Phase(StrEnum):
    """Where the link is. The value is what the outside sees as ``phase``."""

    STOPPED = "stopped"
    STARTING = "starting"  # the browser is being started
    LOADING = "loading"  # the page is open, its models are not there yet
    CONNECTING = "connecting"  # the page's models are there; it has shown neither a code nor an account yet
    RENEWING = "renewing"  # the codes are spent; a new batch is asked for, or not
    STOPPING = "stopping"
    RESETTING = "resetting"
    LOGGING_OUT = "logging_out"
    WAITING_FOR_SCAN = "waiting_for_scan"
    PAIRING = "pairing"  # a pairing code is asked for; the page has not given it yet
    WAITING_FOR_ENTRY = "waiting_for_entry"  # a pairing code waits to be typed on the phone
    CONFIRMING = "confirming"  # a code was scanned or entered; the page makes sure of the account
    SYNCING = "syncing"
    LINKED = "linked"
    RECONNECTING = "reconnecting"  # was linked; the page itself mends its connection
    RECOVERING = "recovering"  # something failed: clearing up, then waiting out the back-off
    FORGETTING = "forgetting"  # WhatsApp ended the link: the session is being deleted
    RESTARTING = "restarting"  # browser and page come up again after a failure
    HELD_UP = "held_up"  # a person must act; waiting for the next slow probe
    RESET_PENDING = "reset_pending"  # the session could not be deleted yet; tried again slowly
    PROBING = "probing"  # browser and page come up to see whether it goes now


STATE_OF: dict[Phase, State] = {
    Phase.STOPPED: State.IDLE,
    Phase.STARTING: State.IDLE,
    Phase.LOADING: State.IDLE,
    Phase.CONNECTING: State.IDLE,
    Phase.RENEWING: State.IDLE,
    Phase.STOPPING: State.IDLE,
    Phase.RESETTING: State.IDLE,
    Phase.LOGGING_OUT: State.IDLE,
    Phase.WAITING_FOR_SCAN: State.QR,
    Phase.PAIRING: State.IDLE,
    Phase.WAITING_FOR_ENTRY: State.QR,
    Phase.CONFIRMING: State.QR,
    Phase.SYNCING: State.AUTHENTICATED,
    Phase.LINKED: State.READY,
    Phase.RECONNECTING: State.DISCONNECTED,
    Phase.RECOVERING: State.DISCONNECTED,
    Phase.FORGETTING: State.DISCONNECTED,
    Phase.RESTARTING: State.DISCONNECTED,
    Phase.HELD_UP: State.BLOCKED,
    Phase.RESET_PENDING: State.BLOCKED,
    Phase.PROBING: State.BLOCKED,
}


@dataclass(frozen=True, slots=True)
class Code:
    """A live pairing code: the QR's whole text. A secret: whoever has it can link the account's data."""

    text: str = field(repr=False)
    expires_at: datetime

    def __post_init__(self) -> None:
        if not self.text or self.text.startswith("undefined"):
            raise ValueError("a code needs a text that does not begin with an undefined reference")
        if self.expires_at.tzinfo is None:
            raise ValueError("expires_at needs a time zone")


# The page takes them from the digits and letters that are not easily mistaken for each other.
_PAIRING_CODE = re.compile(r"[0-9A-Z]{8}")


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A live code to be typed on the phone: eight characters. A secret, as the QR's text is.

    `entered`: somebody typed a code for this number on the phone; the phone alone knows whether it was right.
    """

    text: str = field(repr=False)
    expires_at: datetime
    entered: bool = False

    def __post_init__(self) -> None:
        if not _PAIRING_CODE.fullmatch(self.text):
            raise ValueError("a pairing code has eight characters, digits and capital letters")
        if self.expires_at.tzinfo is None:
            raise ValueError("expires_at needs a time zone")


_PHONE = re.compile(r"\d{5,15}")


@dataclass(frozen=True, slots=True)
class Account:
    """Who is linked. `number` holds digits only; `platform` is the phone's, as the page names it.

    `picture` is where WhatsApp has the account's; None where it has none, or the page has not told yet.
    """

    number: str
    name: str | None = None
    platform: str | None = None
    connected_at: datetime | None = None
    picture: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not _PHONE.fullmatch(self.number):
            raise ValueError("an account's number has 5 to 15 digits")

    @property
    def wid(self) -> str:
        """WhatsApp's address of the account, without the device: ``15551234567@c.us``."""
        return f"{self.number}@c.us"


@dataclass(frozen=True, slots=True)
class Blockage:
    """What was refused when hosts are blocked: the network error's name and the address without its query."""

    cause: str
    url: str


@dataclass(frozen=True, slots=True)
class Status:
    """Everything known of the link at one moment.

    `since` is when the state last changed; `seq` grows by one with every change of anything;
    `attempts` counts the failures since the link was last steady; `codes_since` is when the first of the
    codes shown without a pause was shown; `phone` is the number, in digits, for which a pairing code is
    wanted and not there yet; `until` is when WhatsApp says that it ends what keeps the link up.
    """

    phase: Phase = Phase.STOPPED
    reason: Reason | None = None
    code: Code | None = None
    account: Account | None = None
    progress: int | None = None
    blockage: Blockage | None = None
    codes_since: datetime | None = None
    pairing: PairingCode | None = None
    phone: str | None = field(default=None, repr=False)
    until: datetime | None = None
    attempts: int = 0
    seq: int = 0
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def state(self) -> State:
        """The state the outside is told."""
        return STATE_OF[self.phase]

    @property
    def linked(self) -> bool:
        """Whether an account is there; one is known, too, while a linked page mends its connection."""
        return self.state in LINKED_STATES or self.account is not None
