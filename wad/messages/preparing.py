"""Files on their way to the page: had, made what they are sent as, and uploaded, before their message's turn.

Theory of operation. An upload is no message: until the page is asked to send, nothing has begun to leave, and
an upload that is lost with its document is simply done again. So it happens before a message's turn comes,
for a few messages at once, while texts to other chats go on; the same chat's next message waits, as ever.

Rules of this file: it changes no message's state. What is known to be wrong with a file is told to whoever
asked, and all else is tried again until the message's time is over.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from wad.core.errors import (
    BrowserError,
    MediaTooLargeError,
    MediaUnreachableError,
    MessageRefusedError,
    NoSuchMediaError,
    UnsupportedMediaError,
    WadError,
)
from wad.core.failures import Failure
from wad.messages.desk import Desk
from wad.messages.media import Media
from wad.store import outbox
from wad.store.outbox import Row

log = structlog.get_logger(__name__)

AT_ONCE: Final = 3
# A server that does not answer is asked so often, ever further apart, before that is said to whoever sends.
_TRIES: Final = 4
_FAILURES: Final[dict[type[WadError], Failure]] = {
    MediaTooLargeError: Failure.TOO_LARGE,
    UnsupportedMediaError: Failure.UNSUPPORTED_MEDIA,
    MediaUnreachableError: Failure.MEDIA_UNREACHABLE,
    NoSuchMediaError: Failure.MEDIA_UNREACHABLE,
}


class Preparing:
    """The files of messages whose turn is near. `refused` is told of those that can never be sent.

    `wake` is called whenever one is done; `held` with a recipient and for how many seconds not to try again.
    """

    def __init__(
        self,
        desk: Desk,
        media: Media,
        *,
        refused: Callable[[str, Failure], Awaitable[object]],
        held: Callable[[str, float], None],
        wake: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._media = media
        self._refused = refused
        self._held = held
        self._wake = wake
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._uploaded: set[str] = set()
        self._tries: dict[str, int] = {}
        # Uploads of a document that is gone are void, also those under way.
        self._document = 0

    def is_ready(self, row: Row) -> bool:
        """Tell whether a message can be sent; where its file is not uploaded, have that begin."""
        if "media" not in row.content or row.key in self._uploaded:
            return True
        if row.key not in self._tasks and len(self._tasks) < AT_ONCE:
            task = asyncio.create_task(self._prepare(row), name="wad-media-upload")
            self._tasks[row.key] = task
            task.add_done_callback(lambda _: self._over(row.key))
        return False

    def sent(self, key: str) -> None:
        """Forget a message that the page was asked to send: it has taken the file, or has lost it."""
        self._uploaded.discard(key)
        self._tries.pop(key, None)

    def over(self, key: str) -> None:
        """Forget a message that is not sent any more, and end what is done for it."""
        self.sent(key)
        if (task := self._tasks.get(key)) is not None and task is not asyncio.current_task():
            task.cancel()

    def forget(self) -> None:
        """Take all uploads for void: the document is another one, or may be."""
        self._document += 1
        self._uploaded.clear()

    async def close(self) -> None:
        """End what is under way."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _over(self, key: str) -> None:
        self._tasks.pop(key, None)
        self._wake()

    async def _prepare(self, row: Row) -> None:
        document = self._document
        try:
            file, kept = await self._media.prepared(row.content["media"])
            if kept != row.content["media"]:
                await self._desk.read(lambda connection: outbox.attach(connection, row.position, kept))
            async with asyncio.timeout(self._desk.deadlines.media_upload):
                await self._desk.page.upload(row.key, file)
            if document == self._document:
                self._uploaded.add(row.key)
        except MessageRefusedError as error:
            await self._tell(
                row, Failure(error.failure) if error.failure in set(Failure) else Failure.REJECTED
            )
        except (MediaTooLargeError, UnsupportedMediaError, NoSuchMediaError) as error:
            await self._tell(row, _FAILURES[type(error)])
        except MediaUnreachableError as error:
            log.info("media_unreachable", why=error.kind)
            await self._again(row, Failure.MEDIA_UNREACHABLE)
        except (BrowserError, WadError, TimeoutError) as error:
            # The page, or the disk: neither says anything about the file.
            log.warning("media_not_uploaded", error=type(error).__name__)
            self._held(row.recipient, self._desk.deadlines.outbox_retry)
        except Exception:
            log.exception("media_failed")
            self._held(row.recipient, self._desk.deadlines.outbox_look)

    async def _again(self, row: Row, failure: Failure) -> None:
        """Try a server again, unless it was tried often enough."""
        tries = self._tries[row.key] = self._tries.get(row.key, 0) + 1
        if tries >= _TRIES:
            await self._tell(row, failure)
        else:
            self._held(row.recipient, self._desk.deadlines.outbox_retry * 2**tries)

    async def _tell(self, row: Row, failure: Failure) -> None:
        self._tries.pop(row.key, None)
        await self._refused(row.key, failure)
