"""Codes as pictures: what a scanner reads out of them is the text, to the last character."""

import base64
import io
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from qr_scanner import realistic, scanned

from wad.reports import qr

TEXTS = {
    "plain": realistic(1),
    "another": realistic(2),
    "address": realistic(3, prefix="https://wa.me/settings/linked_devices#"),
    "suffix": realistic(4, suffix=",faq"),
    "both": realistic(
        5, prefix="https://wa.me/settings/linked_devices#", suffix=",https://faq.whatsapp.com/"
    ),
    "short": "2@x",
    "not ASCII": "2@привет,мир",
}
MANY = [realistic(seed) for seed in range(100, 120)]
ALL_TEXTS = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())


def photographed(drawing: str) -> bytes:
    """Give a picture of a terminal that is dark and shows these lines, each module 6 pixels wide."""
    rows = "\n".join(halves(line) for line in drawing.splitlines()).splitlines()
    page = Image.new("1", (len(rows[0]) + 8, len(rows) + 8))
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            page.putpixel((x + 4, y + 4), module == "#")
    out = io.BytesIO()
    page.resize((6 * page.width, 6 * page.height)).save(out, "png")
    return out.getvalue()


def halves(line: str) -> str:
    """Split a line of the terminal's picture into its upper and lower modules."""
    upper = "".join("#" if glyph in "█▀" else " " for glyph in line)
    lower = "".join("#" if glyph in "█▄" else " " for glyph in line)
    return f"{upper}\n{lower}"


def test_texts_are_of_the_usual_length():
    """The texts below are like those the page shows."""
    assert 225 <= len(TEXTS["plain"]) <= 250
    assert TEXTS["plain"].count(",") == 4


@ALL_TEXTS
def test_png_is_read(text):
    """A scanner reads the PNG as the very text."""
    assert text == scanned(qr.png(text))


@pytest.mark.parametrize("text", MANY, ids=range(len(MANY)))
def test_many_are_read(text):
    """No text is unlucky: with the one mask that is used for all, each is read."""
    assert text == scanned(qr.png(text))


def test_png_has_a_quiet_zone():
    """Four light modules surround the symbol; without them scanners lose it on a dark page."""
    modules = qr.encode(TEXTS["plain"]).symbol_size(border=0)[0]
    width = int.from_bytes(qr.png(TEXTS["plain"])[16:20])

    assert 4 * (modules + 2 * 4) == width


def test_png_is_the_same_each_time():
    """The same text gives the same bytes, so an ETag over them holds."""
    assert qr.png(TEXTS["plain"]) == qr.png(TEXTS["plain"])


@ALL_TEXTS
def test_data_url(text):
    """The data URL holds the PNG, whole."""
    picture = qr.png(text)
    head, _, body = qr.data_url(picture).partition(",")

    assert head == "data:image/png;base64"
    assert picture == base64.b64decode(body, validate=True)


@ALL_TEXTS
def test_svg_is_well_formed(text):
    """The SVG is a document of its own, with dark strokes on a light ground, and without the text."""
    picture = qr.svg(text)
    root = ET.fromstring(picture)
    ground, strokes = root.iter("{http://www.w3.org/2000/svg}path")

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert ground.get("fill") == "#fff"
    assert strokes.get("stroke") == "#000"
    assert text not in picture.decode()


@ALL_TEXTS
def test_svg_can_be_given_another_size(text):
    """A frontend may draw it as large as it likes: its size is told beside what there is to be seen in it."""
    root = ET.fromstring(qr.svg(text))
    side = int(root.get("width", "").removesuffix("px"))

    assert root.get("width") == root.get("height")
    assert f"0 0 {side} {side}" == root.get("viewBox")


@ALL_TEXTS
def test_terminal(text):
    """The terminal's picture has the symbol's modules, two to a character, and a quiet zone around them."""
    lines = qr.terminal(text).splitlines()
    symbol = qr.encode(text)
    wanted = ["".join(" " if dark else "#" for dark in row) for row in symbol.matrix_iter(border=4)]
    shown = "\n".join(halves(line) for line in lines).splitlines()

    assert wanted == [row[: len(wanted)] for row in shown[: len(wanted)]]


@pytest.mark.parametrize("text", [*TEXTS.values(), *MANY])
@pytest.mark.parametrize("draw", [qr.terminal, qr.small_terminal])
def test_drawings_are_read(draw, text):
    """A scanner reads both drawings off a dark terminal as the very text."""
    assert text == scanned(photographed(draw(text)))


def test_small_terminal():
    """The small drawing of a code of WhatsApp's length saves twelve columns and six lines."""
    lines = qr.small_terminal(TEXTS["plain"]).splitlines()

    assert (57, 29) == (len(lines[0]), len(lines))
    assert (69, 35) == (len(qr.terminal(TEXTS["plain"]).splitlines()[0]), 35)
