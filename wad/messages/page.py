"""What is needed of a page that is linked: one interface, obeyed by the real driver and by the tests' fake.

Rules of this file:

* An implementation raises nothing but `wad.core.errors.BrowserError` and its kin, which say nothing about
  whether the page did it (BrowserHungError: nobody knows), and MessageRefusedError, which says that it did
  not and why.
* Nothing here waits for WhatsApp's servers but `resolve`: what comes of a message is told by an item.
* What the page holds is asked for until it is acknowledged: a call that is lost loses nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from wad.core.message import Batch, Chat, FileToSend, Kept, Message, Order, Recipient, Rows
from wad.core.people import ChatSeen, Contact, GroupSeen, Part


class MessagePage(Protocol):
    """WhatsApp Web's page, as far as messages go. All is asked only while the link is ready."""

    def on_mail(self, ring: Callable[[], None]) -> None:
        """Have `ring` called whenever the page's queue has something new, in this and each later browser.

        It is a hint: it may be lost with its document, and may come for nothing. `ring` never raises.
        """

    async def take(self, document: str, upto: int) -> Batch:
        """Acknowledge the queue's items of `document` up to that number, and give the next ones, in order.

        The first call in a document begins to listen there. What is not acknowledged is given again.
        `document` is empty where nothing was taken yet; numbers of another document acknowledge nothing.
        """

    async def scan(self, after: int, most: int) -> Rows:
        """Give what the page's own store has in up to `most` rows behind the number `after`, in their order.

        Of each row its message, and its edit, revocation or reactions where it has them; system rows, rows of
        a chat's history and those that cannot be decrypted yet are looked at and left out.
        """

    async def resolve(self, to: str) -> Recipient:
        """Find the chat for an address (``…@c.us``, ``…@lid``, ``…@g.us``); WhatsApp is asked where needed.

        Raises MessageRefusedError with `not_on_whatsapp` (only where WhatsApp said so), `lid_unknown`,
        `invalid_recipient` (also for a group that is not there) or `rejected` (a group that the account is
        not in, or whose admins alone may write), BrowserHungError where nobody answers.
        """

    async def send(self, order: Order) -> str:
        """Have the page store the message and begin to send it; gives its whole id once it is stored.

        A `SendEnded` item tells what came of it. Raises DuplicateKeyError where the page has that key
        already, UploadLostError where it lacks the file, MessageRefusedError where it was not stored,
        BrowserHungError where that cannot be told.
        """

    async def upload(self, key: str, file: FileToSend) -> None:
        """Have the page take a file up for the message with that key, and bring it to WhatsApp's servers.

        Until `send` nothing of it reaches anybody, and another document knows nothing of it. The caller sets
        the deadline, since it takes as long as the line is slow. Raises MessageRefusedError (`too_large`,
        `unsupported_media`), BrowserError.
        """

    async def download(self, message_id: str, take: Callable[[bytes], Awaitable[None]]) -> None:
        """Fetch a message's file, and hand it to `take` in pieces, each after the one before was taken.

        The page asks the phone for one that has expired; the caller sets the deadline. Raises
        MediaExpiredError, MediaUnreachableError, what `take` raises, and BrowserError.
        """

    async def look(self, ids: Sequence[str]) -> Mapping[str, Kept]:
        """Give what the page's store has of messages by their whole ids; those that it lacks are left out."""

    async def send_on(self, message_id: str) -> None:
        """Have the page send a message on that it has at ack 0 from an earlier document; then as `send`."""

    async def edit(self, message_id: str, text: str) -> None:
        """Give a message of one's own another text; returns once the page says it is done.

        Raises MessageRefusedError (`rejected`) where the page does not let it: it is too old, or not ours.
        """

    async def revoke(self, message_id: str) -> None:
        """Take a message of one's own back for everyone. Raises as `edit`."""

    async def react(self, message_id: str, text: str) -> None:
        """React to a message; an empty text takes that back. Raises as `edit`."""

    async def chats(self, after: str | None, count: int) -> Part[ChatSeen]:
        """Give up to `count` chats behind the place `after`, the one with the newest message first.

        Raises MessageError for a place that no part before has given.
        """

    async def chat(self, chat: str) -> ChatSeen:
        """Give a chat. Raises MessageRefusedError `absent` where there is none with that address."""

    async def history(self, chat: str, before: str | None, count: int) -> Part[Message]:
        """Give up to `count` of a chat's messages, newest first, older than the one with the id `before`.

        What the page lacks it asks the phone for. Raises MessageRefusedError `absent` for a chat or a message
        that is not there.
        """

    async def contacts(self, after: str | None, count: int, search: str) -> Part[Contact]:
        """Give up to `count` people behind the place `after`, by name.

        With a `search` only those in whose name or number it is. Raises as `chats`.
        """

    async def check(self, number: str) -> Chat | None:
        """Ask WhatsApp whether it knows a number (``…@c.us``); gives its chat, or None where it does not."""

    async def group(self, chat: str) -> GroupSeen:
        """Give a group. Raises MessageRefusedError `absent` where the account is in no such group."""

    async def picture(self, chat: str, take: Callable[[bytes], Awaitable[None]]) -> None:
        """Fetch a chat's picture, and hand it to `take` in pieces.

        Raises MessageRefusedError `absent` where there is none, MediaUnreachableError, what `take` raises.
        """

    async def seen(self, chat: str) -> None:
        """Mark a chat as read; returns once it is asked for, as the page's own promise may never be kept."""

    async def typing(self, chat: str, *, on: bool) -> None:
        """Show, or no longer show, that somebody is typing."""
