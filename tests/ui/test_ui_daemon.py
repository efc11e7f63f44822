"""The page before the real daemon, with the sandbox in a second browser: from start to logout."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

import tempfile

from daemon_harness import SMALL_BROWSER, Daemon

CODE = "[data-part=code] img"


async def scene(tab, name):
    await tab.until(f"document.body.dataset.scene === '{name}'", f"the scene {name}", 60)


async def test_from_start_to_logout(browser):
    """A visitor starts the link, throws a switch of the sandbox's phone, has it scan, and ends the link, on the page."""
    with tempfile.TemporaryDirectory(prefix="wd-", ignore_cleanup_errors=True) as folder:
        flags = ("--sandbox", "--no-autostart")
        async with Daemon(Path(folder, "state"), *flags, env=SMALL_BROWSER) as daemon, browser.tab() as tab:
            await tab.open(f"http://127.0.0.1:{daemon.port}/")
            await tab.click("[data-action=start]")
            await tab.until(f"document.querySelector('{CODE}')?.checkVisibility()", "a code", 60)
            first = await tab.value(f"document.querySelector('{CODE}').src")
            await tab.unfold("phone")
            for state in ("true", "false"):
                await tab.click("[data-phone=refuse_pairing]")
                await tab.until(
                    f"document.querySelector('[data-phone=refuse_pairing][aria-checked={state}]')", state
                )
            await tab.click("[data-phone=scan]")
            await scene(tab, "account")
            name = await tab.text("[data-part=account-number]")
            ready = await daemon.status()
            await tab.click("[data-action=logout]")
            await tab.click("[data-action=dialog-confirm]")
            await scene(tab, "code")
            other = (
                f"document.querySelector('{CODE}')?.checkVisibility() && document.querySelector('{CODE}').src"
            )
            second = await tab.until(other, "another code", 60)

    assert ("ready", True) == (ready["currentState"], "555" in name)
    assert first != second
    assert ([], []) == (tab.complaints, tab.foreign())
