"""The presenter: one rendering for each change, nothing stale, nothing late, and no code in the log."""

import asyncio
import json
import threading
from datetime import timedelta

import pytest
from frontend_harness import MORNING, TEXT
from structlog.testing import capture_logs
from web_harness import Harness

from wad.core.events import Authenticated, Failed, QrIssued, QrLapsed, RetryDue, StartRequested, Steady
from wad.core.reasons import Reason
from wad.core.status import Code
from wad.reports import presenter as presenting
from wad.reports import qr
from wad.reports.presenter import Kind, PictureError, Pictures

OTHER = TEXT.replace("2@", "2@other")


class Easel:
    """Draws as slowly as the test wants: each drawing waits in its thread until it is let go."""

    def __init__(self, monkeypatch, *, open_at_first=False):
        self.drawn = []
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()
        if open_at_first:
            self.go.set()
        monkeypatch.setitem(presenting._MAKERS, Kind.PNG, self)

    def __call__(self, text):
        self.drawn.append(text)
        self.begun.release()
        self.go.wait(20)  # a test that failed must not keep its thread for ever
        return qr.png(text)


def shown(rendered):
    """Read a rendered body."""
    return json.loads(rendered.body)


async def test_once(io_loop, harness, monkeypatch):
    """However many ask at once, a code is drawn once, and the body made once."""
    easel = Easel(monkeypatch)
    harness.show_code()
    asking = [asyncio.ensure_future(harness.presenter.status(authorised=True)) for _ in range(20)]
    await asyncio.to_thread(easel.begun.acquire)
    easel.go.set()
    bodies = await asyncio.gather(*asking)

    again = await harness.presenter.status(authorised=True)

    assert [TEXT] == easel.drawn
    assert {again} == set(bodies)
    assert again is await harness.presenter.status(authorised=True)
    assert qr.data_url(qr.png(TEXT)) == shown(again)["qrCode"]


async def test_drawn_before_asked(io_loop, harness, monkeypatch):
    """A new code is drawn as soon as it is there, whether or not anybody asks."""
    easel = Easel(monkeypatch, open_at_first=True)

    harness.show_code()
    await asyncio.to_thread(easel.begun.acquire)

    assert [TEXT] == easel.drawn


async def test_same_code_later(io_loop, harness, monkeypatch):
    """A change that leaves the code as it was makes a new body without drawing again."""
    easel = Easel(monkeypatch, open_at_first=True)
    code = Code(TEXT, MORNING + timedelta(seconds=60))
    harness.apply(StartRequested(), Failed(Reason.BROWSER_CRASHED), RetryDue(), QrIssued(code))
    first = await harness.presenter.status(authorised=True)
    harness.apply(Steady())

    second = await harness.presenter.status(authorised=True)

    assert shown(first)["seq"] + 1 == shown(second)["seq"]
    assert first.etag != second.etag
    assert [TEXT] == easel.drawn


async def test_newest(io_loop, harness, monkeypatch):
    """If the status changes while a code is drawn, the answer is for the newest."""
    easel = Easel(monkeypatch)
    harness.show_code()
    asking = asyncio.ensure_future(harness.presenter.status(authorised=True))
    await asyncio.to_thread(easel.begun.acquire)
    harness.apply(Authenticated(10))
    easel.go.set()

    answer = shown(await asking)

    assert ("authenticated", None, 10) == (answer["status"], answer["qrCode"], answer["progress"])


async def test_newer_code(io_loop, harness, monkeypatch):
    """If another code comes while one is drawn, the other is shown."""
    easel = Easel(monkeypatch)
    harness.show_code()
    asking = asyncio.ensure_future(harness.presenter.status(authorised=True))
    await asyncio.to_thread(easel.begun.acquire)
    harness.show_code(OTHER)
    easel.go.set()

    assert qr.data_url(qr.png(OTHER)) == shown(await asking)["qrCode"]


async def test_over_but_not_withdrawn(io_loop, harness):
    """A code whose time is over is not served, even before the machine withdraws it; not from memory either."""
    harness.show_code(seconds=20)
    before = await harness.presenter.status(authorised=True)
    harness.clock.forward(20)

    after = shown(await harness.presenter.status(authorised=True))

    assert shown(before)["hasQr"] is True
    assert (False, None, "qr") == (after["hasQr"], after["qrCode"], after["status"])
    assert await harness.presenter.data_url() is None
    assert {None} == {await harness.presenter.picture(kind) for kind in Kind}


