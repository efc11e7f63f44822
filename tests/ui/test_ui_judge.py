"""The judge of the pictures sees what it is there to see: a page that went wrong on purpose."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

import pytest
from daemon_client import until
from ui_browser import Visitor
from ui_judge import problems

from wad.core.events import QrWithdrawn

WRONGS = {
    "a style in an attribute": ("document.body.setAttribute('style', 'color: red')", "policy: style-src"),
    "a script's text": (
        "document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))",
        "policy: ",
    ),
    "markup made of text": ("(() => { document.body.innerHTML = '<p>x'; })()", "TrustedHTML"),
    "another host": ("fetch('https://elsewhere.example/')", "policy: connect-src https://elsewhere.example/"),
    "a form that is sent": ("document.querySelector('form').submit()", "policy: form-action"),
    "a picture that is not there": ("(new Image()).src = 'ui/none.png'", "404"),
    "an error in the console": ("console.error('oh')", "console: ['oh']"),
    "an error nobody catches": ("(setTimeout(() => { throw new Error('oh'); }), 1)", "exception: Error: oh"),
    "a promise nobody waits for": ("(Promise.reject(new Error('oh')), 1)", "exception: Error: oh"),
    "a wide thing": (
        "document.querySelector('main').append(Object.assign(document.createElement('canvas'), {width: 3000}))",
        "px wide",
    ),
    "a foreign word": ("document.querySelector('h1').append(' \u0414\u0430')", "words: "),
    "a field without a name": (
        "document.querySelector('main').append(document.createElement('input'))",
        "label:",
    ),
    "another language": ("document.documentElement.lang = 'fr'", "the language is not told"),
}
# These are complained of by nobody: the judge looks.
SEEN = {"a wide thing", "a foreign word", "a field without a name", "another language"}


@pytest.mark.parametrize("wrong", WRONGS)
async def test_what_is_wrong_is_seen(here, browser, wrong):
    """Each kind of wrong is named, though there was nothing wrong before with a page much like it."""
    visitor, judged = Visitor(calm=True), set()
    expression, named = WRONGS[wrong]
    async with browser.tab(visitor) as tab:
        await tab.open(here.url)
        await tab.live()
        before = await problems(tab, visitor, axe=True, judged=judged)
        await tab.send("Runtime.evaluate", expression=expression)
        # What the browser says of it may come a little later than its answer.
        await until(lambda: tab.complaints or tab.foreign() or wrong in SEEN, wrong)
        await tab.drawn()
        found = await problems(tab, visitor, axe=True, judged=judged)

    assert [] == before
    assert [each for each in found if named in each], found


async def test_a_covered_button_cannot_be_clicked(here, browser):
    """A click needs an element that is to be seen and on top; else the test waits, and fails."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await tab.value("document.querySelector('dialog').showModal() ?? 1")
        with pytest.raises(AssertionError, match="waited in vain"):
            await tab.click("[data-action=start]", within=0.2)


async def test_requests_elsewhere_are_seen(here, browser):
    """What the policy does not stop, such as a link that is followed, is seen among the addresses asked for."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        ours = tab.foreign()
        await tab.send("Runtime.evaluate", expression="location.href = 'https://elsewhere.example/'")
        await until(tab.foreign, "the request")

    assert ([], {"https://elsewhere.example/"}) == (ours, set(tab.foreign()))


async def test_waiting_ends(here, browser):
    """What does not come is waited for in vain, and told with what was shown instead."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        with pytest.raises(AssertionError, match=r"waited in vain for a miracle; shown is: .*wad"):
            await tab.until("false", "a miracle", 0.2)


async def test_a_withdrawn_status_is_heard(here, browser):
    """The number of the last status told follows the session's."""
    here.show_code()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        seq = here.apply(QrWithdrawn()).seq
        await tab.heard(seq)

    assert seq == tab.seq
