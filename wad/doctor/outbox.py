"""The outbox: whether what was accepted goes out, and what WhatsApp, or its page, has against that."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from wad.core.failures import FAILURES, Failure
from wad.doctor.case import Case
from wad.doctor.client import ask_control
from wad.doctor.finding import Finding, fail, ok, span, warn
from wad.doctor.vitals import told_of

# A message takes seconds. Whoever has many for one chat may wait for longer, at its pace.
_SLOW: Final = timedelta(minutes=10)
_STUCK: Final = timedelta(hours=1)
# Failures that are none of the message's: the next ones would fail, too.
_OF_THE_ACCOUNT: Final = frozenset({Failure.PAGE_CHANGED, Failure.REACHOUT_LOCKED, Failure.NEW_CHAT_CAP})
_RECENT: Final = timedelta(days=1)


def check_outbox(case: Case) -> Iterator[Finding]:
    """Tell what waits, and for how long; and why the last one failed, where that is not its own fault."""
    outbox, why_not = told_of(case, "outbox")
    if why_not is not None:
        yield why_not
    elif outbox is None:
        mend = f"Mend what the lines disk and messages say; then: {case.how('restart')}."
        yield fail("wad cannot use the messages' file: nothing is accepted", mend)
    else:
        yield _waiting(case, outbox)
        yield from _failed(outbox["lastFailure"])


def _waiting(case: Case, outbox: Mapping[str, Any]) -> Finding:
    age = timedelta(seconds=outbox["oldestSeconds"] or 0.0)
    said = f"{outbox['depth']} waiting"
    if outbox["oldestSeconds"] is not None:
        said += f", the oldest for {span(age)}"
    if not (case.told.status or {}).get("isReady"):
        return ok(f"{said}: they go out once the link is ready" if outbox["depth"] else said)
    if age <= _SLOW:
        return ok(said)
    if locked := _locked(case):
        until = f"WhatsApp lets this account write to no stranger for another {span(locked)}"
        return warn(f"{said}; {until}", FAILURES[Failure.REACHOUT_LOCKED].action)
    # As long as a full outbox takes, if all of it is for one chat.
    wanted = case.config.messages
    longest = max(_STUCK, timedelta(seconds=wanted.outbox_limit * wanted.chat_interval))
    look = f"See what waits: {case.wadctl('outbox')}; and wad's log for outbox_waits"
    if age > longest:
        return fail(f"{said}, and the link is ready", f"{look}. Then: {case.how('restart')}.")
    again = f"{look}. Many for one chat go at its pace; else: {case.how('restart')}."
    return warn(f"{said}, and the link is ready", again)


def _locked(case: Case) -> timedelta | None:
    """Ask for how long strangers are not written to: those messages wait, and nothing is stuck."""
    try:
        told, _ = ask_control(case.socket, "limits")
        seconds = told["newChats"]["lockedSeconds"]
    except (OSError, KeyError):
        return None
    return timedelta(seconds=seconds) if seconds else None


def _failed(failure: Mapping[str, Any] | None) -> Iterator[Finding]:
    """Tell of the last failure, where it is recent and the next message would meet the same."""
    if failure is None or failure["code"] not in _OF_THE_ACCOUNT:
        return
    age = datetime.now(UTC) - datetime.fromisoformat(failure["at"])
    if age < _RECENT:
        row = FAILURES[Failure(failure["code"])]
        yield warn(f"the last failure, {span(age)} ago ({failure['code']}): {row.sentence}", row.action)
