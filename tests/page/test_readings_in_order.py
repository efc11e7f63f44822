"""What the real driver makes of readings that are late, twice, or unreadable; no browser is needed for that."""

import asyncio
from types import SimpleNamespace

import pytest
from driver_harness import Told
from structlog.testing import capture_logs

from wad.core.deadlines import Deadlines
from wad.core.errors import PageError
from wad.core.events import LoggedOut, QrIssued, QrWithdrawn, Ready
from wad.core.reasons import Reason
from wad.page.browser_driver import _Run, _verdict

CODE = "2@abc,noise,identity,secret,1"


def reading(born, serial, **more):
    """Give what a page says that connects."""
    base = {
        "born": born,
        "serial": serial,
        "loaded": True,
        "registered": False,
        "socket": "OPENING",
        "mode": "QR",
    }
    return {**base, **more}


def showing(born, serial):
    """Give what a page says that shows a code."""
    return reading(born, serial, socket="UNPAIRED", code=CODE, remaining=1000)


def linked(born, serial):
    """Give what a page says that is in step."""
    account = {"number": "15551234567"}
    return reading(born, serial, registered=True, mode="MAIN", synced=True, account=account)


def run_with(read=None):
    """Give a run whose page is asked by `read`, and the ear for what it tells."""
    told = Told()
    chromium = SimpleNamespace(exited=asyncio.get_running_loop().create_future())
    run = _Run(chromium, Deadlines(), told, lambda: None)

    async def answer():
        return read

    run.tab.read = answer
    return run, told


async def test_older_readings_are_dropped():
    """In one document the serial decides, and an earlier document's last word comes too late."""
    run, told = run_with()
    for each in (showing(5, 2), reading(5, 1), reading(4, 9), showing(5, 2)):
        run._report(each)

    assert [QrIssued, QrIssued] == told.kinds


async def test_a_late_answer():
    """A snapshot that is older than what was reported meanwhile tells nothing."""
    run, _ = run_with(read=reading(5, 1))
    run._report(showing(5, 2))

    assert await run.snapshot() is None


async def test_a_clock_that_was_set_back():
    """A document that seems older is believed once a snapshot comes from it, and its reports from then on."""
    run, told = run_with(read=reading(3, 1))
    run._report(showing(5, 2))
    run._report(showing(3, 0))
    snapshot = await run.snapshot()
    run._report(showing(3, 2))

    assert QrWithdrawn() == snapshot
    assert [QrIssued, QrIssued] == told.kinds


async def test_a_logout_stays_one():
    """After it nothing the page shows belongs to the session that was there."""
    run, told = run_with(read=showing(6, 2))
    for each in (linked(5, 1), reading(5, 2), showing(6, 1)):
        run._report(each)

    assert [Ready, LoggedOut, LoggedOut] == told.kinds
    assert LoggedOut() == await run.snapshot()


async def test_an_unreadable_report():
    """It is logged without what it holds, and the next one is believed."""
    run, told = run_with()
    with capture_logs() as logs:
        run._report({**showing(5, 1), "serial": CODE})
        run._report(showing(5, 2))

    assert ["page_report_unreadable"] == [entry["event"] for entry in logs]
    assert CODE not in str(logs)
    assert [QrIssued] == told.kinds


async def test_an_unreadable_snapshot():
    """Whoever asked is told, in the one way in which a page is odd."""
    run, _ = run_with(read={})
    with pytest.raises(PageError):
        await run.snapshot()


async def test_no_observer():
    """A document without an observer tells nothing."""
    run, _ = run_with(read=None)

    assert await run.snapshot() is None


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ({}, None),
        ({"mounted": True, "hasRequire": True, "modules": {"A": True}}, None),
        ({"mounted": True, "hasRequire": True, "modules": {"A": True, "B": None}}, Reason.PAGE_CHANGED),
        ({"mounted": False, "hasRequire": True, "modules": {"A": None}}, None),
        ({"mounted": True, "hasRequire": False, "modules": {"A": None}}, None),
        ({"mounted": False, "hasRequire": False, "foreign": True}, Reason.HOSTS_BLOCKED),
        (
            {"mounted": True, "hasRequire": True, "foreign": False, "socket": "OPENING"},
            Reason.NETWORK_UNREACHABLE,
        ),
        (
            {"mounted": True, "hasRequire": True, "socket": "OPENING", "modules": {"A": None}},
            Reason.PAGE_CHANGED,
        ),
        ({"mounted": True, "hasRequire": True, "socket": "PAIRING"}, None),
    ],
)
def test_verdict(details, expected):
    """Models that are gone, a page of somebody else, and one that gets no socket are told; all else tells nothing."""
    assert expected is _verdict(details)
