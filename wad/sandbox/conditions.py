"""What is wrong just now between WhatsApp and its pages, as the phone's owner set it."""

from dataclasses import fields
from typing import Any, Literal

from wad.core.values import dataclass

# The models without which no driver can work: what a release that moves them takes away.
CORE_MODELS = ("WAWebSocketModel", "WAWebConnModel", "WAWebStreamModel")

# The code is one of several for why (101: too many messages to people who do not know the sender).
_BAN = {"code": 101, "message": None, "url": None}

# How the media server answers: as it should, late, with an error, without end, breaking off in the middle, or
# not at all.
Answer = Literal["normal", "slow", "error", "endless", "broken", "down"]


@dataclass
class Conditions:
    """Each fault until it is taken back; none of them outlives the sandbox."""

    offline: bool = False
    hosts_blocked: Literal["filter", "firewall"] | None = None
    """Who is in the way: one who blocks the page's scripts, or one who lets nothing through."""
    banned_seconds: float | None = None
    """How long the ban is said to last (failure 402); it ends when it is taken back."""
    unavailable: bool = False
    update_wanted: bool = False
    update_forced: bool = False
    blocked_state: str | None = None
    """TOS_BLOCK, DEPRECATED_VERSION and the like: the socket state that stands for the screen."""
    renamed: tuple[str, ...] = ()
    """Modules, and members in them, that are no longer where they were."""
    sockets_refused: bool = False
    """Whether the page's socket to the servers is refused, while all else is served."""
    pairing_failure: int | None = None
    """The failure with which codes to type are refused; 429 after too many of them."""
    pairing_stalled: bool = False
    """Whether the answers are kept back from who asks for a code to type."""
    sync: Literal["normal", "stalled", "no_history"] = "normal"
    sending: Literal["normal", "silent", "unanswered"] = "normal"
    """What becomes of what pages send: taken and answered, lost, or taken without an answer."""
    lost: int = 0
    """How many messages were lost so far."""
    nack: int | None = None
    """The code with which the servers refuse what pages send."""
    slow_seconds: float | None = None
    duplicating: bool = False
    """Whether each stanza is handed over twice."""
    seen_hanging: bool = False
    """Whether telling that a chat was seen comes to no end."""
    lookup: Literal["normal", "absent", "silent", "error"] = "normal"
    """What who asks for a number is told."""
    uploads: Answer = "normal"
    downloads: Answer = "normal"
    media_seconds: float = 0.0
    """For how long a slow media server keeps an answer back."""

    def clear(self) -> None:
        """Everything is well again."""
        for each in fields(self):
            setattr(self, each.name, each.default)

    def refusal(self) -> dict[str, Any] | None:
        """Return what a page is told instead of being let in, or None when it may come in."""
        if self.banned_seconds is not None:
            return {"type": "failure", "code": 402, "ban": {**_BAN, "expire": self.banned_seconds}}
        if self.unavailable:
            return {"type": "failure", "code": 503}
        if self.update_forced:
            return {"type": "failure", "code": 405}
        if self.blocked_state is not None:
            return {"type": "block", "state": self.blocked_state}
        return None
