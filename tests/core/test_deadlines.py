"""The table of deadlines."""

import dataclasses
import math

import pytest

from wad.core.deadlines import NAMES, REASONS, Deadlines

QR = {"qr_quiet": 320, "qr_max": 1800, "qr_watched": 60, "pairing_life": 180}


@pytest.mark.parametrize("name", NAMES)
def test_each_has_a_reason(name):
    """Every deadline says why it is as long as it is, in one line."""
    reason = REASONS[name]

    assert [reason] == reason.splitlines()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [0, -1, math.inf, math.nan])
def test_what_never_or_always_expires_is_refused(name, value):
    """A deadline is positive and finite; the error names it."""
    with pytest.raises(ValueError, match=f"^{name} must be a positive number"):
        dataclasses.replace(Deadlines(), **{name: value})


def test_a_faster_clock_shortens_only_the_codes():
    """Scaling touches the qr deadlines and nothing that waits for a real party."""
    usual, scaled = Deadlines(), Deadlines().scaled_qr(0.1)

    changed = {name: getattr(scaled, name) for name in NAMES if getattr(scaled, name) != getattr(usual, name)}

    assert {name: pytest.approx(value / 10) for name, value in QR.items()} == changed


def test_it_is_frozen():
    """Nobody changes a deadline behind the others' back."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        Deadlines().ready = 1


def test_a_hang_is_mended_within_15_seconds():
    """The longest way from a hang to the next browser leaves 4 s for that one to be ready.

    A hang begins right behind a look; a browser that is silent for so long already is killed at once.
    """
    given = Deadlines()
    silence = given.heartbeat_misses * given.heartbeat_answer
    found = given.heartbeat_interval + silence
    killed = max(0, given.browser_silent - silence)

    assert found + killed + 1.2 * given.backoff_first + 4 <= 15


def test_a_page_at_work_does_not_hang():
    """Chats are decrypted for 2 to 3 s at a stretch; a page that opens has as long as anybody can wait for."""
    given = Deadlines()

    assert given.heartbeat_answer > 3
    assert given.heartbeat_misses * given.heartbeat_answer > 2 * 3
    assert given.heartbeat_misses_busy * given.heartbeat_answer > 20


def test_the_defaults_fit_each_other():
    """Bounds that contain others are the longer ones."""
    given = Deadlines()

    assert given.backoff_first < given.backoff_max < given.backoff_reset
    assert given.qr_quiet < given.qr_max
    assert given.browser_close + given.browser_term < given.shutdown < 25
