"""The tables [[webhooks]]: an array, which no key of the schema can be.

Rules of this file: an error names the table by its place, counted from 0, and shows no URL and no header.
"""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from wad.core.errors import ConfigError
from wad.core.values import dataclass

_KEYS: Final = ("name", "url", "secret_file", "events", "headers", "timeout", "format")
_NEEDED: Final = ("name", "url", "secret_file")
_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class WebhookConfig:
    """One table. What it says is judged where webhooks are made."""

    name: str
    url: str = field(repr=False)
    secret_file: Path
    events: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float | None = None
    format: str = "wad"


def read_webhooks(place: str, raw: object) -> tuple[WebhookConfig, ...]:
    """Give the tables of a file, which `place` names. Raises ConfigError."""
    if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
        raise ConfigError(f"{place}: webhooks are tables: write [[webhooks]] and the keys below")
    if len(raw) > _MOST:
        raise ConfigError(f"{place}: there are more than {_MOST} webhooks")
    found = tuple(_table(f"{place}: webhooks[{number}]", each) for number, each in enumerate(raw))
    for number, each in enumerate(found):
        if each.name in {earlier.name for earlier in found[:number]}:
            raise ConfigError(f"{place}: webhooks[{number}].name: another webhook has this name")
    return found


def _table(place: str, raw: dict[str, Any]) -> WebhookConfig:
    for name in raw:
        if name not in _KEYS:
            raise ConfigError(f"{place}: there is no such key; there are {', '.join(_KEYS)}")
    for name in _NEEDED:
        if not isinstance(raw.get(name), str) or not raw[name]:
            raise ConfigError(f"{place}.{name}: expected a text, in quotes")
    secret_file = Path(raw["secret_file"])
    if not secret_file.is_absolute():
        raise ConfigError(f"{place}.secret_file: expected an absolute path")
    events, headers, timeout = raw.get("events", []), raw.get("headers", {}), raw.get("timeout")
    if not isinstance(events, list) or not all(isinstance(each, str) for each in events):
        raise ConfigError(f"{place}.events: expected a list of texts")
    if not isinstance(headers, dict) or not all(isinstance(each, str) for each in headers.values()):
        raise ConfigError(f"{place}.headers: expected a table of texts")
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int | float)):
        raise ConfigError(f"{place}.timeout: expected a number of seconds")
    form = raw.get("format", "wad")
    if not isinstance(form, str):
        raise ConfigError(f"{place}.format: expected a text, in quotes")
    return WebhookConfig(raw["name"], raw["url"], secret_file, tuple(events), headers, timeout, form)
