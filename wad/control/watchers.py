"""Those who want every change of the status. A slow one loses its connection and delays nobody.

Theory of operation. Each change is rendered once, and put into every watcher's own bounded queue without
waiting; the watcher's connection empties the queue at its client's pace. A full queue cuts the watcher off:
it may come again, and is then told the present.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from wad.control.protocol import Form
from wad.link.session import Change, Session
from wad.reports.presenter import Presenter, render

# A line has some 600 bytes. A link comes up in about ten changes, so whoever is this far behind has stopped.
BACKLOG: Final = 64


class Watcher:
    """One who watches, in its own `form`; `cut` is called at most once, when it has fallen too far behind."""

    def __init__(self, form: Form, cut: Callable[[], None]) -> None:
        self._form = form
        self._cut = cut
        self._behind = False
        self._lines: asyncio.Queue[bytes] = asyncio.Queue(BACKLOG)

    def tell(self, body: bytes) -> None:
        """Tell of a change. Never raises and never waits."""
        if self._behind:
            return
        try:
            self._lines.put_nowait(self._form.event(body))
        except asyncio.QueueFull:
            self._behind = True
            self._cut()

    async def next(self) -> bytes:
        """Give the next line once there is one."""
        return await self._lines.get()


class Watchers:
    """All who watch; one subscriber of the session for all of them."""

    def __init__(self, session: Session, presenter: Presenter) -> None:
        self._presenter = presenter
        self._watchers: dict[Watcher, None] = {}
        self.close: Callable[[], None] = session.subscribe(self._changed)

    def join(self, watcher: Watcher) -> bytes:
        """Give the present, and tell `watcher` of every change from then on, none twice and none left out."""
        self._watchers[watcher] = None
        return self._render()

    def leave(self, watcher: Watcher | None) -> None:
        """Tell `watcher` nothing more; harmless for one that never joined."""
        if watcher is not None:
            self._watchers.pop(watcher, None)

    def _changed(self, _: Change) -> None:
        if self._watchers:
            body = self._render()
            for watcher in tuple(self._watchers):
                watcher.tell(body)

    def _render(self) -> bytes:
        """Render the status as Socket.IO's state event has it: that there is a code, but not the code."""
        document = self._presenter.document()
        del document["qrCode"]
        return render(document).body.rstrip()
