"""What wad and its browser take: told whole, in part, or not at all, but never as an error."""

import asyncio
import os
import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from proc_sleeper import sleeper
from structlog.testing import capture_logs

from wad.browser.procfs import Memory
from wad.core.events import Failed, StartRequested
from wad.core.reasons import Reason
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.link.driver import BrowserInfo
from wad.link.session import Session
from wad.reports.documents import Daemon
from wad.reports.vitals import Reading, Vitals, Weight, read, weigh_family

WHO = Daemon("i-1", "0.1.0", datetime(2026, 11, 23, tzinfo=UTC))
KERNEL = ("uptime", "processes", "memoryBytes", "memoryKind", "cpuSeconds")
NOTHING_KNOWN = {"uptime": None, "memoryBytes": None, "memoryKind": None, "cpuSeconds": None}


class Inbox:
    """The part of the supervisor that is asked."""

    def __init__(self, pid=7):
        self.browser = BrowserInfo(running=pid is not None, version="156" if pid else None, pid=pid)


def weighed(pid):
    """Read what stands in for the kernel."""
    return Reading(
        pid, Weight(1, Memory(1024, "pss"), 1.25, 3.0), Weight(9, Memory(4096, "rss"), 60.004, 10.0)
    )


def vitals(inbox=None, reading=weighed, within=20):
    """Make vitals of a session that has failed once."""
    session = Session()
    audience = Audience(lambda: 0.0, 60.0)
    audience.join("somebody")
    commands = Commands(session, inbox or Inbox(), audience, sandbox=True)
    for event in (StartRequested(), Failed(Reason.BROWSER_CRASHED)):
        session.apply(event)
    return Vitals(commands, lambda: Counter({True: 5, False: 1}), WHO, within, reading)


def kernel(part):
    """Give what a part of the document has of the kernel."""
    return {key: part[key] for key in KERNEL if key in part}


async def test_document(io_loop):
    """Everything is told, in seconds and bytes."""
    told = await vitals().document()

    assert {
        "success": True,
        "instance": "i-1",
        "daemon": {
            "version": "0.1.0",
            "pid": os.getpid(),
            "uptime": 3.0,
            "tasks": len(asyncio.all_tasks()),
            "memoryBytes": 1024,
            "memoryKind": "pss",
            "cpuSeconds": 1.25,
        },
        "browser": {
            "running": True,
            "version": "156",
            "pid": 7,
            "uptime": 10.0,
            "restarts": 1,
            "processes": 9,
            "memoryBytes": 4096,
            "memoryKind": "rss",
            "cpuSeconds": 60.0,
        },
        "viewers": 1,
        "heartbeats": {"answered": 5, "missed": 1},
        "attempts": 1,
    } == told


async def test_no_browser(io_loop):
    """Without a browser there is nothing to weigh, and the daemon is weighed all the same."""
    told = await vitals(Inbox(pid=None), read).document()

    assert NOTHING_KNOWN | {"processes": None} == kernel(told["browser"])
    assert None not in kernel(told["daemon"]).values()


async def test_real_ones(io_loop):
    """A process and its child are weighed together; when they have ended they are not known."""
    with sleeper() as pid:
        alive = await vitals(Inbox(pid), read).document()
    gone = await vitals(Inbox(pid), read).document()

    assert 2 == alive["browser"]["processes"]
    assert alive["browser"]["memoryBytes"] > 2**20
    assert NOTHING_KNOWN | {"processes": None} == kernel(gone["browser"])
    assert weigh_family(pid) is None


async def test_one_reading_at_a_time(io_loop):
    """Whoever asks during a reading waits for that one."""
    gate, began = threading.Event(), []

    def slowly(pid):
        began.append(pid)
        gate.wait(20)
        return weighed(pid)

    both = vitals(reading=slowly)
    asked = [asyncio.create_task(both.document()) for _ in range(3)]
    await asyncio.sleep(0)
    gate.set()
    answers = await asyncio.gather(*asked)
    await both.document()

    assert [4096] * 3 == [told["browser"]["memoryBytes"] for told in answers]
    assert [7, 7] == began


async def test_late(io_loop):
    """A kernel that does not answer costs what it alone knows, and the next who asks starts no other reading."""
    gate, began = threading.Event(), []

    def stuck(pid):
        began.append(pid)
        gate.wait(20)
        return weighed(pid)

    slow = vitals(reading=stuck, within=0.01)
    with capture_logs() as logs:
        told = [await slow.document() for _ in range(2)]
    gate.set()

    assert NOTHING_KNOWN | {"processes": None} == kernel(told[1]["browser"])
    assert NOTHING_KNOWN == kernel(told[1]["daemon"])
    assert (True, "156", 1) == (told[0]["browser"]["running"], told[0]["browser"]["version"], len(began))
    assert ["vitals_late"] * 2 == [line["event"] for line in logs]


async def test_another_browser(io_loop):
    """What was read of the browser before is not told of the one that runs now."""
    inbox = Inbox(7)

    def replaced(pid):
        inbox.browser = BrowserInfo(running=True, version="157", pid=8)
        return weighed(pid)

    told = await vitals(inbox, replaced).document()

    assert (8, None) == (told["browser"]["pid"], told["browser"]["memoryBytes"])
    assert 1024 == told["daemon"]["memoryBytes"]


async def test_fault(io_loop):
    """A fault of wad's own is logged, and everything else is told."""

    def broken(_):
        raise ZeroDivisionError

    with capture_logs() as logs:
        told = await vitals(reading=broken).document()

    assert (None, 1) == (told["browser"]["memoryBytes"], told["viewers"])
    assert ["vitals_failed"] == [line["event"] for line in logs]


@pytest.mark.parametrize("begun", [False, True])
async def test_close(io_loop, begun):
    """At the end nobody waits for a reading any more, and none needs to have been asked for."""
    gate = threading.Event()
    ending = vitals(reading=lambda pid: gate.wait(20) and weighed(pid))
    asked = asyncio.create_task(ending.document()) if begun else None
    await asyncio.sleep(0)
    ending.close()
    told = await asked if asked else None
    gate.set()

    assert not begun or told["browser"]["memoryBytes"] is None
