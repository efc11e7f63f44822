"""The code in the status is the one on the page, again and again, and nowhere else."""

import base64

from daemon_client import until
from daemon_harness import SMALL_BROWSER, Daemon
from qr_scanner import scanned

# A batch is six codes; so many reach into the next one.
_MORE_THAN_A_BATCH = 8
# The last field of a code's text says which kind of client shows it: a digit, and no secret.
_SECRET_LENGTH = 8


def read_picture(url: str) -> str:
    """Return the text of the picture in a data URL, as a reader of codes sees it."""
    return scanned(base64.b64decode(url.removeprefix("data:image/png;base64,"), validate=True))


def shown_on(phone: dict) -> list[str]:
    """Return the codes on the pages' screens, which the phone hears of some milliseconds later than wad."""
    return [page["shown"] for page in phone["pages"] if page.get("shown")]


class Collector:
    """Looks at the status and at the page, and keeps every picture and every text in their order."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self.pictures: list[str] = []
        self.texts: list[str] = []

    async def look(self) -> int:
        """Take note of both; return how many pictures there were so far."""
        for text in shown_on(await self._daemon.phone("state")):
            if text not in self.texts:
                self.texts.append(text)
        picture = (await self._daemon.status())["qrCode"]
        if picture is not None and picture not in self.pictures:
            self.pictures.append(picture)
        return len(self.pictures)

    def secrets(self) -> set[str]:
        """Return what must be found nowhere: the codes' fields."""
        return {field for text in self.texts for field in text.split(",") if len(field) >= _SECRET_LENGTH}


async def test_the_picture_holds_the_text_that_the_page_shows(folder):
    """A reader of codes reads from the status, and from the PNG file, exactly what is on the page."""
    async with Daemon(folder / "state", env={**SMALL_BROWSER, "WAD_SANDBOX_CLOCK": "1"}) as daemon:
        status = await daemon.new_code()
        file = await daemon.get("/api/whatsapp/qr.png")

        async def look() -> list[str]:
            return shown_on(await daemon.phone("state"))

        shown = await until(look, "the page's word to the phone")

    picture = base64.b64encode(file.body).decode()

    assert shown == [read_picture(status["qrCode"])]
    assert shown == [read_picture(f"data:image/png;base64,{picture}")]


async def test_each_code_follows_the_page_past_the_end_of_a_batch(folder):
    """Every picture is another one and holds a text the page showed, in its order; spent, a batch is renewed."""
    async with Daemon(folder / "state", env=SMALL_BROWSER) as daemon:
        collector = Collector(daemon)

        async def enough() -> bool:
            return await collector.look() >= _MORE_THAN_A_BATCH

        await until(enough, "more codes than a batch has")
        await collector.look()
        await daemon.wait_line("qr_refresh")

    read = [read_picture(picture) for picture in collector.pictures]
    order = [collector.texts.index(text) for text in read]

    assert len(read) == len(set(read))
    assert sorted(order) == order


async def test_no_code_is_ever_written_to_the_log_or_into_an_error(folder):
    """Through codes, a link, its end and refused requests, no field of any code is in log or answers."""
    said = []
    async with Daemon(folder / "state", env={**SMALL_BROWSER, "WAD_LOG_LEVEL": "debug"}) as daemon:
        collector = Collector(daemon)

        async def several() -> bool:
            return await collector.look() >= 3

        await until(several, "several codes")
        stale = collector.texts[0]
        for path, body in (
            ("/sandbox/phone/scan", {"code": stale}),
            ("/sandbox/phone/scan", {"code": stale, "number": "x"}),
            ("/api/whatsapp/pair", {"phone": stale}),
        ):
            said.append(await daemon.fetch("POST", path, body))
        await daemon.link()
        await daemon.phone("logout")
        await daemon.new_code()
        await collector.look()
        await daemon.post("/api/whatsapp/reset")
        await daemon.new_code()
        await collector.look()
        assert await daemon.stop() == 0
        log = daemon.text()

    answers = "\n".join(answer.body.decode() for answer in said)

    assert [] == [secret for secret in collector.secrets() if secret in log]
    assert [] == [secret for secret in collector.secrets() if secret in answers]
    assert len(collector.texts) >= 3
    assert "2@" not in log


