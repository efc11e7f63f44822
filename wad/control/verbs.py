"""The table of verbs: what the control socket can be asked, and how a request's arguments are read."""

import json
import shlex
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import field
from typing import Any, Protocol, get_args

from wad.control.protocol import INVALID_PARAMS, METHOD_NOT_FOUND, Form, Refusal, Request
from wad.core.values import dataclass

Arguments = dict[str, Any]


class Channel(Protocol):
    """What a verb may do with the connection it came by, besides being answered."""

    async def watch(self, form: Form, *, viewer: bool) -> None:
        """Tell of the present, and from then on of every change; a `viewer` waits for codes."""


@dataclass(frozen=True, slots=True)
class Call:
    """One verb being asked for."""

    arguments: Arguments
    form: Form
    channel: Channel


def flags(*known: str) -> Callable[[Request], Arguments]:
    """Give the reader for a verb that takes nothing but these words, each of which may be left out."""

    def read(request: Request) -> Arguments:
        given = request.words.split() if request.params is None else request.params
        if isinstance(given, dict):
            _demand(all(isinstance(value, bool) for value in given.values()), known)
            given = [name for name, value in given.items() if value]
        _demand(all(name in known for name in given), known)
        return {name: name in given for name in known}

    return read


def number(request: Request) -> Arguments:
    """Read a phone number as people write it, or the word ``cancel``; in params ``phone`` or ``cancel``."""
    given = request.params
    if given is None:
        words = request.words.strip()
        return {"phone": None if words == "cancel" else words}
    if isinstance(given, dict) and given == {"cancel": True}:
        return {"phone": None}
    if isinstance(given, list) and len(given) == 1:
        given = {"phone": given[0]}
    if not (isinstance(given, dict) and given.keys() == {"phone"} and isinstance(given["phone"], str)):
        raise Refusal("invalid_arguments", "give phone, a text, or cancel: true", INVALID_PARAMS)
    return {"phone": None if given["phone"] == "cancel" else given["phone"]}


def _demand(fine: bool, known: tuple[str, ...]) -> None:  # noqa: FBT001 - an assertion
    if not fine:
        takes = " or ".join(known) if known else "nothing"
        raise Refusal("invalid_arguments", f"this verb takes {takes}", INVALID_PARAMS)


@dataclass(frozen=True, slots=True)
class Verb:
    """One row of the table. `handle` gives the answer as JSON, or None if it has answered by itself."""

    name: str
    handle: Callable[[Call], Awaitable[bytes | None]]
    help: str
    # As it is shown behind the verb.
    arguments: str = ""
    # Whether it is worth a line in the log.
    changes: bool = False
    read: Callable[[Request], Arguments] = field(default_factory=flags)


class Verbs:
    """All verbs, in the order of the table. Raises ValueError if two have the same."""

    def __init__(self, rows: Iterable[Verb]) -> None:
        self._rows: dict[str, Verb] = {}
        for row in rows:
            if row.name in self._rows:
                raise ValueError(f"the verb {row.name} is there twice")
            self._rows[row.name] = row

    def find(self, name: str) -> Verb:
        """Give the verb of this name. Raises Refusal if there is none."""
        if name not in self._rows:
            known = f"there is no such verb; there are {', '.join(self._rows)}"
            raise Refusal("unknown_command", known, METHOD_NOT_FOUND)
        return self._rows[name]

    def __iter__(self) -> Iterator[Verb]:
        return iter(self._rows.values())


class Phone(Protocol):
    """The phone beside the sandbox's page."""

    async def command(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Press a button. Raises a WadError whose code is ``unknown_command`` or ``phone_refused``."""


def button(phone: Phone) -> Callable[[Request], Arguments]:
    """Give the reader for ``NAME key=value…`` or ``NAME {…}``, and of name and arguments in params."""

    def read(request: Request) -> Arguments:
        if request.params is None:
            name, _, rest = request.words.partition(" ")
            arguments = _object(rest) if rest.lstrip().startswith("{") else _pairs(phone, name, rest)
            params: Any = {"name": name, "arguments": arguments}
        else:
            params = {"arguments": {}, **request.params} if isinstance(request.params, dict) else {}
        return _checked_button(params)

    return read


def _checked_button(params: dict[str, Any]) -> Arguments:
    name, arguments = params.get("name"), params.get("arguments")
    known = params.keys() == {"name", "arguments"}
    if not (known and name and isinstance(name, str) and isinstance(arguments, dict)):
        raise _no_button()
    return {"name": name, "arguments": arguments}


def _no_button() -> Refusal:
    sentence = "name a button of the phone, and its arguments as key=value or as a JSON object"
    return Refusal("invalid_arguments", sentence, INVALID_PARAMS)


def _object(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise _no_button() from exc


def _pairs(phone: Phone, name: str, text: str) -> dict[str, Any]:
    """Read ``key=value…``, quoted as in a shell."""
    try:
        words = [word.partition("=") for word in shlex.split(text)]
    except ValueError as exc:
        raise _no_button() from exc
    if not all(separator for _, separator, _ in words):
        raise _no_button()
    return {key: _value(phone, name, key, value) for key, _, value in words}


def _value(phone: Phone, name: str, key: str, text: str) -> Any:
    """Read a value: as JSON (``true``, ``2.5``) unless the button wants a text, such as a phone's number."""
    annotation = getattr(getattr(phone, name, None), "__annotations__", {}).get(key)
    if annotation is str or str in get_args(annotation):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
