"""What is told to systemd, and what it hands over: on real sockets, with real inheritance."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from contextlib import suppress

import pytest

from wad.core.events import StartRequested
from wad.core.reasons import Reason
from wad.core.status import Phase, Status
from wad.link.session import Session
from wad.service.systemd import Notifier, feed_watchdog, inherited_sockets, status_line, watchdog_interval


@pytest.fixture
def manager(tmp_path, monkeypatch):
    """Give a socket that listens in systemd's place."""
    path = str(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(path)
        made.settimeout(5)
        yield made


def told(manager):
    return manager.recv(4096).decode().split("\n")


def test_it_tells_ready_changes_and_stopping(manager):
    """READY comes with the state; each change of it is told in one line; then STOPPING."""
    notifier, session = Notifier(os.environ), Session()
    notifier.ready(session.status)
    session.subscribe(notifier.changed)
    session.apply(StartRequested())
    notifier.stopping()
    notifier.close()

    assert told(manager) == ["READY=1", "STATUS=idle (stopped)"]
    assert told(manager) == ["STATUS=idle (starting)"]
    assert told(manager)[0] == "STOPPING=1"


def test_manager_that_does_not_read_is_not_waited_for(manager):
    """A full queue loses notifications and nothing else."""
    notifier = Notifier(os.environ)
    for _ in range(2000):
        notifier.alive()
    notifier.close()

    assert told(manager) == ["WATCHDOG=1"]


def test_without_systemd_nothing_happens(monkeypatch):
    """Where no manager is named, telling is harmless."""
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    Notifier(os.environ).ready(Status())


@pytest.mark.parametrize("phase", list(Phase))
def test_status_is_one_line(phase):
    """Whatever the phase, systemctl's Status line is one line that begins with the state."""
    line = status_line(Status(phase, reason=Reason.HOSTS_BLOCKED))

    assert [line] == line.splitlines()
    assert line.startswith(Status(phase).state)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 15.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_watchdog_is_fed_at_half_its_time(variables, expected):
    """The interval is half of WatchdogSec, for the process it is meant for; no child inherits it."""
    assert watchdog_interval(variables) == expected
    assert variables == {}


def drain(manager):
    """Take out what was told so far."""
    with suppress(BlockingIOError):
        while True:
            told(manager)


async def test_watchdog_is_fed_only_for_a_supervisor_that_advances(io_loop, manager):
    """Pings go out while the proof comes, and stop when it does not, although the loop goes on."""
    advancing = asyncio.Event()
    advancing.set()
    asked = asyncio.Queue()

    async def prove():
        asked.put_nowait(None)
        await advancing.wait()

    notifier = Notifier(os.environ)
    task = asyncio.create_task(feed_watchdog(notifier, 0.01, prove))
    await asyncio.to_thread(told, manager)
    advancing.clear()
    manager.settimeout(0)
    while not asked.empty():
        asked.get_nowait()
    for _ in range(3):
        await asked.get()
    # what was proved before the supervisor stood still is taken out; from then on nothing comes
    drain(manager)
    await asked.get()
    with pytest.raises(BlockingIOError):
        told(manager)
    task.cancel()
    notifier.close()


_CHILD = """
import fcntl, json, os, socket
from wad.service.systemd import inherited_sockets
os.environ["LISTEN_PID"] = str(os.getpid())
found = inherited_sockets(os.environ)
print(json.dumps({
    "names": {name: [s.getsockname() for s in made] for name, made in found.items()},
    "high": all(s.fileno() > 10 for made in found.values() for s in made),
    "cloexec": all(not os.get_inheritable(s.fileno()) for made in found.values() for s in made),
    "timeouts": [s.gettimeout() for made in found.values() for s in made],
    "low": [fd for fd in (3, 4, 5) if os.path.exists(f"/proc/self/fd/{fd}")],
    "left": [name for name in os.environ if name.startswith("LISTEN_")],
}))
"""


def test_sockets_are_taken_over_by_name(tmp_path):
    """Handed sockets are found by name, moved out of Chromium's way, not blocking and not handed on."""
    paths = [str(tmp_path / name) for name in ("a", "b", "c")]
    made = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in paths]
    for each, path in zip(made, paths, strict=True):
        each.bind(path)
        each.listen()
    # the shell puts them where systemd does, without CLOEXEC
    moves = " ".join(f"{3 + index}<&{each.fileno()}" for index, each in enumerate(made))
    shell = f'exec {moves}; export LISTEN_FDS=3 LISTEN_FDNAMES=http:http:control; exec "$@"'
    output = subprocess.run(
        ["bash", "-c", shell, "sh", sys.executable, "-c", _CHILD],
        pass_fds=[each.fileno() for each in made],
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    for each in made:
        each.close()
    answer = json.loads(output)

    assert answer["names"] == {"http": paths[:2], "control": paths[2:]}
    assert (answer["high"], answer["cloexec"]) == (True, True)
    assert answer["timeouts"] == [0, 0, 0]
    assert answer["left"] == []
    assert answer["low"] == []


def test_sockets_for_another_process_are_left_alone():
    """A variable that names another process is taken out and not acted upon."""
    variables = {"LISTEN_PID": "1", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "http:control"}

    assert inherited_sockets(variables) == {}
    assert variables == {}
