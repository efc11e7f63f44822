"""Takes the pictures of the page that the documentation shows, the same ones every time; see script/screenshots."""

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ui_browser import DRAWING, Tab, Visitor, running_browser
from ui_harness import ACCOUNT, PAIRING_TEXT, Harness, code_text, open_harness

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
    into = Path(sys.argv[1])
    into.mkdir(parents=True, exist_ok=True)
    asyncio.run(take_all(into))
