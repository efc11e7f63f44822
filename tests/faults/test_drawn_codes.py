"""A build whose models are not where they were: of a page without an account, what it draws is still told."""

import base64

from daemon_client import until
from daemon_harness import SMALL_BROWSER, Daemon
from qr_scanner import scanned


def texts_of(phone):
    """Give the live codes on the screens, as the phone sees them."""
    return [
        page["shown"] for page in phone["pages"] if page.get("shown") and page["shown"] == page.get("live")
    ]


async def test_a_code_that_is_only_drawn(folder):
    """Each code on the screen is in the status, until a button lies over the last: then the build is what is told."""
    settings = {
        **SMALL_BROWSER,
        "WAD_SANDBOX_CLOCK": "4",
        "WAD_LINK_FIRST_CODE": "15",
        "WAD_LINK_PAGE_LOAD": "20",
        "WAD_LINK_NAMES_SETTLE": "0.5",
    }
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=settings) as daemon:
        await daemon.phone("unregister_models")
        await daemon.post("/api/whatsapp/start")
        told = []
        for _ in range(2):
            old = told[-1][0]["qrCode"] if told else None
            await daemon.new_code(old)

            async def look(old=old):
                """Give a status and what the phone sees, where both are of one code."""
                status = await daemon.status()
                seen = texts_of(await daemon.phone("state"))
                if status["qrCode"] in {None, old}:
                    return None
                picture = base64.b64decode(status["qrCode"].removeprefix("data:image/png;base64,"))
                return (status, seen) if [scanned(picture)] == seen else None

            told.append(await until(look, "the code on the screen"))
            await daemon.phone("next_ref")
        await daemon.wait_line("page_names_missing")
        await daemon.phone("spend")
        status = await daemon.wait(currentState="blocked")

    assert {"qr"} == {each["currentState"] for each, _ in told}
    assert told[0][1] != told[1][1]
    assert "page_changed" == status["reason"]
