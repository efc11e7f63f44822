"""What a whole life leaves where others could look: the state's files, the processes' lines, limits and files."""

import os
import resource
import stat
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from daemon_harness import Daemon
from daemon_messages import BRISK, SECRET, event, send
from daemon_processes import browsers_of

sys.path.insert(0, str(Path(__file__).parents[1] / "webhooks"))

from receiver import listening  # found once the path is set

from wad.browser import procfs

TOKEN = "a-token-that-nobody-may-read"
# As a careless hand starts it: files for everybody, and cores of any size where the system lets them.
CARELESS = ("sh", "-c", 'umask 0; ulimit -c "$(ulimit -H -c)"; exec "$@"', "sh")
# systemd's own, whose names may lead a program that inherits them to what is wad's alone.
HANDED = ("NOTIFY_SOCKET", "CREDENTIALS_DIRECTORY", "WATCHDOG_USEC", "LISTEN_FDS", "WAD_")


@pytest.fixture
def credentials(folder):
    """Give a folder with the token, as systemd hands it over."""
    made = folder / "credentials"
    made.mkdir(mode=0o700)
    (made / "api-token").write_text(TOKEN)
    (made / "api-token").chmod(0o600)
    return made


def open_to_others(state):
    """Give what others than the owner may read, write or enter, with its mode; sockets are judged by their folder."""
    found = {}
    for path in state.rglob("*"):
        with suppress(FileNotFoundError):
            status = path.lstat()
            if (
                not stat.S_ISLNK(status.st_mode)
                and not stat.S_ISSOCK(status.st_mode)
                and status.st_mode & 0o077
            ):
                found[str(path.relative_to(state))] = oct(stat.S_IMODE(status.st_mode))
    return found


def open_files(pid):
    """Give what a process has open: files by their paths, pipes and sockets by their numbers."""
    found = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        with suppress(FileNotFoundError):
            found.add(str(Path(f"/proc/{pid}/fd/{name}").readlink()))
    return found


def told(pid, name):
    """Give what the kernel tells of a process: its command line, its environment."""
    return Path(f"/proc/{pid}/{name}").read_bytes()


def core_limits(pid):
    """Give a process' limits of its core's size."""
    return resource.prlimit(pid, resource.RLIMIT_CORE)


async def test_a_whole_life(folder, linked_state, credentials):
    """Linked, messages both ways, a webhook, a diagnosis of nothing: all of it is this user's alone.

    No core is ever written, by the daemon or its browser; neither the token nor a webhook's secret is on anybody's
    line or in the browser's environment, and of the daemon's open files the browser has its own pipes alone.
    """
    env = {**BRISK, "CREDENTIALS_DIRECTORY": str(credentials), "WAD_MESSAGES_PRIVATE_WEBHOOKS": "true"}
    async with listening() as receiver, Daemon(linked_state, env=env, wrapper=CARELESS) as daemon:
        daemon.headers["Authorization"] = f"Bearer {TOKEN}"
        await daemon.wait(currentState="ready")
        made = await daemon.fetch("PUT", "/api/whatsapp/webhooks/a", {"url": receiver.url})
        await send(daemon, SECRET)
        await event(daemon, "message.own")
        await daemon.phone("receive", **{"from": "+15550001111"}, text=SECRET)
        await event(daemon, "message")
        await receiver.until(2)
        pid, (browser,) = daemon.process.pid, browsers_of(linked_state)
        everybody = [each.pid for each in procfs.family(pid)]
        lines = {each: told(each, "cmdline") for each in everybody}
        limits = {each: core_limits(each) for each in everybody}
        inherited = told(browser, "environ").decode()
        shared = open_files(pid) & open_files(browser)
        theirs = {
            each for each in open_files(browser) if str(linked_state) in each or str(credentials) in each
        }
        opened = open_to_others(linked_state)
        assert 0 == await daemon.stop()
        opened |= open_to_others(linked_state)

    secrets = (TOKEN, SECRET, made.json["webhook"]["secret"])
    assert {} == opened
    assert {(0, 0)} == set(limits.values())
    assert len(everybody) > 3
    assert not [line for line in lines.values() for secret in secrets if secret.encode() in line]
    assert not [name for name in HANDED if name in inherited]
    assert not [secret for secret in secrets if secret in inherited]
    # A pipe has two ends and one name: the browser's commands, its answers, and what it complains of.
    assert 3 >= len([each for each in shared if each.startswith("pipe:")])
    # What is in memory alone has no name of its own.
    assert {"/dev/null"} >= {each for each in shared if not each.startswith(("pipe:", "anon_inode:"))}
    assert not [each for each in theirs if not each.startswith(str(linked_state / "sandbox/profile"))]
