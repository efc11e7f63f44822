"""A Chromium for the sandbox's tests, driven over its debugging port.

It has nothing in common with wad's own driver: what the page is, is judged by another pair of eyes.
"""

import asyncio
import contextlib
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from tornado.websocket import WebSocketClientConnection, websocket_connect

DEADLINE = 20.0
USER_AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
CANDIDATES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class EvaluationError(Exception):
    """The page threw, or went away."""


class Browser:
    """One page, and the browser it is in."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future] = {}
        self._session: str | None = None
        self.events: list[tuple[str, dict]] = []
        self._reader = asyncio.ensure_future(self._read())

    async def first_page(self) -> str:
        targets = (await self.call("Target.getTargets"))["targetInfos"]
        return next(each["targetId"] for each in targets if each["type"] == "page")

    async def attach(self, page: str) -> None:
        attached = await self.call("Target.attachToTarget", targetId=page, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Inspector"):
            await self.call(f"{domain}.enable")

    async def _read(self) -> None:
        while (text := await self._socket.read_message()) is not None:
            message = json.loads(text)
            if "id" not in message:
                self.events.append((message["method"], message["params"]))
            elif (answer := self._answers.pop(message["id"], None)) is not None and not answer.done():
                answer.set_result(message)

    async def call(self, method: str, **params):
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        await self._socket.write_message(json.dumps(message))
        reply = await asyncio.wait_for(answer, DEADLINE)
        if "error" in reply:
            raise EvaluationError(reply["error"]["message"])
        return reply["result"]

    async def goto(self, url: str) -> dict:
        return await self.call("Page.navigate", url=url)

    async def evaluate(self, expression: str):
        reply = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in reply:
            raise EvaluationError(reply["exceptionDetails"].get("exception", {}).get("description", "threw"))
        return reply["result"].get("value")

    async def until(self, expression: str, expected=None):
        """Ask until the page answers what is expected, or, without expectation, anything true."""
        end = time.monotonic() + DEADLINE
        seen = None
        while time.monotonic() < end:
            with contextlib.suppress(EvaluationError):
                seen = await self.evaluate(expression)
                if seen == expected if expected is not None else seen:
                    return seen
            await asyncio.sleep(0.03)
        raise AssertionError(f"{expression} is {seen!r}, not {expected!r}")

    async def event(self, method: str, **wanted) -> dict:
        """Return the first event of this kind with these values, waiting for it."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            for name, params in self.events:
                if name == method and wanted.items() <= params.items():
                    return params
            await asyncio.sleep(0.01)
        raise AssertionError(f"no {method} came")

    async def close(self, method: str = "Browser.close", **params) -> None:
        """Leave with a last call, to the browser itself."""
        self._session = None
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.call(method, **params), 5)
        self._reader.cancel()
        self._socket.close()


def executable() -> str:
    chosen = os.environ.get("WAD_BROWSER_EXECUTABLE")
    found = next(filter(None, map(shutil.which, CANDIDATES)), None)
    path = chosen or found
    assert path, "these tests need Chromium: run script/bootstrap --test"
    return path


def _arguments(profile: Path, user_agent: str | None) -> list[str]:
    arguments = ["--headless", "--remote-debugging-port=0", "--no-first-run", f"--user-data-dir={profile}"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    if user_agent is not None:
        arguments.append(f"--user-agent={user_agent}")
    return [*arguments, "about:blank"]


async def _address(stderr: asyncio.StreamReader) -> str:
    async with asyncio.timeout(DEADLINE):
        while line := (await stderr.readline()).decode():
            if found := re.match(r"DevTools listening on (ws://\S+)", line):
                return found[1]
    raise AssertionError("Chromium ended before it was up")


@contextlib.asynccontextmanager
async def chromium(profile: Path, user_agent: str | None = USER_AGENT) -> AsyncIterator[Browser]:
    process = await asyncio.create_subprocess_exec(
        executable(),
        *_arguments(profile, user_agent),
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    drain = None
    try:
        address = await _address(process.stderr)
        drain = asyncio.ensure_future(process.stderr.read())
        browser = Browser(await websocket_connect(address, max_message_size=2**26))
        await browser.attach(await browser.first_page())
        try:
            yield browser
        finally:
            await browser.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 10)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        if drain is not None:
            await drain


class Shared:
    """The browser that tests share whose profile need not outlive them; see conftest.py."""

    address = ""


@contextlib.contextmanager
def shared(profile: Path) -> Iterator[None]:
    """Run the shared browser."""
    process = subprocess.Popen(
        [executable(), *_arguments(profile, USER_AGENT)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        Shared.address = _written(profile / "DevToolsActivePort")
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _written(file: Path) -> str:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        with contextlib.suppress(OSError, ValueError):
            port, path = file.read_text().split()
            return f"ws://127.0.0.1:{port}{path}"
        time.sleep(0.01)
    raise AssertionError("Chromium did not say where it listens")


@contextlib.asynccontextmanager
async def visitor() -> AsyncIterator[Browser]:
    """Give a page in the shared browser, with a storage that nobody else has and that ends with it."""
    browser = Browser(await websocket_connect(Shared.address, max_message_size=2**26))
    context = (await browser.call("Target.createBrowserContext"))["browserContextId"]
    try:
        made = await browser.call("Target.createTarget", url="about:blank", browserContextId=context)
        await browser.attach(made["targetId"])
        yield browser
    finally:
        await browser.close("Target.disposeBrowserContext", browserContextId=context)
