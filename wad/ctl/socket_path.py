"""Which wad is asked: where its control socket is, and how it is spoken of.

Unless it is named it is the packaged service's, else that of a wad run by hand.
"""

import os
import re
import shlex
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from wad.core.values import dataclass
from wad.ctl.exit_codes import UsageError

Env = Mapping[str, str]

RUN: Final = Path("/run")
# Where systemd looks for units, as far as a package or an administrator puts them there (systemd.unit(5)).
UNITS: Final = tuple(
    Path(root, "systemd/system") for root in ("/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib")
)
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
# Whoever sets one of these means a certain wad, and not whichever is there.
_MEANT = ("WAD_CONTROL_SOCKET", "WAD_STATE_DIRECTORY", "WAD_CONFIG", "RUNTIME_DIRECTORY", "STATE_DIRECTORY")


@dataclass(frozen=True, slots=True)
class Place:
    """A wad's control socket, and how wadctl is called for that very wad.

    Whatever is hinted at begins with `call`: without the instance it would lead to the first account.
    """

    path: Path
    call: str = "wadctl"


def place(named: str | None, instance: str | None, env: Env) -> Place:
    """Give the place for the options --socket and --instance. Raises UsageError for what is no instance."""
    if named is not None:
        return Place(Path(named), f"wadctl --socket {shlex.quote(named)}")
    if instance is not None:
        return Place(of_instance(instance), f"wadctl --instance {instance}")
    return Place(default(env))


def of_instance(name: str, run: Path = RUN) -> Path:
    """Give the socket of ``wad@NAME.service``. Raises UsageError for what is no name."""
    if not _NAME.fullmatch(name):
        raise UsageError("an instance's name consists of letters, digits, _ . and -")
    return run / f"wad-{name}" / "control.sock"


def default(env: Env, run: Path = RUN, units: Sequence[Path] = UNITS) -> Path:
    """Give the socket to ask: the service's if the caller may use it, else the caller's own if one listens.

    If neither answers, it is the one whose error tells most. A service that is installed goes before a socket
    that an earlier run by hand left behind: a service that failed has taken its own away.
    """
    service = run / "wad" / "control.sock"
    meant = any(name in env for name in _MEANT)
    if not meant and os.access(service, os.W_OK):
        return service
    own = _own(env)
    if meant or _listens(own):
        return own
    if _is_there(service) or _is_installed("wad.service", run, units):
        return service
    return service if os.geteuid() == 0 and not _is_there(own) else own


def unit_of(path: Path, run: Path = RUN, units: Sequence[Path] = UNITS) -> str | None:
    """Name the installed service whose socket this is, as systemctl takes it; None for a wad run by hand."""
    folder = path.parent.name
    if path != run / folder / "control.sock" or not (folder == "wad" or folder.startswith("wad-")):
        return None
    template = "wad.service" if folder == "wad" else "wad@.service"
    return folder.replace("-", "@", 1) if _is_installed(template, run, units) else None


def _is_installed(unit: str, run: Path, units: Sequence[Path]) -> bool:
    """Tell whether systemd runs here (sd_booted(3)) and knows the unit."""
    return (run / "systemd" / "system").is_dir() and any((folder / unit).exists() for folder in units)


def _listens(path: Path) -> bool:
    """Tell whether somebody listens, or that is hidden from the caller: only a socket left behind is dead."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.setblocking(False)  # noqa: FBT003 - a full queue is told, not waited for
        try:
            asking.connect(str(path))
        except (BlockingIOError, PermissionError):
            return True
        except OSError:
            return False
        return True


def _own(env: Env) -> Path:
    """Give the socket of a wad started here, with this environment and without flags."""
    # Imported late: a fifth of a second on a small machine, and most callers do not come here.
    from wad.config import default_paths, load  # noqa: PLC0415
    from wad.core.errors import ConfigError  # noqa: PLC0415

    try:
        return load({}, env).control.socket
    except (ConfigError, OSError):
        # A wrong setting, or a file for other eyes: it can still be asked what the daemon does.
        return default_paths.control_socket(env, default_paths.state_directory(env))


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except PermissionError:
        return True  # in a folder that is not ours to look into
    except OSError:
        return False
    return True
