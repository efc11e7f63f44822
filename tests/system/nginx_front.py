"""A real nginx before real daemons: the shipped site, and what runs behind it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nginx_harness import ROOT, Nginx, ask_unix, until

LISTED = ("https://app.example.org", "https://*.example.net", "http://localhost:5173")
# Longer than a bucket of nginx's hash.
LONG = "https://a-name-that-is-rather-long-for-a-name.example.com:8443"
TOKEN = "a-token-of-decent-length"


@dataclass(frozen=True)
class Harness:
    """A running nginx, and the socket of the wad behind it."""

    nginx: Nginx
    socket: Path


def environment(**settings: str) -> dict[str, str]:
    """Give a daemon's environment: this one without its settings, and `settings`."""
    dropped = ("WAD_", "XDG_", "NOTIFY_", "LISTEN_", "STATE_", "RUNTIME_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


def origins_map(*origins: str) -> str:
    """Give what `wad config --nginx` prints for a list of origins."""
    command = [sys.executable, "-m", "wad", "config", "--nginx"]
    env = environment(WAD_HTTP_ALLOWED_ORIGINS=",".join(origins))
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


@contextmanager
def short_folder() -> Iterator[Path]:
    """Give a folder whose path leaves room for a Unix socket's name."""
    with tempfile.TemporaryDirectory(prefix="wn-") as path:
        # nginx's workers are another user unless it is started by root.
        Path(path).chmod(0o755)
        yield Path(path)


@contextmanager
def wad(folder: Path, **settings: str) -> Iterator[Path]:
    """Run a sandboxed daemon that starts no browser; give its Unix socket."""
    folder.mkdir()
    path = folder / "http.sock"
    command = [sys.executable, "-m", "wad", "--sandbox", "--no-autostart"]
    places = ["--state-dir", str(folder / "state"), "--listen", f"unix:{path}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, *places], env=environment(**settings), stdout=log, stderr=log)
    try:
        until(lambda: _answers(path), "wad")
        yield path
    finally:
        process.terminate()
        process.wait()


def _answers(path: Path) -> bool:
    try:
        return ask_unix(path, "GET", "/livez", {}).code == 200
    except OSError:
        return False


@contextmanager
def running(prefix: Path, upstream: str) -> Iterator[Nginx]:
    """Run nginx with the shipped site and the list of origins above."""
    nginx = Nginx(prefix, upstream, origins_map(*LISTED, LONG))
    nginx.start()
    try:
        yield nginx
    finally:
        nginx.stop()
