"""The form for a message before the real daemon: what is seen of its way, and that it goes out once."""

from itertools import pairwise

from ui_browser import Visitor
from ui_judge import problems
from ui_linked import (
    ERROR,
    EVENTS,
    NUMBER,
    PANEL,
    SEND,
    SENT,
    SHOWN,
    TEXT,
    TO,
    count,
    fill,
    linked,
    says,
    sent_out,
    shown_by,
    started,
)

SECRET = "nobody else reads this"
WAITING = "[data-part=waiting]"
# Each thing that was said of the message, in order.
NOTE_SENT = f"""(() => {{
  globalThis.said = [];
  const node = document.querySelector('{SENT}');
  new MutationObserver(() => said.push(node.textContent)).observe(node, {{ childList: true, characterData: true }});
}})() ?? 1"""
# wad gets the first message and answers, but the answer does not arrive.
LOSE_ANSWER = """
{
  const { fetch } = globalThis;
  let lost = false;
  globalThis.fetch = async (path, options) => {
    const answer = await fetch(path, options);
    if (options.method !== 'POST' || lost) return answer;
    lost = true;
    throw new TypeError('the network is gone');
  };
}
"""


async def test_a_message_on_its_way(browser):
    """It is seen accepted, on its way, delivered and read, in this order; its text is in no log and no address."""
    async with linked(browser) as (daemon, tab):
        await tab.value(NOTE_SENT)
        await daemon.phone("slow", seconds=60)  # of the sandbox's clock, which is faster
        await fill(tab, SECRET)
        await tab.click(SEND)
        await says(tab, SENT, "Sending")
        await says(tab, SENT, "Delivered")
        await daemon.phone("read")
        await says(tab, SENT, "Read")
        said = await tab.value("said")
        left = await tab.value(f"document.querySelector('{TEXT}').value")
        out, log = await sent_out(daemon), daemon.text()

    order = ["Waiting", "Sending", "Sent", "Delivered", "Read"]
    places = [order.index(each.rpartition(": ")[2]) for each in said if each]
    assert all(one < other for one, other in pairwise(places)), said
    assert [(SECRET, 1)] == out
    assert "" == left
    assert SECRET not in log
    assert [] == [url for url in tab.asked if "nobody" in url]
    assert [] == tab.complaints


async def test_it_waits_while_whatsapp_is_not_connected(browser):
    """That it will wait is said before, that it does after; how many wait, also when the panel is closed."""
    async with linked(browser) as (daemon, tab):
        before = await tab.shown("[data-part=composer-prospect]")
        await daemon.post("/api/whatsapp/stop")
        await tab.until("document.body.dataset.scene === 'idle'", "the stop")
        await says(tab, "[data-part=composer-prospect]", "a message is accepted, and waits")
        await fill(tab, "later")
        await tab.click(SEND)
        await says(tab, SENT, f"To {SHOWN}: accepted, and waits until WhatsApp is connected")
        await says(tab, WAITING, "1 message is waiting to be sent, for ")
        await tab.click(f"{PANEL} summary")
        await says(tab, "[data-part=messages-latest]", "1 waiting")
        await tab.click(f"{PANEL} summary")
        await daemon.post("/api/whatsapp/start")
        await says(tab, SENT, "Delivered")
        await says(tab, WAITING, "No message is waiting")
        out = await sent_out(daemon)

    assert not before
    assert [("later", 1)] == out


async def test_a_double_click_sends_one(browser):
    """Pressed twice before or after the answer, it is one message, and nothing is complained of."""
    async with linked(browser) as (daemon, tab):
        await fill(tab, "once")
        x, y = await tab.value(
            f"(({{ x, y, width, height }}) => [x + width / 2, y + height / 2])"
            f"((document.querySelector('{SEND}').scrollIntoView({{ block: 'center' }}),"
            f" document.querySelector('{SEND}').getBoundingClientRect()))"
        )
        for clicks in (1, 2):
            for kind in ("mousePressed", "mouseReleased"):
                where = {"x": x, "y": y, "button": "left", "clickCount": clicks}
                await tab.send("Input.dispatchMouseEvent", type=kind, **where)
        await says(tab, SENT, "Delivered")
        complaint = await tab.text(ERROR)
        await fill(tab, "twice")
        await tab.value(
            f"document.querySelector('{SEND}').click() ?? document.querySelector('{SEND}').click() ?? 1"
        )
        await tab.until(f"document.querySelector('{TEXT}').value === ''", "the acceptance")
        await count(tab, f"{EVENTS} li[data-state=delivered]", 2)
        out = await sent_out(daemon)

    assert ("", [("once", 1), ("twice", 1)]) == (complaint, out)


async def test_a_lost_answer_sends_one(browser):
    """Where no answer comes the page says so and keeps the text; sent again it is the same message."""
    async with linked(browser, script=LOSE_ANSWER) as (daemon, tab):
        await fill(tab, "once")
        await tab.click(SEND)
        await says(tab, ERROR, "No answer came")
        kept = await tab.value(f"document.querySelector('{TEXT}').value")
        await tab.click(SEND)
        await says(tab, SENT, "Delivered")
        await fill(tab, "once")
        await tab.click(SEND)
        await count(tab, f"{EVENTS} li[data-state=delivered]", 2)
        out = await sent_out(daemon)

    assert "once" == kept
    assert [("once", 1), ("once", 1)] == out


async def test_what_is_wrong_is_said_at_its_field(browser):
    """The sentence says what to do, that field alone is marked and has the focus, and what was typed stays."""
    cases = [
        ("", "hello", TO, "Give a phone number."),
        (NUMBER, "  ", TEXT, "Write a text."),
        ("nobody", "hello", TO, "Give a number with its country code, or an id"),
    ]
    seen = []
    async with started() as daemon, browser.tab() as tab:
        for to, text, _, sentence in cases:
            await shown_by(tab, daemon)
            await fill(tab, text, to)
            await tab.click(SEND)
            await says(tab, ERROR, sentence)
            marked = await tab.value(
                "[...document.querySelectorAll('[aria-invalid=true]')].map((each) => '#' + each.id)"
            )
            focused = await tab.value("'#' + document.activeElement.id")
            kept = await tab.value(
                f"[document.querySelector('{TO}').value, document.querySelector('{TEXT}').value]"
            )
            seen.append((marked, focused, kept))

    assert [([field], field, [to, text]) for to, text, field, _ in cases] == seen


async def test_by_keyboard_on_a_narrow_screen_in_the_dark(browser):
    """Open, filled in and sent without a mouse; nothing is wrong with the picture."""
    visitor = Visitor(width=320, height=640, scheme="dark", calm=True)
    async with linked(browser, visitor) as (_, tab):
        await tab.value(f"document.querySelector('{PANEL} summary').focus() ?? 1")
        await tab.press("Enter")
        await tab.until(f"!document.querySelector('{PANEL}').open", "the panel's end")
        await tab.press("Enter")
        await tab.until(f"document.querySelector('{PANEL}').open", "the panel")
        await tab.press("Tab")
        await tab.type(NUMBER)
        await tab.press("Tab")
        await tab.type("by hand")
        await tab.press("Tab")
        focused = await tab.value("document.activeElement.dataset.action")
        await tab.press("Enter")
        await says(tab, SENT, "Delivered")
        wrong = await problems(tab, visitor, axe=True)

    assert ("send", []) == (focused, wrong)
