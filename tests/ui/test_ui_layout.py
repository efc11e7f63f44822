"""Where things stand: all of it on one screen of a desk, and what can be pressed looks as if it could be."""

from itertools import product

import pytest
from ui_browser import DRAWING, Visitor
from ui_harness import open_harness, ways

from wad.core.reasons import Reason
from wad.core.status import Phase

HEIGHT = 800
DESK = [
    Visitor(language, 1280, HEIGHT, scheme, calm=True)
    for language, scheme in (("en", "light"), ("ru", "dark"))
]
PAIRING = "[data-part=pairing-code]"
STEPS = "[data-for={}] .steps ol"
# How one sees that a picture is drawn.
DRAWN = {
    "qr": DRAWING,
    "entry": PAIRING,
    "ready": "[data-part=account]",
    "blocked": "[data-part=refused]",
    "idle": "[data-action=start]",
}
# Colours as the page has computed them; what is not painted has none.
LOOK = """(() => {
  const button = document.querySelector('[data-action=%s]');
  const { borderTopStyle, borderTopColor, borderTopWidth } = getComputedStyle(button);
  return [borderTopStyle, parseFloat(borderTopWidth) >= 1, borderTopColor !== 'rgba(0, 0, 0, 0)', button.tagName];
})()"""


def come_to(here, state):
    """Bring the link to where the picture is of."""
    match state:
        case "qr":
            here.show_code()
        case "entry":
            here.show_pairing()
        case "ready":
            here.link()
        case "blocked":
            here.go(ways()[Phase.HELD_UP, Reason.HOSTS_BLOCKED])


async def seen(tab, here, state):
    """Open the page and wait until the picture is drawn."""
    come_to(here, state)
    await tab.open(here.url)
    await tab.live()
    await tab.until_shown(DRAWN[state])
    await tab.drawn()


async def box(tab, selector):
    """Give an element's place in the window: its left, top, right and bottom."""
    place = f"document.querySelector(`{selector}`).getBoundingClientRect()"
    return await tab.value(f"(({{ left, top, right, bottom }}) => [left, top, right, bottom])({place})")


@pytest.mark.parametrize("sandbox", [True, False], ids=["sandbox", "live"])
@pytest.mark.parametrize(("visitor", "state"), product(DESK, DRAWN), ids=str)
async def test_all_on_one_screen(browser, visitor, state, sandbox):
    """On 1280 x 800 nothing has to be scrolled for, from the banner to the page's foot."""
    async with open_harness(sandbox=sandbox) as here, browser.tab(visitor) as tab:
        await seen(tab, here, state)
        height = await tab.value("document.scrollingElement.scrollHeight")

    assert height <= HEIGHT


@pytest.mark.parametrize("visitor", DESK, ids=str)
@pytest.mark.parametrize("state", ["qr", "entry"])
async def test_steps_left_and_code_right(here, browser, visitor, state):
    """As on WhatsApp's own page the steps stand left of the code, and the other way to link below it."""
    scene, other_way = {"qr": ("code", "open-form"), "entry": ("entry", "cancel")}[state]
    async with browser.tab(visitor) as tab:
        await seen(tab, here, state)
        steps = await box(tab, STEPS.format(scene))
        code = await box(tab, DRAWN[state])
        other = await box(tab, f"[data-action={other_way}]")

    middle = (code[0] + code[2]) / 2
    assert steps[2] < code[0]
    assert other[1] > code[3]
    assert other[0] < middle < other[2]


async def test_on_a_phone_the_code_comes_first(here, browser):
    """Where there is no room beside it the code stands above its steps."""
    async with browser.tab(Visitor("ru", 360, 740, calm=True)) as tab:
        await seen(tab, here, "qr")
        steps, code = await box(tab, STEPS.format("code")), await box(tab, DRAWING)

    assert code[3] < steps[1]


@pytest.mark.parametrize("name", ["stop", "reset", "logout"])
async def test_what_can_be_pressed_looks_so(here, browser, name):
    """Stop, reset and log out have a border to be seen, as every other button has."""
    async with browser.tab() as tab:
        await seen(tab, here, "ready")
        look = await tab.value(LOOK % name)

    assert ["solid", True, True, "BUTTON"] == look


async def test_what_the_page_is_connected_to(here, browser):
    """The sign in the corner says whose connection it is of: nobody takes it for WhatsApp's."""
    async with browser.tab() as tab:
        await seen(tab, here, "idle")
        said = await tab.text("[data-part=link]")
        await tab.click("[data-language=ru]")
        await tab.until("document.documentElement.lang === 'ru'", "Russian")
        said_in_russian = await tab.text("[data-part=link]")

    assert "Connected to wad" == said
    assert said_in_russian.endswith(" wad")


@pytest.mark.parametrize("seconds", [178, 59])
async def test_time_left_as_a_clock_shows_it(here, browser, seconds):
    """Minutes and seconds are figures with a colon between them, as in 2:58."""
    here.show_pairing(seconds=seconds)
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.until_shown(PAIRING)
        said = await tab.text("[data-part=entry-left]")

    minutes, left = said.removeprefix("Valid for another ").split(":")
    assert (minutes, 2) == (str((seconds - 1) // 60), len(left))
