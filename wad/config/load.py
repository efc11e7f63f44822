"""The configuration out of its sources: defaults < file < environment < flags."""

import os
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from wad.config import default_paths
from wad.config.flags import overrides as overrides_of
from wad.config.model import (
    BrowserConfig,
    Config,
    ControlConfig,
    HttpConfig,
    LinkConfig,
    LogConfig,
    MessagesConfig,
    SandboxConfig,
    WahaConfig,
)
from wad.config.schema import SCHEMA, WEBHOOKS, Settings
from wad.config.sources import FILE_VARIABLE, Entry, read_environment, read_file, read_flags
from wad.core.deadlines import NAMES, Deadlines

DEFAULT = "default"


def load(
    overrides: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    file: Path | None = None,
    default_file: Path = default_paths.FILE,
) -> Config:
    """Return the configuration in force, or raise a `ConfigError` that names the place at fault.

    `overrides` are the flags by their names in argparse's namespace; `file` must exist if it is given.
    Nothing but the arguments is consulted, apart from the files they name.
    """
    env = {} if env is None else env
    found: dict[str, Entry] = {}
    read = file or _file(env, default_file)
    for entry in _entries(overrides or {}, env, read):
        found[entry.key.id] = entry
    webhooks = found.pop(WEBHOOKS.id, None)
    assembled = _assemble(*_settle(found, env), read)
    return assembled if webhooks is None else replace(assembled, webhooks=webhooks.value)


def load_from(namespace: Namespace, env: Mapping[str, str] | None = None) -> Config:
    """Return the configuration for parsed arguments (see `wad.config.add_flags`) and this process."""
    file = Path(namespace.config) if getattr(namespace, "config", None) else None
    return load(overrides_of(namespace), os.environ if env is None else env, file)


def _file(env: Mapping[str, str], default: Path) -> Path | None:
    """Return the file nobody named on the command line; the default one may be missing."""
    if env.get(FILE_VARIABLE):
        return Path(env[FILE_VARIABLE])
    return default if default.exists() else None


def _entries(overrides: Mapping[str, Any], env: Mapping[str, str], file: Path | None) -> Iterator[Entry]:
    """Yield what every source says; what comes later wins."""
    if file is not None:
        yield from read_file(file)
    yield from read_environment(env)
    yield from read_flags(overrides)


def _settle(found: Mapping[str, Entry], env: Mapping[str, str]) -> tuple[Settings, dict[str, str]]:
    """Fill in the defaults, in the schema's order: some follow from the keys before them."""
    settings: dict[str, Any] = {}
    for key in SCHEMA:
        entry = found.get(key.id)
        settings[key.id] = key.fallback(env, settings) if entry is None else entry.value
    origins = {key.id: found[key.id].origin if key.id in found else DEFAULT for key in SCHEMA}
    return settings, origins


def _assemble(settings: Settings, origins: Mapping[str, str], file: Path | None) -> Config:
    return Config(
        http=HttpConfig(**_section(settings, "http")),
        browser=BrowserConfig(**_section(settings, "browser")),
        link=_link(_section(settings, "link")),
        messages=MessagesConfig(**_section(settings, "messages")),
        waha=WahaConfig(**_section(settings, "waha")),
        log=LogConfig(**_section(settings, "log")),
        control=ControlConfig(**_section(settings, "control")),
        sandbox=SandboxConfig(**_section(settings, "sandbox")),
        state_dir=settings["state.directory"],
        origins=origins,
        file=file,
    )


def _section(settings: Settings, section: str) -> dict[str, Any]:
    prefix = f"{section}."
    return {name.removeprefix(prefix): value for name, value in settings.items() if name.startswith(prefix)}


def _link(settings: dict[str, Any]) -> LinkConfig:
    deadlines = Deadlines(**{name: settings.pop(name) for name in NAMES})
    return LinkConfig(**settings, deadlines=deadlines)
