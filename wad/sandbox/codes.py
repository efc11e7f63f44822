"""The text of a code, and its picture."""

from functools import lru_cache
from typing import Self

import segno

from wad.core.values import dataclass

PREFIX = "https://wa.me/settings/linked_devices#"
SUFFIX = ",https://faq.whatsapp.com/r/ld"

# Five fields: ref, noise key, identity key, ADV secret, platform (builds of April to September 2026).
_FIELDS = 5


@dataclass(frozen=True)
class Code:
    """What a phone reads out of the picture."""

    ref: str
    noise: str
    identity: str
    adv_secret: str
    platform: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read any of the three forms a build may use; None for what is no such code."""
        parts = text.removeprefix(PREFIX).removesuffix(SUFFIX).split(",")
        if len(parts) != _FIELDS or not all(parts):
            return None
        return cls(*parts)


@lru_cache(maxsize=16)
def matrix(text: str) -> tuple[str, ...]:
    """Return the picture's rows, "1" for dark. Takes up to 26 ms: call it off the loop."""
    picture = segno.make(text, micro=False, error="l", boost_error=False)
    return tuple("".join("1" if module else "0" for module in row) for row in picture.matrix)
