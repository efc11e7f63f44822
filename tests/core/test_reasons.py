"""The table of reasons: every one has a row, and every row is fit to be shown."""

import re

import pytest

from wad.core import errors
from wad.core.reasons import REASONS, Reason, Retry, State, reason_of

ALL = pytest.mark.parametrize("reason", list(Reason))

# The slugs the documentation promises; frontends and alerts are written against them.
PROMISED = [
    "stopped",
    "qr_expired",
    "browser_crashed",
    "browser_hung",
    "browser_missing",
    "profile_locked",
    "storage_full",
    "network_unreachable",
    "hosts_blocked",
    "service_unavailable",
    "logged_out",
    "replaced",
    "ready_timeout",
    "temporarily_banned",
    "terms_of_service",
    "update_required",
    "unsupported_browser",
    "page_changed",
]


def kinds(error: type[errors.WadError]) -> list[type[errors.WadError]]:
    """List an error class and all that are derived from it."""
    return [error, *(kind for child in error.__subclasses__() for kind in kinds(child))]


def test_every_reason_has_a_row():
    """The table is whole."""
    assert set(Reason) == set(REASONS)


@pytest.mark.parametrize("slug", PROMISED)
def test_promised_slugs(slug):
    """What the documentation promises exists."""
    assert slug == Reason(slug)


@ALL
def test_slug_form(reason):
    """A slug is the constant's name in lower case: letters and single underscores."""
    assert reason.name.lower() == reason.value
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", reason.value)


@ALL
def test_sentence_goes_on_from_a_message(reason):
    """Sentences stand after "WhatsApp client not ready: ", so they end without a full stop."""
    sentence = REASONS[reason].sentence

    assert re.fullmatch(r"\S.*[^.\s]", sentence)
    assert sentence.startswith(("WhatsApp", sentence[0].lower()))


@ALL
def test_action_is_a_whole_sentence(reason):
    """Actions stand alone: capital letter, full stop."""
    assert re.fullmatch(r"[A-Z].*[^.]\.", REASONS[reason].action)


@ALL
def test_reasons_belong_to_states_without_a_link(reason):
    """Where the link is on its way or there, the state speaks for itself, unless it is another way than asked for."""
    others = {State.QR} if reason.startswith("pairing_") else set()

    assert REASONS[reason].state in {State.IDLE, State.DISCONNECTED, State.BLOCKED} | others


@ALL
def test_retry_fits_the_state(reason):
    """Disconnected means that wad is at it; idle, that somebody has to ask; blocked, that nobody hurries."""
    allowed = {
        State.IDLE: {Retry.NEVER},
        State.QR: {Retry.NEVER},
        State.DISCONNECTED: {Retry.BACKOFF, Retry.AT_ONCE},
        State.BLOCKED: {Retry.SLOWLY, Retry.WHEN_FREE, Retry.NEVER},
    }

    assert REASONS[reason].retry in allowed[REASONS[reason].state]


@pytest.mark.parametrize(
    ("slug", "retry"),
    [
        ("hosts_blocked", Retry.SLOWLY),
        ("temporarily_banned", Retry.SLOWLY),
        ("browser_missing", Retry.NEVER),
        ("sandbox_forbidden", Retry.SLOWLY),
        ("profile_locked", Retry.WHEN_FREE),
        ("storage_full", Retry.WHEN_FREE),
        ("too_many_open_files", Retry.BACKOFF),
        ("logged_out", Retry.AT_ONCE),
    ],
)
def test_promised_retries(slug, retry):
    """How often wad tries again is promised for some."""
    assert retry is REASONS[Reason(slug)].retry


@ALL
def test_reason_of_its_slug(reason):
    """A reason is found by its slug."""
    assert reason is reason_of(reason.value)


@pytest.mark.parametrize("code", ["", "illegal_event", "no such code"])
def test_reason_of_anything_else(code):
    """An unknown code is an error of wad's own, not one more error."""
    assert Reason.INTERNAL_ERROR is reason_of(code)


@pytest.mark.parametrize("kind", kinds(errors.BrowserError), ids=lambda kind: kind.__name__)
def test_browser_errors_are_reasons(kind):
    """Whatever a driver may raise has a reason of its own in the table."""
    assert kind.code == reason_of(kind.code).value


def test_error_codes_are_distinct():
    """Errors that name a code of their own are told apart outside; the others mean what their parent means."""
    codes = [kind.code for kind in kinds(errors.WadError) if "code" in vars(kind)]

    assert sorted(set(codes)) == sorted(codes)
