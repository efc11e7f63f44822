"""The status and its pictures over HTTP: the code can be scanned, and is there exactly while it is live."""

from xml.etree import ElementTree as ET

import pytest
from frontend_harness import TEXT, TOKEN
from qr_scanner import scanned
from tornado.httpclient import AsyncHTTPClient

from wad.core.events import Authenticated, Blocked, QrLapsed, Ready
from wad.core.reasons import Reason
from wad.core.status import Account, Blockage
from wad.reports import presenter as presenting
from wad.reports import qr
from wad.reports.presenter import Kind

STATUS = "/whatsapp/status"
ACCOUNT = Account("15551234567", "Ada", "android")


async def test_scannable(io_loop, harness):
    """The picture in the status and the PNG file hold exactly the code's text."""
    harness.show_code()
    document = (await harness.ask("GET", STATUS)).json
    file = await harness.ask("GET", "/api/whatsapp/qr.png")

    assert qr.data_url(file.body) == document["qrCode"]
    assert "image/png" == file.headers["Content-Type"]
    assert TEXT == scanned(file.body)


async def test_terminal(io_loop, harness):
    """The text form shows the same modules, two in each character."""
    harness.show_code()

    answer = await harness.ask("GET", "/api/whatsapp/qr.txt")

    assert "text/plain; charset=UTF-8" == answer.headers["Content-Type"]
    assert qr.painted(qr.terminal(TEXT)) == answer.body.decode()
    assert 30 < len(answer.body.decode().splitlines()) < 45


async def test_svg(io_loop, harness):
    """The SVG form is an SVG."""
    harness.show_code()

    answer = await harness.ask("GET", "/api/whatsapp/qr.svg")

    assert "image/svg+xml" == answer.headers["Content-Type"]
    assert "{http://www.w3.org/2000/svg}svg" == ET.fromstring(answer.body).tag


@pytest.mark.parametrize("ending", ["png", "svg", "txt"])
async def test_no_code(io_loop, harness, ending):
    """Without a live code its files are not there, and the answer says so in JSON."""
    answer = await harness.ask("GET", f"/api/whatsapp/qr.{ending}")

    assert (404, "no_code") == (answer.status, answer.json["code"])


async def test_both_addresses(io_loop, harness):
    """Both addresses of the status answer the same bytes."""
    harness.show_code()

    one, other = [await harness.ask("GET", path) for path in (STATUS, "/api" + STATUS)]

    assert (one.body, one.headers["Etag"]) == (other.body, other.headers["Etag"])


async def test_etag(io_loop, harness):
    """Who has the present body gets 304 and nothing else; after a change everybody gets the new one."""
    harness.show_code()
    first = await harness.ask("GET", STATUS)
    known = {"If-None-Match": first.headers["Etag"]}

    same = await harness.ask("GET", STATUS, known)
    harness.apply(QrLapsed())
    changed = await harness.ask("GET", STATUS, known)

    assert (304, b"") == (same.status, same.body)
    assert "no-store" == same.headers["Cache-Control"]
    assert (200, False) == (changed.status, changed.json["hasQr"])


async def test_etag_hides(io_loop, open_harness):
    """The tag of a body with the code is not that of the blanked one."""
    harness = open_harness(token=TOKEN)
    harness.show_code()

    whole = await harness.ask("GET", STATUS, {"Authorization": f"Bearer {TOKEN}"})
    blanked = await harness.ask("GET", STATUS, {"If-None-Match": whole.headers["Etag"]})

    assert (200, None, True) == (blanked.status, blanked.json["qrCode"], blanked.json["authRequired"])


