"""The values of a status: what they refuse, and what they never show."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from wad.core.reasons import State
from wad.core.status import STATE_OF, Account, Code, Phase, Status
from wad.link.session import utc_now

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_states_are_the_six():
    """The outside is told these six words and no other."""
    words = {"idle", "qr", "authenticated", "ready", "disconnected", "blocked"}

    assert words == {state.value for state in State}


def test_every_state_has_a_phase():
    """No state is only a word: each belongs to some phase."""
    assert set(State) == set(STATE_OF.values())


@pytest.mark.parametrize("phase", list(Phase))
def test_state_follows_from_the_phase(phase):
    """A status' state is its phase's."""
    assert STATE_OF[phase] is Status(phase).state


def test_first_status():
    """In the beginning nothing is known and nothing has changed yet."""
    status = Status()

    assert status.phase is Phase.STOPPED
    assert status.state is State.IDLE
    assert status.seq == 0
    assert status.attempts == 0
    assert timedelta() <= utc_now() - status.since < timedelta(minutes=1)
    assert {None} == {
        status.reason,
        status.code,
        status.account,
        status.progress,
        status.blockage,
        status.codes_since,
    }


def test_status_is_frozen():
    """A status that was handed out never changes."""
    with pytest.raises(AttributeError):
        Status().seq = 1


@pytest.mark.parametrize("text", ["", "undefined,key", "undefined"])
def test_code_needs_its_text(text):
    """A page that is not ready builds codes that begin with "undefined": no phone accepts them."""
    with pytest.raises(ValueError, match="text"):
        Code(text, NOON)


def test_code_needs_a_time_zone():
    """An end without a time zone would mean another moment on another machine."""
    with pytest.raises(ValueError, match="time zone"):
        Code("2@sample", NOON.replace(tzinfo=None))


def test_code_is_not_shown():
    """Neither a code's own text form nor that of a status with it contains the secret."""
    code = Code("2@secret", NOON)

    assert "secret" not in f"{code!r} {code} {Status(Phase.WAITING_FOR_SCAN, code=code)!r}"


@pytest.mark.parametrize("number", ["12345", "15551234567", "9" * 15])
def test_account_has_an_address(number):
    """An account's address is its number at WhatsApp's domain, without a device."""
    assert f"{number}@c.us" == Account(number).wid


@pytest.mark.parametrize("number", ["", "1234", "+15551234567", "15551234567@c.us", "1555123:4567", "9" * 16])
def test_account_needs_digits(number):
    """Anything but 5 to 15 digits is no number: addresses and devices are cut off before."""
    with pytest.raises(ValueError, match="digits"):
        Account(number)


def test_clock_is_in_utc_and_grows():
    """The clock that stamps changes is in UTC."""
    readings = [utc_now() for _ in range(3)]

    assert all(reading.tzinfo is UTC for reading in readings)
    assert all(one <= two for one, two in pairwise(readings))
