"""One step of the machine: what is counted, kept, stamped and forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_samples import ACCOUNT, BLOCKAGE, CODE, LATER, NOW, PAIRING, PHONE, SAMPLES, status_in

from wad.core.errors import IllegalEventError
from wad.core.events import (
    Authenticated,
    Blocked,
    BrowserClosed,
    BrowserStarted,
    ConnectionLost,
    Event,
    Failed,
    LoggedOut,
    LogoutRequested,
    PageLoaded,
    PairingCancelled,
    PairingCodeIssued,
    PairingDue,
    PairingGranted,
    PairingLapsed,
    PairingRefused,
    PairRequested,
    ProfileCleared,
    ProfileStuck,
    QrExpired,
    QrIssued,
    QrLapsed,
    QrSpent,
    QrWithdrawn,
    Ready,
    ResetRequested,
    RetryDue,
    StartRequested,
    Steady,
    StopRequested,
)
from wad.core.machine import step
from wad.core.reasons import Reason, State
from wad.core.status import Account, Code, PairingCode, Phase, Status
from wad.core.transitions import FACTS

FACT_NAMES = {"reason", "code", "account", "progress", "blockage", "codes_since", "pairing", "phone"}


def after(status: Status, *events: Event) -> Status:
    """Apply `events`, each a second after the one before."""
    for seconds, event in enumerate(events, 1):
        status = step(status, event, NOW + timedelta(seconds=seconds))
    return status


@pytest.mark.parametrize("phase", list(Phase))
def test_seq_grows_by_one(phase):
    """Whatever changes, `seq` grows by exactly one; where nothing does, the very same status comes back."""
    before = status_in(phase)
    for event in SAMPLES.values():
        try:
            status = step(before, event, LATER)
        except IllegalEventError:
            continue

        assert status is before or before.seq + 1 == status.seq


@pytest.mark.parametrize("phase", list(Phase))
def test_since_moves_with_the_state(phase):
    """`since` is stamped when the state changes, and only then."""
    before = status_in(phase)
    for event in SAMPLES.values():
        try:
            status = step(before, event, LATER)
        except IllegalEventError:
            continue

        assert (NOW if status.state is before.state else LATER) == status.since


@pytest.mark.parametrize("phase", list(Phase))
def test_facts_are_forgotten(phase):
    """Nothing is known in a phase but what its list of facts allows."""
    for source in Phase:
        for event in SAMPLES.values():
            try:
                status = step(status_in(source), event, LATER)
            except IllegalEventError:
                continue
            known = {name for name in FACT_NAMES if getattr(status, name) is not None}

            assert known <= FACTS[status.phase]


@pytest.mark.parametrize(
    ("phase", "event"),
    [
        (Phase.STARTING, StartRequested()),
        (Phase.CONNECTING, PageLoaded()),
        (Phase.WAITING_FOR_SCAN, QrIssued(CODE)),
        (Phase.RENEWING, QrSpent()),
        (Phase.SYNCING, Authenticated(20)),
        (Phase.LINKED, Ready(Account(ACCOUNT.number))),
        (Phase.LINKED, Steady()),
        (Phase.RECONNECTING, ConnectionLost()),
        (Phase.RESETTING, ResetRequested()),
    ],
)
def test_the_same_again_changes_nothing(phase, event):
    """Page events are levels: one that tells what is known already gives the same object."""
    before = status_in(phase)

    assert before is step(before, event, LATER)


def test_new_code():
    """A new code takes the place of the old one."""
    new = Code("2@new", LATER)

    assert new == step(status_in(Phase.WAITING_FOR_SCAN), QrIssued(new), LATER).code


def test_code_seen_again_keeps_its_end():
    """The page shows the same text again: its life is not prolonged by being looked at."""
    before = status_in(Phase.WAITING_FOR_SCAN)

    assert before is step(
        before, QrIssued(replace(CODE, expires_at=CODE.expires_at + timedelta(hours=1))), LATER
    )


@pytest.mark.parametrize("event", [Authenticated(), QrLapsed(), PageLoaded(), StopRequested(), QrSpent()])
def test_code_is_gone_with_the_state(event):
    """Whatever ends the state qr ends the code."""
    assert step(status_in(Phase.WAITING_FOR_SCAN), event, LATER).code is None


def test_codes_since_is_the_first_code():
    """Codes shown one after the other count from the first of them, over a new batch too."""
    status = after(
        Status(Phase.CONNECTING), QrIssued(CODE), QrLapsed(), QrSpent(), QrIssued(Code("2@next", LATER))
    )

    assert NOW + timedelta(seconds=1) == status.codes_since


def test_codes_since_begins_anew_after_a_link():
    """Codes shown after a link had come about are counted from their own first."""
    status = after(status_in(Phase.WAITING_FOR_SCAN), Authenticated(), QrIssued(CODE))

    assert NOW + timedelta(seconds=2) == status.codes_since


def test_connected_at_is_stamped():
    """An account is connected when wad first sees it, whatever the page says of the time."""
    status = step(status_in(Phase.SYNCING), Ready(ACCOUNT), LATER)

    assert replace(ACCOUNT, connected_at=LATER) == status.account


def test_connected_at_is_kept():
    """A short loss of the connection, or a new name, does not make the account a new one."""
    status = after(status_in(Phase.LINKED), ConnectionLost(), Ready(ACCOUNT))

    assert replace(ACCOUNT, connected_at=NOW) == status.account


def test_another_account_is_connected_anew():
    """Another number is another account."""
    other = Account("15557654321")

    assert replace(other, connected_at=LATER) == step(status_in(Phase.LINKED), Ready(other), LATER).account


def test_account_survives_only_a_mending_connection():
    """While the page mends its connection the account is still known; after a failure it is not."""
    lost = step(status_in(Phase.LINKED), ConnectionLost(), LATER)

    assert lost.account is not None
    assert step(lost, Failed(Reason.NETWORK_UNREACHABLE), LATER).account is None


@pytest.mark.parametrize("phase", [Phase.RESETTING, Phase.LOGGING_OUT, Phase.FORGETTING])
def test_stuck_profile_keeps_the_reset(phase):
    """A session that cannot be forgotten waits for a person, and is forgotten at the next try, not opened."""
    status = step(status_in(phase), ProfileStuck(Reason.PROFILE_LOCKED), LATER)

    assert status.phase is Phase.RESET_PENDING
    assert status.reason is Reason.PROFILE_LOCKED
    assert status.attempts == 1
    assert step(status, RetryDue(), LATER).phase is Phase.RESETTING


def test_stop_keeps_its_reason():
    """What becomes of a reset that stop overtook is not what people are told: they asked for a stop."""
    status = after(status_in(Phase.RESETTING), StopRequested(), ProfileCleared(), BrowserClosed())

    assert status.phase is Phase.STOPPED
    assert status.reason is Reason.STOPPED


@pytest.mark.parametrize("event", [Failed(Reason.BROWSER_CRASHED), Blocked(Reason.HOSTS_BLOCKED)])
@pytest.mark.parametrize("command", [StopRequested(), ResetRequested(), LogoutRequested()])
def test_trouble_does_not_overtake_a_command(command, event):
    """A browser that dies while it is being closed is no news: what was asked for goes on."""
    asked = step(status_in(Phase.LINKED), command, LATER)

    with pytest.raises(IllegalEventError):
        step(asked, event, LATER)


def test_failures_are_counted():
    """Every failure counts, through restarts and blockages."""
    status = after(
        Status(Phase.LOADING),
        Failed(Reason.LOAD_TIMEOUT),
        RetryDue(),
        Failed(Reason.BROWSER_CRASHED),
        StartRequested(),
        Blocked(Reason.HOSTS_BLOCKED),
        RetryDue(),
        PageLoaded(),
    )

    assert Phase.PROBING is status.phase
    assert status.attempts == 3


@pytest.mark.parametrize("event", [Steady(), ResetRequested(), StopRequested(), LogoutRequested()])
def test_failures_are_forgiven(event):
    """Time in which all went well, and an operator's new beginning, make earlier failures not count."""
    assert step(replace(status_in(Phase.LINKED), attempts=5), event, LATER).attempts == 0