async def test_linked(io_loop, harness):
    """Once linked, all three documents tell the account, and readiness answers 200."""
    harness.show_code()
    harness.apply(Authenticated(50), Ready(ACCOUNT))

    status, health, account, ready = [
        await harness.ask("GET", path) for path in (STATUS, "/health", "/whatsapp/account", "/readyz")
    ]

    told = status.json["accountInfo"]
    assert "15551234567@c.us" == told["phoneNumber"]
    assert ("ready", True, "WhatsApp client is ready") == (
        status.json["status"],
        status.json["isReady"],
        status.json["message"],
    )
    assert ("ok", told) == (health.json["status"], health.json["whatsapp"]["accountInfo"])
    assert {"success": True, "account": told, "hasActiveAccount": True} == account.json
    assert 200 == ready.status


async def test_blocked(io_loop, harness):
    """When hosts are blocked the frontend still gets 200, and readiness tells monitors why not."""
    harness.show_code()
    blockage = Blockage("ERR_CONNECTION_REFUSED", "https://web.whatsapp.com/")
    harness.apply(Blocked(Reason.HOSTS_BLOCKED, blockage))

    status, ready = [await harness.ask("GET", path) for path in (STATUS, "/readyz")]

    assert (200, "blocked", "hosts_blocked") == (status.status, status.json["status"], status.json["reason"])
    assert "https://web.whatsapp.com/" == status.json["blockedUrl"]
    assert (503, "hosts_blocked") == (ready.status, ready.json["code"])


async def test_alive(io_loop, harness):
    """Liveness follows the supervisor and not the link."""
    healthy = await harness.ask("GET", "/livez")
    harness.alive = False
    stuck = await harness.ask("GET", "/livez")

    assert 200 == healthy.status
    assert (503, "supervisor_stuck") == (stuck.status, stuck.json["code"])


async def test_undrawable(io_loop, harness, monkeypatch):
    """If the code cannot be drawn the status is still 200, with its error inside; the file is an error."""
    monkeypatch.setitem(presenting._MAKERS, Kind.PNG, lambda _: 1 / 0)
    harness.show_code()

    status = await harness.ask("GET", STATUS)
    file = await harness.ask("GET", "/api/whatsapp/qr.png")

    assert (200, "error", False) == (status.status, status.json["status"], status.json["success"])
    assert (500, "internal_error") == (file.status, file.json["code"])


@pytest.mark.parametrize("path", [STATUS, "/health", "/whatsapp/account"])
async def test_always_200(io_loop, harness, monkeypatch, path):
    """Whatever breaks inside, these routes answer 200 and say in the body that nothing is ready."""
    monkeypatch.setattr("wad.web.handlers.health_document", None)
    monkeypatch.setattr("wad.web.handlers.account_document", None)
    monkeypatch.setattr(harness.presenter, "status", None)

    answer = await harness.ask("GET", path)

    assert 200 == answer.status
    assert answer.json.get("success", False) is False
    assert answer.json.get("isReady", False) is False


async def test_looking(io_loop, open_harness):
    """Only who may see the code counts as looking: with the token, by GET, and while a code may come."""
    harness = open_harness(token=TOKEN)
    right = {"Authorization": f"Bearer {TOKEN}"}
    harness.show_code()

    await harness.ask("GET", STATUS)
    await harness.ask("HEAD", STATUS, right)
    await harness.ask("GET", "/health", right)
    strangers = harness.audience.questions
    await harness.ask("GET", STATUS, right)
    await harness.ask("GET", "/api/whatsapp/qr.png", right)
    viewers = harness.audience.questions
    harness.apply(Authenticated())
    await harness.ask("GET", STATUS, right)

    assert (0, 2, 2) == (strangers, viewers, harness.audience.questions)


async def test_ordinary_client(io_loop, harness):
    """Tornado's own client reads the status, and learns from the ETag that nothing changed."""
    harness.show_code()
    address = f"http://127.0.0.1:{harness.port}{STATUS}"
    client = AsyncHTTPClient(force_instance=True)

    first = await client.fetch(address)
    second = await client.fetch(address, headers={"If-None-Match": first.headers["Etag"]}, raise_error=False)
    client.close()

    assert (200, 304) == (first.code, second.code)
