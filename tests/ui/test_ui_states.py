"""Every phase with every reason, as it is seen: in both languages, by day and night, on a desk and on a phone."""

from itertools import product

import pytest
from ui_browser import DRAWING, Visitor
from ui_harness import ways
from ui_judge import foreign_words, problems

from wad.core.reasons import Reason
from wad.core.status import Phase

VISITORS = [
    Visitor(language, *size, scheme, calm=True)
    for language, size, scheme in product(("en", "ru-RU"), ((1280, 800), (360, 740)), ("light", "dark"))
]
DRAWN = "[document.body.dataset.phase, document.body.dataset.reason ?? null]"


def test_every_picture_is_shown():
    """The table below leaves out no phase and no reason."""
    assert (set(Phase), {None, *Reason}) == ({phase for phase, _ in ways()}, {reason for _, reason in ways()})


def test_foreign_words_would_be_found():
    """English in Russian and Russian in English are seen; names and codes belong to both."""
    russian = [
        "\u0412\u044b\u0439\u0442\u0438 \u0438\u0437 WhatsApp",
        "ABCD-1234",
        "man wad",
        "net::ERR_FAILED",
    ]

    assert [] == foreign_words(russian, "ru")
    assert ["Log out now"] == foreign_words([*russian, "Log out now"], "ru")
    assert russian[:1] == foreign_words([*russian, "Log out now"], "en")


@pytest.mark.parametrize("visitor", VISITORS, ids=str)
async def test_every_picture(here, browser, visitor):
    """Nothing is wrong with any picture: its words, its width, its requests, the console, or what axe finds.

    What axe looks at is the same in both languages, so it is asked in one of them; and the same where pictures differ in
    their words alone.
    """
    found = await seen(here, browser, visitor, axe=visitor.language == "en")

    assert {} == {picture: each for picture, each in found.items() if each}


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_every_picture_fits_a_very_narrow_window(here, browser, language):
    """With 320 px, or four times the usual size of letters, nothing has to be scrolled sideways (WCAG 1.4.10)."""
    found = await seen(here, browser, Visitor(language, 320, 640, calm=True), axe=False)

    assert {} == {picture: each for picture, each in found.items() if each}


async def seen(here, browser, visitor, *, axe):
    """Show one picture after the other; give what is wrong with each."""
    found, judged = {}, set()
    async with browser.tab(visitor) as tab:
        await tab.open(here.url)
        await tab.live()
        for panel in ("messages", "chats", "phone", "timeline"):
            await tab.unfold(panel)
        for (phase, reason), way in ways().items():
            # The first is the one of a daemon that has just begun, which the page shows already.
            status = here.go(way) if way else here.session.status
            await (tab.heard(status.seq) if way else tab.until_shown("[data-action=start]"))
            if status.code is not None:
                # Its drawing, too: what is asked for when the code is gone is refused, and complained of.
                await tab.until_shown(DRAWING)
            assert [phase, reason] == await tab.value(DRAWN)
            found[phase, reason] = await problems(tab, visitor, axe=axe, judged=judged)
    return found
