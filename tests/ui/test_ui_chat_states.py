"""Chats as they look: all that a message can be, long lists in parts, and troubles; before a link that the tests lead."""

from itertools import product

import pytest
from frontend_harness import TOKEN
from ui_browser import Visitor
from ui_chats import (
    CHATS,
    FIELD,
    FOCUSED,
    SHOWN,
    TEXTS,
    asked_of_chats,
    bubbles,
    chat,
    chosen,
    listed,
    medium,
    message,
    page_of,
)
from ui_harness import open_harness
from ui_judge import problems
from ui_linked import says
from ui_node import ROOT

from wad.core.errors import NoSuchChatError

VISITORS = [
    Visitor(language, *size, scheme, calm=True)
    for language, size, scheme in product(("en", "ru-RU"), ((1280, 800), (360, 740)), ("light", "dark"))
]
HOSTILE = "<img src=x onerror=alert(1)> \u202e{{7*7}} & "
PERSON = chat(1111, name="Ada Lovelace", unread=3)
GROUP = chat(1, name="Engines", id="120363000000000001@g.us", pn=None, kind="group", markedUnread=True)
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Grace Hopper\nTEL;waid=15550002222:+15550002222\nEND:VCARD"
REFUSED = {
    "code": "rejected",
    "message": "WhatsApp refused the message",
    "action": "Do not simply repeat it.",
    "again": False,
    "whatsappCode": 500,
}


def everything(of):
    """Give one of every kind of message, as different as they come."""
    kinds = [
        {"text": HOSTILE + "w" * 9000},
        {"text": None, "revoked": True},
        {"text": "changed", "edited": True, "forwarded": True},
        *({"text": None, "type": kind, "media": medium(kind)} for kind in ("image", "video", "sticker")),
        {"text": "a caption", "type": "ptt", "media": medium("voice", seconds=12.4)},
        {"text": None, "type": "audio", "media": medium("audio", size=None)},
        {"text": None, "type": "document", "media": medium("document", filename="May report <b>.pdf")},
        {"text": None, "type": "document", "media": medium("document", sha256=None)},
        {
            "text": None,
            "type": "location",
            "location": {"latitude": 55.75, "longitude": -37.5, "name": "Square"},
        },
        {"text": None, "type": "vcard", "contacts": [{"vcard": CARD}]},
        {"text": None, "type": "multi_vcard", "contacts": [{"vcard": CARD}, {"vcard": "nothing"}]},
        {
            "text": "Tea?",
            "type": "poll_creation",
            "poll": {"name": "Tea?", "options": ["Yes", "<i>No</i>"], "multiple": True},
        },
        {"text": None, "type": "album"},
        {"text": None, "type": "of_tomorrow"},
        *(
            {"fromMe": True, "text": state, "state": state}
            for state in ("queued", "sending", "sent", "delivered", "read", "played", "cancelled")
        ),
        {"fromMe": True, "text": "refused", "state": "failed", "error": REFUSED},
    ]
    author = {"author": "15550002222@c.us"} if of["kind"] == "group" else {}
    return [
        message(of, number, **({} if kind.get("fromMe") else author), **kind)
        for number, kind in enumerate(kinds)
    ]


def give(here, *chats, said=()):
    """Have these chats, the first of them with these messages, oldest first."""
    here.link()
    here.messages.people.listed = list(chats)
    here.messages.people.said = {chats[0]["id"]: list(reversed(said))}


@pytest.mark.parametrize("visitor", VISITORS, ids=str)
async def test_every_kind_of_message(here, browser, visitor):
    """Nothing is wrong with any of them, with their texts and without, in a group and elsewhere."""
    found = {}
    for of in (PERSON, GROUP):
        said = everything(of)
        give(here, of, chat(2, lastMessage=said[0]), said=said)
        async with browser.tab(visitor) as tab:
            await page_of(tab, here.url)
            await listed(tab, 2)
            await chosen(tab, of["id"])
            await bubbles(tab, len(said))
            found[of["kind"], "hidden"] = await problems(tab, visitor, axe=visitor.language == "en")
            await tab.click(TEXTS)
            await says(tab, SHOWN, HOSTILE[:20])
            found[of["kind"], "shown"] = await problems(tab, visitor, axe=visitor.language == "en")
            made = await tab.value(f"document.querySelectorAll('{CHATS} :is(img, b, i, script)').length")
            found[of["kind"], "markup"] = made or []

    # The words of the test's own messages are in English.
    assert {} == {name: left for name, each in found.items() if (left := own(each or [], visitor))}


