"""The look at the page's names: when it comes, what is told of it, and that nobody waits for it."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from link_harness import SHORT, open_harness
from structlog.testing import capture_logs

from wad.core.errors import BrowserError, BrowserHungError, PageError
from wad.core.events import StopRequested
from wad.core.page_names import COSTS, Use
from wad.core.status import Phase
from wad.reports.selfcheck import SelfCheck, look_document

PAIRING, LOGOUT = "WAWebAltDeviceLinkingApi", "WAWebSocketModel.Socket.logout"
TOLD = ("page_names_missing", "page_names_complete", "page_unreadable", "page_check_failed")


@asynccontextmanager
async def checking(folder, **deadlines):
    """Open a harness with a self-check in it, which is due at once unless something else is wanted."""
    async with open_harness(folder, **{"names_settle": SHORT, "names_again": 600, **deadlines}) as made:
        check = SelfCheck(made.driver, made.work._deadlines)
        made.session.subscribe(check.changed)
        try:
            yield made, check
        finally:
            await check.close()


def told(logs):
    """Give what was logged of looks."""
    return [line for line in logs if line["event"] in TOLD]


async def until_looked(made, times):
    """Wait for the look of that number; the fake answers in the turn in which it is asked."""
    await made.driver.until_called("check_names", times)


def looks(made):
    """Count the looks there were."""
    return made.driver.calls.count("check_names")


async def test_a_page_that_is_whole(tmp_path):
    """The first look at a code tells once that nothing is missing; every use counts from 0 on."""
    with capture_logs() as logs:
        async with checking(tmp_path) as (made, check):
            before = check.missing
            await made.code()
            await until_looked(made, 1)
            after = check.missing

    (line,) = told(logs)
    assert ("page_names_complete", "info", "2.3000.1") == (line["event"], line["log_level"], line["build"])
    assert dict.fromkeys(Use, 0) == before == after


async def test_a_miss_and_its_mending(tmp_path):
    """A miss is told once with what it costs, however often it is seen; its mending is told, too."""
    with capture_logs() as logs:
        async with checking(tmp_path, names_again=SHORT) as (made, check):
            made.driver.phone.now("rename", name=LOGOUT)
            await made.code()
            await until_looked(made, 3)
            missing = check.missing
            made.driver.servers.renamed.clear()
            await until_looked(made, looks(made) + 1)

    first, second = told(logs)
    assert 1 == missing[Use.LOGOUT] == missing.total()
    assert ("page_names_missing", "warning") == (first["event"], first["log_level"])
    assert [f"{LOGOUT}()"] == first["names"]
    assert [COSTS[Use.LOGOUT].sentence] == first["costs"]
    assert "page_names_complete" == second["event"]


async def test_again_when_linked(tmp_path):
    """A linked page is looked at anew, and what it cannot tell of linking stays as it was known."""
    async with checking(tmp_path) as (made, check):
        made.driver.phone.now("rename", name=PAIRING)
        await made.code()
        await until_looked(made, 1)
        made.driver.phone.now("scan")
        await made.until(Phase.LINKED)
        await until_looked(made, 2)
        missing, linked = check.missing, check.last.inspection.linked

    assert linked
    assert {Use.PAIRING} == {use for use, count in missing.items() if count}


async def test_another_build_is_a_new_beginning(tmp_path, monkeypatch):
    """What an older build lacked is not held against one that cannot tell of it."""
    async with checking(tmp_path) as (made, check):
        made.driver.phone.now("rename", name=PAIRING)
        await made.code()
        await until_looked(made, 1)
        monkeypatch.setattr("fake_driver.BUILD", "2.3000.2")
        made.driver.phone.now("scan")
        await made.until(Phase.LINKED)
        await until_looked(made, 2)

        assert 0 == check.missing.total()


async def test_each_browser_is_looked_at(tmp_path):
    """A browser that replaces another is looked at anew."""
    async with checking(tmp_path) as (made, _):
        await made.code()
        await until_looked(made, 1)
        made.driver.crash()
        await made.until(Phase.RECOVERING)
        await made.until(Phase.WAITING_FOR_SCAN)
        await until_looked(made, 2)


async def test_not_before_its_time(tmp_path):
    """A page whose modules may still come is not looked at; asked for, a look says so, and nothing is told of it."""
    with capture_logs() as logs:
        async with checking(tmp_path, names_settle=600) as (made, check):
            made.driver.phone.now("rename", name=LOGOUT)
            await made.code()
            await made.settle()
            calls = looks(made)
            look = await check.look()

            assert 0 == calls == check.missing.total()
            assert [Use.LOGOUT] == [each["use"] for each in look_document(look)["missing"]]
            assert look_document(look)["settled"] is False
    assert [] == told(logs)


async def test_asked_for(tmp_path):
    """A look that was asked for is one like all others once the page has settled."""
    async with checking(tmp_path) as (made, check):
        await made.code()
        await until_looked(made, 1)
        made.driver.phone.now("rename", name=LOGOUT)
        look = await check.look()
        document = look_document(look)

        assert 1 == check.missing[Use.LOGOUT]
    assert document["settled"]
    assert "2.3000.1" == document["build"]
    assert [
        {
            "use": "logout",
            "cost": COSTS[Use.LOGOUT].sentence,
            "vital": True,
            "anyOf": [f"{LOGOUT}()"],
        }
    ] == document["missing"]


@pytest.mark.parametrize(
    ("error", "event"),
    [(PageError("odd"), "page_unreadable"), (ZeroDivisionError(), "page_check_failed")],
)
async def test_a_look_that_fails(tmp_path, error, event):
    """A look that fails is made again after a while, and costs nothing but a line."""
    with capture_logs() as logs:
        async with checking(tmp_path) as (made, _):
            made.driver.raises["check_names"] = error
            await made.code()
            await until_looked(made, 1)
            made.driver.release()
            await until_looked(made, looks(made) + 1)

    events = [line["event"] for line in told(logs)]
    assert event == events[0]
    assert "page_names_complete" == events[-1]


async def test_a_page_that_does_not_answer(tmp_path):
    """Whoever asked is told in time; the link goes on meanwhile, and its commands are carried out."""
    async with checking(tmp_path, names_settle=600, heartbeat_answer=SHORT) as (made, check):
        await made.code()
        made.driver.never.add("check_names")
        with pytest.raises(BrowserHungError):
            await check.look()
        await made.send(StopRequested())
        await made.until(Phase.STOPPED)


async def test_without_a_browser(tmp_path):
    """Without a browser there is nothing to look at, and what was known stays known."""
    async with checking(tmp_path) as (made, check):
        made.driver.phone.now("rename", name=LOGOUT)
        await made.code()
        await until_looked(made, 1)
        await made.send(StopRequested())
        await made.until(Phase.STOPPED)
        with pytest.raises(BrowserError):
            await check.look()

        assert 1 == check.missing[Use.LOGOUT]


async def test_the_end(tmp_path):
    """A look under way ends when it is closed."""
    async with checking(tmp_path) as (made, check):
        made.driver.never.add("check_names")
        await made.code()
        await made.driver.until_called("check_names")
        await check.close()

        assert [] == [task for task in asyncio.all_tasks() if task.get_name() == "wad-self-check"]
