"""Where things lie when nobody says so: under systemd, run by hand, and in between.

The environment is an argument, so that each place can be tested without being there.
"""

from collections.abc import Mapping
from pathlib import Path

Env = Mapping[str, str]

FILE = Path("/etc/wad/wad.toml")
RUN = Path("/run")
LIB = Path("/var/lib")
CREDENTIAL = "api-token"


def state_directory(env: Env) -> Path:
    """Return systemd's state directory, else the one of the user who runs wad by hand."""
    given = _first(env, "STATE_DIRECTORY")
    if given is not None:
        return given
    base = _first(env, "XDG_STATE_HOME") or _home_state(env)
    return base / "wad" if base is not None else LIB / "wad"


def control_socket(env: Env, state_dir: Path) -> Path:
    """Return the socket's path: below /run in the package's units, else below the user's own."""
    runtime = _first(env, "RUNTIME_DIRECTORY") or _unit_runtime(env)
    if runtime is not None:
        return runtime / "control.sock"
    user = _first(env, "XDG_RUNTIME_DIR")
    return user / "wad" / "control.sock" if user is not None else state_dir / "run" / "control.sock"


def _unit_runtime(env: Env) -> Path | None:
    """Name the socket unit's directory: /var/lib/wad has /run/wad, /var/lib/wad/NAME has /run/wad-NAME."""
    state = _first(env, "STATE_DIRECTORY")
    if state is None or not state.is_relative_to(LIB):
        return None
    return RUN / "-".join(state.relative_to(LIB).parts)


def token_file(env: Env) -> Path | None:
    """Return the credential systemd loaded for us, if it loaded one; the one of a reload, if there was one.

    Before systemd 260 its directory stays what it was at the start. So ExecReload= of the units puts what the
    file holds now beside the sockets, and ExecStopPost= takes it away: at a start it is not there.
    """
    directory, run = _first(env, "CREDENTIALS_DIRECTORY"), _unit_runtime(env)
    if directory is None:
        return None
    places = [directory / CREDENTIAL] if run is None else [run / CREDENTIAL, directory / CREDENTIAL]
    return next((place for place in places if place.is_file()), None)


def _home_state(env: Env) -> Path | None:
    home = _first(env, "HOME")
    return home / ".local" / "state" if home is not None else None


def _first(env: Env, name: str) -> Path | None:
    """Read a directory variable; systemd joins several with colons, and XDG ignores relative ones."""
    path = Path(env.get(name, "").split(":")[0])
    return path if path.is_absolute() else None
