"""wadctl's completion, as each shell gives it: every command, option, button of the sandbox and account."""

import inspect
import os
import pty
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from wad.ctl.parser import make
from wad.sandbox import COMMANDS

ROOT = Path(__file__).parents[2]
PARSERS = make()[1]


def options(name: str) -> set[str]:
    """Give the long options of a command."""
    actions = PARSERS[name]._actions
    return {action.option_strings[-1] for action in actions if action.option_strings}


def script(folder: Path, name: str) -> str:
    """Give a shell's file, with /run and /etc of a machine that has two accounts, one of which runs."""
    for path in ("run/wad", "run/wad-shop", "etc/wad"):
        (folder / path).mkdir(parents=True)
    for path in ("etc/wad/wad.toml", "etc/wad/shop.toml", "etc/wad/home.toml", "etc/wad/home.api-token"):
        (folder / path).touch()
    text = (ROOT / "completion" / name).read_text("utf-8")
    return text.replace("/run/wad", f"{folder}/run/wad").replace("/etc/wad", f"{folder}/etc/wad")


def in_bash(folder: Path, *words: str) -> set[str]:
    """Give what bash offers for the last of `words`."""
    line = " ".join(f'"{word}"' for word in ("wadctl", *words))
    asking = f'COMP_WORDS=({line}); COMP_CWORD={len(words)}; _wadctl; printf "%s\\n" "${{COMPREPLY[@]}}"'
    command = ["bash", "-c", f"{script(folder, 'wadctl')}\n{asking}"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def in_fish(folder: Path, *words: str) -> set[str]:
    """Give what fish offers, or skip the test where it is not installed."""
    if shutil.which("fish") is None:
        pytest.skip("fish is missing: apt install fish")
    asking = f"complete -C '{' '.join(('wadctl', *words))}'"
    command = ["fish", "--no-config", "-c", f"{script(folder, 'wadctl.fish')}\n{asking}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return {line.partition("\t")[0] for line in ran.stdout.splitlines()}


def in_zsh(folder: Path, *words: str) -> set[str]:
    """Give what zsh lists on a terminal of its own, or skip the test where it is not installed."""
    if shutil.which("zsh") is None:
        pytest.skip("zsh is missing: apt install zsh")
    (folder / "_wadctl").write_text(script(folder, "_wadctl"))
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe("zsh", ["zsh", "-f", "-i"], os.environ | {"TERM": "dumb"})
    setting_up = (
        f"fpath=({folder} $fpath); autoload -U compinit; compinit -u -D; LISTMAX=1000 COLUMNS=200 LINES=200;"
        " zle -C listed list-choices _main_complete; bindkey '^T' listed; PS1=rea''dy:\n"
    )
    os.write(terminal, setting_up.encode())
    # Keys typed before its editor runs would be the terminal's own.
    read_until(terminal, b"ready:")
    os.write(terminal, f"{' '.join(('wadctl', *words))}\x14\x15exit\n".encode())
    seen = read_until(terminal, None)
    os.waitpid(child, 0)
    os.close(terminal)
    return set(seen.decode().split())


def read_until(terminal: int, mark: bytes | None) -> bytes:
    """Read what a terminal shows until the mark is seen, or all of it."""
    seen = b""
    with suppress(OSError):  # its other side is closed
        while (mark is None or mark not in seen) and (piece := os.read(terminal, 65536)):
            seen += piece
    return seen


SHELLS = pytest.mark.parametrize("offered", [in_bash, in_fish, in_zsh])


def test_files_are_fresh():
    """The files are what the parser and the buttons make of them."""
    command = [sys.executable, str(ROOT / "etc" / "completion"), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (0, "") == (ran.returncode, ran.stderr)


@SHELLS
def test_commands(offered, tmp_path):
    """Every command is offered first."""
    assert set() == set(PARSERS) - offered(tmp_path, "")


@SHELLS
@pytest.mark.parametrize("name", ["status", "reset", "qr", "doctor"])
def test_options(offered, name, tmp_path):
    """Behind a command all of its options are offered, and none of another."""
    others = set().union(*map(options, PARSERS)) - options(name)
    found = offered(tmp_path, name, "--")

    assert (set(), set()) == (options(name) - found, others & found)


@SHELLS
def test_buttons(offered, tmp_path):
    """Every button of the sandbox is offered, with the account named before."""
    assert set() == set(COMMANDS) - offered(tmp_path, "--instance", "shop", "sandbox", "")


@SHELLS
def test_arguments_of_a_button(offered, tmp_path):
    """A button has its arguments offered."""
    keys = {f"{key}=" for key in inspect.signature(COMMANDS["scan"].method).parameters if key != "self"}

    assert set() == keys - offered(tmp_path, "sandbox", "scan", "")


@SHELLS
def test_accounts(offered, tmp_path):
    """Every account is offered, whether it runs or not; the first one has no name."""
    found = offered(tmp_path, "--instance", "")

    assert {"shop", "home"} == found & {"shop", "home", "wad", "home.api-token"}


@SHELLS
def test_help(offered, tmp_path):
    """Help can be asked for each command."""
    assert set() == set(PARSERS) - offered(tmp_path, "help", "")
