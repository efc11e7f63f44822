"""What an operator can set of messages."""

from dataclasses import field

from wad.core.pacing import DAY, Pace
from wad.core.values import dataclass
from wad.store.event_log import Keeping


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """Limits and what is kept. `new_chats` counts people by the day, `expires_in` is in seconds.

    `keep` has an account's messages outlive its session. `media` says when files are fetched: ``eager``,
    ``lazy`` or ``never``; those that were not used for `media_age` seconds go.
    """

    pace: Pace = field(default_factory=Pace)
    new_chats: int = 20
    outbox: int = 10_000
    expires_in: float = DAY
    keeping: Keeping = field(default_factory=Keeping)
    keep: bool = False
    media: str = "eager"
    media_age: float = 30 * DAY