def own(wrong, visitor):
    """Give what the page itself did wrong."""
    if visitor.language == "en":
        return wrong
    said = ("words: Grace", "words: May report", "words: Ada", "words: a caption", "words: changed")
    return [each for each in wrong if not each.startswith((*said, f"words: {HOSTILE[:20]}"))]


async def test_without_texts_nothing_of_a_message_is_in_the_page(here, browser):
    """Neither a text nor a file's name, place, contact or poll is there before it is asked for, or afterwards."""
    said = everything(PERSON)
    give(here, {**PERSON, "lastMessage": said[0]}, said=said)
    secrets = ("onerror", "changed", "caption", "report", "55.75", "Square", "Grace", "Tea", "Yes")
    async with browser.tab() as tab:
        await page_of(tab, here.url)
        await listed(tab, 1)
        await chosen(tab, PERSON["id"])
        await bubbles(tab, len(said))
        before = await tab.value("document.documentElement.outerHTML")
        await tab.click(TEXTS)
        await says(tab, SHOWN, "Grace Hopper")
        shown = await tab.text(CHATS)
        await tab.click(TEXTS)
        await tab.until(f"!document.querySelector('{SHOWN}').innerText.includes('Grace')", "the texts' end")
        after = await tab.value("document.documentElement.outerHTML")

    for text in (before, after):
        assert [] == [each for each in secrets if each in text.partition('data-part="chats"')[2]]
    assert [] == [each for each in secrets if each not in shown]


async def test_long_lists_come_in_parts(here, browser):
    """More chats, and older messages, come when they are asked for; what is read stays where it is."""
    said = [message(PERSON, number, f"number {number}") for number in range(70)]
    give(here, PERSON, *(chat(number) for number in range(2, 46)), said=said)
    async with browser.tab() as tab:
        await page_of(tab, here.url)
        await listed(tab, 20)
        for number in (40, 45):
            await tab.click("[data-action=more-chats]")
            await listed(tab, number)
        more = await tab.shown("[data-action=more-chats]")
        await tab.until(
            "document.activeElement.dataset.chat?.startsWith('15550000045')", "the last one's focus"
        )
        await chosen(tab, PERSON["id"])
        await bubbles(tab, 30)
        place = "(({ scrollHeight, scrollTop, clientHeight }) => [scrollHeight - scrollTop - clientHeight, scrollTop])"
        scroll = "document.querySelector('[data-part=conversation-scroll]')"
        at_the_end = await tab.value(f"{place}({scroll})")
        await tab.value(f"{scroll}.scrollTo(0, 0) ?? 1")
        first = await tab.value("document.querySelector('.bubble').getBoundingClientRect().top")
        await tab.click("[data-action=older]")
        await bubbles(tab, 60)
        moved = await tab.value("document.querySelectorAll('.bubble')[30].getBoundingClientRect().top")
        await tab.click("[data-action=older]")
        await bubbles(tab, 70)
        focused = await tab.value(FOCUSED)
        days = await tab.value("document.querySelectorAll('.day').length")
        await tab.click(TEXTS)
        texts = await tab.value("[...document.querySelectorAll('.said')].map((each) => each.textContent)")
        asked = asked_of_chats(tab)

    assert not more
    assert at_the_end[0] < 2 < at_the_end[1]
    assert abs(first - moved) < 100
    assert "conversation-scroll" == focused
    assert days in {1, 2}
    assert [f"number {number}" for number in range(70)] == texts
    assert 6 == len(asked)


