"""A phone before a dim screen: codes photographed askew, blurred, with little contrast, and what the level gives.

The camera is imitated: the picture at its size on the page, turned, tilted, out of focus, darkened, with noise. Its
numbers are near the edge of what the scanner reads; what lies beyond it is tested as well.
"""

import io
import random
from dataclasses import dataclass, replace
from statistics import NormalDist

import pytest
import segno
from PIL import Image, ImageChops, ImageFilter
from qr_scanner import looked_at, realistic

from wad.reports import qr

TEXTS = [realistic(seed) for seed in range(6)]
# Around the code as the page shows it, so that its quiet zone is all it has.
MARGIN = 80
QUANTILES = [NormalDist().inv_cdf((step + 0.5) / 256) for step in range(256)]


@dataclass(frozen=True)
class Shot:
    """How a picture is taken. Lengths are in pixels of the page, brightness from 0 to 255."""

    size: int = 300
    around: int = 20
    camera: float = 1.5
    angle: float = 6.0
    tilt: float = 0.05
    blur: float = 1.0
    # A dim screen in a dim room: a third of the contrast that print has.
    light: int = 140
    dark: int = 40
    noise: float = 4.0

    def of(self, picture: bytes, seed: int) -> bytes:
        """Give the photograph of a code's picture."""
        side = round((self.size + 2 * MARGIN) * self.camera)
        screen = Image.new("L", (self.size + 2 * MARGIN,) * 2, self.around)
        screen.paste(Image.open(io.BytesIO(picture)).convert("L").resize((self.size,) * 2, 0), (MARGIN,) * 2)
        seen = screen.resize((side, side), 2).rotate(self.angle, 3, fillcolor=self.around)
        off = self.tilt * side
        corners = (0, 0, off / 2, side, side - off, side, side, 0)
        seen = seen.transform((side, side), Image.Transform.QUAD, corners, 3)
        seen = seen.filter(ImageFilter.GaussianBlur(self.blur * self.camera))
        seen = seen.point([round(self.dark + (self.light - self.dark) * value / 255) for value in range(256)])
        out = io.BytesIO()
        ImageChops.add(seen, self._grain(side, seed), 1, -128).save(out, "png", compress_level=1)
        return out.getvalue()

    def _grain(self, side: int, seed: int) -> Image.Image:
        levels = [max(0, min(255, round(128 + self.noise * quantile))) for quantile in QUANTILES]
        return Image.frombytes("L", (side, side), random.Random(seed).randbytes(side * side)).point(levels)


DIM = Shot()
SHOTS = {
    "dim": DIM,
    "small": replace(DIM, size=250),
    "askew": replace(DIM, tilt=0.07, angle=8),
    "on a bright page": replace(DIM, around=255),
    "out of focus": replace(DIM, blur=1.1),
}


def read(shot: Shot, pictures: list[bytes]) -> int:
    """Count the photographs that are read as the very text."""
    photographs = [shot.of(picture, seed) for seed, picture in enumerate(pictures)]
    return sum(text == looked_at(photo) for text, photo in zip(TEXTS, photographs, strict=True))


def other(**options: object) -> list[bytes]:
    """Give the pictures of codes made otherwise than wad makes them."""
    pictures = []
    for text in TEXTS:
        out = io.BytesIO()
        border = options.get("border", 4)
        made = segno.make_qr(text, error=options.get("error", "m"), mask=3, boost_error=False)
        made.save(out, kind="png", scale=4, border=border)
        pictures.append(out.getvalue())
    return pictures


@pytest.mark.parametrize("shot", SHOTS.values(), ids=SHOTS)
def test_it_is_read(shot):
    """Each code is read from each photograph."""
    assert len(TEXTS) == read(shot, [qr.png(text) for text in TEXTS])


def test_the_quiet_zone_is_needed():
    """Without it a dark page leaves nothing to read."""
    assert 0 == read(DIM, other(border=0))


def test_the_photographs_are_hard():
    """The pictures are no formality: a little dimmer and less sharp, and most are not read."""
    worse = replace(DIM, light=105, blur=1.8)

    assert read(worse, [qr.png(text) for text in TEXTS]) < len(TEXTS) / 2