@pytest.mark.parametrize("event", [Ready(ACCOUNT), LoggedOut(), ConnectionLost(), QrIssued(CODE)])
def test_failures_are_remembered(event):
    """Coming up once is not yet going well."""
    assert step(status_in(Phase.RESTARTING), event, LATER).attempts == 2


@pytest.mark.parametrize(
    ("reason", "state", "event"),
    [
        (Reason.BROWSER_CRASHED, State.DISCONNECTED, Failed(Reason.BROWSER_CRASHED)),
        (Reason.HOSTS_BLOCKED, State.BLOCKED, Blocked(Reason.HOSTS_BLOCKED)),
    ],
)
def test_reason_stays_until_the_page_tells_better(reason, state, event):
    """While wad tries again the state and its reason stay; a new browser alone is no news."""
    status = after(Status(Phase.LOADING), event, RetryDue(), PageLoaded())

    assert (reason, state) == (status.reason, status.state)
    assert step(status, Authenticated(), LATER).reason is None


def test_blockage_is_told_and_forgotten():
    """What was refused is known while hosts are blocked, and no longer when something else holds wad up."""
    held = step(status_in(Phase.LOADING), Blocked(Reason.HOSTS_BLOCKED, BLOCKAGE), LATER)

    assert held.blockage is BLOCKAGE
    assert after(held, RetryDue(), Blocked(Reason.STORAGE_FULL)).blockage is None


def test_expiry_is_told_after_the_stop():
    """When codes were shown long enough, the browser is closed and the reason remains."""
    status = after(status_in(Phase.RENEWING), QrExpired(), BrowserClosed())

    assert Phase.STOPPED is status.phase
    assert Reason.QR_EXPIRED is status.reason