async def test_trouble_is_said_and_may_be_over(here, browser):
    """What cannot be told says why, in the list and in a chat; it can be tried again, and what was typed stays."""
    give(here, PERSON, said=[message(PERSON, 1)])
    people = here.messages.people
    async with browser.tab() as tab:
        await page_of(tab, here.url)
        people.trouble = NoSuchChatError("the account has no such chat, or no such message in it")
        await tab.unfold("chats")
        await says(tab, "[data-part=chats-trouble]", "The account has no such chat")
        people.trouble = None
        await tab.click("[data-action=chats-again]")
        await listed(tab, 1)
        await tab.until("document.activeElement.tagName === 'SUMMARY'", "the focus beside what was pressed")
        people.trouble = NoSuchChatError("the account has no such chat, or no such message in it")
        await chosen(tab, PERSON["id"])
        await says(tab, "[data-part=conversation-trouble]", "The account has no such chat")
        await tab.click(FIELD)
        await tab.type("typed")
        people.trouble = None
        await tab.click("[data-action=chats-again]")
        await bubbles(tab, 1)
        kept = await tab.value(f"document.querySelector('{FIELD}').value")
        await tab.click("[data-action=reply]")
        await says(tab, "[data-part=reply-error]", "No account is linked")
        still = await tab.value(f"document.querySelector('{FIELD}').value")

    assert ("typed", "typed") == (kept, still)


async def test_each_chat_has_its_own_answer(here, browser):
    """What was typed in one chat is not sent in another, and is there again when one comes back."""
    give(here, PERSON, chat(2), said=[message(PERSON, 1)])
    here.messages.people.said[chat(2)["id"]] = []
    async with browser.tab() as tab:
        await page_of(tab, here.url)
        await listed(tab, 2)
        await chosen(tab, PERSON["id"])
        await tab.click(FIELD)
        await tab.type("for Ada")
        await chosen(tab, chat(2)["id"])
        await says(tab, "[data-part=conversation-state]", "There is no message here yet.")
        other = await tab.value(f"document.querySelector('{FIELD}').value")
        await chosen(tab, PERSON["id"])
        again = await tab.value(f"document.querySelector('{FIELD}').value")

    assert ("", "for Ada") == (other, again)


async def test_a_file_is_fetched_with_the_token(browser):
    """A picture is asked for with the token in a header, so that no address has it, and shown all the same."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as tab:
        give(locked, PERSON, said=[message(PERSON, 1, None, type="image", media=medium("image"))])
        locked.messages.media.kept = ROOT / "docs" / "images" / "page-linked.webp"
        await tab.open(locked.url)
        await tab.until_shown("#token-value")
        # Without the token Socket.IO is refused; the browser complains if that ends an upgrade it had begun.
        await tab.until("document.body.dataset.link === 'polling'", "the refusal")
        tab.complaints.clear()
        await tab.click("#token-value")
        await tab.type(TOKEN)
        await tab.press("Enter")
        await tab.until_shown(CHATS)
        await listed(tab, 1)
        await chosen(tab, PERSON["id"])
        await tab.click("[data-action=file]")
        await tab.until("document.querySelector('.file img')?.naturalWidth > 0", "the picture")
        alternative = await tab.value("document.querySelector('.file img').alt")
        await tab.click("[data-action=file]")
        await tab.until_gone(".file img")
        focused = await tab.value(FOCUSED)

    assert ("Picture", "file") == (alternative, focused)
    assert [] == [url for url in tab.asked if TOKEN in url]
    assert [] == tab.complaints


async def test_a_file_that_wad_does_not_know_says_so(here, browser):
    """In words, at its message; pressed again it is asked for again."""
    give(here, PERSON, said=[message(PERSON, 1, None, type="image", media=medium("image"))])
    async with browser.tab() as tab:
        await page_of(tab, here.url)
        await listed(tab, 1)
        await chosen(tab, PERSON["id"])
        await tab.click("[data-action=file]")
        await says(tab, ".file .error", "wad does not know this file any more.")
        here.messages.media.kept = ROOT / "docs" / "images" / "page-linked.webp"
        await tab.click("[data-action=file]")
        await tab.until("document.querySelector('.file img')?.naturalWidth > 0", "the picture")
        error = await tab.text(".file .error")

    assert "" == error
