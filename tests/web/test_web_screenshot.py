"""The page as a picture: for whom, when, and within which bounds."""

import asyncio

import pytest
from frontend_harness import PICTURE, TOKEN
from web_harness import configured

from wad.core.deadlines import Deadlines
from wad.core.errors import (
    AccountShownError,
    BrowserError,
    BrowserHungError,
    DocumentReplacedError,
    PageError,
)
from wad.core.events import Authenticated, Ready
from wad.core.status import Account

PATH = "/api/whatsapp/screenshot.png"
LINKED = (Authenticated(), Ready(Account("15551234567", "Ann")))


async def test_the_picture(io_loop, harness):
    """While nothing is linked the page is shown, and nobody on the way keeps it."""
    harness.show_code()

    answer = await harness.ask("GET", PATH)

    assert (200, PICTURE, [False]) == (answer.status, answer.body, harness.camera.asked)
    assert ["image/png", "no-store"] == [answer.headers[name] for name in ("Content-Type", "Cache-Control")]


async def test_it_wants_the_token(io_loop, open_harness):
    """It may hold a code, so it is shown to whoever has the token alone."""
    harness = open_harness(token=TOKEN)

    answers = [await harness.ask("GET", PATH, {"Authorization": each}) for each in (None, f"Bearer {TOKEN}")]

    assert [401, 200] == [answer.status for answer in answers]
    assert [False] == harness.camera.asked


@pytest.mark.parametrize("events", [LINKED[:1], LINKED])
async def test_not_while_an_account_is_linked(io_loop, harness, events):
    """A linked account's page is not even asked; the answer names the setting. A reload may allow it."""
    harness.show_code()
    harness.apply(*events)

    refused = await harness.ask("GET", PATH)
    harness.guard.adopt(configured(linked_screenshots="true"), None)
    allowed = await harness.ask("GET", PATH)

    assert (409, "account_shown") == (refused.status, refused.json["code"])
    assert "linked_screenshots" in refused.json["error"]
    assert (200, [True]) == (allowed.status, harness.camera.asked)


ERRORS = [
    (AccountShownError("linked"), 409, "account_shown"),
    (BrowserError("there is no browser"), 404, "no_page"),
    (BrowserHungError("late"), 503, "no_picture"),
    (PageError("too large"), 503, "no_picture"),
    (DocumentReplacedError("gone"), 503, "no_picture"),
]


@pytest.mark.parametrize(("error", "status", "code"), ERRORS)
async def test_what_the_page_says(io_loop, harness, error, status, code):
    """The page knows of a link earlier than the status; and there may be no page, or one that is silent."""
    harness.camera.error = error

    answer = await harness.ask("GET", PATH)

    assert (status, code) == (answer.status, answer.json["code"])


async def test_one_at_a_time(io_loop, harness):
    """Who comes while a picture is taken is told to try again; the next one gets its picture."""
    harness.camera.released.clear()
    first = asyncio.create_task(harness.ask("GET", PATH))
    await harness.camera.came.wait()
    second = await harness.ask("GET", PATH)
    harness.camera.released.set()

    assert (503, "1") == (second.status, second.headers["Retry-After"])
    assert [200, 200] == [(await first).status, (await harness.ask("GET", PATH)).status]


async def test_bounded_in_time(io_loop, open_harness):
    """A driver that never comes back is not waited for, and holds no place."""
    harness = open_harness(deadlines=Deadlines(evaluate=0.05))
    harness.camera.released.clear()

    late = await harness.ask("GET", PATH)
    harness.camera.released.set()

    assert [503, 200] == [late.status, (await harness.ask("GET", PATH)).status]
