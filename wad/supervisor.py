"""One inbox, one consumer: commands and events go in, the work that follows from them comes out.

Rules of this file:

* The machine is asked first; only what it allowed is acted upon.
* The consumer never waits for the browser. Whatever takes time is the *work* of a phase (`wad.work`):
  entering a phase begins its work and cancels the work of the phase left, so there is never more than one
  at it.
* Every task is owned here and ends when `run` ends.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

import structlog

from wad.deadlines import Deadlines
from wad.driver import BrowserInfo, PageDriver
from wad.errors import BrowserError, BrowserHungError, IllegalEventError, SubmissionError, WadError
from wad.events import BrowserStarted, Command, Event, Steady, trouble
from wad.reasons import Reason, reason_of
from wad.session import Change, Session
from wad.status import Phase, Status
from wad.work import MUST_FINISH, Work

log = structlog.get_logger(__name__)

# The path to WhatsApp has proved good in these. After `backoff_reset` in them, old failures are forgotten.
GOOD_PHASES = frozenset(
    {
        Phase.WAITING_FOR_SCAN,
        Phase.PAIRING,
        Phase.WAITING_FOR_ENTRY,
        Phase.RENEWING,
        Phase.SYNCING,
        Phase.LINKED,
    }
)
# Phases with a page, in which the browser may still be on its way.
COMING_UP = frozenset({Phase.RESTARTING, Phase.PROBING})
# Phases in which there is a page to read.
PAGE_PHASES = GOOD_PHASES | COMING_UP | {Phase.LOADING, Phase.CONNECTING, Phase.RECONNECTING}
# Far more than a person or the page can cause; a page gone mad is cut off here instead of filling the memory.
INBOX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing in the inbox: an event (None only wants to be taken), and who wants the status after it."""

    event: Event | None
    answer: asyncio.Future[Status] | None = None


