"""The page for trying out at /docs, in a real browser: it loads, keeps to the policy, and its requests are answered."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

import tempfile

from daemon_harness import Daemon
from frontend_harness import TOKEN
from ui_harness import open_harness

from wad.core.events import StopRequested

STATUS = "#operations-link-getStatus"
STOP = "#operations-commands-stop"


async def opened(tab, harness):
    """Open the page and wait for its last operation."""
    await tab.open(f"{harness.url}docs")
    await tab.until_shown("#operations-sandbox-pressButton")


async def press(tab, button):
    """Press a button by the keyboard: what unfolds above it may still move it."""
    await tab.until_shown(button)
    await tab.value(f"document.querySelector({button!r}).focus()")
    await tab.press("Enter")


async def tried(tab, operation):
    """Unfold an operation and send it as it stands: see `sent`."""
    await press(tab, f"{operation} .opblock-summary-control")
    return await sent(tab, operation)


async def sent(tab, operation):
    """Send an operation that is unfolded, and give the answer's code and body as they are shown."""
    await press(tab, f"{operation} .execute")
    answer = f"{operation} .live-responses-table .response"
    await tab.until_shown(f"{answer} .microlight, {answer} pre")
    return await tab.text(f"{answer} .response-col_status"), await tab.text(
        f"{answer} .response-col_description"
    )


async def enter(tab, token):
    """Enter the token in the dialog that asks for it."""
    await press(tab, ".auth-wrapper .authorize")
    await tab.click(".modal-ux input")
    await tab.type(token)
    await press(tab, ".modal-ux .auth-btn-wrapper .authorize")
    await press(tab, ".modal-ux .btn-done")


async def test_an_operation_is_tried_out(browser):
    """With the token entered a code is shown and a command is taken; nothing is complained of, nobody else asked."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as tab:
        locked.show_code()
        await opened(tab, locked)
        before = await tried(tab, STOP)
        await enter(tab, TOKEN)
        status = await tried(tab, STATUS)
        # The refusal is cleared away first, lest it be read as the answer to come.
        await press(tab, f"{STOP} .btn-clear")
        await tab.until_gone(f"{STOP} .live-responses-table")
        after = await sent(tab, STOP)
        complaints, foreign = tab.complaints, tab.foreign()
        shown = await tab.text()

    assert (before[0], after[0]) == ("401", "200")
    assert '"qrCode": "data:image/png;base64,' in status[1]
    assert [StopRequested()] == locked.inbox.commands
    # The browser's own word for the answer that was wanted.
    assert ["network: Failed to load resource: the server responded with a status of 401 (Unauthorized)"] == [
        each.rpartition(" ")[0] for each in complaints
    ]
    assert [] == foreign
    assert TOKEN not in shown


async def test_with_a_slash(here, browser):
    """Who types a slash at the end is led to the page, whose addresses are relative."""
    async with browser.tab() as tab:
        await tab.open(f"{here.url}docs/")
        await tab.until_shown("#operations-sandbox-pressButton")
        place, complaints = await tab.value("location.pathname"), tab.complaints

    assert ("/docs", []) == (place, complaints)


async def test_messages_are_tried_out(browser):
    """The whole daemon's page has the operations of messages, too, and one of them is answered."""
    with tempfile.TemporaryDirectory(prefix="wd-", ignore_cleanup_errors=True) as folder:
        flags = ("--sandbox", "--no-autostart")
        async with Daemon(Path(folder, "state"), *flags) as daemon, browser.tab() as tab:
            await tab.open(f"http://127.0.0.1:{daemon.port}/docs")
            await tab.until_shown("#operations-webhooks-skipWebhookEvent")
            answer = await tried(tab, "#operations-messages-getLimits")
            complaints = tab.complaints

    assert answer[0] == "200"
    assert '"newChats": {' in answer[1]
    assert [] == complaints
