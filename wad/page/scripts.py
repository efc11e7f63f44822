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


def observer(key: str, *times: float) -> str:
    """Give the expression that watches a document; see ``observe.js`` for the times in ms."""
    parts = (source(name) for name in ("module_of", "read", "rebuild", "announcements", "logout_reason"))
    return applied("observe", *parts, *(json.dumps(value) for value in (key, *times)))


def attach(key: str, binding: str) -> str:
    """Give the expression that has the observer report by the binding."""
    return applied("attach", json.dumps(key), json.dumps(binding))


def snapshot(key: str) -> str:
    """Give the expression that reads the page now."""
    return applied("snapshot", json.dumps(key))


def on_demand(name: str, *values: str | float) -> str:
    """Give the expression for a script that wants modules which may not have run."""
    parts = (source(part) for part in ("module_of", "on_demand", "describe_error"))
    return applied(name, *parts, *(json.dumps(value) for value in values))


def mail(key: str, document: str, most: int, patience: float) -> str:
    """Give the expression that puts messages into a document; see ``mail.js``. `patience` is in ms."""
    names = ("module_of", "on_demand", "describe_error", "mail_modules", "mail_values", "mail_listen")
    parts = (
        source(name)
        for name in (
            *names,
            "mail_scan",
            "mail_groups",
            "mail_media",
            "mail_people",
            "mail_send",
            "mail_marks",
        )
    )
    return applied("mail", *parts, *(json.dumps(value) for value in (key, document, most, patience)))


def mail_call(key: str, document: str, name: str, *values: object, patience: float | None = None) -> str:
    """Give the expression that asks a document's part of messages; an empty `document` is any.

    `patience` is in ms, where it is to be another than usual.
    """
    return applied("mail_call", *(json.dumps(value) for value in (key, document, name, values, patience)))


def file_field() -> str:
    """Give the expression for a field that takes a file, in no document's sight."""
    return applied("file_field")


def take_file(key: str, token: str) -> str:
    """Give the function that has the document hold its field's file under `token`."""
    return (
        f"function () {{ return ({source('take_file')}\n)({json.dumps(key)}, {json.dumps(token)}, this); }}"
    )


def held_file(key: str, token: str) -> str:
    """Give the expression for the file that the document holds under `token`; null for none."""
    return applied("held_file", json.dumps(key), json.dumps(token))


def draws(patience: float) -> str:
    """Give the expression that tells whether the page is drawn; `patience` is in ms."""
    return applied("draws", json.dumps(patience))


def with_modules(name: str, *values: str | float | Sequence[str]) -> str:
    """Give the expression for a script that looks up the page's modules, and takes these values besides."""
    return applied(name, source("module_of"), *(json.dumps(value) for value in values))
