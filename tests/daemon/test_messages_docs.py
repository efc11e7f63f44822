"""docs/messages.md: its commands work as they are written, and its table of failures is the code's."""

import asyncio
import json
import re
from pathlib import Path

from daemon_harness import HASTY, SMALL_BROWSER, Daemon

from wad.core.failures import FAILURES, Failure
from wad.messages.operations import ERRORS, TYPES

PAGE = (Path(__file__).parents[2] / "docs/messages.md").read_text(encoding="utf-8")


def test_failures_are_those_of_the_code():
    """Each with its status and its sentence."""
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.*) \|$", PAGE, re.MULTILINE)

    assert rows == [(each, str(int(ERRORS[each].status)), FAILURES[each].sentence) for each in Failure]


def test_types_of_events_are_those_of_the_code():
    """Each that is described exists."""
    table = PAGE.partition("| type | when |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    named = set(re.findall(r"`([\w.]+)`", " ".join(cells)))

    assert named == TYPES


async def test_commands(linked_state):
    """Every block, in order: each answer of JSON is a success, and the stream has events."""
    async with Daemon(linked_state, env={**HASTY, **SMALL_BROWSER}) as daemon:
        await daemon.wait(currentState="ready")
        blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
        said = [await _run(block.replace("127.0.0.1:3002", f"127.0.0.1:{daemon.port}")) for block in blocks]

    answers = [json.loads(line) for text in said for line in text.splitlines() if line.startswith("{")]

    streams = [text for text in said if "\nevent: state\n" in text]
    secrets = [each["webhook"]["secret"] for each in answers if "secret" in each.get("webhook", {})]
    commands = "".join(blocks).count("curl -s ")

    assert len(streams) == 1
    assert [each["success"] for each in answers] == [True] * commands
    assert [each[:6] for each in secrets] == ["whsec_"]


async def _run(block):
    process = await asyncio.create_subprocess_shell(block, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(60):
        said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode()
