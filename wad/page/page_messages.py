"""Messages in the real page: `wad.messages.page.MessagePage` over the present tab.

Rules of this file: what the page answers goes through `wad.page.mail_reading`; nothing here interprets, and
nothing here knows whether the page is WhatsApp's or the sandbox's.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from wad.core.deadlines import Deadlines
from wad.core.errors import (
    BrowserError,
    BrowserHungError,
    DocumentReplacedError,
    DuplicateKeyError,
    MediaExpiredError,
    MediaUnreachableError,
    MessageRefusedError,
    PageError,
    UploadLostError,
)
from wad.core.message import Batch, FileToSend, Kept, Order, Recipient, Rows
from wad.page import mail_reading
from wad.page.page_people import PagePeople
from wad.page.tab import Tab

# What is heard and not taken yet: a few MB of texts. Beyond it a scan of the page's store makes up.
_QUEUE: Final = 5000
_AT_ONCE: Final = 200
# The page gives up a moment before the call's own deadline, so that it can say so.
_EARLIER: Final = 0.9


class PageMessages(PagePeople):
    """Asks the tab that `present` gives, which raises BrowserError where there is no browser."""

    def __init__(self, present: Callable[[], Tab], deadlines: Deadlines) -> None:
        self._present = present
        self._deadlines = deadlines
        self._ring: Callable[[], None] = lambda: None

    def on_mail(self, ring: Callable[[], None]) -> None:
        """Have `ring` called when there is something new; see `MessagePage.on_mail`."""
        self._ring = ring

    def rung(self) -> None:
        """Take a ring of the page's."""
        self._ring()

    async def take(self, document: str, upto: int) -> Batch:
        """Acknowledge, and give the next items; see `MessagePage.take`."""
        told = await self._asked(document, "take", upto, _AT_ONCE) if document else None
        if told is None:
            token = await self._attach()
            told = await self._asked(token, "take", 0, _AT_ONCE)
        if told is None:
            raise DocumentReplacedError("the page has opened another document")
        return mail_reading.batch(_checked(told))

    async def _attach(self) -> str:
        """Put messages into the present document, unless they are there; gives its name."""
        tab = self._present()
        patience = 1000 * _EARLIER * self._deadlines.evaluate
        token = await tab.evaluate(tab.mail_script(secrets.token_hex(8), _QUEUE, patience))
        if not isinstance(token, str):
            raise PageError("the page took no part of messages")
        return token

    async def _asked(self, document: str, name: str, *values: object, within: float | None = None) -> Any:
        tab = self._present()
        patience = 1000 * _EARLIER * within if within is not None else None
        return await tab.evaluate(tab.mail_call(document, name, *values, patience=patience), within)

    async def call(self, name: str, *values: object, within: float | None = None) -> Mapping[str, Any]:
        """Ask whatever document there is, maybe for `within` seconds. Raises as the interface says."""
        told = await self._asked("", name, *values, within=within)
        if told is None:
            await self._attach()
            told = await self._asked("", name, *values, within=within)
        return _checked(told)

    async def scan(self, after: int, most: int) -> Rows:
        """Give rows of the page's store; see `MessagePage.scan`."""
        return mail_reading.rows(await self.call("scan", after, most))

    async def resolve(self, to: str) -> Recipient:
        """Find the chat for an address; see `MessagePage.resolve`."""
        return mail_reading.recipient(await self.call("resolve", to))

    async def send(self, order: Order) -> str:
        """Have a message stored and sent; see `MessagePage.send`."""
        told = await self.call("send", _wanted(order))
        if told.get("lost") is True:
            raise UploadLostError("the page does not have the message's file")
        if told.get("duplicate") is True:
            raise DuplicateKeyError("the page has this key already")
        if not isinstance(told.get("id"), str):
            raise PageError("the page gave no id for a message")
        return str(told["id"])

    async def upload(self, key: str, file: FileToSend) -> None:
        """Have the page take a file up; see `MessagePage.upload`."""
        patience = self._deadlines.media_upload
        wanted = {"key": key, "kind": file.kind, "mimetype": file.mimetype, "filename": file.filename}
        # For the part of messages must be there before a file can be held by it.
        tab = self._present()
        if not await tab.give_file(file.path, key):
            await self._attach()
            if not await tab.give_file(file.path, key):
                raise PageError("the page took no file")
        await self.call("upload", wanted, within=patience)

    async def download(self, message_id: str, take: Callable[[bytes], Awaitable[None]]) -> None:
        """Fetch a message's file; see `MessagePage.download`."""
        token = secrets.token_hex(8)
        told = await self.call("fetch", message_id, token, within=self._deadlines.media_download)
        if told.get("expired") is True:
            raise MediaExpiredError("WhatsApp's servers have the file no more, and neither has the phone")
        if isinstance(told.get("unreachable"), str):
            raise MediaUnreachableError(str(told["unreachable"])[:50])
        try:
            if not await self.hand_over(token, take):
                raise PageError("the page has fetched no file")
        finally:
            with suppress(BrowserError):
                await self.call("drop", token)

    async def hand_over(self, token: str, take: Callable[[bytes], Awaitable[None]]) -> bool:
        """Hand a file that the page holds to `take`; False where it holds none."""
        return await self._present().read_file(token, take)

    async def look(self, ids: Sequence[str]) -> Mapping[str, Kept]:
        """Give what the page's store has of messages; see `MessagePage.look`."""
        return mail_reading.kept(await self.call("look", list(ids)))

    async def send_on(self, message_id: str) -> None:
        """Have a message sent on; see `MessagePage.send_on`."""
        await self.call("sendOn", message_id)

    async def edit(self, message_id: str, text: str) -> None:
        """Give a message another text; see `MessagePage.edit`."""
        await self.call("edit", message_id, text)

    async def revoke(self, message_id: str) -> None:
        """Take a message back; see `MessagePage.revoke`."""
        await self.call("revoke", message_id)

    async def react(self, message_id: str, text: str) -> None:
        """React to a message; see `MessagePage.react`."""
        await self.call("react", message_id, text)

    async def seen(self, chat: str) -> None:
        """Mark a chat as read; see `MessagePage.seen`."""
        await self.call("seen", chat)

    async def typing(self, chat: str, *, on: bool) -> None:
        """Show that somebody types; see `MessagePage.typing`."""
        await self.call("typing", chat, on)


def _wanted(order: Order) -> dict[str, Any]:
    place, poll = order.place, order.poll
    return {
        "key": order.key,
        "chat": order.chat,
        "text": order.text,
        "replyTo": order.reply_to,
        "mentions": list(order.mentions),
        "linkPreview": order.link_preview,
        "uploaded": order.uploaded,
        "place": None if place is None else [place.latitude, place.longitude, place.name],
        "vcards": list(order.vcards),
        "poll": None if poll is None else [poll.name, list(poll.options), poll.multiple],
    }


def _checked(told: Any) -> Mapping[str, Any]:
    """Raise what an answer says went wrong."""
    if not isinstance(told, Mapping):
        raise PageError("the page's answer about messages is no object")
    if told.get("unanswered") is True:
        raise BrowserHungError("the page did not answer about a message")
    if isinstance(told.get("refused"), str):
        raise MessageRefusedError(str(told["refused"])[:50])
    if "failed" in told:
        # Names of errors alone come so far: see ``describe_error.js``.
        raise PageError(f"the page failed over a message: {str(told['failed'])[:100]}")
    return told
