"""The thread that writes the log's lines, on real pipes and files."""

import os
import select
import subprocess
import sys

import pytest

from wad.log.losses import Losses
from wad.log.writer import BYTES, LINES, Stream, Writer

# Turns a hang into a failure.
LONG = 60
LINE = "x" * 1023


@pytest.fixture
def pipe():
    """Give the reading end of a pipe, a writer at the other end, and the losses it counts."""
    reading, writing = os.pipe()
    losses = Losses()
    writer = Writer(writing, losses)
    writer.notice = lambda count: f"lost {count}"
    yield reading, writer, losses
    os.close(reading)
    # Its thread lives on: it must have nothing left to write when another file is given the number.
    assert writer.flush(LONG)
    os.close(writing)


def read_until(descriptor, end):
    """Read from a pipe until the text ends so."""
    text = b""
    while not text.endswith(end):
        text += os.read(descriptor, 65536)
    return text.decode()


def what_is_there(descriptor):
    """Read what a pipe holds now: the last line may have been read before its writer knows that it is written."""
    readable, _, _ = select.select([descriptor], [], [], 0)
    return os.read(descriptor, 65536).decode() if readable else ""


def test_lines_are_written_in_order(pipe):
    """Each line is whole and behind the one before; whatever letters it has."""
    reading, writer, losses = pipe
    for line in ("one", "zwei Wörter", "\udcff"):
        writer.put(line)

    assert writer.flush(LONG)
    assert "one\nzwei Wörter\n\\udcff\n" == os.read(reading, 100).decode()
    assert 0 == losses.total


def test_nobody_waits_for_a_reader(pipe):
    """Lines that find no place are dropped at once; a flush ends though they are not written."""
    _, writer, losses = pipe
    for _ in range(2 * BYTES // len(LINE)):
        writer.put(LINE)

    assert not writer.flush(0.001)
    assert losses.total > 0


def test_short_lines_have_a_bound_too(pipe):
    """What many short lines take is bounded by their number."""
    _, writer, losses = pipe
    for _ in range(65536 + LINES + 10):
        writer.put("")

    assert losses.total > 0


def test_what_was_lost_is_told_once_as_soon_as_it_can_be(pipe):
    """A reader that is back gets the lines that found a place, and the number of all others."""
    reading, writer, losses = pipe
    count = 2 * BYTES // len(LINE)
    for _ in range(count):
        writer.put(LINE)
    writer.put("y" * BYTES)  # finds no place in any queue
    text = ""
    while not writer.flush(0.01):
        text += what_is_there(reading)
    writer.put("last")
    text += read_until(reading, b"last\n")
    told = [line for line in text.splitlines() if line.startswith("lost")]

    assert [f"lost {losses.total}"] == told
    assert count + 1 == text.count(LINE) + losses.total


def test_a_reader_that_is_gone_costs_the_lines_only(pipe):
    """Each of them is counted, and the thread lives."""
    reading, writer, losses = pipe
    nobody = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nobody, reading)
    os.close(nobody)
    writer.put("one")
    writer.put("two")

    assert writer.flush(LONG)
    assert 2 == losses.total


def test_a_descriptor_that_somebody_made_non_blocking(pipe):
    """Whoever shares it may have done so; no line is lost by that, or torn."""
    reading, writer, losses = pipe
    os.set_blocking(writer._descriptor, False)
    for _ in range(100):
        writer.put(LINE)
    writer.put("last")

    assert [LINE] * 100 + ["last"] == read_until(reading, b"last\n").splitlines()
    assert 0 == losses.total


# A disk that is full within a line: the kernel takes a part of it, and then no more until there is space.
FULL = """
import os, resource, sys
from wad.log.losses import Losses
from wad.log.writer import Writer
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
losses = Losses()
writer = Writer(file, losses)
writer.notice = lambda count: f"lost {count}"
resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
for letter in "abc":
    writer.put(letter * 79)
assert writer.flush(60)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
writer.put("after")
assert writer.flush(60)
"""


def test_a_line_after_one_that_was_cut_off_stands_for_itself(tmp_path):
    """Where a disk was full within a line, the next one begins below what is left of it."""
    path = tmp_path / "log"
    subprocess.run([sys.executable, "-c", FULL, path], check=True, timeout=LONG)

    assert ["a" * 79, "b" * 20, "after", "lost 2"] == path.read_text().splitlines()


def test_a_stream_for_what_others_say():
    """Whole lines are handed on as they come; what was begun is, at a flush."""
    put = []
    stream = Stream(put.append)
    for text in ("Exception ignored in: ", "<f>\nTraceback", ":\n", "begun"):
        stream.write(text)
    stream.flush()
    stream.flush()

    assert ["Exception ignored in: <f>", "Traceback:", "begun"] == put
