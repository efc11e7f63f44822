"""A frontend written only from the old server's notes, in a real browser on another origin."""

from daemon_client import until
from daemon_frontend import REBOUND, served, visitor
from daemon_harness import SMALL_BROWSER, Daemon

NAMES = "window.seen.events.map((event) => event.name)"


def payloads(name):
    return f"window.seen.events.filter((event) => event.name === '{name}').map((event) => event.payload)"


async def test_a_listed_origin_sees_all_of_it(folder):
    """From a listed origin: fetch with credentials and io() work, the code shows, is scanned, and is ready."""
    async with served() as port, visitor(folder / "visitor") as page:
        env = {**SMALL_BROWSER, "WAD_HTTP_ALLOWED_ORIGINS": f"http://localhost:{port}"}
        async with Daemon(folder / "state", env=env) as daemon:
            await page.open(f"http://localhost:{port}/#http://127.0.0.1:{daemon.port}")
            code = await page.until(f"{payloads('qr')}.at(-1)", "a code on the socket")
            shown = await page.until("window.seen.status.at(-1)?.qrCode", "a code in the status")
            drawn = await page.until("document.querySelector('#qr').naturalWidth", "the picture")
            await page.value("window.start()")
            await daemon.phone("scan")
            await page.until(f"{NAMES}.includes('ready')", "the ready event")
            await page.until("window.seen.health.at(-1).status === 'ok'", "a good health")
            names = await page.value(NAMES)
            seen = await page.value("window.seen")

    assert code == shown
    assert drawn > 200
    assert seen["errors"] == []
    assert {200} == {answer["http"] for kind in ("health", "status", "start") for answer in seen[kind]}
    assert seen["start"][0]["success"] is True
    assert names.index("wa:state") < names.index("wa:qr") < names.index("account-connected")
    account = next(event["payload"] for event in seen["events"] if event["name"] == "account-connected")
    assert account["phoneNumber"] == "15551234567@c.us"


async def test_it_goes_on_through_a_restart_of_the_daemon(folder):
    """The socket comes back by itself after a restart, and brings the present code again."""
    async with served() as port, visitor(folder / "visitor") as page:
        env = {**SMALL_BROWSER, "WAD_HTTP_ALLOWED_ORIGINS": f"http://localhost:{port}"}
        async with Daemon(folder / "state", env=env) as daemon:
            await page.open(f"http://localhost:{port}/#http://127.0.0.1:{daemon.port}")
            before = await page.until(f"{payloads('qr')}.at(-1)", "a code")
            await daemon.stop()
            await page.until(f"{NAMES}.includes('disconnect')", "the end of the connection")
            await daemon.start()
            after = await page.until(
                f"{payloads('qr')}.filter((code) => code !== {before!r}).at(-1)", "the new code"
            )
            connections = len(await page.value(payloads("connect")))

    assert before != after
    assert connections == 2


async def test_an_unlisted_origin_gets_nothing(folder):
    """From an origin that is not listed neither an answer nor an event can be read, and nothing is changed."""
    async with served() as port, visitor(folder / "visitor") as page:
        env = {"WAD_HTTP_ALLOWED_ORIGINS": "https://app.example"}
        async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=env) as daemon:
            await page.open(f"http://localhost:{port}/#http://127.0.0.1:{daemon.port}")
            await page.until("window.seen.errors.length >= 2", "refusals")
            await page.until(f"{NAMES}.includes('connect_error')", "a refused socket")
            await page.value("window.start()")
            seen = await page.value("window.seen")
            status = await daemon.status()

    assert ([], [], []) == (seen["health"], seen["status"], seen["start"])
    assert {"connect_error"} == {event["name"] for event in seen["events"]}
    assert ("idle", "stopped") == (status["currentState"], status["phase"])


async def test_a_page_that_rebinds_its_name_gets_421(folder):
    """A name that leads here without being ours is refused on every route, so its page reads nothing."""
    async with visitor(folder / "visitor") as page, Daemon(folder / "state", env=SMALL_BROWSER) as daemon:
        await page.open(f"http://{REBOUND}:{daemon.port}/whatsapp/status")
        own = await page.value(f"location.host === '{REBOUND}:{daemon.port}'")
        body = await page.value("JSON.parse(document.body.innerText)")
        paths = ["/health", "/whatsapp/status", "/", "/socket.io/?EIO=4&transport=polling"]
        asked = f"Promise.all({paths}.map((path) => fetch(path).then((answer) => answer.status)))"
        codes = await page.value(f"await {asked}")

    assert own is True
    assert body["code"] == "host_refused"
    assert [421, 421, 421, 421] == codes


async def test_a_frontend_that_came_first_finds_the_daemon(folder):
    """A frontend that is open before the daemon runs shows the code once it does, without a reload."""
    async with served() as port, visitor(folder / "visitor") as page:
        env = {**SMALL_BROWSER, "WAD_HTTP_ALLOWED_ORIGINS": f"http://localhost:{port}"}
        daemon = Daemon(folder / "state", env=env)
        await page.open(f"http://localhost:{port}/#http://127.0.0.1:{daemon.port}")
        await page.until("window.seen.errors.length > 0", "nobody there")
        async with daemon:
            code = await page.until(f"{payloads('wa:qr')}.at(-1)", "a code")
            status = await until(daemon.status, "the status")

    assert code.startswith("data:image/png;base64,")
    assert status["success"] is True
