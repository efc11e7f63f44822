"""Takes pictures of the page, the same ones every time; see script/screenshots.

Those of `PICTURES` are shown by the documentation. Those of `VIEWS` are to be looked at: the package has no room for them.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

from ui_browser import DRAWING, Tab, Visitor, running_browser
from ui_chats import TEXTS, bubble, bubbles, chat, chosen, listed, medium, message, page_of
from ui_harness import ACCOUNT, PAIRING_TEXT, Harness, code_text, open_harness
from ui_node import ROOT

from wad.core.events import (
    Authenticated,
    Blocked,
    BrowserStarted,
    Event,
    PageLoaded,
    PairingGranted,
    PairRequested,
    QrIssued,
    Ready,
    StartRequested,
)
from wad.core.reasons import Reason
from wad.core.status import Blockage, Code, PairingCode

MORNING = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)
# Neither the time of day nor a slow machine is seen in a picture.
STILL = f"""
const Real = Date;
globalThis.Date = class extends Real {{
  constructor(...given) {{ super(...(given.length ? given : [{round(MORNING.timestamp() * 1000)}])); }}
  static now() {{ return {round(MORNING.timestamp() * 1000)}; }}
}};
performance.now = () => 0;
const {{ get }} = Headers.prototype;
Headers.prototype.get = function (name) {{ return name === 'Date' ? null : get.call(this, name); }};
"""
LINK: tuple[Event, ...] = (StartRequested(), BrowserStarted(), PageLoaded())
CODE: tuple[Event, ...] = (*LINK, QrIssued(Code(code_text(), MORNING + timedelta(seconds=60))))
BLOCKAGE = Blockage("net::ERR_CONNECTION_RESET", "https://web.whatsapp.com/")
WIDE = Visitor("en", 1120, 780, "light", calm=True)
PHONE = Visitor("ru-RU", 390, 844, "dark", calm=True)


@dataclass(frozen=True)
class Picture:
    """What happened before it was taken, for whom, and how one sees that all of it is drawn."""

    name: str
    visitor: Visitor
    happened: tuple[Event, ...]
    drawn: str


PICTURES = (
    Picture("code", WIDE, CODE, DRAWING),
    Picture("code-dark-ru", PHONE, CODE, DRAWING),
    Picture(
        "pairing",
        WIDE,
        (
            *CODE,
            PairRequested(ACCOUNT.number),
            PairingGranted(PairingCode(PAIRING_TEXT, MORNING + timedelta(seconds=180))),
        ),
        "[data-part=pairing-code]",
    ),
    Picture("linked", WIDE, (*CODE, Authenticated(50), Ready(ACCOUNT)), "[data-part=account]"),
    Picture("trouble", WIDE, (*LINK, Blocked(Reason.HOSTS_BLOCKED, BLOCKAGE)), "[data-part=refused]"),
)

ADA = chat(1111, name="Ada Lovelace", timestamp=round(MORNING.timestamp()) - 60)
OTHERS = (
    chat(2, name="Engines", id="120363000000000001@g.us", pn=None, kind="group", unread=4),
    chat(3, unread=1),
    chat(4, name="Charles Babbage", markedUnread=True),
)
SAID = (
    {"text": "Good morning! Is my order on its way?"},
    {"text": "The label", "type": "image", "media": medium("image", size=31_204)},
    {
        "type": "document",
        "text": None,
        "media": medium("document", sha256="00" * 32, filename="Order 17.pdf"),
    },
    {"text": "It left this morning.", "fromMe": True, "state": "read"},
    {"text": "Thank you. And the second one?"},
    {
        "text": "That one, too.",
        "fromMe": True,
        "state": "failed",
        "error": {"code": "rejected", "message": "", "action": "", "again": False, "whatsappCode": 500},
    },
)
VIEWS = {
    f"chats-{part}-{visitor}": (part, visitor)
    for part in ("list", "open", "hidden")
    for visitor in (
        Visitor(language, *size, scheme, calm=True)
        for language, size, scheme in product(("en", "ru"), ((1280, 800), (360, 740)), ("light", "dark"))
    )
}


async def take_view(name: str, tab: Tab, here: Harness, folder: Path) -> None:
    """Take a picture of the panel of chats: the list, or an open chat, with its texts or without."""
    part, _ = VIEWS[name]
    said = [message(ADA, number + 10, **{"chat": ADA, **each}) for number, each in enumerate(SAID)]
    here.link()
    here.messages.people.listed = [{**ADA, "lastMessage": said[-1]}, *OTHERS]
    here.messages.people.said = {ADA["id"]: said[::-1]}
    here.messages.media.kept = ROOT / "docs" / "images" / "page-linked.webp"
    await tab.send("Emulation.setTimezoneOverride", timezoneId="UTC")
    await tab.send("Page.addScriptToEvaluateOnNewDocument", source=STILL)
    await page_of(tab, here.url)
    await listed(tab, 4)
    if part != "list":
        await chosen(tab, ADA["id"])
        await bubbles(tab, len(said))
    if part == "open":
        await tab.click(TEXTS)
        await tab.click(f"{bubble('image')} button")
        await tab.until(f"document.querySelector(`{bubble('image')} img`)?.naturalWidth > 0", "the picture")
    await tab.drawn()
    (folder / f"{name}.webp").write_bytes(await tab.picture("[data-part=chats]", kind="webp", quality=75))


async def take_views(folder: Path, names: Iterable[str] = VIEWS) -> None:
    """Take pictures of the chats, each in a harness of its own."""
    async with running_browser() as browser:
        for name in names:
            async with open_harness(sandbox=False, now=still) as here, browser.tab(VIEWS[name][1]) as tab:
                await take_view(name, tab, here, folder)


async def take(picture: Picture, tab: Tab, here: Harness, folder: Path) -> None:
    """Take one picture."""
    await tab.send("Emulation.setTimezoneOverride", timezoneId="UTC")
    await tab.send("Page.addScriptToEvaluateOnNewDocument", source=STILL)
    here.apply(*picture.happened)
    await tab.open(here.url)
    await tab.until_shown(picture.drawn)
    await tab.until("document.body.dataset.link === 'live'", "the live link")
    await tab.until("[...document.images].every((each) => each.complete)", "the pictures")
    await tab.value("await document.fonts.ready && true")
    # Nothing is cut in two: the window ends a little below the card.
    bottom = await tab.value("document.querySelector('.card').getBoundingClientRect().bottom + scrollY")
    await tab.resize(replace(picture.visitor, height=round(bottom) + 14))
    await tab.drawn()
    taken = await tab.picture(kind="webp", quality=75)
    (folder / f"page-{picture.name}.webp").write_bytes(taken)
    sys.stdout.write(f"page-{picture.name}.webp: {len(taken)} bytes\n")


def still() -> datetime:
    """Tell the time at which all pictures are taken."""
    return MORNING


async def take_all(folder: Path) -> None:
    """Take all pictures, each in a harness of its own."""
    async with running_browser() as browser:
        for picture in PICTURES:
            async with open_harness(sandbox=False, now=still) as here, browser.tab(picture.visitor) as tab:
                await take(picture, tab, here, folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--views", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run((take_views if given.views else take_all)(given.folder))
