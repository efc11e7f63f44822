"""The route table's patterns as OpenAPI's path templates.

A pattern of the table has at most an optional beginning, ``(?:/api)?``, and at its end either a choice of
words, ``(png|svg)``, or an open segment, ``([^/]+)``. What may be spelt in two ways is described in the
longer one, or clients would have every method twice; each word of a choice becomes a path of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPTIONAL = re.compile(r"^\(\?:(/\w+)\)\?")
_GROUP = re.compile(r"\(([^()]+)\)$")
_ANYTHING = "[^/]+"
# What an open segment is called.
_NAMES = {"/sandbox/phone/": "button"}


@dataclass(frozen=True, slots=True)
class Template:
    """A path; `parameter` is the name in its braces."""

    path: str
    parameter: str | None = None


def templates(pattern: str) -> Iterator[Template]:
    """Give the templates of a route's pattern. Raises KeyError for an open segment that has no name here."""
    whole = _OPTIONAL.sub(r"\1", pattern)
    group = _GROUP.search(whole)
    before = _plain(whole[: group.start()] if group else whole)
    if group is None:
        yield Template(before)
    elif group[1] == _ANYTHING:
        name = _NAMES[before]
        yield Template(f"{before}{{{name}}}", name)
    else:
        yield from (Template(before + _plain(word)) for word in group[1].split("|"))


def _plain(pattern: str) -> str:
    """Take back what `re.escape` did."""
    return re.sub(r"\\(.)", r"\1", pattern)
