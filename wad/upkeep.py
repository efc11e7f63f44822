"""What can be done to a running daemon from outside its doors: reload the configuration, show its tasks."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import structlog

from wad.config import Config, read_token, require_safe
from wad.log import configure
from wad.session import Session
from wad.systemd import Notifier
from wad.web.guard import Guard

log = structlog.get_logger(__name__)

# The settings that are looked up at each use. All others are read once, at the start.
RELOADABLE = frozenset(
    {
        "http.public_url",
        "http.allowed_hosts",
        "http.allowed_origins",
        "http.token_file",
        "http.trusted_proxies",
        "http.insecure",
        "log.format",
        "log.level",
    }
)


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload did: the settings that changed and are in force, and those that want a restart."""

    applied: tuple[str, ...]
    restart_needed: tuple[str, ...]


class Reloader:
    """Reads the configuration again and puts in force what can be.

    `load` gives the configuration from the same sources as at the start; `config` is the one in force.
    systemd hears by `notifier` when a reload begins and ends.
    """

    def __init__(
        self, config: Config, load: Callable[[], Config], guard: Guard, notifier: Notifier, session: Session
    ) -> None:
        self._started_with = config
        self._config = config
        self._load = load
        self._guard = guard
        self._notifier = notifier
        self._session = session

    async def reload(self) -> Reloaded:
        """Read and apply. Raises ConfigError where the new one is wrong; then the old one stays in force."""
        self._notifier.reloading()
        try:
            return await self._reload()
        finally:
            self._notifier.ready(self._session.status)

    async def reload_facts(self) -> dict[str, Any]:
        """Do the same, and give what is worth telling of it as a document."""
        done = await self.reload()
        return {"applied": list(done.applied), "restartNeeded": list(done.restart_needed)}

    async def _reload(self) -> Reloaded:
        config, token = await asyncio.to_thread(self._read)
        self._guard.adopt(config, token)
        configure(config.log.format, config.log.level)
        changed = set(differences(self._config, config)) & RELOADABLE
        stale = set(differences(self._started_with, config)) - RELOADABLE
        self._config = config
        done = Reloaded(tuple(sorted(changed)), tuple(sorted(stale)))
        log.info("config_reloaded", applied=done.applied, restart_needed=done.restart_needed)
        return done

    def _read(self) -> tuple[Config, str | None]:
        config = self._load()
        token = read_token(config.http.token_file) if config.http.token_file else None
        require_safe(config, token)
        return config, token


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Give the names of the settings, as ``section.key``, in which two configurations differ."""
    for field in fields(old):
        if not field.compare:
            continue
        name = f"{path}.{field.name}" if path else field.name
        before, after = getattr(old, field.name), getattr(new, field.name)
        if is_dataclass(before) and is_dataclass(after) and type(before) is type(after):
            yield from differences(before, after, name.removesuffix(".deadlines"))
        elif before != after:
            yield name


def log_tasks() -> None:
    """Write the stack of every task to the log, for a daemon that seems to hang (SIGUSR1).

    Only places in the code are written, never the values of variables.
    """
    for task in asyncio.all_tasks():
        frames = task.get_stack(limit=5)
        stack = [f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}" for frame in frames]
        log.info("task", name=task.get_name(), stack=stack)
