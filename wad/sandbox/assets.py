"""The page's files, read once out of the package."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from tornado.template import Template

_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


@cache
def static() -> dict[str, tuple[str, bytes]]:
    """Return name -> (content type, content) of every file that is served as it is."""
    found = {}
    for each in files("wad.sandbox").joinpath("page").iterdir():
        kind = _TYPES.get(each.name.rpartition(".")[2])
        if kind is not None:
            found[each.name] = (kind, each.read_bytes())
    return found


def bundle(names: str) -> tuple[str, bytes] | None:
    """Return type and content of a file, or of several of a kind, joined by ``+``; None if one is missing."""
    found = [static()[each] for each in names.split("+") if each in static()]
    kinds = {kind for kind, _ in found}
    if len(found) != names.count("+") + 1 or len(kinds) != 1:
        return None
    return kinds.pop(), b"\n".join(content for _, content in found)


@cache
def _template(name: str) -> Template:
    return Template(files("wad.sandbox").joinpath("page", name).read_text("utf-8"))


def render(name: str, **values: Any) -> bytes:
    """Fill in one of the page's HTML files."""
    return _template(name).generate(**values)


def script_json(value: object) -> str:
    """Return JSON that cannot end the script element it stands in."""
    return json.dumps(value).replace("<", "\\u003c")
