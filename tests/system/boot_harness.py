"""A booted machine with the package: what a script found out in it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSIDE = Path(__file__).parent / "inside"
# Who builds the package here, as Debian's tools ask for it.
BUILDER = {"DEBFULLNAME": "Ada Ł. & Sons", "DEBEMAIL": "builder@wad.test"}


def required() -> None:
    """Skip where no machine can be booted: it takes root, and systemd's container tools."""
    if shutil.which("systemd-nspawn") is None:
        pytest.skip("systemd-nspawn is missing: apt install systemd-container")


def missing_packages() -> list[str]:
    """Give what the package depends on and is not here; there is no network inside to fetch it."""
    control = (ROOT / "debian" / "control").read_text()
    depends = control.split("\nDepends:")[1].split("\nRecommends:")[0]
    names = set(re.findall(r"[a-z0-9.+-]+", re.sub(r"\([^)]*\)|\$\{[^}]*\}", "", depends)))
    found = subprocess.run(
        ["dpkg-query", "-f", "${db:Status-Abbrev}${Package}\n", "-W"],
        capture_output=True,
        text=True,
        check=True,
    )
    installed = {line[3:] for line in found.stdout.splitlines() if line.startswith("ii ")}
    return sorted((names | {"nginx", "socat", "curl"}) - installed)


def facts(script: str, *files: Path) -> dict[str, str]:
    """Boot, run one of the scripts beside this file, and give what it told."""
    command = [
        str(ROOT / "script" / "boot"),
        str(INSIDE / script),
        str(INSIDE / "common.sh"),
        *map(str, files),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    told = re.findall(r"^@(\S+) ?(.*)$", ran.stdout, re.MULTILINE)
    # Shown by pytest where a test fails.
    sys.stdout.write(ran.stdout[-6000:] + ran.stderr[-2000:])
    found = {name: value.strip() for name, value in told}
    assert "gave_up" not in found, f"waited in vain for {found['gave_up']}"
    assert ran.returncode == 0, "the machine did not end well"
    return found
