"""The history on the page: what happened, as much of it as a glance takes in, and the rest on demand."""

from wad.core.events import Authenticated, Ready
from wad.core.status import Account

ENTRIES = "[...document.querySelectorAll('[data-part=transitions] > li')]"
MORE = "[data-action=more]"


async def test_timeline(here, browser):
    """What happened is listed, the newest first; a daemon that was started anew begins a new list."""
    here.show_code()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await tab.unfold("timeline")
        await tab.heard(here.apply(Authenticated(50), Ready(Account("15551234567"))).seq)
        before = await tab.value(f"{ENTRIES}.map((each) => each.innerText)")
        await here.close()
        await tab.until("document.body.dataset.link === 'away'", "the daemon's end")
        here.open()
        await tab.until("document.body.dataset.link === 'live'", "the daemon's return")
        await tab.until(f"{ENTRIES}.length === 0", "an empty list")

    assert len(before) >= 2
    assert "Linked" in before[0]


async def test_who_comes_late_sees_what_was_before(here, browser):
    """The daemon remembers what happened, so the list does not begin with the visitor."""
    here.link()
    happened = ["Linked", "Loading chats", "Waiting for the phone", "Connecting to WhatsApp"]
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.unfold("timeline")
        # A list that is still folded has no text on the screen.
        shown = "[...document.querySelectorAll('[data-part=transitions] > li strong')].map((each) => each.innerText)"
        await tab.until(f"{shown}.filter(Boolean).length > 3", "the list")
        told = await tab.value(shown)

    assert happened == told[:4]


async def test_eight_entries_and_more_on_demand(here, browser):
    """A long history shows its last eight entries; one press shows all of it, another one the eight again."""
    for _ in range(3):
        here.link()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await tab.unfold("timeline")
        await tab.until_shown(MORE)
        few, offer = await tab.value(f"{ENTRIES}.length"), await tab.text(MORE)
        await tab.click(MORE)
        await tab.until(f"{ENTRIES}.length > 8", "the rest")
        whole = await tab.value(f"{ENTRIES}.length")
        expanded = await tab.value(f"document.querySelector('{MORE}').getAttribute('aria-expanded')")
        await tab.click(MORE)
        await tab.until(f"{ENTRIES}.length === 8", "the eight")

    assert (8, f"Show {whole - 8} more", "true") == (few, offer, expanded)
    assert whole >= 3 * 5


async def test_a_short_history_offers_no_more(here, browser):
    """Where eight entries are all there are, there is nothing to press."""
    here.link()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.unfold("timeline")
        await tab.until(f"{ENTRIES}.length > 3", "the list")

        assert not await tab.shown(MORE)