async def test_over_while_drawn(io_loop, harness, monkeypatch):
    """A code that ends while it is drawn is not served."""
    easel = Easel(monkeypatch)
    harness.show_code(seconds=20)
    asking = asyncio.ensure_future(harness.presenter.status(authorised=True))
    drawing = asyncio.ensure_future(harness.presenter.picture(Kind.PNG))
    await asyncio.to_thread(easel.begun.acquire)
    harness.clock.forward(20)
    easel.go.set()

    assert shown(await asking)["qrCode"] is None
    assert await drawing is None


async def test_forgotten(io_loop, harness):
    """Once a code is withdrawn its text and pictures are kept nowhere."""
    harness.show_code()
    await harness.presenter.status(authorised=True)
    harness.apply(QrLapsed())

    assert harness.presenter._pictures._code is None
    assert {} == harness.presenter._pictures._jobs
    assert {} == harness.presenter._bodies


async def test_failure(io_loop, harness, monkeypatch):
    """If a code cannot be drawn the body tells of an error; the log has the cause and not the code."""

    def broken(text):
        raise ValueError(f"cannot draw {text}")

    monkeypatch.setitem(presenting._MAKERS, Kind.PNG, broken)
    with capture_logs() as logged:
        harness.show_code()
        answer = shown(await harness.presenter.status(authorised=True))

    assert (False, "error", False, "qr") == (
        answer["success"],
        answer["status"],
        answer["hasQr"],
        answer["currentState"],
    )
    assert {"ValueError"} == {line["error"] for line in logged}
    assert TEXT not in repr(logged)


async def test_failure_passes(io_loop, harness, monkeypatch):
    """A failed drawing is tried again by the next who asks."""
    monkeypatch.setitem(presenting._MAKERS, Kind.PNG, lambda _: 1 / 0)
    harness.show_code()
    with capture_logs():
        failed = await harness.presenter.status(authorised=True)
    monkeypatch.setitem(presenting._MAKERS, Kind.PNG, qr.png)

    answer = await harness.presenter.status(authorised=True)

    assert (False, True) == (shown(failed)["success"], shown(answer)["success"])


async def test_too_slow(io_loop, monkeypatch, tmp_path):
    """Nobody waits for a drawing longer than the deadline, and it is not begun a second time meanwhile."""
    easel = Easel(monkeypatch)
    harness = Harness(tmp_path, picture_within=0.01)
    code = harness.show_code()
    with capture_logs():
        answers = [shown(await harness.presenter.status(authorised=True)) for _ in range(3)]
    easel.go.set()

    assert {"error"} == {answer["status"] for answer in answers}
    assert qr.png(TEXT) == await harness.presenter._pictures.begin(code, Kind.PNG)
    assert [TEXT] == easel.drawn


async def test_redacted_needs_no_picture(io_loop, harness, monkeypatch):
    """Whoever may not see the code is answered without waiting for its picture."""
    easel = Easel(monkeypatch)
    harness.show_code()

    answer = shown(await harness.presenter.status(authorised=False))
    easel.go.set()

    assert (True, None, True) == (answer["hasQr"], answer["qrCode"], answer["authRequired"])


async def test_silent_failure(io_loop, monkeypatch, tmp_path):
    """A drawing that fails unasked-for leaves no exception for asyncio to report, and tells nothing of the code."""
    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    monkeypatch.setitem(presenting._MAKERS, Kind.PNG, lambda _: 1 / 0)
    pictures = Pictures(10)
    harness = Harness(tmp_path)
    code = harness.show_code()

    with capture_logs(), pytest.raises(PictureError, match=r"^the code could not be drawn$") as caught:
        await pictures.get(code, Kind.PNG)
    await asyncio.gather(*harness.presenter._pictures._jobs.values(), return_exceptions=True)
    harness.presenter._pictures.follow(None)

    assert caught.value.__cause__ is None
    assert [] == reported
