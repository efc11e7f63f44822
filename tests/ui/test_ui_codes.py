"""Codes on the page: a camera reads them, and they are gone when their time is over."""

import io
import subprocess
from itertools import product

import pytest
from PIL import Image
from ui_browser import DRAWING, Visitor
from ui_harness import PAIRING_TEXT, code

from wad.core.events import Authenticated, QrIssued, QrWithdrawn

CODE = "[data-part=code] img"
PAIRING = "[data-part=pairing-code]"
DRAWN = f"document.querySelector('{CODE}').complete"
VISITORS = [
    Visitor("en", *size, scheme, calm=True, scale=scale)
    for size, scheme, scale in product(((1280, 800), (360, 740)), ("light", "dark"), (1, 2, 3))
]


def read(picture: bytes) -> list[str]:
    """Give the texts of the codes in a picture."""
    command = ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-"]
    return (
        subprocess.run(command, input=picture, capture_output=True, check=False).stdout.decode().splitlines()
    )


@pytest.mark.parametrize("visitor", VISITORS, ids=lambda each: f"{each}-{each.scale}x")
async def test_a_camera_reads_the_code(here, browser, visitor):
    """The code's tile, and a picture of the whole screen, hold exactly the code's text."""
    shown = here.show_code()
    async with browser.tab(visitor) as tab:
        await tab.open(here.url)
        await tab.until_shown(CODE)
        await tab.until(DRAWN, "the picture")
        tile = read(await tab.picture("[data-part=code]"))
        await tab.value(
            f"document.querySelector('{CODE}').scrollIntoView({{block: 'center', behavior: 'instant'}})"
        )
        screen = read(await tab.picture())

    assert ([shown.text], [shown.text]) == (tile, screen)


@pytest.mark.parametrize("picture", ["drawing", "png"])
@pytest.mark.parametrize("visitor", VISITORS, ids=lambda each: f"{each}-{each.scale}x")
async def test_modules_are_whole_pixels(here, browser, visitor, picture):
    """Each module is a square of the same number of the screen's pixels, black or white, drawn or as a PNG."""
    here.show_code()
    async with browser.tab(visitor) as tab:
        await shown_as(tab, here, picture)
        found = await on_screen(tab, CODE, visitor.scale)
        modules = await tab.value(f"document.querySelector('{CODE}').naturalWidth / 4")

    size, rest = divmod(found.width, modules)
    small = found.resize((modules, modules), Image.Resampling.NEAREST)
    assert (found.width, 0) == (found.height, rest)
    assert size >= 2 * visitor.scale
    assert {0, 255} == set(found.tobytes())
    assert found.tobytes() == small.resize(found.size, Image.Resampling.NEAREST).tobytes()


async def on_screen(tab, selector, scale):
    """Give the part of the screen on which an element is drawn, pixel by pixel."""
    where = f"""(() => {{
      const element = document.querySelector('{selector}');
      element.scrollIntoView({{ block: 'center', behavior: 'instant' }});
      const {{ left, top, right, bottom }} = element.getBoundingClientRect();
      return [left, top, right, bottom];
    }})()"""
    # A clip between two pixels would be a picture of its own; the screen has none there.
    corners = [round(each * scale) for each in await tab.value(where)]
    return Image.open(io.BytesIO(await tab.picture())).convert("L").crop(corners)


async def shown_as(tab, here, picture):
    """Show the code as a drawing, or as the picture of the status where no drawing is to be had."""
    if picture == "png":
        await tab.send("Network.setBlockedURLs", urls=["*/qr.svg"])
    await tab.open(here.url)
    await tab.until_shown(DRAWING if picture == "drawing" else f"{CODE}[src^='data:image/png']")
    await tab.until(DRAWN, "the picture")
    await tab.drawn()


async def test_without_a_drawing_the_picture_does(here, browser):
    """Where only the PNG is to be had, a camera reads it all the same."""
    shown = here.show_code()
    async with browser.tab() as tab:
        await shown_as(tab, here, "png")
        read_from = read(await tab.picture("[data-part=code]"))

    assert [shown.text] == read_from


@pytest.mark.parametrize("width", [1280, 360])
async def test_no_corner_of_the_picture_sticks_out(here, browser, width):
    """At its rounded corners the tile ends, and the dark card begins."""
    here.show_code()
    async with browser.tab(Visitor(width=width, scheme="dark", calm=True)) as tab:
        await shown_as(tab, here, "drawing")
        tile = Image.open(io.BytesIO(await tab.picture("[data-part=code]"))).convert("L")

    right, bottom = tile.width - 1, tile.height - 1
    corners = [
        tile.getpixel(each) for each in ((1, 1), (right - 1, 1), (1, bottom - 1), (right - 1, bottom - 1))
    ]
    assert max(corners) < 64, corners
    assert tile.getpixel((tile.width // 2, 4)) == 255


async def test_a_new_code_takes_the_place_of_the_old(here, browser):
    """The picture is the one of the present code, also when the next one comes at once."""
    here.show_code(1)
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await tab.until_shown(DRAWING)
        first = await tab.value(f"document.querySelector('{CODE}').src")
        here.apply(QrIssued(code(2)))
        last = here.apply(QrIssued(code(3))).code
        await tab.until(
            f"document.querySelector(`{DRAWING}`).src !== {first!r} && {DRAWN}", "another picture"
        )
        shown = read(await tab.picture("[data-part=code]"))

    assert [last.text] == shown


@pytest.mark.parametrize("event", [QrWithdrawn(), Authenticated(1)], ids=lambda each: type(each).__name__)
async def test_a_code_that_is_withdrawn_is_gone(here, browser, event):
    """Neither the picture nor its address stays in the page."""
    here.show_code()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.until_shown(CODE)
        here.apply(event)
        await tab.until_gone(CODE)
        page = await tab.value("document.documentElement.outerHTML")

    assert "data:image/" not in page


async def test_a_code_is_gone_when_its_time_is_over(here, browser):
    """The page takes it away by its own clock: nobody tells it to, and the daemon still knows the code."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        here.show_code(seconds=5)
        await tab.until_shown(CODE)
        await tab.until_gone(CODE)
        page = await tab.value("document.documentElement.outerHTML")

    assert here.session.status.code is not None
    assert "data:image/" not in page


async def test_a_pairing_code_is_shown_in_two_halves_and_gone_in_time(here, browser):
    """The code to type is there to be read and copied until its time is over, by the page's own clock."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        here.show_pairing(seconds=5)
        await tab.until_shown(PAIRING)
        shown = await tab.text(PAIRING)
        await tab.until_gone(PAIRING)
        page = await tab.value("document.documentElement.outerHTML")

    assert here.session.status.pairing is not None
    assert f"{PAIRING_TEXT[:4]}-{PAIRING_TEXT[4:]}" == "".join(shown.split())
    assert (PAIRING_TEXT[:4] in page, PAIRING_TEXT[4:] in page) == (False, False)


@pytest.mark.parametrize("ahead", [-7200, 7200], ids=["behind", "ahead"])
async def test_a_visitors_wrong_clock_does_not_matter(here, browser, ahead):
    """A phone whose clock is two hours off sees the live code all the same."""
    here.show_code(seconds=60)
    async with browser.tab() as tab:
        shift = f"const now = Date.now.bind(Date); Date.now = () => now() + {ahead * 1000};"
        await tab.send("Page.addScriptToEvaluateOnNewDocument", source=shift)
        await tab.open(here.url)
        await tab.live()
        await tab.until_shown(CODE)
        await tab.drawn()

        assert await tab.shown(CODE)
