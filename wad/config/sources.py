"""Where settings come from: the file, the environment, the flags.

Each source yields `Entry` values, later sources winning. A source names what it does not know together with
what was probably meant. No error shows the value of a secret, and none has more than one line.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from wad.config.files import read_bounded
from wad.config.flags import FLAGS
from wad.config.kinds import WrongValueError
from wad.config.schema import BY_ENV, BY_ID, SCHEMA, SECTIONS, WEBHOOKS, Key
from wad.config.webhooks import read_webhooks
from wad.core.errors import ConfigError
from wad.core.values import dataclass

# Variables with our prefix that are no setting.
FILE_VARIABLE = "WAD_CONFIG"
_PREFIX = "WAD_"
_MAX_SHOWN = 80
# All keys with their reasons are 10 KiB.
_MAX_FILE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting as found: its key, its value, and the place for `wad config`."""

    key: Key
    value: Any
    origin: str


def read_file(path: Path) -> Iterator[Entry]:
    """Yield the settings of a TOML file."""
    for section, table in _parse(path).items():
        if section == WEBHOOKS.section:
            yield Entry(WEBHOOKS, read_webhooks(str(path), table), str(path))
            continue
        if section not in SECTIONS or not isinstance(table, dict):
            raise ConfigError(f"{path}: {_not_a_section(section, table)}")
        for name, raw in table.items():
            key = BY_ID.get(f"{section}.{name}")
            if key is None:
                shown = _shown_name(name)
                raise ConfigError(
                    f"{path}: [{section}] {shown}: there is no such key{_meant_key(section, name)}"
                )
            yield Entry(key, _checked(key, f"{path}: [{section}] {name}", key.kind.from_toml, raw), str(path))


def read_environment(env: Mapping[str, str]) -> Iterator[Entry]:
    """Yield the settings of the ``WAD_*`` variables."""
    for variable in sorted(name for name in env if name.startswith(_PREFIX) and name != FILE_VARIABLE):
        key = BY_ENV.get(variable)
        if key is None:
            raise ConfigError(f"{variable}: there is no such setting{_meant(variable, BY_ENV)}")
        yield Entry(key, _checked(key, variable, key.kind.from_text, env[variable]), variable)


def read_flags(overrides: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the settings of the flags; whatever is None was not given."""
    known = {flag.dest: flag for flag in FLAGS}
    for dest, value in overrides.items():
        if value is not None:
            flag = known[dest]
            key = BY_ID[flag.key]
            yield Entry(key, _checked(key, flag.name, key.kind.from_toml, flag.raw(value)), flag.name)


def _parse(path: Path) -> dict[str, Any]:
    """Read the file as TOML; the parser's own sentence names line and column, where it has one."""
    try:
        return tomllib.loads(_content(path))
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(f"{path}: is not TOML: {exc}") from exc
    except RecursionError:
        raise ConfigError(f"{path}: lists or tables are nested too deeply") from None
    except ValueError as exc:  # Python's bound on the digits that it makes a number of
        raise ConfigError(f"{path}: holds a number of too many digits") from exc


def _content(path: Path) -> str:
    try:
        raw = read_bounded(path, _MAX_FILE)
        return raw.decode("utf-8").replace("\r\n", "\n")
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise ConfigError(f"{path}: is not UTF-8 (byte {exc.start})") from exc


def _checked(key: Key, place: str, read: Callable[[Any], Any], raw: Any) -> Any:
    try:
        return read(raw)
    except WrongValueError as exc:
        shown = "…" if key.secret else show(exc.shown)
        raise ConfigError(f"{place} = {shown}: {exc.hint}") from None


def show(value: object) -> str:
    """Return a value on one line, shortened, and without the password of a URL in it."""
    try:
        text = mask(json.dumps(value, ensure_ascii=False, default=str))
    except ValueError:  # a hexadecimal number may have more digits than Python writes in decimal
        return "…"
    return _shortened(text)


def _shown_name(name: str) -> str:
    """Return a key's or a section's name on one line, shortened; one that needs quotes keeps them."""
    return _shortened(name) if re.fullmatch(r"[A-Za-z0-9_-]+", name) else show(name)


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def mask(text: str) -> str:
    """Hide the password of a URL; bytes that are no text (surrogates) could not be printed either."""
    printable = text.encode("utf-8", "backslashreplace").decode()
    return re.sub(r"//[^/@\s]+@", "//***@", printable)


def _not_a_section(name: str, value: object) -> str:
    shown = _shown_name(name)
    if isinstance(value, dict):
        return f"[{shown}]: there is no such section{_meant(name, SECTIONS)}"
    if name in SECTIONS:
        return f"{shown}: is a section: write [{shown}] and its keys below"
    return f"{shown}: stands outside of a section{_meant_key('', name)}"


def _meant_key(section: str, name: str) -> str:
    """Guess first within the section, then anywhere: keys often stand under the wrong heading."""
    near = _meant(name, (key.name for key in SCHEMA if key.section == section))
    if near:
        return near
    names = {key.name: key for key in SCHEMA}
    found = get_close_matches(name, names, n=1)
    return f"; did you mean {found[0]} in [{names[found[0]].section}]?" if found else ""


def _meant(name: str, known: Iterable[str]) -> str:
    found = get_close_matches(name, list(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""
