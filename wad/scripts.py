"""What wad runs in the page: the function expressions in ``wad/js``, put together into expressions.

Arguments travel as JSON, never by formatting text into code.
"""

import json
from functools import cache
from importlib.resources import files


@cache
def source(name: str) -> str:
    """Give the text of ``wad/js/NAME.js``: one function expression, with comments around it."""
    return files("wad").joinpath("js", f"{name}.js").read_text(encoding="utf-8").strip()


def applied(name: str, *arguments: str) -> str:
    """Give the expression that calls a script with `arguments`, each of which is an expression itself."""
    listed = ",\n".join(f"({argument}\n)" for argument in arguments)
    return f"({source(name)}\n)({listed})"


def observer(binding: str, key: str) -> str:
    """Give the expression that watches a document; see ``observe.js`` for what the names are for."""
    parts = (source(name) for name in ("module_of", "read", "rebuild"))
    return applied("observe", *parts, json.dumps(binding), json.dumps(key))


def snapshot(key: str) -> str:
    """Give the expression that reads the page now."""
    return applied("snapshot", json.dumps(key))


def with_modules(name: str, *values: str | float) -> str:
    """Give the expression for a script that looks up the page's modules, and takes these values besides."""
    return applied(name, source("module_of"), *(json.dumps(value) for value in values))
