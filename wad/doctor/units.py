"""What systemd knows of the wad in question: its unit, how that does, and the sockets it listens on for it.

A connection to a socket that systemd listens on starts the daemon (systemd.socket(5)), so all of this is
asked before anybody connects anywhere.
"""

import re
import shlex
from dataclasses import field
from pathlib import Path
from typing import Final

from wad.config import Address, parse_address
from wad.core.values import dataclass
from wad.doctor.machine import QUICK, Ended, Machine, call

_PLACE: Final = re.compile(r"/run/wad(?:-(?P<name>[^/]+))?/control\.sock")
_SHOWN: Final = (
    "LoadState,ActiveState,SubState,Result,StatusText,MainPID,NRestarts,Environment,ExecMainStatus,User"
)
_SERVING: Final = frozenset({"active", "reloading"})


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a wad; `sockets` are those systemd holds for it, by the unit that holds them."""

    name: str
    booted: bool
    facts: dict[str, str] = field(default_factory=dict)
    sockets: tuple[tuple[str, str], ...] = ()

    @property
    def active(self) -> bool:
        """Whether the daemon runs, so that nothing is started by asking."""
        return self.facts.get("ActiveState") in _SERVING

    @property
    def instance(self) -> str | None:
        """NAME of wad@NAME."""
        _, at, name = self.name.removesuffix(".service").partition("@")
        return name if at else None

    @property
    def state_directory(self) -> Path:
        """Where the unit keeps its session (StateDirectory=)."""
        return Path("/var/lib", f"wad-{self.instance}" if self.instance else "wad")

    @property
    def pid(self) -> int | None:
        """The daemon's process."""
        return int(self.facts.get("MainPID") or 0) or None

    @property
    def environment(self) -> dict[str, str]:
        """Give what the unit and its drop-ins set (Environment=)."""
        pairs = (word.partition("=") for word in shlex.split(self.facts.get("Environment", "")))
        return {name: value for name, _, value in pairs}

    def addresses(self) -> tuple[Address, ...]:
        """Give the addresses systemd listens on for HTTP."""
        held = (listen for listen, unit in self.sockets if unit.startswith("wad-http"))
        return tuple(parse_address(f"unix:{each}" if each.startswith("/") else each) for each in held)

    def holds(self, path: Path) -> bool:
        """Tell whether systemd listens on this socket; unsure, it is thought to."""
        if not self.booted:
            return False
        return not self.sockets or str(path) in {listen for listen, _ in self.sockets}


def find(machine: Machine, socket: Path) -> Unit | None:
    """Give the unit whose control socket this is; None for a wad run by hand."""
    booted = machine.systemd.exists() and machine.which("systemctl") is not None
    rows = _listening(machine) if booted else []
    owner = next((activates for listen, _, activates in rows if listen == str(socket)), _named(socket))
    if owner is None:
        return None
    held = tuple((listen, unit) for listen, unit, activates in rows if activates == owner)
    return Unit(owner, booted, _show(machine, owner) if booted else {}, held)


def _named(socket: Path) -> str | None:
    """Give the unit the packaged socket of this name belongs to, also where it is stopped."""
    match = _PLACE.fullmatch(str(socket))
    if match is None:
        return None
    return f"wad@{match['name']}.service" if match["name"] else "wad.service"


def _listening(machine: Machine) -> list[tuple[str, str, str]]:
    """Give address, socket unit and activated unit of all sockets (systemctl(1), list-sockets)."""
    ended = _ask(machine, "list-sockets", "--all", "--full", "--plain", "--no-legend")
    rows = [line.rsplit(None, 2) for line in ended.out.splitlines()] if ended else []
    return [(row[0].strip(), row[1], row[2]) for row in rows if len(row) == 3]  # noqa: PLR2004 - as unpacked


def _show(machine: Machine, unit: str) -> dict[str, str]:
    ended = _ask(machine, "show", unit, "--property", _SHOWN)
    pairs = [line.partition("=") for line in ended.out.splitlines()] if ended else []
    return {name: value for name, _, value in pairs}


def _ask(machine: Machine, *words: str) -> Ended | None:
    program = machine.which("systemctl")
    if program is None:
        return None
    try:
        ended = call([program, *words], {**machine.env, "LC_ALL": "C"}, QUICK)
    except OSError:  # a TimeoutError is one
        return None
    return ended if ended.code == 0 else None
