"""Whatever stands in the configuration's file, it is named in one line, and the next reload works."""

import asyncio
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest
from daemon_harness import Daemon, environment
from reloading import hup

GOOD = '[http]\nallowed_origins = ["https://app.example.org"]\n'
# What is wrong, and a word of the sentence that says so.
BAD = {
    "nested": ("a = " + "[" * 5000, "nested"),
    "nested tables": ("a = " + "{a=" * 5000, "nested"),
    "digits": ("[link]\nready = " + "9" * 5000, "digits"),
    "huge": ("[link]\nready = " + "9" * 4000, "[link] ready"),
    "huge count": ("[link]\nheartbeat_misses = " + "9" * 400, "[link] heartbeat_misses"),
    "hexadecimal": ("[link]\nready = 0x" + "f" * 5000, "[link] ready"),
    "hexadecimal within": ("[http]\nlisten = [0x" + "f" * 5000 + "]", "[http] listen"),
    "name": ('"' + "x" * 100_000 + '" = 1', "xxx"),
    "name of two lines": ('[http]\n"a\\nb" = 1', "there is no such key"),
    "size": ("# " + "x" * 2**20, "larger than"),
    "zero byte": ("\0", "is not TOML"),
}
_LONGEST = 400


def argv(file, state):
    """Give the command of a daemon that reads this file."""
    return [sys.executable, "-m", "wad", "--config", str(file), "--state-dir", str(state)]


def starts(file, folder):
    """Start a daemon that has to give up; give its code and the lines it says."""
    done = subprocess.run(
        argv(file, folder / "never"),
        env=environment({}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stderr.splitlines()


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD)
def test_a_start_with_a_bad_file_ends_with_78(folder, text, said):
    """One line, not too long to be read, names the file and what is wrong with it."""
    file = folder / "wad.toml"
    file.write_text(text)
    code, lines = starts(file, folder)

    assert (78, 1) == (code, len(lines)), lines[-3:]
    assert str(file) in lines[0]
    assert said in lines[0]
    assert _LONGEST > len(lines[0])


@contextmanager
def a_pipe(path):
    """Make the file a pipe into which nobody writes."""
    os.mkfifo(path)
    yield


@contextmanager
def an_open_pipe(path):
    """Make the file a pipe whose writer says half of a file, and stays."""
    os.mkfifo(path)
    both = os.open(path, os.O_RDWR)
    os.write(both, b"[http]\n")
    yield
    os.close(both)


@contextmanager
def a_folder(path):
    """Make the file a folder."""
    path.mkdir()
    yield


@contextmanager
def a_device(path):
    """Make the file one that never ends."""
    path.symlink_to("/dev/zero")
    yield


NO_FILES = (a_pipe, an_open_pipe, a_folder, a_device)


@pytest.mark.parametrize("make", NO_FILES, ids=lambda make: make.__name__)
def test_a_start_with_what_is_no_file_ends_with_78(folder, make):
    """Nothing is waited for without end."""
    file = folder / "wad.toml"
    with make(file):
        code, lines = starts(file, folder)

    assert (78, 1) == (code, len(lines)), lines[-3:]
    assert str(file) in lines[0]


def test_a_configuration_may_come_by_a_pipe(folder):
    """As a shell's process substitution hands it over."""
    reading, writing = os.pipe()
    os.write(writing, GOOD.encode())
    os.close(writing)
    done = subprocess.run(
        [sys.executable, "-m", "wad", "--config", f"/dev/fd/{reading}", "config"],
        env=environment({}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        pass_fds=[reading],
    )
    os.close(reading)

    assert "https://app.example.org" in done.stdout


def wadctl(daemon):
    """Ask for a reload by wadctl, and give its code."""
    run = [
        sys.executable,
        "-m",
        "wad.ctl",
        "--socket",
        str(daemon.state / "run/control.sock"),
        "reload",
        "--wait",
    ]
    return subprocess.run(run, env=environment({}), capture_output=True, check=False, timeout=60)


async def test_after_bad_files_a_good_one_is_reloaded(folder):
    """Each bad file is refused in one line, by SIGHUP and by wadctl; the old settings hold until a good one."""
    file = folder / "wad.toml"
    file.write_text("")
    flags = ("--sandbox", "--no-autostart", "--config", str(file))
    refused, asked = {}, {}
    async with Daemon(folder / "state", *flags) as daemon:
        for name, (text, said) in BAD.items():
            file.write_text(text)
            refused[name] = said in (await hup(daemon, "reload_refused"))["error"]
            asked[name] = (await asyncio.to_thread(wadctl, daemon)).returncode
        file.write_text(GOOD)
        applied = (await hup(daemon, "config_reloaded"))["applied"]
        last = (await asyncio.to_thread(wadctl, daemon)).returncode
        code = await daemon.stop()

    assert dict.fromkeys(BAD, True) == refused
    assert dict.fromkeys(BAD, 1) == asked
    assert (["http.allowed_origins"], 0, 0) == (applied, last, code)


@pytest.mark.parametrize("make", NO_FILES, ids=lambda make: make.__name__)
async def test_what_is_no_file_keeps_no_later_reload_from_working(folder, make):
    """The daemon answers meanwhile, refuses what it could not read, and takes the next file."""
    file = folder / "wad.toml"
    file.write_text("")
    flags = ("--sandbox", "--no-autostart", "--config", str(file))
    async with Daemon(folder / "state", *flags) as daemon:
        file.unlink()
        with make(file):
            refused = await hup(daemon, "reload_refused")
        answer = (await daemon.get("/livez")).code
        file.rmdir() if file.is_dir() else file.unlink()
        file.write_text(GOOD)
        applied = (await hup(daemon, "config_reloaded"))["applied"]
        code = await daemon.stop()

    assert str(file) in refused["error"]
    assert (200, ["http.allowed_origins"], 0) == (answer, applied, code)
