"""Reload: the configuration is read again, and what can be is put in force."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from itertools import count
from typing import Any, Protocol

import structlog

from wad.config import Address, Config, read_token, require_safe
from wad.core.deadlines import RELOAD
from wad.core.errors import ConfigError
from wad.core.values import dataclass
from wad.link.session import Session
from wad.log.setup import configure
from wad.service.systemd import Notifier
from wad.service.threads import begin

log = structlog.get_logger(__name__)

# What it holds matters, not where it lies: the same file may hold another token, and another file the same.
_TOKEN = "http.token_file"  # noqa: S105 - the name of a setting
# The settings that are looked up at each use. All others are read once, at the start.
RELOADABLE = frozenset(
    {
        "http.public_url",
        "http.allowed_hosts",
        "http.allowed_origins",
        "http.cors",
        _TOKEN,
        "http.trusted_proxies",
        "http.linked_screenshots",
        "http.insecure",
        "log.format",
        "log.level",
    }
)


_Read = tuple[Config, str | None]


class Adopter(Protocol):
    """Who looks settings up at each use: the guard of HTTP."""

    def adopt(self, config: Config, token: str | None) -> bool:
        """Judge by these from now on; tell whether the token is another one."""


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload did: the settings that changed and are in force, and those that want a restart."""

    applied: tuple[str, ...]
    restart_needed: tuple[str, ...]


class Reloader:
    """Reads the configuration again and puts in force what can be.

    `load` gives the configuration from the same sources as at the start; `config` is the one in force.
    systemd hears by `notifier` when a reload begins and ends. `listening` are the addresses in use, if they
    are not the configured ones. Reading takes at most `within` seconds.
    """

    def __init__(
        self,
        config: Config,
        load: Callable[[], Config],
        guard: Adopter,
        notifier: Notifier,
        session: Session,
        *,
        listening: Sequence[Address] | None = None,
        within: float = RELOAD,
    ) -> None:
        self._started_with = config
        self._config = config
        self._load = load
        self._guard = guard
        self._notifier = notifier
        self._session = session
        self._listening = listening
        self._within = within
        self._numbers = count(1)
        self._reading: asyncio.Future[_Read] | None = None

    async def reload(self) -> Reloaded:
        """Read and apply, and log what came of it; where it fails the old one stays in force.

        Raises ConfigError where the new one is wrong or cannot be read, and whatever else went wrong.
        """
        # With its number no line is the same as another: each reload that was asked for is seen in the log.
        number = next(self._numbers)
        self._notifier.reloading()
        try:
            done = await self._reload()
        except ConfigError as error:
            log.error("reload_refused", number=number, error=str(error))  # noqa: TRY400 - the sentence says it all
            raise
        except Exception:
            log.exception("reload_failed", number=number)
            raise
        finally:
            self._notifier.ready(self._session.status)
        facts = {"applied": done.applied, "restart_needed": done.restart_needed}
        log.info("config_reloaded", number=number, **facts)
        return done

    async def reload_facts(self) -> dict[str, Any]:
        """Do the same, and give what is worth telling of it as a document."""
        done = await self.reload()
        return {"applied": list(done.applied), "restartNeeded": list(done.restart_needed)}

    async def _reload(self) -> Reloaded:
        config, token = await self._read_in_time()
        other_token = self._guard.adopt(config, token)
        configure(config.log.format, config.log.level)
        changed = set(differences(self._config, config)) & RELOADABLE - {_TOKEN}
        if other_token:
            changed.add(_TOKEN)
        stale = set(differences(self._started_with, config)) - RELOADABLE
        self._config = config
        return Reloaded(tuple(sorted(changed)), tuple(sorted(stale)))

    async def _read_in_time(self) -> _Read:
        """Read in a thread. One that does not come back is left behind: there is never a second beside it."""
        if self._reading is not None and not self._reading.done():
            raise ConfigError("the configuration is still being read for an earlier reload")
        self._reading = begin(self._read, "wad-reload")
        await asyncio.wait([self._reading], timeout=self._within)
        if not self._reading.done():
            raise ConfigError(f"the configuration could not be read within {self._within:g} s")
        return self._reading.result()

    def _read(self) -> _Read:
        config = self._load()
        token = read_token(config.http.token_file) if config.http.token_file else None
        require_safe(config, token, self._listening)
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
