"""A daemon that is asked over HTTP, and the conditions one can wait for.

Waiting looks again and again, because that is what a frontend without a websocket does; nothing here sleeps
for a time in which something is hoped to happen.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

T = TypeVar("T")
Document = dict[str, Any]

# For one condition, such as "ready again": a browser that starts three times on a busy machine.
PATIENCE = 40.0
# Between two looks at a condition which nothing tells of by itself.
_PAUSE = 0.05
# They answer 200 whatever the link does.
ALWAYS = ("/health", "/whatsapp/status", "/api/whatsapp/status", "/whatsapp/account")


async def until(look: Callable[[], T | Awaitable[T | None] | None], what: str, within: float = PATIENCE) -> T:
    """Return the first true value that `look` gives; fail, naming `what`, when none comes in time."""
    deadline = asyncio.get_running_loop().time() + within
    while asyncio.get_running_loop().time() < deadline:
        seen = look()
        if isinstance(seen, Awaitable):
            seen = await seen
        if seen:
            return seen
        await asyncio.sleep(_PAUSE)
    raise AssertionError(f"waited in vain for {what}")


@dataclass(frozen=True)
class Answer:
    """What a request got."""

    code: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Document:
        """The body read as the JSON object it has to be."""
        document = json.loads(self.body)
        assert isinstance(document, dict)
        return document


@dataclass
class Watch:
    """What a watcher saw: each answer's status code, and each state with its phase and reason, in order.

    `slowest` is how many seconds the longest answer took; on a machine that others use that is no verdict.
    """

    codes: set[int] = field(default_factory=set)
    slowest: float = 0.0
    seen: list[tuple[str, str, str | None]] = field(default_factory=list)

    @property
    def states(self) -> list[str]:
        """The states, without repetitions in a row."""
        states = [state for state, _, _ in self.seen]
        return [now for before, now in zip([None, *states], states, strict=False) if now != before]

    @property
    def reasons(self) -> set[str]:
        """The reasons that were given."""
        return {reason for _, _, reason in self.seen if reason is not None}


class Asker:
    """Asks the daemon on a port of loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._client = AsyncHTTPClient(force_instance=True)
        # Sent with every request: a token, say.
        self.headers: dict[str, str] = {}

    def close(self) -> None:
        """Ask no more."""
        self._client.close()

    async def fetch(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        raw: bytes | None = None,
        within: float = 10,
    ) -> Answer:
        """Ask for something, within so many seconds; an answer of any code is an answer. `raw` is no JSON."""
        sent = (
            None
            if method in {"GET", "HEAD", "OPTIONS", "DELETE"}
            else json.dumps(body if body is not None else {})
        )
        kind = {"Content-Type": "application/json"} if sent is not None else {}
        url = f"http://127.0.0.1:{self.port}{path}"
        given = {**kind, **self.headers, **(headers or {})}
        request = HTTPRequest(url, method, given, sent if raw is None else raw, request_timeout=within)
        answer = await self._client.fetch(request, raise_error=False)
        if isinstance(answer.error, HTTPClientError) or answer.error is None:
            return Answer(answer.code, dict(answer.headers), answer.body)
        raise answer.error

    async def get(self, path: str) -> Answer:
        """Get something."""
        return await self.fetch("GET", path)

    async def post(self, path: str, body: Any = None) -> Document:
        """Give a command, which must be taken; return what it was answered."""
        answer = await self.fetch("POST", path, body)
        assert answer.code == 200, answer.body
        return answer.json

    async def phone(self, command: str, **arguments: Any) -> Document:
        """Press a button of the sandbox's phone."""
        return await self.post(f"/sandbox/phone/{command}", arguments)

    async def status(self) -> Document:
        """Return the status, which is always there."""
        answer = await self.get("/whatsapp/status")
        assert answer.code == 200, answer.body
        return answer.json

    async def wait(self, within: float = PATIENCE, **wanted: Any) -> Document:
        """Wait until the status has these values, and return it."""

        async def look() -> Document | None:
            status = await self.status()
            return status if wanted.items() <= status.items() else None

        return await until(look, f"a status with {wanted}", within)

    async def new_code(self, old: str | None = None) -> Document:
        """Wait for a status with a picture of a code other than `old`."""

        async def look() -> Document | None:
            status = await self.status()
            return status if status["qrCode"] not in {None, old} else None

        return await until(look, "a new code")

    async def settled(self) -> Document:
        """Wait until the status is one that lasts by itself: a code, or ready."""

        async def look() -> Document | None:
            status = await self.status()
            return status if status["hasQr"] or status["isReady"] else None

        return await until(look, "a code or a link")

    async def link(self) -> Document:
        """Have the code scanned, and wait until the link is ready."""
        await self.new_code()
        await self.phone("scan")
        return await self.wait(currentState="ready")

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[Watch]:
        """Ask the routes that always answer, again and again, while the body runs."""
        watch = Watch()
        task = asyncio.create_task(self._watch(watch))
        try:
            yield watch
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _watch(self, watch: Watch) -> None:
        while True:
            for path in ALWAYS:
                asked = time.monotonic()
                answer = await self.get(path)
                watch.slowest = max(watch.slowest, time.monotonic() - asked)
                watch.codes.add(answer.code)
                if path.endswith("status"):
                    status = answer.json
                    watch.seen.append((status["currentState"], status["phase"], status["reason"]))
            await asyncio.sleep(_PAUSE)
