"""A code's text as a picture: PNG, SVG and terminal lines. Pure, and slow enough to be called off the loop.

A code of WhatsApp's length (about 240 characters, version 10 to 12) takes 16 to 26 ms to make and its PNG 6
to 14 ms; with a fixed mask and no search for a better error correction level it is 11 ms together (measured
on one core of a small machine with segno 1.6).
"""

import base64
import io

import segno

# Measured with zbar: ten codes of WhatsApp's length, drawn 300 px wide, photographed askew from a dim screen
# (a third of print's contrast, some noise). Read were, at the levels L, M and Q (53, 61 and 69 modules wide):
#   so 10, 10, 10 · out of focus by 1.5 px 3, 6, 7 · a little darker 3, 5, 4
#   drawn 220 px wide 9, 10, 10 · drawn 180 px wide 10, 0, 0 · on a dark page, two modules around it 7, 10, 10
# M is never far from the best; of a small picture Q's modules are lost first.
_ERROR = "m"
# Scanners cope with any mask; the search for the best of the eight is most of the work.
_MASK = 3
# The quiet zone the standard asks for, in modules. On a dark page no code was read without one.
_BORDER = 4
# Pixels per module: about 270 px in all, sharp when doubled by the page.
_SCALE = 4


def encode(text: str) -> segno.QRCode:
    """Make the symbol for `text`."""
    return segno.make_qr(text, error=_ERROR, mask=_MASK, boost_error=False)


def png(text: str) -> bytes:
    """Give the code as a PNG file."""
    out = io.BytesIO()
    encode(text).save(out, kind="png", scale=_SCALE, border=_BORDER)
    return out.getvalue()


def data_url(picture: bytes) -> str:
    """Give a PNG file as the data URL a frontend puts into ``<img src>``."""
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")


def svg(text: str) -> bytes:
    """Give the code as an SVG file."""
    out = io.BytesIO()
    encode(text).save(out, kind="svg", scale=_SCALE, border=_BORDER, light="#fff")
    return out.getvalue()


def terminal(text: str) -> str:
    """Give the code as lines for a terminal, two modules in each character."""
    out = io.StringIO()
    encode(text).terminal(out, border=_BORDER, compact=True)
    return out.getvalue()
