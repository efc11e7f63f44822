r"""The route table's patterns as OpenAPI's path templates.

A pattern of the table has at most an optional beginning, ``(?:/api)?``, and either a choice of words at its
end, ``(png|svg)``, or one open segment, ``([^/]+)``. What may be spelt in two ways is described in the
longer one, or clients would have every method twice; each word of a choice becomes a path of its own.
"""

import re
from collections.abc import Iterator

from wad.core.values import dataclass

_OPTIONAL = re.compile(r"^\(\?:(/\w+)\)\?")
_GROUP = re.compile(r"\(([^()]+)\)")
_ANYTHING = "[^/]+"
# What an open segment is called, by the one before it.
_NAMES = {
    "phone": "button",
    "messages": "id",
    "media": "id",
    "chats": "chat",
    "groups": "group",
    "webhooks": "name",
}
# The same, where one word more must be known.
_LONGER_NAMES = {"whatsapp/media": "sha256"}


@dataclass(frozen=True, slots=True)
class Template:
    """A path; `parameter` is the name in its braces."""

    path: str
    parameter: str | None = None


def templates(pattern: str) -> Iterator[Template]:
    """Give the templates of a route's pattern. Raises KeyError for an open segment that has no name here."""
    whole = _OPTIONAL.sub(r"\1", pattern)
    group = _GROUP.search(whole)
    if group is None:
        yield Template(_plain(whole))
        return
    before, after = _plain(whole[: group.start()]), _plain(whole[group.end() :])
    if group[1] == _ANYTHING:
        above = before.split("/")
        name = _LONGER_NAMES.get("/".join(above[-3:-1])) or _NAMES[above[-2]]
        yield Template(f"{before}{{{name}}}{after}", name)
    else:
        yield from (Template(before + _plain(word) + after) for word in group[1].split("|"))


def _plain(pattern: str) -> str:
    """Take back what `re.escape` did."""
    return re.sub(r"\\(.)", r"\1", pattern)
