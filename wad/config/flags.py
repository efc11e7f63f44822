"""The daemon's flags, for argparse and for the precedence of settings.

A flag that was not given is absent from the overrides: it must not hide the file or the environment.
"""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wad.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag, the key it sets, and how argparse reads it; `raw` makes of it what a file would hold."""

    name: str
    key: str
    help: str
    options: Mapping[str, Any]
    raw: Callable[[Any], object] = lambda value: value

    @property
    def dest(self) -> str:
        """The attribute's name in argparse's namespace."""
        return self.name.removeprefix("--").replace("-", "_")


def _absolute(text: str) -> str:
    """Read a path as the shell it was typed in means it; the daemon itself takes absolute ones only."""
    return os.path.abspath(Path(text).expanduser()) if text else text  # noqa: PTH100 - resolve() follows links


FLAGS = (
    Flag(
        "--sandbox",
        "sandbox.enabled",
        "drive a stand-in for WhatsApp Web; no phone and no network are needed",
        {"action": "store_true"},
    ),
    Flag(
        "--listen",
        "http.listen",
        "HOST:PORT or unix:/path to serve HTTP on; may be repeated",
        {"action": "append", "metavar": "ADDR"},
    ),
    Flag(
        "--state-dir",
        "state.directory",
        "the folder of the session and all that must outlive a restart",
        {"metavar": "DIR"},
        _absolute,
    ),
    Flag(
        "--no-autostart",
        "link.autostart",
        "wait for a start instead of linking at once",
        {"action": "store_true"},
        lambda given: not given,
    ),
)


def add_flags(parser: ArgumentParser) -> None:
    """Add the daemon's flags, ``--config`` too."""
    parser.add_argument("--config", metavar="FILE", help="read FILE instead of /etc/wad/wad.toml")
    for flag in FLAGS:
        parser.add_argument(flag.name, help=flag.help, **flag.options)


def overrides(namespace: Namespace) -> dict[str, Any]:
    """Return the flags that were given, by their names in the namespace."""
    return {flag.dest: value for flag in FLAGS if (value := getattr(namespace, flag.dest, None))}
