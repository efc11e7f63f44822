"""The case: which wad is meant, how it answers, and the configuration that is in force for it.

Theory of operation. What a daemon really does follows from its flags and its environment, not from the
caller's. Where it runs, both are read from /proc (proc(5)); where it does not, the unit's are taken; and only
where there is no unit are the caller's own.
"""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from wad.config import Config, add_flags, load, load_from
from wad.core.errors import ConfigError
from wad.core.values import dataclass
from wad.doctor.client import ask_control
from wad.doctor.machine import Machine
from wad.doctor.units import Unit, find

_SYSTEMD: Final = 1
# How wadctl is called where nothing says which wad is meant.
CALL: Final = "wadctl"


class WouldStartError(Exception):
    """The daemon does not run, and asking would start it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the control socket said: documents, or why there are none."""

    status: Mapping[str, Any] | None = None
    version: str | None = None
    pid: int | None = None
    error: OSError | WouldStartError | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """All that the checks share. If `config_error` is set, `config` holds the defaults instead.

    `call` is the command line that leads to this very wad: a hint without it would lead to another account.
    """

    machine: Machine
    socket: Path
    unit: Unit | None
    told: Told
    config: Config
    config_error: ConfigError | None = None
    env: Mapping[str, str] | None = None
    call: str = CALL

    @property
    def sandbox(self) -> bool:
        """Whether it is the stand-in that is driven, and no network is needed."""
        return bool(self.config.sandbox.enabled or (self.told.status or {}).get("sandbox"))

    @property
    def folder(self) -> Path:
        """Where the session is (as `wad.daemon` has it)."""
        return self.config.state_dir / ("sandbox" if self.sandbox else "live")

    @property
    def would_start(self) -> bool:
        """Whether a request would start the daemon."""
        return isinstance(self.told.error, WouldStartError)

    @property
    def gone(self) -> bool:
        """Whether no daemon runs for sure: one that hangs, or may not be asked, may well have its browser."""
        return isinstance(self.told.error, (WouldStartError, FileNotFoundError, ConnectionRefusedError))

    @property
    def command(self) -> str:
        """What ``systemctl`` calls this wad, or nothing for one run by hand."""
        return self.unit.name.removesuffix(".service") if self.unit and self.unit.booted else ""

    def how(self, verb: str) -> str:
        """Say how to restart this wad, or have it do something else that its unit can."""
        return f"systemctl {verb} {self.command}" if self.command else f"{verb} wad by hand"

    @property
    def start(self) -> str:
        """Say how to start this wad: a whole sentence."""
        return (
            f"Start it: systemctl start {self.command}." if self.command else "Start it by hand: see wad(8)."
        )

    def wadctl(self, words: str) -> str:
        """Say how to give this wad a command."""
        return f"{self.call} {words}"


def examine(socket: Path, machine: Machine, call: str = CALL) -> Case:
    """Find out which wad it is. Takes 9 s at the most, where systemd and wad hang."""
    unit = find(machine, socket)
    told = _ask(socket, unit)
    pid = unit.pid if unit is not None and unit.pid else told.pid
    flags, env = _surroundings(machine, unit, pid)
    try:
        return Case(machine, socket, unit, told, load_from(flags, env), env=env, call=call)
    except ConfigError as exc:
        bare = {name: value for name, value in env.items() if not name.startswith("WAD_")}
        defaults = load({}, bare, default_file=Path(os.devnull, "none"))
        return Case(machine, socket, unit, told, defaults, exc, env, call)


def _ask(socket: Path, unit: Unit | None) -> Told:
    if unit is not None and not unit.active and unit.holds(socket):
        return Told(error=WouldStartError())
    try:
        status, pid = ask_control(socket, "status")
        version, _ = ask_control(socket, "version", 1.0)
    except OSError as exc:
        return Told(error=exc)
    return Told(status, str(version.get("version")), None if pid == _SYSTEMD else pid)


def _surroundings(machine: Machine, unit: Unit | None, pid: int | None) -> tuple[Namespace, dict[str, str]]:
    """Give flags and environment of the daemon: of its process, its unit, or what the caller's would be."""
    running = _process(machine, pid) if pid is not None else None
    if running is not None:
        return running
    if unit is None:
        return _flags([]), dict(machine.env)
    file = machine.etc / f"{unit.instance or 'wad'}.toml"
    flags = _flags(["--config", str(file)] if unit.instance or file.exists() else [])
    return flags, {"STATE_DIRECTORY": str(unit.state_directory), **unit.environment}


def _process(machine: Machine, pid: int) -> tuple[Namespace, dict[str, str]] | None:
    """Read another process's flags and environment; None where that is not the caller's to see."""
    folder = machine.proc / str(pid)
    try:
        words = os.fsdecode((folder / "cmdline").read_bytes()).split("\0")[:-1]
        pairs = os.fsdecode((folder / "environ").read_bytes()).split("\0")
        here = (folder / "cwd").readlink()
    except OSError:
        return None
    start = next((at for at, word in enumerate(words) if Path(word).name == "wad"), len(words))
    flags = _flags(words[start + 1 :])
    for name in ("config", "state_dir"):
        if getattr(flags, name):
            setattr(flags, name, str(here / getattr(flags, name)))
    return flags, {name: value for name, _, value in (pair.partition("=") for pair in pairs) if name}


def _flags(words: list[str]) -> Namespace:
    parser = ArgumentParser(add_help=False)
    add_flags(parser)
    return parser.parse_known_args(words)[0]