async def test_no_secret_is_in_metrics_diagnoses_or_the_log(folder):
    """A run with a token, two codes and a link that does not become ready: nothing it leaves holds a secret."""
    token = "a-token-that-nobody-may-read"
    file = folder / "token"
    file.write_text(token)
    file.chmod(0o600)
    env = {**SMALL_BROWSER, "WAD_LOG_LEVEL": "debug", "WAD_HTTP_TOKEN_FILE": str(file), "WAD_LINK_READY": "2"}
    async with Daemon(folder / "state", env=env) as daemon:
        daemon.headers["Authorization"] = f"Bearer {token}"
        collector = Collector(daemon)

        async def two() -> bool:
            return await collector.look() >= 2

        await until(two, "two codes")
        await daemon.phone("stall_sync")
        await daemon.phone("scan")
        await daemon.wait_line("diagnosis_written")
        await collector.look()
        metrics = (await daemon.get("/metrics")).body.decode()
        health = (await daemon.get("/health")).body.decode()
        refused = (
            await daemon.fetch("GET", "/metrics", headers={"Authorization": "Bearer wrong"})
        ).body.decode()
        assert await daemon.stop() == 0
        diagnoses = [path.read_text() for path in (daemon.folder / "diagnoses").iterdir()]
        left = {"log": daemon.text(), "metrics": metrics, "health": health, "refused": refused}

    left |= {f"diagnosis {index}": text for index, text in enumerate(diagnoses)}

    assert len(diagnoses) > 0
    assert "wad_state" in metrics
    assert {} == {
        where: secret
        for where, text in left.items()
        for secret in {*collector.secrets(), token}
        if secret in text
    }


async def test_a_code_that_is_over_is_not_shown(folder):
    """While the page has no live code, the status has none either, and there is no picture file."""
    async with Daemon(folder / "state", env={**SMALL_BROWSER, "WAD_LINK_FIRST_CODE": "300"}) as daemon:
        await daemon.new_code()
        await daemon.phone("offline")
        status = await daemon.wait(hasQr=False)
        file = await daemon.get("/api/whatsapp/qr.png")

    assert (None, None) == (status["qrCode"], status["qrExpiresAt"])
    assert (404, "no_code") == (file.code, file.json["code"])


async def test_codes_end_when_nobody_wants_them(folder):
    """After its time without a viewer the link is idle, and a start brings a code back."""
    # A batch of codes takes 160 s of the page's time.
    settings = {
        **SMALL_BROWSER,
        "WAD_LINK_QR_QUIET": "1",
        "WAD_LINK_QR_WATCHED": "0.1",
        "WAD_SANDBOX_CLOCK": "60",
    }
    async with Daemon(folder / "state", env=settings) as daemon:
        # The log is looked at, and not the status: whoever asks for that counts as a viewer.
        line = await daemon.wait_line(reason="qr_expired")
        status = await daemon.wait(phase="stopped")
        await daemon.post("/api/whatsapp/start")
        await daemon.new_code()

    assert "idle" == line["state"]
    assert ("idle", "qr_expired") == (status["currentState"], status["reason"])


async def test_the_sandboxs_codes_do_not_end(folder):
    """Where nobody says how long they are shown, they are renewed beyond the time of a real account's codes."""
    # By this clock a batch takes 1.6 s, and 320 s are over after two: the third would not be asked for.
    settings = {**SMALL_BROWSER, "WAD_LINK_QR_WATCHED": "0.1", "WAD_SANDBOX_CLOCK": "100"}
    async with Daemon(folder / "state", env=settings) as daemon:

        def renewed() -> bool:
            return daemon.events().count("qr_refresh") >= 3

        await until(renewed, "the third batch's end")
        status = await daemon.new_code()

    assert "qr" == status["currentState"]
