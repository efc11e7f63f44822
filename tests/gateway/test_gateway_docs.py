"""What docs/events.md says is so: its examples run, and every event is in it."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest
from frontend_harness import TOKEN
from gateway_harness import HERE, open_harness
from test_gateway_messages import CASES, told

from wad.core.events import ProfileCleared
from wad.store.event_log import LoggedEvent
from wad.web.gateway.connections import MOST
from wad.web.gateway.message_events import IN_FLIGHT, messages_of
from wad.web.gateway.viewer import _ROOM

DOCUMENT = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```(\w+)\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE))
PROGRAMS = {
    "javascript": ("node", "-e", "const [address, token] = {values};\n"),
    "python": (sys.executable, "-c", "address, token = {values}\n"),
}


async def lines(process, until):
    """Read what an example prints up to a line."""
    heard = []
    while not heard or not heard[-1].startswith(until):
        line = await process.stdout.readline()

        assert line, heard

        heard.append(line.decode().strip())
    return heard


@pytest.mark.parametrize("kind", EXAMPLES)
async def test_example(io_loop, kind):
    """An example as it stands prints the state and its code, and goes on to do so."""
    program, option, preamble = PROGRAMS[kind]
    async with open_harness(TOKEN) as harness:
        harness.show_code()
        source = preamble.format(values=[harness.url, TOKEN]) + EXAMPLES[kind]
        environment = {"PYTHONUNBUFFERED": "1", "PATH": os.environ["PATH"]}
        process = await asyncio.create_subprocess_exec(
            program, option, source, cwd=HERE, env=environment, stdout=asyncio.subprocess.PIPE
        )
        try:
            assert ["state qr", "show data:image/png;base64,"] == [
                re.sub(" (None|null)$", "", line) for line in await lines(process, "show")
            ]

            harness.link()
            await lines(process, "state ready")
        finally:
            process.kill()
            await process.communicate()


def test_every_event():
    """Every event that can be sent is described, and no other."""
    sent = {name for before, after, _ in CASES.values() for name in told(before, after, ProfileCleared())}
    message = {"id": "true_1@c.us_A", "chat": {"id": "1@c.us", "pn": "1@c.us", "lid": None}, "text": "x"}
    receipt = {"timestamp": 1, "ack": 1, "state": "sent", "clientRef": None}
    logged = [LoggedEvent(1, "evt_1", kind, 1.0, message | receipt) for kind in ("message", "message.ack")]
    sent |= {name for event in logged for name, _ in messages_of(event)}
    described = set(re.findall(r"^(?:### |\| )`([\w:-]+)`(?: \||$)", DOCUMENT, re.MULTILINE))

    assert sent | {"message-sent"} == described - {"state", "reason", "timestamp"}


@pytest.mark.parametrize("number", [_ROOM, MOST, IN_FLIGHT])
def test_numbers(number):
    """The limits it names are those in force."""
    assert str(number) in DOCUMENT
