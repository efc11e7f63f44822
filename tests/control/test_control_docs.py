"""The examples in docs/control.md are run, and print what stands there; `…` stands for anything."""

import os
import re
import sys

import pytest
from control_harness import ROOT, run

from wad.ctl.commands import TASKS

PAGE = (ROOT / "docs" / "control.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?:<!-- run: (\w+) -->\n)?```console\n(.*?)```", PAGE, re.DOTALL)
NAMED = "/run/wad/control.sock"


def steps(block):
    """Give the commands of a block, each with the output that stands below it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def matches(expected, output):
    """Tell whether an output is the expected one, whose dots stand for anything, lines included."""
    return re.fullmatch(".*".join(map(re.escape, expected.split("…"))) + r"\s*", output, re.DOTALL)


def test_blocks():
    """There are examples."""
    assert len(BLOCKS) > 5
    assert all(list(steps(block)) for _, block in BLOCKS)


@pytest.mark.parametrize(("situation", "block"), BLOCKS)
async def test_example(io_loop, harness, folder, situation, block):
    """What a reader types leads to what the page shows."""
    {"": lambda: None, "code": harness.show_code, "linked": harness.link, "obey": harness.obey}[situation]()
    wadctl = folder / "wadctl"
    wadctl.write_text(
        f'#!/bin/sh\nexport WAD_CONTROL_SOCKET={harness.path}\nexec {sys.executable} -m wad.ctl "$@"\n'
    )
    wadctl.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    for command, expected in steps(block):
        ended = await run("sh", "-c", command.replace(NAMED, str(harness.path)), PATH=path)

        assert matches(expected, ended.out), f"{command}\n{ended.out}{ended.err}"


def test_verbs():
    """Every verb of the table is described, and every command of wadctl."""
    listed = set(re.findall(r"`([a-z-]+)", PAGE))
    verbs = re.search(r"there are ([a-z, ]+)", PAGE)[1].split(", ")
    assert set() == {*verbs, *TASKS} - listed
