"""The panel of messages before the real daemon, with the sandbox in a second browser: what failed, and the events."""

from frontend_harness import TOKEN
from ui_browser import Visitor
from ui_harness import open_harness
from ui_judge import problems
from ui_linked import (
    ERROR,
    EVENTS,
    NUMBER,
    PANEL,
    SEND,
    SENT,
    SHOWN,
    count,
    fill,
    linked,
    says,
    shown_by,
    started,
)

HOSTILE = "<img src=x onerror=alert(1)> "
FAILED, TEXTS = "[data-part=failed-list]", "[data-action=texts]"


async def test_what_failed_and_why(browser):
    """One's own failure is said beside the form, another program's to screen readers, both in a list that lasts."""
    async with linked(browser) as (daemon, tab):
        await daemon.phone("nack", code=500)
        await daemon.fetch("POST", "/api/whatsapp/messages", {"to": NUMBER, "text": "another"})
        await tab.until("document.querySelector('[data-part=messages-news]').textContent", "the news")
        news = await tab.text("[data-part=messages-news]")
        await daemon.phone("nack", code=463)
        await fill(tab, "refused")
        await tab.click(SEND)
        await says(tab, SENT, "Not sent")
        own = await tab.text(SENT)
        await says(tab, FAILED, "463")
        still = await tab.text("[data-part=messages-news]")
        await fill(tab, "refused at once", "+15559990000")
        await tab.click(SEND)
        await says(tab, ERROR, "does not let this account write to strangers")
        at_once = await tab.text(ERROR)
        await tab.open(f"http://127.0.0.1:{daemon.port}/")
        await count(tab, f"{FAILED} li", 2)
        failed = await tab.value(
            f"[...document.querySelectorAll('{FAILED} li')].map((each) => each.innerText)"
        )

    why = "WhatsApp does not let this account write to strangers for now (463)"
    action = "Wait; answers to people who wrote first go on."
    assert why in own
    assert own.endswith(action)
    assert still == news
    assert action in at_once
    assert "Possible again in " in at_once
    assert f"Not sent: {SHOWN}. WhatsApp refused the message." in news
    assert all(each in failed[0] for each in (SHOWN, why, action, "463"))
    assert all(each in failed[1] for each in ("refused the message", "Do not simply repeat it", "500"))


async def test_texts_are_shown_on_request(browser):
    """Events come without their text, which is not even hidden in the page; asked for, it is text and nothing else."""
    seen = {}
    async with started() as daemon:
        await daemon.phone("receive", text="short", name="Eve <b>Moneypenny</b>", **{"from": NUMBER})
        await daemon.phone(
            "receive", text=HOSTILE + "w" * 5000, name="Eve <b>Moneypenny</b>", **{"from": NUMBER}
        )
        for width in (1280, 360):
            async with browser.tab(Visitor(width=width, calm=True)) as tab:
                await shown_by(tab, daemon)
                await count(tab, f"{EVENTS} li", 2)
                without = await tab.value("document.documentElement.outerHTML")
                names = await tab.text(EVENTS)
                await tab.click(TEXTS)
                await says(tab, EVENTS, "short")
                texts = await tab.value(
                    "[...document.querySelectorAll('.message-text')].map((each) => each.textContent)"
                )
                made = await tab.value(f"document.querySelectorAll('{PANEL} :is(img, b, script)').length")
                wrong = await problems(tab, Visitor(width=width), axe=True)
                await tab.press("Space")
                await tab.until_gone(".message-text")
                seen[width] = without, names, texts, made, wrong

    assert [1280, 360] == list(seen)
    for without, names, texts, made, wrong in seen.values():
        assert [] == [each for each in ("short", "onerror", "www") if each in without]
        assert "Eve <b>Moneypenny</b>" in names
        assert texts[0].startswith(HOSTILE)
        assert texts[0].endswith("more characters)")
        assert len(texts[0]) < 600
        assert "short" == texts[1]
        assert (0, []) == (made, wrong)


async def test_a_text_that_was_taken_back_is_gone(browser):
    """What its sender has deleted is not shown any more; that it was there is."""
    async with linked(browser) as (daemon, tab):
        await daemon.phone("receive", text="regretted", **{"from": NUMBER})
        await tab.click(TEXTS)
        await says(tab, EVENTS, "regretted")
        await daemon.phone("revoke")
        await says(tab, EVENTS, "Deleted")
        shown = await tab.text(EVENTS)

    assert "regretted" not in shown
    assert "Received" in shown


async def test_a_reset_takes_the_events_along(browser):
    """With the session its messages are deleted, on the page, too."""
    async with linked(browser) as (daemon, tab):
        await daemon.phone("receive", text="short", **{"from": NUMBER})
        await count(tab, f"{EVENTS} li", 1)
        await daemon.post("/api/whatsapp/reset")
        await count(tab, f"{EVENTS} li", 0)
        await says(tab, "[data-part=composer-prospect]", "No account is linked yet")
        await fill(tab, "hello")
        await tab.click(SEND)
        await says(tab, ERROR, "No account is linked")
        refused = await tab.text(ERROR)

    assert refused.endswith("Link one, then send again.")


async def test_without_socketio_events_come_all_the_same(browser):
    """Where Socket.IO does not get through, wad answers when there is something."""
    async with started() as daemon, browser.tab() as tab:
        await tab.send("Network.setBlockedURLs", urls=["*/socket.io/*"])
        await tab.open(f"http://127.0.0.1:{daemon.port}/")
        await tab.until("document.body.dataset.link === 'polling'", "the polling")
        await tab.unfold("messages")
        for number in (1, 2):
            await daemon.phone("receive", text="short", **{"from": NUMBER})
            await count(tab, f"{EVENTS} li", number)
        asked = [url for url in tab.asked if "wait=" in url]

    assert len(asked) <= 10, asked


async def test_the_token_opens_it(browser):
    """Without the token nothing of messages is shown, or asked for; with it, it is; forgotten, no more."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as tab:
        await tab.open(locked.url)
        await tab.until_shown("#token-value")
        before = await tab.shown(PANEL)
        asked = [url for url in tab.asked if "/outbox" in url or "/events" in url]
        await tab.click("#token-value")
        await tab.type(TOKEN)
        await tab.press("Enter")
        await tab.until_shown(PANEL)
        await tab.click("[data-action=forget-token]")
        await tab.until_gone(PANEL)

    assert (False, []) == (before, asked)
    assert [] == [url for url in tab.asked if TOKEN in url]


async def test_a_daemon_without_messages_has_no_panel(browser):
    """Where wad answers 404 there is no panel, and the rest of the page is as ever."""
    async with open_harness(with_messages=False) as here, browser.tab() as tab:
        here.show_code()
        await tab.open(here.url)
        await tab.live()
        await tab.until(
            "performance.getEntriesByType('resource').some((each) => each.name.includes('events'))", "404"
        )
        await tab.until_shown("[data-part=code] img")
        await tab.drawn()
        shown = await tab.shown(PANEL)

    assert not shown
