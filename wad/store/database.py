"""The one connection to the messages' file, in a thread of its own: transactions go in, results come out.

Theory of operation. A disk is asked to make sure (fsync) once for each commit, and that takes longer than all
else. So the thread takes whatever waits, up to `BATCH` transactions, and commits them together: each within a
savepoint of its own, so that one that fails undoes itself alone. Nobody is told of success before the commit.

Rules of this file:

* A transaction gets the connection for as long as it runs and keeps nothing of it.
* Whatever waits is bounded (`WAITING`); beyond it a transaction is refused at once.
* Once closing has begun nothing new is taken, and what was taken is finished.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from wad.core.errors import StoreBusyError, StoreClosedError, StoreError, StoreFullError
from wad.store.file import open_file

log = structlog.get_logger(__name__)

T = TypeVar("T")
Transaction = Callable[[sqlite3.Connection], T]

# A commit on a slow disk takes 20 ms. Three hundred messages a second make six of them wait for each; more
# would only make the first of a batch wait for the last.
BATCH: Final = 256
# Ten seconds of the busiest load that is promised; who comes then is told so instead of waiting longer.
WAITING: Final = 4096
# SQLite's own words for a disk that takes no more.
_FULL: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_READONLY})


class _Job:
    """A transaction, and who waits for it."""

    __slots__ = ("outcome", "work")

    def __init__(self, work: Transaction[Any]) -> None:
        self.work = work
        self.outcome: Future[Any] = Future()


class Database:
    """The messages' file at `path`, opened when the thread begins."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._jobs: queue.Queue[_Job | None] = queue.Queue(WAITING)
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="wad-store", daemon=True)
        self.opened: Future[None] = Future()

    async def open(self, within: float) -> None:
        """Begin; returns once the file is open and of this version, at the latest after `within` seconds.

        Raises NewerStoreError, StoreError where it cannot be opened, TimeoutError.
        """
        self._thread.start()
        async with asyncio.timeout(within):
            await asyncio.wrap_future(self.opened)

    @property
    def usable(self) -> bool:
        """Whether the file was opened, and its thread runs: else each transaction is refused."""
        opened = self.opened.done() and not self.opened.cancelled() and self.opened.exception() is None
        return opened and self._thread.is_alive()

    async def run(self, work: Transaction[T], within: float) -> T:
        """Give what a transaction returns once it is on the disk, at the latest after `within` seconds.

        What `work` raises is raised here, and nothing of it is kept. Raises StoreBusyError where too much
        waits, StoreClosedError after `close`, StoreFullError and StoreError where the disk fails,
        TimeoutError (then nobody knows whether it will be done).
        """
        job = _Job(work)
        self._put(job)
        # Whoever waits may be cancelled; the transaction was taken and is carried out all the same.
        outcome = asyncio.wrap_future(job.outcome)
        outcome.add_done_callback(_seen)
        async with asyncio.timeout(within):
            result: T = await asyncio.shield(outcome)
        return result

    def _put(self, job: _Job) -> None:
        if self._closing or not self._thread.is_alive():
            raise StoreClosedError("the messages' file is not open")
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise StoreBusyError("too much waits to be written; try again in a moment") from None

    async def close(self, within: float) -> None:
        """Finish what was taken, and close the file. A thread that does not end by then is left behind."""
        self._closing = True
        if not self._thread.is_alive():
            return
        waiting = asyncio.create_task(asyncio.to_thread(self._jobs.put, None, timeout=within))
        await asyncio.wait({waiting}, timeout=within)
        await asyncio.to_thread(self._thread.join, within)

    def _run(self) -> None:
        try:
            connection = open_file(self._path)
        except BaseException as error:  # noqa: BLE001 - told to whoever opens it
            self.opened.set_exception(error)
            return
        self.opened.set_result(None)
        try:
            while self._turn(connection):
                pass
        finally:
            connection.close()

    def _turn(self, connection: sqlite3.Connection) -> bool:
        """Carry out what waits, in one commit; False when closing is all that is left."""
        jobs, going_on = self._taken()
        if jobs:
            commit(connection, jobs)
        return going_on

    def _taken(self) -> tuple[list[_Job], bool]:
        jobs: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == BATCH or self._jobs.empty():
                return jobs, True
            job = self._jobs.get_nowait()
        return jobs, False


def _seen(outcome: asyncio.Future[Any]) -> None:
    """Take note of a failure that nobody may wait for any more, or asyncio would complain of it."""
    if not outcome.cancelled():
        outcome.exception()


def commit(connection: sqlite3.Connection, jobs: list[_Job]) -> None:
    """Carry out transactions, and tell each what came of it once all are on the disk."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [(job, *_attempted(connection, job)) for job in jobs]
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        log.error("store_commit_failed", error=type(error).__name__, code=error.sqlite_errorname)  # noqa: TRY400
        _undo(connection)
        for job in jobs:
            job.outcome.set_exception(meant(error))
        return
    for job, result, failure in outcomes:
        if failure is None:
            job.outcome.set_result(result)
        else:
            job.outcome.set_exception(failure)


def _attempted(connection: sqlite3.Connection, job: _Job) -> tuple[Any, BaseException | None]:
    """Carry out one transaction within a savepoint; an error of SQLite's own ends the whole batch."""
    connection.execute("SAVEPOINT job")
    try:
        result = job.work(connection)
    except sqlite3.IntegrityError as error:
        failure: BaseException = meant(error)
    except sqlite3.Error:
        raise
    except Exception as error:  # noqa: BLE001 - whoever asked is told
        failure = error
    else:
        connection.execute("RELEASE job")
        return result, None
    connection.execute("ROLLBACK TO job")
    connection.execute("RELEASE job")
    return None, failure


def _undo(connection: sqlite3.Connection) -> None:
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        log.warning("store_rollback_failed", error=type(error).__name__)


def meant(error: sqlite3.Error) -> StoreError:
    """Give wad's own error for SQLite's; what SQLite says could quote a message."""
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if getattr(error, "sqlite_errorcode", None) in _FULL:
        return StoreFullError(f"the messages' file takes no more ({name}): free space on its disk")
    return StoreError(f"the messages' file cannot be used ({name})")
