"""What befalls a service on a booted machine, and what frontends see of it through nginx."""

import pytest
from boot_harness import INSIDE, ROOT, facts


@pytest.fixture(scope="module")
def faults(package):
    """Give what was found out in one boot."""
    return facts("faults.sh", package, INSIDE / "load.py", ROOT / "tests" / "faults" / "hostile_client.py")


def counts(text: str) -> dict[str, int]:
    return {name: int(count) for name, count in (pair.split("=") for pair in text.split())}


@pytest.mark.parametrize("way", ["socket", "nginx"])
def test_ambiguous_heads_do_no_harm(faults, way):
    """At the socket and through nginx every head that leaves open where its body ends is refused."""
    assert ("[]", "[]") == (faults[f"{way}_heads_taken"], faults[f"{way}_smuggled"])
    assert "200" == faults[f"{way}_alive_after_heads"]


def test_flood_of_pings_does_no_harm(faults):
    """At the socket a websocket that pings and never reads is ended after what the kernel's buffers take.

    nginx reads on for a while from a client whose connection has been ended; wad neither hangs nor grows.
    """
    assert int(faults["socket_pings_taken"]) < 16 << 20
    assert ("200", "200") == (faults["socket_alive_after_pings"], faults["nginx_alive_after_pings"])
    assert int(faults["grown_by_harm"]) < 32 << 10


def test_harm_restarts_nothing(faults):
    """The daemon lives through all of that, and so does the link."""
    assert ("0", "qr") == (faults["restarts_by_harm"], faults["state_after_harm"])


def test_killed_under_load_no_frontend_sees_an_error(faults):
    """Through nginx every status request is answered with 200, the daemon's death notwithstanding."""
    assert {"200"} == set(counts(faults["through_nginx"]))


def test_killed_under_load_only_requests_in_flight_are_lost(faults):
    """At the socket itself a caller loses at most the one request that the dead daemon had taken."""
    seen = counts(faults["at_the_socket"])

    assert {"200", "lost"} >= set(seen)
    # Four callers, one request each.
    assert seen.get("lost", 0) <= 4


def test_killed_it_comes_back_by_itself(faults):
    """A request that arrives while nobody runs waits and is answered; one restart, no browser left over."""
    assert "0" == faults["waited_answer"]
    assert ("1", "gone", "1") == (faults["restarts"], faults["old_browser"], faults["browsers"])


def test_goes_on_without_a_journal(faults):
    """With journald stopped it goes on, and writes again once journald is back."""
    assert ("True", "True") == (faults["without_journal"], faults["with_journal_again"])


def test_watchdog_ends_what_hangs(faults):
    """A daemon that does nothing is replaced."""
    assert int(faults["watchdog_said"]) >= 1
    assert "True" == faults["after_hang"]


def test_stopped_on_purpose_it_stays_down(faults):
    """Through nginx health is 200 and degraded, a command is refused, people get a page, and none starts it."""
    assert '200 "status": "degraded"' == faults["down_health"]
    assert "503 daemon_unavailable" == faults["down_start"]
    assert "503 text/html; charset=UTF-8 systemctl status" == faults["down_page"]
    assert "inactive" == faults["stays_down"]


def test_killed_too_often_it_waits_for_a_person(faults):
    """At the start limit service and sockets fail; reset-failed and start bring them back."""
    assert "active active active" == faults["after_reset_failed"]
    assert "active" not in faults["limit_sockets"].split()
