"""Whatever happens in whatever order: what always holds of a status (hypothesis looks for the exception)."""

from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
from core_samples import BLOCKAGE, NOW, SAMPLES
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wad.core.errors import IllegalEventError
from wad.core.events import (
    Authenticated,
    Blocked,
    BrowserClosed,
    Event,
    Failed,
    LoggedOut,
    PairingCodeIssued,
    PairingGranted,
    PairRequested,
    ProfileStuck,
    QrIssued,
    Ready,
    StopRequested,
)
from wad.core.machine import step
from wad.core.reasons import REASONS, Reason, Retry, State
from wad.core.status import Account, Code, PairingCode, Phase, Status
from wad.core.transitions import TRANSITIONS


def reasons(*, state: State) -> st.SearchStrategy[Reason]:
    """Give the reasons that are shown in `state`."""
    return st.sampled_from([reason for reason, row in REASONS.items() if row.state is state])


codes = st.builds(
    Code, st.sampled_from(["2@a", "2@b", "2@c"]), st.integers(1, 60).map(lambda n: NOW + timedelta(seconds=n))
)
pairings = st.builds(
    PairingCode,
    st.sampled_from(["ABCD1234", "WXYZ6789"]),
    st.integers(1, 180).map(lambda n: NOW + timedelta(seconds=n)),
)
accounts = st.builds(Account, st.sampled_from(["15551234567", "15557654321"]), st.sampled_from([None, "Ann"]))
ends_session = st.sampled_from([reason for reason, row in REASONS.items() if row.retry is Retry.AT_ONCE])
mended = reasons(state=State.DISCONNECTED).filter(lambda reason: REASONS[reason].retry is not Retry.AT_ONCE)
# Events with a choice; the others are all alike.
VARIED: dict[type[Event], st.SearchStrategy[Event]] = {
    QrIssued: st.builds(QrIssued, codes),
    PairRequested: st.builds(PairRequested, st.sampled_from(["15551234567", "15557654321"])),
    PairingGranted: st.builds(PairingGranted, pairings),
    PairingCodeIssued: st.builds(PairingCodeIssued, pairings),
    Ready: st.builds(Ready, accounts),
    Authenticated: st.builds(Authenticated, st.none() | st.integers(0, 100)),
    LoggedOut: st.builds(LoggedOut, ends_session),
    Failed: st.builds(Failed, mended),
    Blocked: st.builds(Blocked, reasons(state=State.BLOCKED))
    | st.just(Blocked(Reason.HOSTS_BLOCKED, BLOCKAGE)),
    ProfileStuck: st.builds(ProfileStuck, st.sampled_from([Reason.PROFILE_LOCKED, Reason.STORAGE_FULL])),
}


def events(kinds: list[type[Event]]) -> st.SearchStrategy[Event]:
    """Give events of `kinds`, all of them equally often."""
    return st.sampled_from(kinds).flatmap(lambda kind: VARIED.get(kind, st.just(SAMPLES[kind])))


class Link(RuleBasedStateMachine):
    """A link to which anything may happen at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.status = Status(since=NOW)

    def happens(self, event: Event) -> None:
        """Apply an event a second later; one that has no place must leave everything as it is."""
        self.now += timedelta(seconds=1)
        before = self.status
        try:
            self.status = step(before, event, self.now)
        except IllegalEventError:
            assert type(event) not in TRANSITIONS[before.phase]
        self.compare(before, self.status)

    def compare(self, before: Status, after: Status) -> None:
        """Count every change by one in `seq`, and stamp those of the state in `since`; else change nothing."""
        if after is not before:
            assert before.seq + 1 == after.seq
            assert replace(after, seq=before.seq) != before
            assert (before.since if after.state is before.state else self.now) == after.since

    @rule(data=st.data())
    def what_has_a_place(self, data: st.DataObject) -> None:
        """Go on as a link does: half of the steps lead somewhere, so that long ways are tried too."""
        self.happens(data.draw(events(list(TRANSITIONS[self.status.phase]))))

    @rule(event=events(list(SAMPLES)))
    def anything(self, event: Event) -> None:
        """Apply whatever there is: late, twice, out of place."""
        self.happens(event)

    @rule()
    def stop_ends(self) -> None:
        """End stopped after a stop and the end of the browser, wherever the link was."""
        self.happens(StopRequested())
        self.happens(BrowserClosed())

        assert self.status.phase is Phase.STOPPED
        assert self.status.reason is Reason.STOPPED

    @invariant()
    def code_exactly_while_qr(self) -> None:
        """Have exactly one code while the state says so, but for the moment after the scan; and else none."""
        shown = [each for each in (self.status.code, self.status.pairing) if each is not None]

        waits = self.status.state is State.QR and self.status.phase is not Phase.CONFIRMING
        assert len(shown) == waits
        assert self.status.code is None or self.status.codes_since is not None

    @invariant()
    def number_waits_for_a_code_it_can_get(self) -> None:
        """Keep a number neither beside its code, nor where nobody is at it, nor where a session is linked."""
        if self.status.phone is not None:
            assert self.status.pairing is None
            assert self.status.phase not in {Phase.STOPPED, Phase.HELD_UP, Phase.LINKED, Phase.SYNCING}

    @invariant()
    def account_only_while_linked(self) -> None:
        """Know an account when ready, and else only while the page mends its connection."""
        if self.status.account is None:
            assert self.status.state is not State.READY
        else:
            assert self.status.phase in {Phase.LINKED, Phase.RECONNECTING}
            assert self.status.account.connected_at is not None

    @invariant()
    def reason_belongs_to_the_state(self) -> None:
        """Show a reason in its own state only, and always one in disconnected and blocked."""
        reason = self.status.reason
        if self.status.state in {State.DISCONNECTED, State.BLOCKED}:
            assert reason is not None
        if reason is not None:
            assert REASONS[reason].state is self.status.state or (
                # On the way back to the code.
                REASONS[reason].state is State.QR and self.status.phase in {Phase.RENEWING, Phase.CONNECTING}
            )

    @invariant()
    def blockage_belongs_to_blocked_hosts(self) -> None:
        """Tell what was refused while hosts are blocked, and not beside another reason."""
        if self.status.blockage is not None:
            assert self.status.reason is Reason.HOSTS_BLOCKED

    @invariant()
    def end_belongs_to_blocked(self) -> None:
        """Know when a block ends only while blocked."""
        assert self.status.until is None or self.status.state is State.BLOCKED

    @invariant()
    def progress_only_while_authenticated(self) -> None:
        """Tell progress only between the scan and ready."""
        assert self.status.progress is None or self.status.state is State.AUTHENTICATED


TestLink = Link.TestCase
# No database: what is found here belongs into the matrix as a line, not into a folder that nobody keeps.
TestLink.settings = settings(
    max_examples=200, stateful_step_count=40, deadline=None, database=None, report_multiple_bugs=False
)