def test_stop_overtakes_the_expiry():
    """An operator's stop is the last word."""
    status = after(status_in(Phase.RENEWING), QrExpired(), StopRequested(), BrowserClosed())

    assert Reason.STOPPED is status.reason


def test_number_waits_from_the_start_to_its_code():
    """A number given while nothing runs is known through the start, and forgotten once its code is there."""
    asked = after(Status(), PairRequested(PHONE), BrowserStarted(), PageLoaded(), QrIssued(CODE))
    pairing = step(asked, PairingDue(), LATER)
    shown = step(pairing, PairingGranted(PAIRING), LATER)

    assert [PHONE, PHONE, None] == [status.phone for status in (asked, pairing, shown)]
    assert [Phase.WAITING_FOR_SCAN, Phase.PAIRING, Phase.WAITING_FOR_ENTRY] == [
        status.phase for status in (asked, pairing, shown)
    ]
    assert [State.QR, State.IDLE, State.QR] == [status.state for status in (asked, pairing, shown)]
    assert PAIRING is shown.pairing


def test_number_outlasts_a_failure_but_not_a_blockage():
    """A browser that dies costs time only; behind what only a person can mend nobody expects a code any more."""
    asked = step(status_in(Phase.WAITING_FOR_SCAN), PairRequested(PHONE), LATER)
    failed = after(asked, Failed(Reason.BROWSER_CRASHED), RetryDue(), QrIssued(CODE))
    held = after(asked, Blocked(Reason.HOSTS_BLOCKED), RetryDue(), QrIssued(CODE))

    assert (Phase.WAITING_FOR_SCAN, PHONE) == (failed.phase, failed.phone)
    assert (Phase.WAITING_FOR_SCAN, None) == (held.phase, held.phone)


@pytest.mark.parametrize(
    "event", [StopRequested(), ResetRequested(), LogoutRequested(), PairingCancelled(), Authenticated()]
)
def test_number_is_forgotten(event):
    """Whatever else was asked for, or came about, ends the wish for a code."""
    assert step(status_in(Phase.LOADING), event, LATER).phone is None


def test_another_number():
    """The last number counts, while a code is asked for and while one is shown."""
    other = PairRequested("15557654321")

    assert "15557654321" == step(status_in(Phase.PAIRING), other, LATER).phone
    assert (Phase.PAIRING, "15557654321", None) == (
        (status := step(status_in(Phase.WAITING_FOR_ENTRY), other, LATER)).phase,
        status.phone,
        status.pairing,
    )


def test_old_code_is_not_taken_for_the_new_one():
    """What the page still shows while another code is asked for changes nothing."""
    asked = status_in(Phase.PAIRING)

    assert asked is step(asked, PairingCodeIssued(PAIRING), LATER)
    assert asked is step(asked, QrIssued(CODE), LATER)


def test_pairing_code_seen_again_keeps_its_end():
    """The page shows the same code again: its life is not prolonged by being looked at."""
    before = status_in(Phase.WAITING_FOR_ENTRY)

    assert before is step(
        before, PairingCodeIssued(PairingCode(PAIRING.text, NOW + timedelta(hours=1))), LATER
    )


def test_pairing_code_is_found_again():
    """A page that lost its connection for a moment still has the code."""
    status = after(status_in(Phase.WAITING_FOR_ENTRY), ConnectionLost(), PairingCodeIssued(PAIRING))

    assert (Phase.WAITING_FOR_ENTRY, PAIRING) == (status.phase, status.pairing)


def test_refusal_is_shown_beside_the_code():
    """Why there is a QR code instead is known until another code is asked for, or the link comes about."""
    refused = after(status_in(Phase.PAIRING), PairingRefused(), QrWithdrawn(), QrIssued(CODE))
    renewed = after(refused, QrSpent(), QrIssued(Code("2@next", LATER)))

    assert (State.QR, Reason.PAIRING_REFUSED, None) == (refused.state, refused.reason, refused.phone)
    assert Reason.PAIRING_REFUSED is renewed.reason
    assert step(renewed, PairRequested(PHONE), LATER).reason is None
    assert step(renewed, Authenticated(), LATER).reason is None


@pytest.mark.parametrize("event", [PairingLapsed(), PairingCancelled(), QrSpent()])
def test_back_to_the_qr_code(event):
    """A code to type that is over makes room for codes to scan, which count from their own first."""
    status = after(status_in(Phase.WAITING_FOR_ENTRY), event, QrIssued(CODE))

    assert (None, CODE, NOW + timedelta(seconds=2)) == (status.pairing, status.code, status.codes_since)


@pytest.mark.parametrize("phase", [Phase.RESTARTING, Phase.PROBING])
def test_reason_of_a_failure_ends_with_the_code(phase):
    """Where codes are shown no failure of before is told, however its phase leads there."""
    assert step(status_in(phase), QrSpent(), LATER).reason is None
    assert step(status_in(phase), QrIssued(CODE), LATER).reason is None
