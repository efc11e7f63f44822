"""A code's text as a picture: PNG, SVG and terminal lines. Pure, and slow enough to be called off the loop.

A code of WhatsApp's length (about 240 characters, version 10 to 12) takes 16 to 26 ms to make and its PNG 6
to 14 ms; with a fixed mask and no search for a better error correction level it is 11 ms together (measured
on one core of a small machine with segno 1.6).

The level of error correction was measured with two readers, zbar 0.23 and ZXing-C++ 3.1. Codes of WhatsApp's
length were drawn 300 px wide (at L, M, Q and H these are 53, 61, 69 and 81 modules) and photographed askew
from a dim screen, at a third of print's contrast and with some noise. Of 10 codes, in the last three rows 20,
were read by zbar/ZXing:

    ==============================  =====  =====  =====  =====
    .                               L      M      Q      H
    ==============================  =====  =====  =====  =====
    so                              10/10  10/10  10/10  10/10
    out of focus, 1.5 px            8/10   9/10   8/10   0/0
    out of focus, 1.8 px            3/10   1/4    0/0    0/0
    220 px wide                     10/10  10/10  10/0   0/9
    180 px wide                     10/0   0/0    0/0    0/0
    a reflection on 2 per cent      17/19  18/19  18/19  19/19
    a reflection on 4 per cent      9/19   17/19  15/19  19/19
    a reflection on 8 per cent      0/0    14/19  15/19  15/19
    ==============================  =====  =====  =====  =====

M bears reflections as Q does, and a small or blurred picture nearly as L does. Of a fifth of print's contrast
ZXing reads all levels and zbar none: little light is no reason for another level.
"""

import base64
import io

import segno

# See above: the best of both.
_ERROR = "m"
# Scanners cope with any mask; the search for the best of the eight is most of the work.
_MASK = 3
# The quiet zone the standard asks for, in modules. On a dark page no code was read without one.
_BORDER = 4
# What a small drawing has of these: a code of WhatsApp's length is 57 columns by 29 lines, not 69 by 35. zbar
# read 20 of 20 of both on a dark page. Quadrants would save columns alone, and it is lines that are short;
# Braille's dots would save half of the lines, but fonts differ about them, and some draw the empty ones, too.
_SMALL_ERROR = "l"
_SMALL_BORDER = 2
# Pixels per module: about 270 px in all, sharp when doubled by the page.
_SCALE = 4


def encode(text: str, error: str = _ERROR) -> segno.QRCode:
    """Make the symbol for `text`, with that level of error correction."""
    return segno.make_qr(text, error=error, mask=_MASK, boost_error=False)


def png(text: str) -> bytes:
    """Give the code as a PNG file."""
    out = io.BytesIO()
    encode(text).save(out, kind="png", scale=_SCALE, border=_BORDER)
    return out.getvalue()


def data_url(picture: bytes) -> str:
    """Give a PNG file as the data URL a frontend puts into ``<img src>``."""
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")


def svg(text: str) -> bytes:
    """Give the code as an SVG file, as large as the PNG; whoever shows it may give it another size."""
    out = io.BytesIO()
    # Only with a unit segno writes a viewBox, without which a larger picture would be the same with a margin.
    encode(text).save(out, kind="svg", scale=_SCALE, border=_BORDER, light="#fff", unit="px")
    return out.getvalue()


def painted(drawing: str) -> str:
    """Ask a terminal to draw its lines in white on black: a light one would show the code's negative."""
    return "".join(f"\x1b[97;40m{line}\x1b[0m\n" for line in drawing.splitlines())


def terminal(text: str) -> str:
    """Give the code as lines for a terminal, two modules in each character."""
    out = io.StringIO()
    encode(text).terminal(out, border=_BORDER, compact=True)
    return out.getvalue()


def small_terminal(text: str) -> str:
    """Give the code in as few such lines as phones read: less error correction, half the quiet zone."""
    out = io.StringIO()
    encode(text, _SMALL_ERROR).terminal(out, border=_SMALL_BORDER, compact=True)
    return out.getvalue()
