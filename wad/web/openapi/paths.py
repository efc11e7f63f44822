"""The route table's patterns as OpenAPI's path templates.

A pattern of the table has at most an optional beginning, ``(?:/api)?``, and at its end either a choice of
words, ``(png|svg)``, or an open segment, ``([^/]+)``. A choice within a segment becomes one path for each
word; a choice of whole paths, which may hold slashes, becomes one template for each folder, since a
parameter's value holds none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

_OPTIONAL = re.compile(r"^\(\?:(/\w+)\)\?")
_GROUP = re.compile(r"\(([^()]+)\)$")
_ANYTHING = "[^/]+"
# What the last segment is called.
_NAMES = {"/ui": "file", "/sandbox/phone": "button"}


@dataclass(frozen=True, slots=True)
class Template:
    """A path; `parameter` is the name in its braces, `choices` are its values, where they are known."""

    path: str
    parameter: str | None = None
    choices: tuple[str, ...] = ()


def templates(pattern: str) -> Iterator[Template]:
    """Give the templates of a route's pattern, in each of the spellings it offers."""
    optional = _OPTIONAL.match(pattern)
    if optional is None:
        yield from _ending(pattern)
        return
    rest = pattern[optional.end() :]
    yield from _ending(rest)
    yield from _ending(optional[1] + rest)


def _ending(pattern: str) -> Iterator[Template]:
    group = _GROUP.search(pattern)
    if group is None:
        yield Template(_plain(pattern))
        return
    before = _plain(pattern[: group.start()])
    words = [] if group[1] == _ANYTHING else [_plain(word) for word in group[1].split("|")]
    if before.endswith("/"):
        yield from _folders(before.rstrip("/"), words)
    else:
        yield from (Template(before + word) for word in words)


def _folders(folder: str, words: list[str]) -> Iterator[Template]:
    """Give a template for each folder below `folder`; without words, one whose parameter is open."""
    name = _NAMES[folder]
    found: dict[str, list[str]] = defaultdict(list)
    for word in words or [""]:
        below, slash, last = word.rpartition("/")
        found[below + slash].append(last)
    for below, files in found.items():
        yield Template(f"{folder}/{below}{{{name}}}", name, tuple(filter(None, files)))


def _plain(pattern: str) -> str:
    """Take back what `re.escape` did."""
    return re.sub(r"\\(.)", r"\1", pattern)
