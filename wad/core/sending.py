"""How a message gets from accepted to read: which news leads from which state where, and what is to be done.

Rules of this file:

* Everything that decides about a message's state is in `ROWS`; whoever needs another path adds a row.
* News without a row changes nothing: it comes late, twice, or out of order, as receipts do.
* A message is asked for once for each `Turn`, always under its own key, and never again while nobody knows
  what came of the last time: then the page's own store is looked at (`Do.LOOK`), which knows every message
  that ever began to leave.
* Success is WhatsApp's word (an ack of 1 or more), never the page's that it has taken the message.

Theory of operation. The page stores a message before it sends it, under the key it was given, and rejects a
second one with the same key (measured). So "is it in the page's store?" has an answer for ever, whatever
was killed between asking and hearing: not there, it never began to leave, and is asked for again; there
without an ack, the page is told to send it on, for after a reload it never does so by itself; there with an
ack, that is the answer.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto, unique
from typing import Final

from wad.core.failures import Failure, failure_of
from wad.core.values import dataclass


@unique
class Progress(StrEnum):
    """Where a message is: what the outside is told."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL: Final = frozenset({Progress.FAILED, Progress.CANCELLED})
OPEN: Final = frozenset({Progress.QUEUED, Progress.SENDING})


@unique
class Do(Enum):
    """What is to be done next; whoever does it tells what came of it as news."""

    NOTHING = auto()
    ASK = auto()  # have the page add and send it, under its key
    LOOK = auto()  # ask the page's own store for the key
    SEND_ON = auto()  # it is in the store without an ack: have the page send that


@dataclass(frozen=True, slots=True)
class Turn:
    """The message's turn has come: the link is ready and pacing allows it."""


@dataclass(frozen=True, slots=True)
class Acked:
    """WhatsApp's server, or the recipient, has it: 1 sent, 2 delivered, 3 read, 4 played."""

    ack: int


@dataclass(frozen=True, slots=True)
class Nacked:
    """WhatsApp's server refused it; `code` is its number, where the page gave it."""

    code: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The page, or wad, knows before anything is sent that it cannot be."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The page was asked and did not answer in time, or died over it: nobody knows whether it has it."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The page has a message with this key already."""


@dataclass(frozen=True, slots=True)
class Found:
    """The page's store has it, with this ack: 0 where it has not left yet, below that where it cannot."""

    ack: int


@dataclass(frozen=True, slots=True)
class Missing:
    """The page's store, which is whole, has no such key: it never began to leave."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The session with which it was asked for is gone, and the page's store with it."""


@dataclass(frozen=True, slots=True)
class Expired:
    """Its time is over."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Whoever sent it wants it no more."""


News = (
    Turn
    | Acked
    | Nacked
    | Refused
    | Unanswered
    | Duplicate
    | Found
    | Missing
    | Forgotten
    | Expired
    | Withdrawn
)


@dataclass(frozen=True, slots=True)
class Sending:
    """A message's state. `ack` only ever grows; `failure` is there exactly in `failed`."""

    progress: Progress = Progress.QUEUED
    ack: int = 0
    failure: Failure | None = None
    whatsapp_code: int | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from a piece of news: the state after it, and what is to be done."""

    after: Sending
    do: Do = Do.NOTHING


_BY_ACK: Final[Mapping[int, Progress]] = {
    1: Progress.SENT,
    2: Progress.DELIVERED,
    3: Progress.READ,
    4: Progress.PLAYED,
}
HIGHEST_ACK: Final = max(_BY_ACK)
_LEFT: Final = frozenset(_BY_ACK.values())

# In which states a piece of news has a place. A receipt counts in every state but the final ones, and a
# failure that nobody could be sure of is corrected by one.
ROWS: Final[Mapping[type, frozenset[Progress]]] = {
    Turn: frozenset({Progress.QUEUED}),
    Acked: OPEN | _LEFT,
    Nacked: frozenset({Progress.SENDING}),
    Refused: OPEN,
    Unanswered: frozenset({Progress.SENDING}),
    Duplicate: frozenset({Progress.SENDING}),
    Found: frozenset({Progress.SENDING}),
    Missing: frozenset({Progress.SENDING}),
    Forgotten: OPEN,
    Expired: frozenset({Progress.QUEUED}),
    Withdrawn: frozenset({Progress.QUEUED}),
}


def step(before: Sending, news: News) -> Step:
    """Give what follows; the same state, and nothing to do, where the news has no place."""
    unsure = before.failure is Failure.OUTCOME_UNKNOWN and isinstance(news, Acked)
    if before.progress not in ROWS[type(news)] and not unsure:
        return Step(before)
    if isinstance(news, Turn):
        return Step(_with(before, Progress.SENDING, tries=before.tries + 1), Do.ASK)
    if isinstance(news, Unanswered | Duplicate):
        return Step(before, Do.LOOK)
    if isinstance(news, Found):
        return _found(before, news.ack)
    return Step(_changed(before, news))


def _found(before: Sending, ack: int) -> Step:
    if ack == 0:
        return Step(before, Do.SEND_ON)
    if ack > 0:
        return Step(acked(before, ack))
    return Step(_failed(before, Failure.REJECTED))


def _changed(before: Sending, news: News) -> Sending:
    """Give the state after news that leave nothing to do."""
    match news:
        case Acked(ack):
            after = acked(before, ack)
        case Missing():
            after = _with(before, Progress.QUEUED)
        case Withdrawn():
            after = _with(before, Progress.CANCELLED)
        case Nacked(code):
            after = _failed(before, failure_of(code), code)
        case Refused(failure):
            after = _failed(before, failure)
        case Expired():
            after = _failed(before, Failure.EXPIRED)
        case _:
            unsure = before.progress is Progress.SENDING
            after = _failed(before, Failure.OUTCOME_UNKNOWN if unsure else Failure.NOT_LINKED)
    return after


def acked(before: Sending, ack: int) -> Sending:
    """Give the state after an ack; a lower one than is known comes late and changes nothing."""
    known = min(ack, HIGHEST_ACK)
    if known <= before.ack:
        return before
    return Sending(_BY_ACK[known], known, tries=before.tries)


def _with(before: Sending, progress: Progress, tries: int | None = None) -> Sending:
    return Sending(progress, before.ack, tries=before.tries if tries is None else tries)


def _failed(before: Sending, failure: Failure, code: int | None = None) -> Sending:
    return Sending(Progress.FAILED, before.ack, failure, code, before.tries)
