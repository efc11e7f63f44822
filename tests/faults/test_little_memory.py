"""A machine with hardly any memory: a limit beyond which the kernel kills, and shared memory that is next to none."""

import os
import re
import shutil
import signal
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from daemon_client import until
from daemon_harness import HASTY, Daemon
from daemon_processes import browsers_of, processes_of, renderers_of

UNIT = Path(__file__).parents[2] / "etc" / "systemd" / "wad.service"
UNITS = {"M": 1 << 20, "G": 1 << 30}
# Of its processes together; see docs/performance.md.
ONE_ACCOUNT = 402 << 20
CGROUP = Path("/sys/fs/cgroup/memory")
# The daemon's wrapper: a mount of its own over the shared memory, seen by nobody else.
NO_SHM = ("unshare", "-m", "sh", "-c", 'mount -t tmpfs -o size=64k none /dev/shm && exec "$0" "$@"')
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts and control groups are root's")


@asynccontextmanager
async def limited(pids, room):
    """Have the kernel end these processes as soon as they take so many bytes more; needs cgroup v1."""
    group = CGROUP / f"wad-test-{os.getpid()}"
    group.mkdir()
    try:
        for pid in pids:
            (group / "cgroup.procs").write_text(str(pid))
        (group / "memory.limit_in_bytes").write_text(str(room))
        yield group
    finally:
        for line in (group / "cgroup.procs").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(line), signal.SIGKILL)
        await until(lambda: removed(group), "the group's end")


def preference(pid):
    """Give how readily the kernel ends a process for want of memory."""
    return int(Path(f"/proc/{pid}/oom_score_adj").read_text())


def removed(group):
    """Remove the group, and tell whether that could be done: what was killed needs a moment to go."""
    with suppress(OSError):
        group.rmdir()
    return not group.exists()


def kills(group):
    """Count what the kernel has ended there."""
    lines = dict(line.split() for line in (group / "memory.oom_control").read_text().splitlines())
    return int(lines.get("oom_kill", 0))


@as_root
@pytest.mark.skipif(
    not (CGROUP / "memory.limit_in_bytes").exists(), reason="no memory controller of version 1"
)
async def test_a_page_that_the_kernel_kills(linked_state):
    """The reason is told, and the same account is linked again without a scan."""
    async with Daemon(linked_state, env=HASTY) as daemon:
        before = (await daemon.wait(currentState="ready"))["accountInfo"]
        async with daemon.watched() as watch:
            # Pages that are there already are not charged to it: it fills with what they take from now on.
            async with limited(renderers_of(linked_state), 4 << 20) as group:
                await daemon.phone("reload")
                await until(lambda: kills(group), "the kernel's kill")
                await daemon.wait(currentState="disconnected")
            after = (await daemon.wait(currentState="ready"))["accountInfo"]

    assert before["phoneNumber"] == after["phoneNumber"]
    assert {"page_crashed"} == watch.reasons
    assert "qr" not in watch.states


@as_root
@pytest.mark.parametrize("executable", ["chromium", "/usr/lib/chromium/chromium"], ids=["launcher", "itself"])
async def test_no_shared_memory(linked_state, executable):
    """With 64 KB of /dev/shm the first browser is linked, whether or not Debian's launcher has looked at the place."""
    if shutil.which(executable) is None:
        pytest.skip(f"there is no {executable}")
    settings = {**HASTY, "WAD_BROWSER_EXECUTABLE": executable}
    async with Daemon(linked_state, env=settings, wrapper=NO_SHM) as daemon:
        status = await daemon.wait(currentState="ready")
        starts = daemon.events().count("browser_started")
        (browser,) = browsers_of(linked_state)
        shared = os.statvfs(f"/proc/{browser}/root/dev/shm")

    assert 64 << 10 == shared.f_frsize * shared.f_blocks
    assert status["isReady"]
    assert 1 == starts


async def test_the_page_goes_first(folder):
    """Where memory ends the kernel prefers the page's process to all others, to the daemon above all, as under systemd."""
    (unit,) = re.findall(r"^OOMScoreAdjust=(\d+)$", UNIT.read_text(), re.MULTILINE)
    async with Daemon(folder / "state", wrapper=("choom", "-n", unit, "--")) as daemon:
        await daemon.new_code()
        scores = {pid: preference(pid) for pid in processes_of(daemon.state)}
        pages = renderers_of(daemon.state)
        own = scores[daemon.process.pid]

    others = [score for pid, score in scores.items() if pid not in pages]

    assert int(unit) == own
    assert pages
    assert min(scores[pid] for pid in pages) > max(others)


@pytest.mark.parametrize("name", ["wad.service", "wad@.service"])
def test_what_memory_may_be_taken(name):
    """The unit has limits for all of its processes together, slows down before it kills, and outlives a killed page."""
    said = dict(re.findall(r"^(\w+)=(\S+)$", (UNIT.parent / name).read_text(), re.MULTILINE))
    high, most = (int(said[key][:-1]) * UNITS[said[key][-1]] for key in ("MemoryHigh", "MemoryMax"))

    assert "continue" == said["OOMPolicy"]
    assert 3 * ONE_ACCOUNT < high < most
