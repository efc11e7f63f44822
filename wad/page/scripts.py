"""What wad runs in the page: the function expressions in ``wad/page/js``, put together into expressions.

Rules of this file:

* Arguments travel as JSON, never by formatting text into code.
* All are read when wad starts: later there may be no descriptor to read them by, or another version of them.
"""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

_SOURCES: Final = {
    file.name.removesuffix(".js"): file.read_text(encoding="utf-8").strip()
    for file in files("wad.page").joinpath("js").iterdir()
    if file.name.endswith(".js")
}


def source(name: str) -> str:
    """Give the text of ``wad/page/js/NAME.js``: one function expression, with comments around it."""
    return _SOURCES[name]


def applied(name: str, *arguments: str) -> str:
    """Give the expression that calls a script with `arguments`, each of which is an expression itself."""
    listed = ",\n".join(f"({argument}\n)" for argument in arguments)
    return f"({source(name)}\n)({listed})"


def observer(binding: str, key: str, *times: float) -> str:
    """Give the expression that watches a document; see ``observe.js`` for the names and the times in ms."""
    parts = (source(name) for name in ("module_of", "read", "rebuild", "announcements", "logout_reason"))
    return applied("observe", *parts, *(json.dumps(value) for value in (binding, key, *times)))


def snapshot(key: str) -> str:
    """Give the expression that reads the page now."""
    return applied("snapshot", json.dumps(key))


def on_demand(name: str, *values: str | float) -> str:
    """Give the expression for a script that wants modules which may not have run."""
    parts = (source(part) for part in ("module_of", "on_demand", "describe_error"))
    return applied(name, *parts, *(json.dumps(value) for value in values))


def with_modules(name: str, *values: str | float | Sequence[str]) -> str:
    """Give the expression for a script that looks up the page's modules, and takes these values besides."""
    return applied(name, source("module_of"), *(json.dumps(value) for value in values))
