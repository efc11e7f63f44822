"""The machine as the checks see it: its folders, its programs, and how long each of them may take.

Rules of this file: whatever a check reaches outside of wad goes through here, so that a test can put a
broken machine in place of this one. Nothing here waits longer than it is told.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Final

from wad.core.values import dataclass

# In seconds. A cold Chromium on a slow disk takes three to tell its version.
PROGRAM: Final = 6.0
# systemd and the kernel answer in milliseconds; a resolver that is down takes 5 for each of its servers.
QUICK: Final = 2.0
NETWORK: Final = 4.0
# Where programs lie that only root has on PATH (hier(7)): nginx.
_SYSTEM: Final = ("/usr/local/sbin", "/usr/sbin", "/sbin")


@dataclass(frozen=True, slots=True)
class Host:
    """A server of WhatsApp's; without a vital one nothing works."""

    name: str
    port: int = 443
    vital: bool = False


# The page; its scripts; the chats' pictures.
HOSTS: Final = (
    Host("web.whatsapp.com", vital=True),
    Host("static.whatsapp.net"),
    Host("mmg.whatsapp.net"),
)


@dataclass(frozen=True, slots=True)
class Machine:
    """Where things are. The defaults are this machine's."""

    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    proc: Path = Path("/proc")
    nginx: Path = Path("/etc/nginx")
    etc: Path = Path("/etc/wad")
    # Exists where systemd is the running init (sd_booted(3)).
    systemd: Path = Path("/run/systemd/system")
    hosts: tuple[Host, ...] = HOSTS

    def which(self, name: str) -> str | None:
        """Find a program, also where only root would."""
        return shutil.which(name, path=os.pathsep.join([self.env.get("PATH", os.defpath), *_SYSTEM]))

    def kernel(self, name: str) -> str | None:
        """Read a setting below /proc/sys; None if this kernel has none of the name."""
        try:
            return (self.proc / "sys" / name).read_text("ascii").strip()
        except OSError:
            return None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended, and what it wrote."""

    code: int
    out: str
    errors: str


def call(argv: list[str], env: Mapping[str, str], within: float) -> Ended:
    """Run a program to its end. Raises OSError; TimeoutError when it and its children had to be killed."""
    with subprocess.Popen(  # noqa: S603 - what is run is found by name, its arguments are ours
        argv,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            out, errors = process.communicate(timeout=within)
        except subprocess.TimeoutExpired as exc:
            raise TimeoutError(f"{argv[0]} did not end within {within:g} s") from exc
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        return Ended(process.returncode, out.decode("utf-8", "replace"), errors.decode("utf-8", "replace"))
