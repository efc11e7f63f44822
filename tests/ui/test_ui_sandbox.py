"""The sandbox on the page: the banner that tells of it, and the virtual phone with its buttons and switches."""

import pytest
from frontend_harness import TOKEN
from ui_harness import open_harness

from wad.core.events import Authenticated, QrSpent
from wad.sandbox.conditions import Conditions
from wad.sandbox.phone import COMMANDS

CODE = "[data-part=code] img"
BANNER = "[data-part=sandbox]"
NETWORK = "[data-phone=offline]"
ANSWER = "document.querySelector('[data-part=phone-answer]').innerText"
# The switches that are on.
LIT = "[...document.querySelectorAll('[data-phone][aria-checked=true]')].map((each) => each.dataset.phone)"


async def checked(tab, name="offline"):
    return await tab.value(f"document.querySelector('[data-phone={name}]').getAttribute('aria-checked')")


async def test_the_virtual_phone(here, browser):
    """In the sandbox its phone is at hand: it scans the code."""
    here.show_code()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.click(f"{BANNER} a")
        await tab.click("[data-phone=scan]")
        await tab.until("document.body.dataset.scene === 'account'", "the account")

    assert ["scan"] == [name for name, _ in here.phone.pressed]


async def test_no_phone_without_a_sandbox(browser):
    """With a real account there is no such panel, and no banner."""
    async with open_harness(sandbox=False) as real, browser.tab() as tab:
        real.show_code()
        await tab.open(real.url)
        await tab.until_shown(CODE)
        shown = [await tab.shown(f"[data-part={name}]") for name in ("phone", "sandbox")]

    assert [False, False] == shown


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_the_banner_speaks_of_a_code_while_there_is_one(here, browser, language):
    """A code to scan, a code to type, none yet, none any more: the banner says what is so."""
    word = {"en": " code", "ru": " код"}[language]
    told = {}
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.click(f"[data-language={language}]")
        await tab.live()
        told["stopped"] = await tab.text(BANNER)
        here.show_code()
        await tab.until_shown(CODE)
        told["qr"] = await tab.text(BANNER)
        await tab.heard(here.apply(QrSpent()).seq)
        told["renewing"] = await tab.text(BANNER)
        here.show_pairing()
        await tab.until_shown("[data-part=pairing-code]")
        told["typed"] = await tab.text(BANNER)
        await tab.heard(here.apply(Authenticated(50)).seq)
        told["scanned"] = await tab.text(BANNER)

    assert ["qr", "typed"] == [name for name, text in told.items() if word in text]
    assert told["qr"] != told["typed"]


async def test_without_the_token_the_banner_leads_nowhere(browser):
    """Where the phone is not shown, nobody is sent to it."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as tab:
        await tab.open(locked.url)
        await tab.until_shown(BANNER)

        assert not await tab.shown(f"{BANNER} a")


async def test_a_lasting_fault_is_a_switch(here, browser):
    """Pressed once the fault is there, pressed again it is gone, and the switch says which, by keyboard too."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await tab.unfold("phone")
        roles = await tab.value(f"document.querySelector('{NETWORK}').getAttribute('role')")
        before = await checked(tab)
        await tab.click(NETWORK)
        await tab.until(f"document.querySelector('{NETWORK}').ariaChecked === 'true'", "the fault")
        said = await tab.until(ANSWER, "the answer")
        await tab.press("Space")
        await tab.until(f"document.querySelector('{NETWORK}').ariaChecked === 'false'", "its end")

    assert ("switch", "false", "No network: on") == (roles, before, said)
    assert ["offline", "online"] == [name for name, _ in here.phone.pressed]


async def test_switches_show_what_others_did(here, browser):
    """A fault that wadctl has made is seen when the panel is opened, and that all are ended by one button."""
    here.phone.conditions.banned_seconds = 60
    here.phone.conditions.sync = "stalled"
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await tab.unfold("phone")
        await tab.until("document.querySelector('[data-phone=ban]').ariaChecked === 'true'", "the ban")
        shown = [await checked(tab, name) for name in ("stall_sync", "fail_sync", "offline")]
        here.phone.conditions.clear()
        await tab.click("[data-phone=recover]")
        await tab.until("document.querySelector('[data-phone=ban]').ariaChecked === 'false'", "its end")
        after = await checked(tab, "stall_sync")

    assert (["true", "false", "false"], "false") == (shown, after)


async def test_every_switch_takes_its_fault_back(here, browser):
    """What stands on the panel are commands of the sandbox's phone, and a switch that is on sends the other one."""
    troubled = {"offline": True, "hosts_blocked": "filter", "banned_seconds": 60, "unavailable": True}
    troubled |= {"pairing_failure": 429, "sync": "stalled"}
    here.phone.conditions = Conditions(**troubled)
    ends = ["allow_pairing", "resume_sync", "online", "unblock_hosts", "unban", "service_restored"]
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await tab.unfold("phone")
        await tab.until(f"{LIT}.length === {len(ends)}", "the switches")
        names = await tab.value(
            "[...document.querySelectorAll('[data-phone]')].map((each) => each.dataset.phone)"
        )
        for name in await tab.value(LIT):
            label = await tab.text(f"[data-phone={name}]")
            await tab.click(f"[data-phone={name}]")
            await tab.until(f"{ANSWER} === '{label}: off'", f"the answer about {name}")

    assert ends == [name for name, _ in here.phone.pressed]
    assert set() == {*names, *ends} - set(COMMANDS)
    assert set() == set(ends) & set(names)
