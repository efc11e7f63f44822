"""Sandboxes in a process of their own, so that nobody who is measured has one in his: a line of JSON for each request.

`[number, "open", name, {options}]` gives the page's address, `[number, "press", name, command, {arguments}]` when
it was pressed and what the phone says to it. What happens in the sandbox is told without being asked, with the time of the clock that all processes
of the machine share (CLOCK_MONOTONIC): `shown`, a page shows another code; `told`, a page was handed a message that
came; `sent`, the servers have one that a page sent.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from wad.sandbox import PhoneRefusedError, Sandbox, SandboxOptions

_FOLDER = Path(sys.argv[1])
_sandboxes: dict[str, Sandbox] = {}


def tell(document: object) -> None:
    """Write a line."""
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def listen(name: str, sandbox: Sandbox) -> None:
    """Have the moments told that nobody but the sandbox knows."""
    stage, messaging, mailbox = sandbox._stage, sandbox._network.messaging, sandbox._network.messaging.mailbox
    receive, hand, arrived = stage.receive, messaging._tell, mailbox.arrived
    last: list[Any] = [None]

    def received(connection: Any, message: dict[str, Any]) -> None:
        code = message.get("shown") if message.get("type") == "report" else None
        if code and code == message.get("live") and code != last[0]:
            last[0] = code
            tell({"event": "shown", "name": name, "at": time.perf_counter(), "text": code})
        receive(connection, message)

    def handed(connection: Any, seq: int, stanza: dict[str, Any]) -> None:
        if stanza.get("kind") == "text":
            tell({"event": "told", "name": name, "at": time.perf_counter(), "text": stanza["text"]})
        hand(connection, seq, stanza)

    def has(sent: Any) -> None:
        tell({"event": "sent", "name": name, "at": time.perf_counter(), "text": sent.text})
        arrived(sent)

    stage.receive, messaging._tell, mailbox.arrived = received, handed, has  # type: ignore[method-assign]


async def obey(what: str, name: str, *values: Any) -> Any:
    """Do one thing."""
    if what == "open":
        folder = Path(tempfile.mkdtemp(dir=_FOLDER))
        sandbox = _sandboxes[name] = Sandbox(folder, SandboxOptions(**values[0]))
        await sandbox.start()
        listen(name, sandbox)
        return sandbox.url
    if what == "close":
        await _sandboxes.pop(name).stop()
        return None
    begun = time.perf_counter()
    return begun, await _sandboxes[name].phone.command(values[0], values[1])


async def answer(number: int, request: list[Any]) -> None:
    """Do one thing, and say what came of it."""
    try:
        tell({"number": number, "answer": await obey(*request)})
    except PhoneRefusedError as error:
        tell({"number": number, "refused": str(error)})


async def main() -> None:
    """Obey until nobody asks any more."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    async with asyncio.TaskGroup() as tasks:
        async for line in reader:
            number, *request = json.loads(line)
            tasks.create_task(answer(number, request))
    for sandbox in _sandboxes.values():
        await sandbox.stop()


asyncio.run(main())
