"""One inbox, one consumer: commands and events go in, the work that follows from them comes out.

Rules of this file:

* The machine is asked first; only what it allowed is acted upon.
* What a command leaves on the disk is there first (`wad.link.durable`): before its answer, and before its
  work.
* The consumer never waits for the browser. Whatever takes time is the *work* of a phase
  (`wad.link.phase_work`): entering a phase begins its work and cancels the work of the phase left, so there
  is never more than one at it.
* Every task is owned here and ends when `run` ends.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

import structlog

from wad.core.deadlines import Deadlines
from wad.core.errors import IllegalEventError, SubmissionError, WadError
from wad.core.events import Command, Event, Steady, trouble
from wad.core.reasons import Reason, reason_of
from wad.core.status import Phase, Status
from wad.link.bounds import bound
from wad.link.driver import BrowserInfo, Listener, PageDriver
from wad.link.durable import EFFECTS, Durable
from wad.link.forget_work import MUST_FINISH
from wad.link.heartbeat import GOOD_PHASES, Heartbeat
from wad.link.helpers import Helpers
from wad.link.inbox import Envelope, Inbox, Source
from wad.link.phase_work import STARTING_PHASES, Work
from wad.link.session import Change, Session

log = structlog.get_logger(__name__)


class Supervisor:
    """Keeps the link as the operators want it."""

    def __init__(
        self, session: Session, driver: PageDriver, work: Work, durable: Durable, deadlines: Deadlines
    ) -> None:
        self._session = session
        self._driver = driver
        self._work = work
        self._durable = durable
        self._deadlines = deadlines
        self._inbox = Inbox()
        self._working: asyncio.Task[None] | None = None
        self._began = 0.0
        self._life = 0
        self._works: dict[asyncio.Task[None], Phase] = {}
        self._reconciling: asyncio.Task[bool] | None = None
        self._steady: asyncio.TimerHandle | None = None
        self._refused: tuple[int, type[Event]] | None = None
        self._running = False
        self.started = asyncio.Event()
        self._heartbeat = Heartbeat(session, driver, deadlines, post=self.post, listen=self.listen)
        self._helpers = Helpers(session, driver, deadlines, post=self.post)
        work.attach(self.post, self.listen)

    @property
    def browser(self) -> BrowserInfo:
        """What is known of the browser now."""
        return self._driver.info

    @property
    def heartbeats(self) -> Counter[bool]:
        """How often the page answered when it was looked at (True), and did not (False)."""
        return self._heartbeat.counts

    @property
    def alive(self) -> bool:
        """Whether commands are taken, and what was begun is done or its failure told."""
        return self._running and not self._is_stranded()

    def post(self, event: Event) -> None:
        """Put what came of a work, or of looking after it, into the inbox. Never raises."""
        self._inbox.put(Envelope(event, Source.WORK))

    def listen(self) -> Listener:
        """Give what puts the word of the present browser, and its page, into the inbox. It never raises.

        As soon as another one is to be started it changes nothing any more.
        """
        return partial(self._hear, self._life)

    def _hear(self, life: int, event: Event) -> None:
        if not self._inbox.put(Envelope(event, Source.PAGE, life=life)):
            log.warning("event_dropped", event_type=type(event).__name__)

    async def submit(self, command: Command) -> Status:
        """Give the status once `command` was applied. Raises SubmissionError.

        What it leaves on the disk is there, or was tried for as long as its deadline. On a machine so busy
        that the rest takes longer than the deadline for commands, the present is given: the command is in the
        inbox and will be carried out.
        """
        if not self._running:
            raise SubmissionError("wad is stopping, or has not started yet")
        answer: asyncio.Future[Status] = asyncio.get_running_loop().create_future()
        if not self._inbox.put(Envelope(command, Source.COMMAND, answer)):
            raise SubmissionError("too many commands are waiting")
        try:
            async with asyncio.timeout(self._deadlines.save + self._deadlines.command):
                return await answer
        except TimeoutError:
            return self._session.status

    async def prove(self) -> None:
        """Return once the consumer has taken what was put into the inbox now; never where it stands still.

        Raises TimeoutError where the phase waits for a work that will never end it.
        """
        answer: asyncio.Future[Status] = asyncio.get_running_loop().create_future()
        self._inbox.put(Envelope(None, Source.WORK, answer))
        await answer
        if self._is_stranded():
            phase = self._session.status.phase
            log.error("work_lost", phase=phase, seconds=round(self._worked()))
            raise TimeoutError(f"nothing will come of the work of {phase}")

    def _is_stranded(self) -> bool:
        """Tell whether only a work can end this phase, and none will: it is overdue, or over for nothing."""
        most = bound(self._session.status, self._deadlines)
        if self._working is None or most is None:
            return False
        return self._worked() > most or (self._working.done() and self._inbox.empty())

    def _worked(self) -> float:
        """Give for how many seconds the present work has been under way."""
        return asyncio.get_running_loop().time() - self._began

    async def run(self) -> None:
        """Serve the inbox until cancelled; then close the browser gracefully and end every task."""
        self._running = True
        self.started.set()
        # Not gathered: a gathering that is cancelled counts as failed, and Python complains of it.
        beating = [asyncio.create_task(each.beat()) for each in (self._heartbeat, self._helpers)]
        try:
            while True:
                await self._turn(await self._inbox.take())
        finally:
            self._running = False
            await self._end(beating)

    async def _turn(self, envelope: Envelope) -> None:
        """Save, apply and act upon one envelope; nothing that goes wrong here may end the consumer.

        Where the daemon's end cuts it off the command counts as taken: the next start holds to it.
        """
        try:
            if envelope.event is not None and envelope.life in {None, self._life}:
                await self._follow(envelope.event)
        except Exception:
            log.exception("turn_failed", event_type=type(envelope.event).__name__)
        finally:
            if envelope.answer is not None and not envelope.answer.done():
                envelope.answer.set_result(self._session.status)

    async def _follow(self, event: Event) -> None:
        if effect := EFFECTS.get(type(event)):
            await self._durable.save(effect)
        self._apply(event)

    def _apply(self, event: Event) -> None:
        before = self._session.status
        try:
            after = self._session.apply(event)
        except IllegalEventError as error:
            self._refuse(event, str(error))
            return
        self._act(Change(before, after, event))

    def _refuse(self, event: Event, why: str) -> None:
        """Look instead of guessing: the page is not ours, its events come late, twice or never."""
        refused = (self._session.status.seq, type(event))
        if refused == self._refused:
            return
        self._refused = refused
        log.info("event_refused", event_type=type(event).__name__, why=why)
        if self._reconciling is None or self._reconciling.done():
            self._reconciling = asyncio.create_task(self._heartbeat.look(), name="wad-reconcile")

    def _act(self, change: Change) -> None:
        """Begin the work of the phase entered; a new code in the same phase begins it anew."""
        self._watch_steadiness(change.after.phase)
        if self._working is None or _work_differs(change):
            self._begin(change.after.phase)

    def _begin(self, phase: Phase) -> None:
        self._life += phase in STARTING_PHASES
        for work, left in self._works.items():
            if left not in MUST_FINISH or phase is Phase.RESETTING:
                work.cancel()
        self._working = asyncio.create_task(self._do(phase, set(self._works)), name=f"wad-work-{phase}")
        self._began = asyncio.get_running_loop().time()
        self._works[self._working] = phase
        self._working.add_done_callback(self._works.pop)

    async def _do(self, phase: Phase, previous: set[asyncio.Task[None]]) -> None:
        """Do the work of `phase` once all earlier works have ended; what it raises becomes an event."""
        if previous:
            await asyncio.wait(previous)
        try:
            await self._work.do(phase)
        except WadError as error:
            self._report(error)
        except Exception:
            log.exception("work_failed", phase=phase)
            self.post(trouble(Reason.INTERNAL_ERROR))

    def _report(self, error: WadError) -> None:
        reason = reason_of(error.code)
        log.warning("link_trouble", reason=reason, error=str(error))
        self.post(trouble(reason))

    def _watch_steadiness(self, phase: Phase) -> None:
        if phase not in GOOD_PHASES:
            if self._steady is not None:
                self._steady.cancel()
            self._steady = None
        elif self._steady is None:
            loop = asyncio.get_running_loop()
            self._steady = loop.call_later(self._deadlines.backoff_reset, self.post, Steady())

    async def _end(self, beating: Iterable[asyncio.Task[None]]) -> None:
        """End every task and close the browser; a session that is being forgotten is gone first."""
        if self._steady is not None:
            self._steady.cancel()
        forgetting = not MUST_FINISH.isdisjoint(self._works.values())
        tasks: set[asyncio.Future[Any]] = {*beating, *self._works}
        if self._reconciling is not None:
            tasks.add(self._reconciling)
        for task in tasks:
            task.cancel()
        try:
            async with asyncio.timeout(self._deadlines.shutdown):
                await self._durable.finish()
                await self._work.leave(forgetting=forgetting)
                await asyncio.wait(tasks)
        except TimeoutError:
            log.exception("shutdown_overdue", within=self._deadlines.shutdown)
        self._return_envelopes()

    def _return_envelopes(self) -> None:
        for envelope in self._inbox.rest():
            if envelope.answer is not None and not envelope.answer.done():
                envelope.answer.set_exception(SubmissionError("wad is stopping"))


def _work_differs(change: Change) -> bool:
    """Tell whether what there is to do is not what is being done."""
    before, after = change.before, change.after
    if before.phase is not after.phase or (before.code, before.pairing) != (after.code, after.pairing):
        return True
    return after.phase is Phase.PAIRING and before.phone != after.phone
