"""What becomes of the log does nothing to the daemon: nobody reads it, its reader is gone, it was never open."""

import json
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from daemon_client import until
from daemon_harness import HASTY, Daemon, environment

IDLE = ("--sandbox", "--no-autostart")
REQUESTS = 2000
# With a path of this length the lines of so many requests are more than any pipe and any queue hold.
LONG = "/" + "x" * 1500
STREAMS = {"stderr": "2>&-", "stdout": ">&-", "all": "<&- >&- 2>&-"}


def redirected(how):
    """Give the wrapper that starts the daemon with its streams as a shell puts them."""
    return ("sh", "-c", f'exec "$@" {how}', "sh")


class Reader:
    """Whoever reads the daemon's log, by a pipe."""

    def __init__(self, folder):
        self.path = folder / "log"
        os.mkfifo(self.path)
        self._descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        self._read = b""

    def leave(self):
        """Be gone."""
        os.close(self._descriptor)

    def line(self, event):
        """Read what there is; give the first line of this event, if it has come."""
        while True:
            try:
                more = os.read(self._descriptor, 65536)
            except BlockingIOError:
                break
            if not more:
                break
            self._read += more
        lines = [json.loads(line) for line in self._read.splitlines() if line.endswith(b"}")]
        return next((line for line in lines if line["event"] == event), None)


async def served(daemon):
    """Wait until a daemon answers whose log the test does not see."""

    async def look():
        try:
            return (await daemon.get("/livez")).code == 200
        except OSError:
            return False

    await until(look, "the daemon")


def streams_of(daemon):
    """Give what the standard streams of a daemon lead to."""
    return {str(Path(f"/proc/{daemon.process.pid}/fd/{number}").readlink()) for number in range(3)}


async def dropped(daemon):
    """Give how many lines the daemon says it has dropped."""
    text = (await daemon.get("/metrics")).body.decode()
    return next(
        float(line.split()[1])
        for line in text.splitlines()
        if line.startswith("wad_log_lines_dropped_total ")
    )


@asynccontextmanager
async def blind(folder, how):
    """Start a daemon that logs each request, whatever its streams lead to, and wait until it answers."""
    daemon = Daemon(folder / "state", *IDLE, env={"WAD_LOG_LEVEL": "debug"}, wrapper=redirected(how))
    daemon.launch()
    try:
        await served(daemon)
        yield daemon
    finally:
        daemon.kill()
        daemon.close()


async def test_a_log_that_nobody_reads_stops_nothing(folder):
    """Two thousand requests are answered while the log's pipe is full, and a SIGTERM ends the daemon with 0."""
    reader = Reader(folder)
    async with blind(folder, f"2>{reader.path}") as daemon:
        codes = [(await daemon.get(LONG)).code for _ in range(REQUESTS)]
        lost = await dropped(daemon)
        code = await daemon.stop()
    reader.leave()

    assert {404} == set(codes)
    assert lost > 0
    assert 0 == code


async def test_lines_that_found_no_place_are_counted_and_told(folder):
    """As soon as somebody reads again a line tells how many are missing, the same as the metric does."""
    reader = Reader(folder)
    async with blind(folder, f"2>{reader.path}") as daemon:
        for _ in range(REQUESTS):
            await daemon.get(LONG)
        lost = await dropped(daemon)
        told = await until(lambda: reader.line("log_lines_dropped"), "the line that tells of it")
        await daemon.stop()
    reader.leave()

    assert "warning" == told["level"]
    assert 0 < lost <= told["count"] <= REQUESTS


async def test_a_reader_that_is_gone_costs_the_lines_only(folder):
    """Whoever read the log has died: requests are answered, and a stop ends with 0."""
    reader = Reader(folder)
    async with blind(folder, f"2>{reader.path}") as daemon:
        reader.leave()
        codes = [(await daemon.get("/livez")).code for _ in range(20)]
        lost = await dropped(daemon)
        code = await daemon.stop()

    assert {200} == set(codes)
    assert lost >= 20
    assert 0 == code


@pytest.mark.parametrize("how", STREAMS.values(), ids=STREAMS)
async def test_streams_that_are_closed_at_the_start(folder, how):
    """The daemon runs without them, and what it opens later is not taken for one of them."""
    async with blind(folder, how) as daemon:
        first = streams_of(daemon)
        code = await daemon.stop()

    assert {"/dev/null", str(daemon.log)} >= first
    assert 0 == code


# What Python itself would try to write when it ends is part of the matter.
BUFFERED = {key: value for key, value in environment({}).items() if key != "PYTHONUNBUFFERED"}


def into_nothing(*arguments):
    """Run wad with its standard output in a pipe that nobody reads any more; give the code and what it says."""
    reading, writing = os.pipe()
    os.close(reading)
    argv = [sys.executable, "-m", "wad", *arguments]
    with os.fdopen(writing, "wb") as out:
        done = subprocess.run(
            argv, env=BUFFERED, stdout=out, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    return done.returncode, done.stderr


@pytest.mark.parametrize("arguments", [["config"], ["--help"], ["--version"]], ids=" ".join)
def test_a_printed_text_that_nobody_reads_to_its_end(arguments):
    """As before a `head -1`: nothing is said, and it is no failure."""
    assert (0, "") == into_nothing(*arguments)


def test_a_printed_configuration_that_could_not_be_written():
    """A full disk is a failure, and named."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "wad", "config"],
            env=environment({}),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )

    assert 1 == done.returncode
    assert ["wad: the text cannot be written: No space left on device"] == done.stderr.splitlines()


async def test_a_fault_that_recurs_is_written_once_and_counted(folder):
    """A browser that dies at each start is told once within some seconds, and then how often it was."""
    async with Daemon(folder / "state", env={**HASTY, "WAD_BROWSER_EXECUTABLE": "/bin/false"}) as daemon:

        def repeated():
            troubles = [line for line in daemon.lines() if line["event"] == "link_trouble"]
            return troubles if any("repeated" in line for line in troubles) else None

        troubles = await until(repeated, "a line that was held back")

    assert [None] == [line.get("repeated") for line in troubles[:-1]]
    assert troubles[-1]["repeated"] > 1
