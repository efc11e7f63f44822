"""The event names of the server that wad replaces: when each is sent, and with which argument.

Rules of this file:

* `OLD_NAMES` is the one table; a name that is not in it is not sent.
* Pure: a row decides by one change alone. Somebody who has just come is told as if everything had changed
  from nothing known to the present, so a row must read well for that, too.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from wad.core.events import ProfileCleared
from wad.core.reasons import LINKED_STATES, Reason, State
from wad.core.status import Code, PairingCode, Status
from wad.core.values import dataclass
from wad.link.session import Change
from wad.reports.documents import Document, account_info, message, timestamp

# WhatsApp did not let the account in, or not with the session that was saved.
_REFUSALS = frozenset(
    {
        Reason.LOGGED_OUT,
        Reason.HISTORY_SYNC_TIMEOUT,
        Reason.SYNC_FAILED,
        Reason.IDENTITY_CHANGED,
        Reason.ACCOUNT_LOCKED,
        Reason.TEMPORARILY_BANNED,
        Reason.TERMS_OF_SERVICE,
    }
)
FORGOTTEN = "The session is forgotten; a new code is on its way"


@dataclass(frozen=True, slots=True)
class Message:
    """One event for a client: its name, and its argument or None.

    With a `code` the argument is that code's picture, or its text if it is one to type, which the sender puts
    in; the message is void once the code is no longer live.
    """

    event: str
    argument: Any = None
    code: Code | PairingCode | None = None


@dataclass(frozen=True, slots=True)
class OldName:
    """One row: whether a change is told under the name, and the message that tells it at a given time."""

    when: Callable[[Change], bool]
    tell: Callable[[Change, datetime], Message]


def new_code(change: Change) -> bool:
    """Tell whether there is a code that was not there before."""
    return change.after.code is not None and change.after.code != change.before.code


def new_pairing(change: Change) -> bool:
    """Tell whether there is a code to type that was not there before."""
    return change.after.pairing is not None and change.after.pairing != change.before.pairing


def became_ready(change: Change) -> bool:
    """Tell whether the link is in step and was not before: also after each interruption."""
    return change.after.state is State.READY and change.before.state is not State.READY


def account_told(change: Change) -> bool:
    """Tell whether an account is ready that was not, or what is known of it has changed."""
    account = account_info(change.after)
    return account is not None and account != account_info(change.before)


def link_lost(change: Change) -> bool:
    """Tell whether the phone had scanned the code, and now the account is no longer linked or on its way."""
    return change.before.state in LINKED_STATES and change.after.state not in LINKED_STATES


def went_off(change: Change) -> bool:
    """Tell whether a link was lost, or the state became ``disconnected`` out of any other."""
    off = State.DISCONNECTED
    return link_lost(change) or (change.after.state is off and change.before.state is not off)


def refused(change: Change) -> bool:
    """Tell whether WhatsApp refused an account that was not ready, or its saved session."""
    news = change.after.reason in _REFUSALS and change.after.reason != change.before.reason
    return news and change.before.account is None


def was_reset(change: Change) -> bool:
    """Tell whether the session was just forgotten: by a reset, a logout, or because WhatsApp ended it."""
    return isinstance(change.event, ProfileCleared)


def connection_changed(change: Change) -> bool:
    """Tell whether ``connection-state`` would say anything new, besides its time."""
    return _connection(change.before) != _connection(change.after)


def _connection(status: Status) -> Document:
    return {
        "state": status.state,
        "details": message(status, has_qr=status.code is not None),
        "isReady": status.state is State.READY,
        "reconnectAttempts": status.attempts,
    }


def _connection_state(change: Change, now: datetime) -> Message:
    return Message("connection-state", _connection(change.after) | {"timestamp": timestamp(now)})


def why(change: Change) -> Reason:
    """Give the reason why a link was lost; there is none in the status where its end was asked for."""
    return change.after.reason or Reason.LOGGED_OUT


OLD_NAMES: tuple[OldName, ...] = (
    OldName(connection_changed, _connection_state),
    OldName(new_code, lambda change, _: Message("qr", code=change.after.code)),
    OldName(account_told, lambda change, _: Message("account-connected", account_info(change.after))),
    OldName(became_ready, lambda *_: Message("ready")),
    OldName(went_off, lambda change, _: Message("disconnected", why(change))),
    OldName(link_lost, lambda change, _: Message("account-disconnected", {"reason": why(change)})),
    OldName(refused, lambda change, _: Message("auth_failure", why(change))),
    OldName(was_reset, lambda *_: Message("account-reset", {"message": FORGOTTEN})),
)
