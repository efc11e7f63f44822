"""One connection: requests are answered one after another, and a watcher is told of changes meanwhile.

Theory of operation. One request is worked on at a time, so that answers come, and commands take effect, in
the order of the requests; what a client sends ahead waits in the kernel, but for a few lines' worth here. A
write has a deadline, because a client that reads nothing would otherwise hold its place for ever.
"""

import asyncio
from contextlib import suppress

import structlog

from wad.control.lines import Lines
from wad.control.peer import Peer, hung_up
from wad.control.protocol import INTERNAL_ERROR, Form, Misread, Refusal, Request, parse
from wad.control.verbs import Call, Verb, Verbs
from wad.control.watchers import Watcher, Watchers
from wad.core.errors import WadError
from wad.link.commands import Commands

log = structlog.get_logger(__name__)


class Connection:
    """A client. `within` bounds in seconds a line's coming, a write, and the good-bye."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        verbs: Verbs,
        watchers: Watchers,
        commands: Commands,
        within: float,
    ) -> None:
        self._lines = Lines(reader, within)
        self._writer = writer
        self._verbs = verbs
        self._watchers = watchers
        self._commands = commands
        self._within = within
        self._peer = Peer.of(writer)
        self._watcher: Watcher | None = None
        self._telling: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Serve the client until it leaves, breaks the rules, or this is cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                await self._talk()
                if self._telling is not None:
                    self._telling.cancel()
            await self._see_off()
        finally:
            self._watchers.leave(self._watcher)
            self._commands.viewer_left(self)
            self._writer.transport.abort()  # harmless where it is closed already

    async def _talk(self) -> None:
        try:
            await self._converse()
            await self._outlast_half_close()
        except Misread as misread:
            await self._turn_away(misread)
        except ConnectionError:
            pass  # it left while it was being answered, which is its own affair
        except TimeoutError:
            self._writer.transport.abort()  # it does not read
        except Exception:
            log.exception("control_connection_failed")

    async def watch(self, form: Form, *, viewer: bool) -> None:
        """Begin to tell the client of the status; a second time is refused."""
        if self._watcher is not None:
            raise Refusal("already_watching", "this connection watches already")
        if viewer:
            await self._commands.viewer_came(self)
        self._watcher = Watcher(form, cut=self._writer.transport.abort)
        present = self._watchers.join(self._watcher)
        # Here and now, so that no later answer is before it; it is drained with the next line.
        self._writer.write(form.answer(present) or form.event(present))
        self._telling = self._tasks.create_task(self._tell(self._watcher), name="wad-control-watch")

    async def _converse(self) -> None:
        while (line := await self._lines.next()) is not None:
            try:
                request = parse(line)
            except Misread as misread:
                if misread.fatal:
                    raise
                await self._send(misread.form.refuse(misread.refusal))
                continue
            if request is not None:
                await self._send(await self._answer(request))

    async def _answer(self, request: Request) -> bytes | None:
        try:
            verb = self._verbs.find(request.verb)
            call = Call(verb.read(request), request.form, self)
        except Refusal as refusal:
            return request.form.refuse(refusal)
        self._lines.settle()
        return await self._carry_out(verb, call)

    async def _carry_out(self, verb: Verb, call: Call) -> bytes | None:
        try:
            body = await verb.handle(call)
        except Exception as exc:  # noqa: BLE001 - nothing a verb does may cost the connection
            refusal = _refusal(exc, verb)
            self._note(verb, refusal.code)
            return call.form.refuse(refusal)
        self._note(verb, "accepted")
        return None if body is None else call.form.answer(body)

    def _note(self, verb: Verb, outcome: str) -> None:
        """Leave the audit line. No argument is in it: one may be a code."""
        if verb.changes:
            peer = self._peer
            log.info("control_command", verb=verb.name, uid=peer.uid, pid=peer.pid, outcome=outcome)

    async def _send(self, line: bytes | None) -> None:
        """Write a line. Raises TimeoutError if the client does not read, ConnectionError if it left."""
        if line is not None:
            self._writer.write(line)
            async with asyncio.timeout(self._within):
                await self._writer.drain()

    async def _tell(self, watcher: Watcher) -> None:
        """Bring a watcher its lines, at its own pace."""
        try:
            while True:
                await self._send(await watcher.next())
        except (ConnectionError, TimeoutError):
            self._writer.transport.abort()

    async def _outlast_half_close(self) -> None:
        """Go on telling a watcher that merely has no more to say, as behind a pipe, until it hangs up."""
        if self._telling is not None:
            while not (self._telling.done() or hung_up(self._writer)):
                await asyncio.wait([self._telling], timeout=self._within)

    async def _turn_away(self, misread: Misread) -> None:
        """Say why, and throw away what still comes: closing on a client that sends would hide the reason."""
        try:
            async with asyncio.timeout(self._within):
                await self._send(misread.form.refuse(misread.refusal))
                if not misread.quiet:
                    self._writer.write_eof()
                    await self._lines.discard()
        except (ConnectionError, TimeoutError):
            self._writer.transport.abort()

    async def _see_off(self) -> None:
        """Give what was written the time to arrive."""
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(self._within):
                await self._writer.wait_closed()


def _refusal(exc: Exception, verb: Verb) -> Refusal:
    """Put into an answer what kept a verb from being carried out."""
    if isinstance(exc, Refusal):
        return exc
    if isinstance(exc, WadError):
        return Refusal(exc.code, str(exc))
    log.error("control_command_failed", verb=verb.name, exc_info=exc)
    return Refusal("internal_error", "wad met an error of its own; its log says more", INTERNAL_ERROR)
