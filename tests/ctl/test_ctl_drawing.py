"""How a code is shown: as large as there is room for, smaller, as a file, or not at all with what else to do."""

import asyncio
import os
import re
import stat
import sys
from pathlib import Path

import pytest
from ctl_terminal import on_terminal
from frontend_harness import TEXT
from qr_scanner import scanned

from wad.ctl.client import Line
from wad.ctl.drawing import Drawing
from wad.ctl.exit_codes import CtlError
from wad.ctl.screen import Screen
from wad.ctl.socket_path import Place
from wad.reports.qr import small_terminal, terminal


def size(drawing):
    """Give the columns and the lines of a drawing."""
    return len(drawing.splitlines()[0]), len(drawing.splitlines())


def unpainted(seen):
    """Give what was written, without its colours."""
    return re.sub(r"\x1b\[[0-9;]*[mHJK]", "", seen)


@pytest.mark.parametrize(("more", "drawn"), [(0, terminal(TEXT)), (-1, small_terminal(TEXT))])
@pytest.mark.parametrize("which", ["columns", "rows"])
async def test_as_large_as_there_is_room(io_loop, harness, which, more, drawn):
    """The usual drawing is shown if all of it is seen with what stands below; else the smaller one."""
    harness.show_code()
    columns, lines = size(terminal(TEXT))
    room = {"columns": columns, "rows": lines + 3}
    seen, code = await on_terminal(harness, "qr", **{**room, which: room[which] + more})

    assert unpainted(seen).startswith(drawn)
    assert 0 == code


@pytest.mark.parametrize("room", [{"columns": 80, "rows": 24}, {"columns": 40, "rows": 50}])
async def test_no_room(io_loop, harness, room):
    """Half a code is of no use: it is said how much room it takes, and how it can be seen elsewhere."""
    harness.show_code()
    columns, lines = size(small_terminal(TEXT))
    seen, code = await on_terminal(harness, "qr", **room)

    assert f"the code needs {columns} columns and {lines + 3} lines, more than the terminal has" in seen
    assert f"Or have a picture: wadctl --socket {harness.path} qr --output code.png" in seen
    assert "█" not in seen
    assert 1 == code


def test_no_room_but_a_page(monkeypatch):
    """Where wad has a page, that is offered."""
    monkeypatch.setattr("wad.doctor.page_url", lambda _: "https://wad.example.org/")
    monkeypatch.setattr(Screen, "room", lambda _: os.terminal_size((80, 24)))
    line = Line("", {"success": True, "terminal": small_terminal(TEXT)})

    with pytest.raises(CtlError, match=r"Or open the page: https://wad\.example\.org/\n"):
        Drawing(Place(Path("/none")), Screen({})).show(line, alone=False)


async def test_no_terminal_has_room(io_loop, harness):
    """What goes to a file or a pipe is the usual drawing, or the smaller one if that is asked for."""
    harness.show_code()
    usual, small = await harness.ctl("qr"), await harness.ctl("qr", "--small")

    assert usual.out.startswith(terminal(TEXT))
    assert small.out.startswith(small_terminal(TEXT))


async def test_output(io_loop, harness, folder):
    """The file is a picture that a phone reads, and its owner's alone; there is nothing beside it."""
    harness.show_code()
    path = folder / "out" / "code.png"
    path.parent.mkdir()
    path.write_text("an old one")
    ended = await harness.ctl("qr", "--output", str(path))

    assert (0, "") == (ended.code, ended.err)
    assert ended.out.startswith(f"{path} has the code. It is good until ")
    assert TEXT == scanned(path.read_bytes())
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(path.parent.iterdir())


async def test_output_that_cannot_be_written(io_loop, harness, folder):
    """A folder that is not there is told as such."""
    harness.show_code()
    ended = await harness.ctl("qr", "--output", str(folder / "none" / "code.png"))

    assert 1 == ended.code
    assert f"{folder}/none/code.png cannot be written: No such file or directory" in ended.err


async def test_output_of_each_code(io_loop, harness, folder):
    """While it is watched, the file has the present code, until one was scanned."""
    harness.show_code()
    path = folder / "code.png"
    words = ("--socket", str(harness.path), "qr", "--watch", "--output", str(path))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wad.ctl", *words, stdout=asyncio.subprocess.PIPE
    )
    await process.stdout.readline()
    first = scanned(path.read_bytes())
    harness.show_code(TEXT + "2", seconds=20)
    await process.stdout.readline()
    second = scanned(path.read_bytes())
    harness.link()
    await process.communicate()

    assert [TEXT, TEXT + "2", 0] == [first, second, process.returncode]
