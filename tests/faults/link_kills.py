"""Killing the daemon, or ending it, at moments of chance in a link's life: starting, linking, in step, reset, log-out.

`script/kill-links` runs this for long; the suite runs a few rounds of it.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from daemon_client import until
from daemon_harness import HASTY, Daemon
from tornado.httpclient import HTTPClientError

# Longer than any of what is done takes here, so that some of it is done when the end comes.
_LONGEST = 3.0
_MARK = "mark-of-the-test"


class BrokenPromiseError(AssertionError):
    """A start found what it must not."""


class Expected(Enum):
    """What the next start has to find."""

    SESSION = auto()
    NONE = auto()
    EITHER = auto()  # the end came before anybody had said which


@dataclass
class Kills:
    """What was done, how it was ended, and what the next start found."""

    done: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)


def _marks(daemon: Daemon) -> list[str]:
    """Give where a file is which lies on the disk exactly as long as its session does."""
    return [folder for folder, _, files in os.walk(daemon.folder) if _MARK in files]


def _mark(daemon: Daemon) -> None:
    with suppress(FileNotFoundError):
        (daemon.folder / "profile" / _MARK).touch()


async def _command(daemon: Daemon, name: str) -> bool:
    """Give whether a command was answered, with yes."""
    try:
        answer = await daemon.post(f"/api/whatsapp/{name}")
    except (OSError, HTTPClientError):
        return False
    return answer.code == 200


class Life:
    """One state folder, and what has to be in it."""

    def __init__(self, state: Path, seed: int) -> None:
        self.kills = Kills()
        self._chance = random.Random(seed)
        self._daemon = Daemon(state, env=HASTY)
        self._expected = Expected.SESSION

    async def live(self, rounds: int) -> Kills:
        """End so often; raises BrokenPromiseError where the next start finds what it must not."""
        try:
            for number in range(rounds):
                await self._round(signal.SIGTERM if number % 5 == 4 else signal.SIGKILL)
                print(f"{number + 1}: {dict(self.kills.done)} found {dict(self.kills.found)}", flush=True)
            await self._daemon.start()
            await self._look()
        finally:
            self._daemon.kill()
            self._daemon.close()
        return self.kills

    async def _round(self, number: signal.Signals) -> None:
        await self._daemon.start()
        what = "start"
        doing: asyncio.Task[object] = asyncio.create_task(self._look())
        if self._chance.random() > 0.2:  # Else the end comes while it starts.
            await doing
            what = self._choose()
            doing = asyncio.create_task(self._do(what))
        self.kills.done[what] += 1
        await asyncio.sleep(self._chance.uniform(0, _LONGEST))
        self.kills.ended[number.name] += 1
        await self._end(number)
        doing.cancel()
        (outcome,) = await asyncio.gather(doing, return_exceptions=True)
        # Whatever else happened to it is what a daemon's end does to whoever asks it.
        if isinstance(outcome, BrokenPromiseError):
            raise outcome

    async def _end(self, number: signal.Signals) -> None:
        code = await self._daemon.stop(number)
        assert number is signal.SIGKILL or code == 0, code
        await self._daemon.gone()

    async def _look(self) -> None:
        """Hold what the daemon finds against what it must; a session's mark lives exactly as long as it does."""
        state = (await self._daemon.settled())["currentState"]
        self.kills.found[state] += 1
        if state == "ready":
            if self._expected is Expected.NONE:
                raise BrokenPromiseError("a session that had been given up is back")
            _mark(self._daemon)
            self._expected = Expected.SESSION
            return
        if self._expected is Expected.SESSION:
            raise BrokenPromiseError("a session is lost")
        await until(lambda: not _marks(self._daemon), "the end of the old session")
        self._expected = Expected.NONE

    def _choose(self) -> str:
        if self._expected is Expected.NONE:
            return "scan"
        return self._chance.choice(("stay", "reset", "reset", "logout", "logout"))

    async def _do(self, what: str) -> None:
        if what == "stay":
            return
        before, self._expected = self._expected, Expected.EITHER
        assert before is not Expected.EITHER
        if what == "scan":
            await self._daemon.phone("scan")
            await self._daemon.wait(currentState="ready")
            self._expected = Expected.SESSION
        elif await _command(self._daemon, what):
            self._expected = Expected.NONE
