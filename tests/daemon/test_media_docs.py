"""docs/messages.md, its files: the commands work as they are written, and its tables are the code's."""

import asyncio
import json
import re
from pathlib import Path

from daemon_media import arrived
from daemon_messages import event, linked

from wad.core.message import MediaKind

PAGE = (Path(__file__).parents[2] / "docs/messages.md").read_text(encoding="utf-8")


def test_kinds_are_those_of_the_code():
    """Each has a row."""
    table = PAGE.partition("| `kind` | what it takes |")[2].partition("\n\n")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(MediaKind)


async def test_commands_with_files(linked_state, folder):
    """Every answer is a success, and the file is with the phone by each way."""
    (block,) = re.findall(r"^```bash\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    async with linked(linked_state) as daemon:
        text = block.replace("127.0.0.1:3002", f"127.0.0.1:{daemon.port}")
        process = await asyncio.create_subprocess_exec(
            *("bash", "-e", "-c", text), stdout=asyncio.subprocess.PIPE, cwd=folder
        )
        async with asyncio.timeout(60):
            said, _ = await process.communicate()
        answers = [json.loads(line) for line in said.decode().splitlines()]
        last = answers[-1]["message"]["id"].rpartition("_")[2]
        await event(daemon, "message.own", lambda data: data["id"].endswith(last))
        told = await arrived(daemon)

    assert process.returncode == 0
    assert [each["success"] for each in answers] == [True] * 3
    assert [(each["content"], each["filename"]) for each in told] == [(b"what you owe", "bill.txt")] * 3
