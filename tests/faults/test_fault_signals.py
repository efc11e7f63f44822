"""Signals at any moment of the daemon's life: none ends it but those that are to, and these with 0."""

import itertools
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from daemon_client import until
from daemon_harness import Daemon, environment

IDLE = ("--sandbox", "--no-autostart")
ALL = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1)
ROUNDS = 3
# What takes the most of a start, and what it is built on.
HEAVY = {"asyncio", "argparse", "logging", "structlog", "tornado", "socketio", "pyppeteer", "wad.config"}


def catches(pid, number):
    """Tell whether a process has a handler for a signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:")).split()[1]
    return bool(int(caught, 16) >> (number - 1) & 1)


async def caught(daemon, number):
    """Wait until the daemon has a handler for a signal."""
    await until(lambda: catches(daemon.process.pid, number), "a handler")


def test_signals_are_held_before_anything_that_takes_time():
    """What is imported before is next to nothing: the second that the rest takes is no gap."""
    told = subprocess.run(
        [sys.executable, "-c", "import sys, wad.cli; print(*sys.modules)"],
        env=environment({}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert set() == HEAVY & set(told.stdout.split())


async def test_signals_of_the_first_second_are_obeyed(folder):
    """SIGHUP and SIGUSR1 again and again while the daemon starts: it lives, reloads, and shows its tasks."""
    daemon = Daemon(folder / "state", *IDLE)
    daemon.launch()
    try:
        await caught(daemon, signal.SIGHUP)

        def storm():
            daemon.send(signal.SIGHUP)
            daemon.send(signal.SIGUSR1)
            return "wad_ready" in daemon.events()

        await until(storm, "the daemon's readiness")
        await daemon.wait_line("config_reloaded")
        await daemon.wait_line("task")
        code = await daemon.stop()
    finally:
        daemon.kill()
        daemon.close()

    assert 0 == code


async def test_signals_that_came_before_the_start_are_obeyed(folder):
    """Whoever blocks signals before the exec closes the interpreter's own gap: they are delivered later."""
    blocked = "--block-signal=HUP", "--block-signal=USR1", "--block-signal=TERM"
    daemon = Daemon(folder / "state", *IDLE, wrapper=("env", *blocked))
    daemon.launch()
    try:
        # Behind those that only set something: what is not blocked yet would end them.
        line, wad = Path(f"/proc/{daemon.process.pid}/cmdline"), f"{sys.executable}\0-m\0wad\0".encode()
        await until(lambda: line.read_bytes().startswith(wad), "the exec")
        daemon.send(signal.SIGHUP)
        daemon.send(signal.SIGUSR1)
        await daemon.wait_line("config_reloaded")
        await daemon.wait_line("task")
        code = await daemon.stop()
    finally:
        daemon.kill()
        daemon.close()

    assert 0 == code


async def test_a_stop_that_comes_at_once_ends_with_0(folder):
    """SIGTERM as soon as there is a handler, long before there is a loop."""
    daemon = Daemon(folder / "state", *IDLE)
    daemon.launch()
    try:
        await caught(daemon, signal.SIGTERM)
        code = await daemon.stop()
        last = daemon.events()[-1]
    finally:
        daemon.kill()
        daemon.close()

    assert (0, "wad_stopped") == (code, last)


async def test_a_storm_of_signals_while_stopping_changes_nothing(folder, turn):
    """All four again and again until the process is gone: it ends with 0, as often as it is tried."""
    codes = []
    for number in range(ROUNDS):
        async with Daemon(folder / f"state-{number}", *IDLE) as daemon:
            daemon.send(signal.SIGTERM)
            for each in itertools.cycle(ALL):
                if daemon.process.poll() is not None:
                    break
                with suppress(ProcessLookupError):
                    daemon.send(each)
            codes.append(daemon.process.returncode)

    assert [0] * ROUNDS == codes
