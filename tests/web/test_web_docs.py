"""Every example in ``docs/http.md`` does what the page says."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from frontend_harness import TOKEN
from web_harness import Harness, cells

from wad.core.events import Authenticated, Blocked, Ready
from wad.core.reasons import Reason
from wad.core.status import Account, Blockage

PAGE = Path(__file__).parents[2] / "docs" / "http.md"
EXAMPLE = re.compile(r"<!-- test: (?P<scenes>[\w, ]+) -->\n```console\n(?P<lines>.*?)```", re.DOTALL)


def examples() -> Iterator[tuple[frozenset[str], str]]:
    """Give each example with the scenes in which it is shown."""
    for found in EXAMPLE.finditer(PAGE.read_text()):
        yield frozenset(found["scenes"].split(", ")), found["lines"]


def set_scene(harness: Harness, scenes: frozenset[str]) -> None:
    """Bring the link to where the example begins."""
    if scenes & {"code", "linked", "blocked"}:
        harness.show_code()
    if "linked" in scenes:
        harness.apply(Authenticated(), Ready(Account("15551234567", "Ada", "android")))
    if "blocked" in scenes:
        blockage = Blockage("ERR_CONNECTION_REFUSED", "https://web.whatsapp.com/")
        harness.apply(Blocked(Reason.HOSTS_BLOCKED, blockage))


def split(lines: str) -> tuple[str, str]:
    """Give an example's commands as a script, and what they are said to print."""
    script = [line.removeprefix("$ ") for line in lines.splitlines() if line.startswith("$ ")]
    said = [line for line in lines.splitlines() if not line.startswith("$ ")]
    return "\n".join(script), "\n".join(said)


def pattern(said: str) -> str:
    """Give the expression for what is said, in which dots of omission stand for anything in the line."""
    return ".*".join(re.escape(part) for part in said.split("…"))


@pytest.mark.parametrize(("scenes", "lines"), list(examples()))
async def test_example(io_loop, open_harness, tmp_path, scenes, lines):
    """The commands print what the page says they print."""
    harness = open_harness(token=TOKEN if "token" in scenes else None)
    set_scene(harness, scenes)
    script, said = split(lines)
    script = script.replace("127.0.0.1:3002", f"127.0.0.1:{harness.port}")
    script = script.replace("/run/wad/http.sock", str(harness.unix))

    process = await asyncio.create_subprocess_exec(
        *("/bin/sh", "-eu", "-c", script),
        stdout=asyncio.subprocess.PIPE,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "TOKEN": TOKEN},
    )
    printed = (await process.communicate())[0].decode().replace("\r\n", "\n")

    assert process.returncode == 0
    assert re.fullmatch(pattern(said), printed.strip()), printed


def test_no_example_is_left_out():
    """No example on the page is without its scene."""
    assert PAGE.read_text().count("```console") == len(list(examples()))


def test_every_route_is_described():
    """The table on the page names every path, in each of its spellings."""
    page = PAGE.read_text()
    spelt = {re.sub("(phone|webhooks)/scan", r"\1/NAME", cell.path) for cell in cells()}
    named = {re.sub("^/(ui|docs)/.*", r"/\1/FILE", path) for path in spelt}
    named = {re.sub("(whatsapp/media)/0{64}$", r"\1/SHA256", path) for path in named}
    named = {re.sub("/(scan|15550001111@c.us)(/|$)", r"/ID\2", path) for path in named}

    assert [] == [path for path in named if f"`{path}`" not in page]
