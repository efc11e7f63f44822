"""Lists by limit and offset, over wad's, which go on from a cursor.

Theory of operation. The page's lists change while one reads: a cursor goes on where the last part ended, an
offset counts anew from the begin. So a list here is read from its begin each time, in parts, as far as offset
and limit want it and no further than `MOST` entries; what lies beyond is refused rather than left out.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from wad.messages.operations import MOST_LISTED
from wad.waha.ids import Document
from wad.web.waha.asking import Ask, unsupported, wrong

# Five questions to the page at the most.
MOST: Final = 1000

Part = Callable[[str | None, int], Awaitable[Document]]


async def listed(
    ask: Ask, part: Part, name: str, *, limit: int = MOST, keep: Callable[[Document], bool] | None = None
) -> list[Document]:
    """Give what `offset` and `limit` of a request want of a list; `limit` is what holds where none is named.

    `part` gives some of it behind a cursor, under `name`, with the next cursor; `keep` says which entries
    count. Raises Refusal, and what `part` raises.
    """
    offset = ask.number("offset", 0) or 0
    wanted = ask.number("limit", limit) or 0
    end = offset + wanted if ask.query.get("limit") else min(offset + wanted, MOST)
    if end > MOST or offset > MOST:
        raise wrong(
            f"offset and limit together may be {MOST}: for more use wad's own interface, with cursors"
        )
    return (await _read(part, name, end, keep))[offset:end]


async def _read(part: Part, name: str, end: int, keep: Callable[[Document], bool] | None) -> list[Document]:
    found: list[Document] = []
    cursor: str | None = None
    looked = 0
    while len(found) < end and looked < MOST:
        # Where some do not count nobody knows how many are needed.
        answer = await part(cursor, min(MOST_LISTED, MOST - looked, end if keep is None else MOST))
        entries: list[Any] = answer[name]
        looked += len(entries)
        found += [each for each in entries if keep is None or keep(each)]
        cursor = answer["next"]
        if cursor is None:
            break
    return found


def require_order(ask: Ask, order: str, *names: str) -> None:
    """Refuse another order than the one there is: `order` is ``asc`` or ``desc``, by one of `names`."""
    wanted, by = ask.query.get("sortOrder") or order, ask.query.get("sortBy") or names[0]
    if wanted != order or by not in names:
        raise unsupported(f"another order than by {names[0]}, {order}")
