"""The commands a frontend's author checks the server with, against the real daemon.

They are the acceptance test of the rule that a frontend never meets a 5xx because WhatsApp is not linked.
"""

from daemon_client import ALWAYS
from daemon_harness import SMALL_BROWSER, Daemon

ORIGIN = "https://2wix.ru"
SEED_KEYS = [
    "success",
    "status",
    "isReady",
    "hasQr",
    "qrCode",
    "currentState",
    "message",
    "accountInfo",
]
PICTURE = "data:image/png;base64,iVBORw0KGgo"


async def test_every_check_answers_200_before_anything_was_started(folder):
    """Without a link the checks answer 200, health says degraded, and the status that there is no code."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart") as daemon:
        answers = {path: await daemon.get(path) for path in ALWAYS}

    health, status = answers["/health"].json, answers["/whatsapp/status"].json
    expected = {
        "success": True,
        "status": "idle",
        "isReady": False,
        "hasQr": False,
        "qrCode": None,
        "currentState": "idle",
        "message": "WhatsApp client not ready",
        "accountInfo": None,
    }

    assert dict.fromkeys(ALWAYS, 200) == {path: answer.code for path, answer in answers.items()}
    assert ("degraded", False) == (health["status"], health["whatsapp"]["ready"])
    assert "Some services are not available (check whatsapp.ready)" == health["message"]
    assert expected == {key: status[key] for key in SEED_KEYS}
    assert SEED_KEYS == list(status)[: len(SEED_KEYS)]


async def test_a_start_from_the_frontends_origin_leads_to_a_code(folder):
    """Start answers at once for a listed origin, with its CORS headers; soon the status holds the code."""
    settings = {**SMALL_BROWSER, "WAD_HTTP_ALLOWED_ORIGINS": ORIGIN, "WAD_SANDBOX_CLOCK": "1"}
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=settings) as daemon:
        answer = await daemon.fetch("POST", "/api/whatsapp/start", headers={"Origin": ORIGIN})
        status = await daemon.new_code()
        again = await daemon.fetch("POST", "/api/whatsapp/start", headers={"Origin": ORIGIN})
        health = await daemon.fetch("GET", "/health", headers={"Origin": ORIGIN})
        same = [(await daemon.get(path)).json for path in ("/whatsapp/status", "/api/whatsapp/status")]

    keys = ("success", "status", "currentState", "hasQr", "accountInfo")
    expected = {
        "success": True,
        "status": "qr",
        "isReady": False,
        "hasQr": True,
        "qrCode": status["qrCode"],
        "currentState": "qr",
        "message": "QR code available, waiting for scan",
        "accountInfo": None,
    }

    assert (200, ORIGIN) == (answer.code, answer.headers["Access-Control-Allow-Origin"])
    assert [True, "initializing", "idle", False, None] == [answer.json[key] for key in keys]
    assert expected == {key: status[key] for key in SEED_KEYS}
    assert status["qrCode"].startswith(PICTURE)
    assert [True, "qr", "qr", True, None] == [again.json[key] for key in keys]
    assert (200, ORIGIN) == (health.code, health.headers["Access-Control-Allow-Origin"])
    assert same[0] == same[1]


async def test_the_log_has_the_lines_its_readers_grep_for(folder):
    """A start writes the seed's three lines, in their order."""
    async with Daemon(folder / "state", env=SMALL_BROWSER) as daemon:
        await daemon.new_code()
        await daemon.wait_line("[WA] event=qr")
        events = daemon.events()

    wanted = [
        "[WA] Creating and initializing new WhatsApp client...",
        "[WA] state=idle -> qr",
        "[WA] event=qr",
    ]

    assert wanted == [event for event in events if event in wanted][:3]
