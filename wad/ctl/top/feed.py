"""What a wad tells `wadctl top`: its status at once, its history after each change, its vitals now and again.

Theory of operation. One connection carries all of it as JSON-RPC, so that answers and the changes between
them can be told apart, and nobody ever waits for an answer: whoever owns the feed waits for `fileno` and
until `wake_at`, with whatever else there is to wait for. A wad that has left is looked for until it is back.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from wad.ctl.client import Client, Line, connect
from wad.ctl.exit_codes import CtlError
from wad.ctl.top.samples import Samples

Document = dict[str, Any]

# In seconds. The socket is there as soon as wad runs again, and to look costs nothing.
RETRY: Final = 1.0
# wad answers within 0.2 s, and what the kernel tells within 2.
PATIENCE: Final = 5.0
_STATUS, _HISTORY, _VITALS = "watch", "history", "vitals"


class Feed:
    """A connection that comes back by itself; `interval` is between two looks at the vitals, in seconds.

    `status`, `history` and `vitals` are None as long as they are not known; `away` is why wad tells nothing,
    None while it does.
    """

    def __init__(self, path: Path, interval: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._interval = interval
        self._clock = clock
        self._client: Client | None = None
        self._asked: dict[str, float] = {}
        self.wake_at = clock()
        self.away: str | None = None
        self._forget()

    def _forget(self) -> None:
        self.status: Document | None = None
        self.history: list[Document] | None = None
        self.vitals: Document | None = None
        self.browser = Samples("browser")
        self.daemon = Samples("daemon")
        self._asked.clear()
        self._stale = False

    @property
    def silent(self) -> bool:
        """Whether wad is there, but does not answer."""
        return any(self._clock() - at > PATIENCE for at in self._asked.values())

    def open(self) -> None:
        """Connect. Raises NotRunningError, NoPermissionError or another CtlError."""
        self._client = connect(self._path, RETRY)
        self.away = None
        for verb in (_STATUS, _HISTORY, _VITALS):
            self._ask(verb)

    def close(self) -> None:
        """Hang up; what is known stays so."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def fileno(self) -> int | None:
        """Give what to wait for until `hear` may be called; None while there is no wad."""
        return self._client.fileno() if self._client is not None else None

    def tick(self) -> None:
        """Do what is due by the clock: look for wad, or at its vitals."""
        if self._clock() < self.wake_at:
            return
        with self._noting():
            if self._client is None:
                self.open()
            else:
                self._ask(_VITALS)
            self.wake_at = self._clock() + self._interval

    def hear(self) -> None:
        """Take what has come."""
        with self._noting():
            for line in self._client.arrived() if self._client is not None else ():
                self._take(line)

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Go on without wad, if that is what an error means."""
        try:
            yield
        except CtlError as error:
            self.close()
            self._forget()
            self.away = str(error)
            self.wake_at = self._clock() + RETRY

    def _ask(self, verb: str) -> None:
        """Ask, unless the last such question has not been answered yet."""
        if self._client is not None and verb not in self._asked:
            self._asked[verb] = self._clock()
            self._client.send(json.dumps({"jsonrpc": "2.0", "id": verb, "method": verb}))

    def _take(self, line: Line) -> None:
        document = line.document
        if document.get("method") == "status":
            self._take_status(document["params"])
        elif document.get("id") in self._asked:
            self._take_answer(document.pop("id"), document)
        else:
            # It was turned away before it was asked anything: too many are here.
            raise CtlError(str(document.get("error")))

    def _take_answer(self, verb: str, answer: Document) -> None:
        del self._asked[verb]
        if verb == _STATUS:
            self._take_status(answer["result"])
        elif "result" not in answer:
            pass  # an older wad, which does not know the verb: that part of the picture stays empty
        elif verb == _HISTORY:
            self._take_history(answer["result"]["transitions"])
        else:
            self._take_vitals(answer["result"])

    def _take_status(self, status: Document) -> None:
        before, self.status = self.status, status
        if before is not None and (before["phase"], before["reason"]) != (status["phase"], status["reason"]):
            # An answer that is under way may be of the time before.
            self._stale = _HISTORY in self._asked
            self._ask(_HISTORY)

    def _take_history(self, transitions: list[Document]) -> None:
        self.history = transitions
        if self._stale:
            self._stale = False
            self._ask(_HISTORY)

    def _take_vitals(self, vitals: Document) -> None:
        self.vitals = vitals
        self.browser.take(vitals, self._clock())
        self.daemon.take(vitals, self._clock())
