"""The control socket's server: takes connections, owns their tasks, ends them."""

import asyncio
import socket
from pathlib import Path
from typing import Final

from wad.control.answers import Answers
from wad.control.connection import Connection
from wad.control.lines import LIMIT
from wad.control.listener import bind
from wad.control.protocol import Bare, Refusal
from wad.control.reloads import Reloads
from wad.control.verbs import Phone
from wad.control.watchers import Watchers
from wad.core.deadlines import Deadlines
from wad.link.commands import Commands
from wad.messages.service import Messages
from wad.reports.presenter import Presenter
from wad.reports.selfcheck import SelfCheck
from wad.reports.vitals import Vitals
from wad.webhooks.service import Webhooks

# Operators, scripts and a few watchers; each costs a descriptor and some KiB.
CONNECTIONS: Final = 64


class ControlServer:
    """Answers on the control socket.

    `phone` is there only in a sandbox; `reloads`, if the daemon can, reads the configuration again.
    """

    def __init__(
        self,
        commands: Commands,
        presenter: Presenter,
        deadlines: Deadlines,
        *,
        vitals: Vitals,
        selfcheck: SelfCheck,
        phone: Phone | None = None,
        reloads: Reloads | None = None,
        messages: tuple[Messages, Webhooks] | None = None,
    ) -> None:
        self._commands = commands
        self._within = deadlines.control_first_line
        self._watchers = Watchers(commands.session, presenter)
        answers = Answers(
            commands,
            presenter,
            deadlines,
            vitals=vitals,
            selfcheck=selfcheck,
            phone=phone,
            reloads=reloads,
            messages=messages,
        )
        self._verbs = answers.verbs
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._path: Path | None = None

    async def start(self, where: Path | socket.socket) -> None:
        """Listen at a path, or on a socket that listens already. Raises ListenError."""
        if isinstance(where, Path):
            listening, self._path = bind(where), where
        else:
            listening = where
        # Not start_unix_server: from Python 3.13 on that one removes the file at the end, systemd's as well.
        self._server = await asyncio.start_server(self._accept, sock=listening, limit=LIMIT)

    async def close(self) -> None:
        """Take no more connections, end those there are, remove the file if it is ours. Harmless twice."""
        self._watchers.close()
        if self._server is not None:
            if self._path is not None:
                self._path.unlink(missing_ok=True)  # while its lock is held, so that it can be no other's
            self._server.close()
            self._server = self._path = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._tasks) >= CONNECTIONS:
            refusal = Refusal("too_many_connections", f"{CONNECTIONS} connections are open already")
            writer.write(Bare().refuse(refusal))
            writer.close()
            return
        connection = Connection(
            reader,
            writer,
            verbs=self._verbs,
            watchers=self._watchers,
            commands=self._commands,
            within=self._within,
        )
        task = asyncio.create_task(connection.serve(), name="wad-control-connection")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
