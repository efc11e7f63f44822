"""The pages that are open, as the phone's camera and the sandbox's own hand see them."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from wad.sandbox.codes import matrix
from wad.sandbox.connections import StageConnection
from wad.sandbox.errors import PhoneRefusedError

# In real seconds: a page whose main thread is free answers within milliseconds.
ANSWER_SECONDS = 5.0
_LONGEST_CODE = 1024
# In real seconds: so long a person holds the phone before the screen. A code is told of some milliseconds
# before it is drawn, and between two codes there is none.
LOOK_SECONDS = 2.0


class Stage:
    """Every open page's line."""

    def __init__(self) -> None:
        self.pages: list[StageConnection] = []
        self._numbers = itertools.count(1)
        self._reported = asyncio.Event()

    def receive(self, connection: StageConnection, message: dict[str, Any]) -> None:
        """Act on one message of a page; an unknown one is ignored."""
        match message.get("type"):
            case "hello":
                connection.page = str(message.get("page"))
            case "report":
                connection.report = message
                self._reported.set()
            case "done":
                _finish(connection, int(message["id"]))
            case "matrix" if len(text := str(message.get("text"))) <= _LONGEST_CODE:
                # Beside the reading: the page's next report must not wait for a picture.
                task = asyncio.create_task(_paint(connection, message.get("id"), text))
                connection.painting.add(task)
                task.add_done_callback(connection.painting.discard)

    def leave(self, connection: StageConnection) -> None:
        """Take note that a page is gone; what it was asked to do counts as done."""
        if connection in self.pages:
            self.pages.remove(connection)
        for task in connection.painting:
            task.cancel()
        for number in list(connection.pending):
            _finish(connection, number)

    async def look(self) -> str:
        """Return the live code on a screen as soon as there is one, or refuse when none comes in time."""
        return await self._look(self.shown)

    async def look_for_link_code(self) -> str:
        """Return the live code to type on a screen, as `look` does the other one."""
        return await self._look(self.shown_link_code)

    async def _look(self, shown: Callable[[], str]) -> str:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                return await self._first(shown)
        except TimeoutError:
            return shown()

    async def _first(self, shown: Callable[[], str]) -> str:
        while True:
            self._reported.clear()
            try:
                return shown()
            except PhoneRefusedError:
                await self._reported.wait()

    def shown_link_code(self) -> str:
        """Return the live code to type that is on a screen, the newest page's first, or refuse."""
        for page in reversed(self.pages):
            code = page.report.get("linkCode")
            if isinstance(code, str):
                return code
        raise PhoneRefusedError("Couldn't link device: no page shows a code to type")

    def shown(self) -> str:
        """Return the live code that is on a screen, the newest page's first, or refuse."""
        for page in reversed(self.pages):
            shown, live = page.report.get("shown"), page.report.get("live")
            if isinstance(shown, str) and shown == live:
                return shown
        raise PhoneRefusedError("Couldn't link device: no page shows a live code")

    def is_live(self, ref: str) -> bool:
        """Whether some page is at this ref. The servers know refs, and nothing of a page's secret."""
        return any(each.report.get("ref") == ref for each in self.pages)

    async def act(self, name: str, *, wait: bool = True, **arguments: Any) -> int:
        """Have every open page do something, and wait until it did. Returns how many pages there were."""
        pages = list(self.pages)
        answers = [self._ask(page, name, arguments) for page in pages]
        if wait and answers:
            _, late = await asyncio.wait(answers, timeout=ANSWER_SECONDS)
            for each in late:
                each.cancel()
        return len(pages)

    def _ask(self, page: StageConnection, name: str, arguments: dict[str, Any]) -> asyncio.Future[None]:
        number = next(self._numbers)
        answer = asyncio.get_running_loop().create_future()
        page.pending[number] = answer
        page.wire.tell({"type": "do", "id": number, "name": name, "arguments": arguments})
        return answer


async def _paint(connection: StageConnection, number: Any, text: str) -> None:
    rows = await asyncio.to_thread(matrix, text)
    connection.wire.tell({"type": "matrix", "id": number, "rows": rows})


def _finish(connection: StageConnection, number: int) -> None:
    answer = connection.pending.pop(number, None)
    if answer is not None and not answer.done():
        answer.set_result(None)
