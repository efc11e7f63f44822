"""The variants of the sandbox, each of which was seen in some build or some account."""

import random
from dataclasses import field, fields
from typing import Any, Literal, get_args, get_origin

from wad.core.values import dataclass

# A copy of a build number in use in September 2026: peers compare it with "2.3000.x".
BUILD = "2.3000.1045211877"


@dataclass(frozen=True, kw_only=True)
class SandboxOptions:
    """How this sandbox behaves. Spans are in seconds of its own clock unless the name says otherwise."""

    port: int = 0
    """TCP port on 127.0.0.1; 0 takes the remembered one, or any free one, which is then remembered."""

    clock: float = 1.0
    """How many of the sandbox's seconds pass in one real second: 20 s of a code take 20/clock."""

    modules: Literal["normal", "slow", "never"] = "normal"
    """How the page's modules arrive: in waves over 1 to 3 s, over 10 to 30 s, or the models never."""

    debug: Literal["early", "late", "never"] = "early"
    """When `window.Debug.VERSION` appears: with the last modules, 25 s after them, or not at all."""

    qr_form: Literal["plain", "prefix", "suffix"] = "prefix"
    """The code's text: five fields; behind the wa.me prefix; or followed by the faq suffix."""

    pairing: Literal["inplace", "reload"] = "inplace"
    """What the page does after it was scanned: opens its socket anew, or loads itself anew."""

    link_code: Literal["screen", "unseen"] = "unseen"
    """What the page does under a code to type: as one whose modules alone were called, shows none of it, the
    refs go on and the dead code to scan stays; or shows its letters while the refs rest."""

    events: Literal["cmd", "bus"] = "cmd"
    """Where the page announces a ban, a 503 and a logout: on the front end's `Cmd`, or, as older builds do,
    on the backend's bus."""

    pushname: Literal["there", "empty"] = "there"
    """Whether `Conn.pushname` has the account's name, which `getMaybeMeDisplayName()` has in either case."""

    logout: Literal["clean", "hangs"] = "clean"
    """How a logout that the page begins ends: wipe and reload, or "Logging out" for ever."""

    language: Literal["en", "ru", "de", "es"] = "en"
    """The language of every text in the page. Nothing may be recognised by its text."""

    csp: bool = True
    """Whether the page is served with its strict nonce policy, which blocks added script tags."""

    navigating_iframes: bool = True
    """Whether the page holds two iframes that navigate now and then, as the real one does."""

    sync_seconds: float = 6.0
    """How long the chats take to load after a scan; a session found again takes a third of it."""

    seed: int = field(default_factory=lambda: random.SystemRandom().getrandbits(31))
    """Makes refs, delays and waves repeatable. (Keys come from the browser and stay random.)"""

    def __post_init__(self) -> None:
        for each in fields(self):
            _check_choice(each.name, each.type, getattr(self, each.name))
        if not self.clock > 0:
            raise ValueError("clock must be greater than 0")
        if not 0 <= self.port <= 65535:  # noqa: PLR2004 - the range of TCP's ports
            raise ValueError("port must be 0 to 65535")
        if self.sync_seconds < 0:
            raise ValueError("sync_seconds must not be negative")


def _check_choice(name: str, annotation: Any, value: object) -> None:
    """Refuse a word that is none of the variants: a typing error would otherwise pass for a default."""
    if get_origin(annotation) is Literal and value not in get_args(annotation):
        raise ValueError(f"{name} must be one of {', '.join(get_args(annotation))}")