class Supervisor:
    """Keeps the link as the operators want it."""

    def __init__(self, session: Session, driver: PageDriver, work: Work, deadlines: Deadlines) -> None:
        self._session = session
        self._driver = driver
        self._work = work
        self._deadlines = deadlines
        self._inbox: asyncio.Queue[Letter] = asyncio.Queue(INBOX_LIMIT)
        self._working: asyncio.Task[None] | None = None
        self._works: dict[asyncio.Task[None], Phase] = {}
        self._reconciling: asyncio.Task[bool] | None = None
        self._steady: asyncio.TimerHandle | None = None
        self._refused: tuple[int, type[Event]] | None = None
        self._running = False
        self.started = asyncio.Event()
        self.browser_starts = 0
        self.heartbeats: Counter[bool] = Counter()
        work.attach(self.post)

    @property
    def browser(self) -> BrowserInfo:
        """What is known of the browser now."""
        return self._driver.info

    @property
    def alive(self) -> bool:
        """Whether commands are taken."""
        return self._running

    def post(self, event: Event) -> None:
        """Put an event into the inbox, from the driver or from a phase's work. Never raises."""
        try:
            self._inbox.put_nowait(Letter(event))
        except asyncio.QueueFull:
            log.warning("event_dropped", event_type=type(event).__name__, waiting=self._inbox.qsize())

    async def submit(self, command: Command) -> Status:
        """Give the status once `command` was applied. Raises SubmissionError.

        On a machine so busy that this takes longer than the deadline for commands, the present is given: the
        command is in the inbox and will be carried out.
        """
        if not self._running:
            raise SubmissionError("wad is stopping, or has not started yet")
        answer: asyncio.Future[Status] = asyncio.get_running_loop().create_future()
        try:
            self._inbox.put_nowait(Letter(command, answer))
        except asyncio.QueueFull as error:
            raise SubmissionError("too many commands are waiting") from error
        try:
            async with asyncio.timeout(self._deadlines.command):
                return await answer
        except TimeoutError:
            return self._session.status

    async def prove(self) -> None:
        """Return once the consumer has taken what was put into the inbox now; never where it stands still."""
        answer: asyncio.Future[Status] = asyncio.get_running_loop().create_future()
        await self._inbox.put(Letter(None, answer))
        await answer

    async def run(self) -> None:
        """Serve the inbox until cancelled; then close the browser gracefully and end every task."""
        self._running = True
        self.started.set()
        beating = asyncio.create_task(self._heartbeat(), name="wad-heartbeat")
        try:
            while True:
                await self._turn(await self._inbox.get())
        finally:
            self._running = False
            await self._end(beating)

    async def _turn(self, letter: Letter) -> None:
        """Apply one letter and act upon it; nothing that goes wrong here may end the consumer."""
        try:
            status = self._session.status if letter.event is None else self._apply(letter.event)
        except Exception:
            log.exception("turn_failed", event_type=type(letter.event).__name__)
            status = self._session.status
        if letter.answer is not None and not letter.answer.done():
            letter.answer.set_result(status)

    def _apply(self, event: Event) -> Status:
        before = self._session.status
        try:
            after = self._session.apply(event)
        except IllegalEventError as error:
            self._refuse(event, str(error))
            return before
        if isinstance(event, BrowserStarted):
            self.browser_starts += 1
        self._act(Change(before, after, event))
        return after

    def _refuse(self, event: Event, why: str) -> None:
        """Look instead of guessing: the page is not ours, its events come late, twice or never."""
        refused = (self._session.status.seq, type(event))
        if refused == self._refused:
            return
        self._refused = refused
        log.info("event_refused", event_type=type(event).__name__, why=why)
        if self._reconciling is None or self._reconciling.done():
            self._reconciling = asyncio.create_task(self._reconcile(), name="wad-reconcile")

    def _act(self, change: Change) -> None:
        """Begin the work of the phase entered; a new code in the same phase begins it anew."""
        self._watch_steadiness(change.after.phase)
        if self._working is None or _work_differs(change):
            self._begin(change.after.phase)

    def _begin(self, phase: Phase) -> None:
        for work, left in self._works.items():
            if left not in MUST_FINISH or phase is Phase.RESETTING:
                work.cancel()
        self._working = asyncio.create_task(self._do(phase, set(self._works)), name=f"wad-work-{phase}")
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

    async def _heartbeat(self) -> None:
        """Read the page again and again: it proves that it lives, and mends what its events did not tell."""
        misses = 0
        while True:
            await asyncio.sleep(self._deadlines.heartbeat_interval)
            looked = self._session.status.phase in PAGE_PHASES
            answered = await self._reconcile()
            self.heartbeats[answered] += looked
            misses = 0 if answered else misses + 1
            if misses >= self._deadlines.heartbeat_misses and self._session.status.phase in PAGE_PHASES:
                misses = 0
                self.post(trouble(Reason.BROWSER_HUNG))

    async def _reconcile(self) -> bool:
        """Post what the page shows now; False when it did not answer."""
        phase = self._session.status.phase
        if phase not in PAGE_PHASES:
            return True
        if not self._driver.info.running:
            if phase not in COMING_UP:
                self.post(trouble(Reason.BROWSER_CRASHED))  # the driver told it, and it got lost
            return True
        try:
            async with asyncio.timeout(self._deadlines.heartbeat_answer):
                shown = await self._driver.snapshot()
        except (TimeoutError, BrowserHungError):
            log.warning("page_silent", within=self._deadlines.heartbeat_answer)
            return False
        except BrowserError as error:
            log.info("page_unreadable", error=str(error))
            return True  # the browser's death is reported by the driver itself
        except Exception:
            log.exception("snapshot_failed")
            self.post(trouble(Reason.INTERNAL_ERROR))
            return True
        if shown is not None:
            self.post(shown)
        return True

    async def _end(self, beating: asyncio.Task[None]) -> None:
        """End every task and close the browser; a session that is being forgotten is gone first."""
        if self._steady is not None:
            self._steady.cancel()
        forgetting = not MUST_FINISH.isdisjoint(self._works.values())
        tasks: set[asyncio.Task[Any]] = {beating, *self._works}
        if self._reconciling is not None:
            tasks.add(self._reconciling)
        for task in tasks:
            task.cancel()
        try:
            async with asyncio.timeout(self._deadlines.shutdown):
                await self._work.leave(forgetting=forgetting)
                await asyncio.wait(tasks)
        except TimeoutError:
            log.exception("shutdown_overdue", within=self._deadlines.shutdown)
        self._return_letters()

    def _return_letters(self) -> None:
        while not self._inbox.empty():
            answer = self._inbox.get_nowait().answer
            if answer is not None and not answer.done():
                answer.set_exception(SubmissionError("wad is stopping"))


def _work_differs(change: Change) -> bool:
    """Tell whether what there is to do is not what is being done."""
    before, after = change.before, change.after
    if before.phase is not after.phase or (before.code, before.pairing) != (after.code, after.pairing):
        return True
    return after.phase is Phase.PAIRING and before.phone != after.phone
