"""WhatsApp Web's page as far as messages go, in memory: the interface of the real one, and its troubles."""

import asyncio
import hashlib
import itertools
from collections import Counter
from dataclasses import replace

from fake_people import FakePeople

from wad.core.errors import (
    BrowserError,
    BrowserHungError,
    DuplicateKeyError,
    MediaExpiredError,
    MessageRefusedError,
    PageError,
    UploadLostError,
)
from wad.core.message import (
    FIRST_NEW_ROW,
    TYPES_OF_MEDIA,
    AckSeen,
    Batch,
    Chat,
    ChatKind,
    Edited,
    Kept,
    MediaKind,
    MediaSeen,
    Message,
    Reacted,
    Recipient,
    Revoked,
    Rows,
    SendEnded,
    key_of,
    whole_id,
)

ME = "15550009999@c.us"
QUEUE = 200


class FakeMessagePage(FakePeople):
    """A page with a server behind it.

    `outcome` says what comes of the next sends: ``sent``, ``silent``, ``blocked`` or a number that the server
    refuses with. `lost` has the answer of so many calls of `send` get lost after they were carried out.
    """

    def __init__(self):
        self._begin()
        self.outcome = "sent"
        self.lost = 0
        self.dead = False
        self.delivers = False  # whether what the server got reaches its recipient at once
        self.lookup = "normal"  # what comes of asking for a number: normal, absent, error or silent
        self.strangers = set()  # who is not on WhatsApp
        self.warm = set()
        self.closed = {}  # group → why nothing can be sent there
        self.me_in = {}  # group → who the account is there
        self.told_me_in = {}  # the same where `resolve` is of another mind, as before a group changed its form
        self.arrived = Counter()  # what the server got, by (chat, text)
        self.order = []
        self.takes = None  # why no file is taken up, if none is
        self.contents = {}  # message → its file's bytes, or None where it has expired, or what is raised
        self.carried = []  # files that were sent, with their captions
        self.orders = []
        self.reactions = {}  # what was said last to each message
        self.pending = {}
        self.settled = True
        self.asked = Counter()
        self._rows = {}  # id → Message, in the order of their rows
        self._numbers = itertools.count(FIRST_NEW_ROW + 1)
        self._ring = lambda: None
        self._documents = itertools.count(1)
        self.reload()

    def on_mail(self, ring):
        """Have `ring` called when there is something new."""
        self._ring = ring

    # What happens to the page.

    def reload(self):
        """Open another document: its queue begins empty, and what was being sent is forgotten."""
        self._document = f"document-{next(self._documents)}"
        self._queue = []
        self._count = 0
        self._listening = False
        self._overflowed = False
        self.pending.clear()
        self.uploads = {}

    def receive(
        self,
        text,
        chat="15551110000@c.us",
        *,
        offline=False,
        key=None,
        lid=None,
        name=None,
        file=None,
        **media,
    ):
        """Have a message come; an offline one is found by a scan alone."""
        number = next(self._numbers)
        key = key or f"AB{number:018d}"
        message = Message(
            id=f"false_{chat}_{key}",
            chat=Chat(chat, chat, lid),
            sender=chat,
            from_me=False,
            type="chat" if file is None else TYPES_OF_MEDIA[MediaKind(media.get("kind", "document"))],
            text=text,
            timestamp=1_700_000_000 + number - FIRST_NEW_ROW,
            ack=1,
            name=name,
            row=number,
            media=_media(file, **media) if file is not None else None,
        )
        if file is not None:
            self.contents[message.id] = file
        if message.id in self._rows:
            return message.id
        self._rows[message.id] = message
        if not offline:
            self._put(message)
        return message.id

    def acknowledge(self, message_id, ack):
        """Have a receipt come for a message of one's own."""
        self._rows[message_id] = replace(self._rows[message_id], ack=ack)
        self._put(AckSeen(message_id, ack))

    def own(self):
        """Give one's own messages, in their order."""
        return [message for message in self._rows.values() if message.from_me]

    def change(self, message_id, text):
        """Have whoever wrote a message edit it."""
        message = self._rows[message_id]
        self._rows[message_id] = replace(message, text=text, edit="E1")
        self._put(Edited(message_id, "E1", text, message.chat, from_me=message.from_me))

    def take_back(self, message_id):
        """Have whoever wrote a message revoke it."""
        message = self._rows[message_id]
        self._rows[message_id] = replace(message, revoked=True)
        self._put(Revoked(message_id, message.chat, from_me=message.from_me))

    def say(self, message_id, author, emoji):
        """Have somebody react to a message."""
        self.reactions[message_id] = emoji
        self._put(Reacted(message_id, author, emoji, 1, from_me=author == ME))

    def overflow(self):
        """Lose what is in the queue, as one does that is full."""
        self._queue.clear()
        self._overflowed = True
        self._ring()

    def delete_newest(self, count):
        """Delete the newest rows, whose numbers are given again."""
        for _ in range(count):
            _, gone = self._rows.popitem()
            self._numbers = itertools.count(gone.row)

    def _put(self, item):
        if self._listening:
            self._count += 1
            self._queue.append((self._count, item))
            self._ring()

    def _demand(self, call):
        self.asked[call] += 1
        if self.dead:
            raise BrowserError("there is no browser")

    # What wad asks.

    async def take(self, document, upto):
        """Give the queue's next items."""
        self._demand("take")
        self._listening = True
        if document == self._document:
            self._queue = [(number, item) for number, item in self._queue if number > upto]
        given = self._queue[:QUEUE]
        overflowed, self._overflowed = self._overflowed, False
        last = given[-1][0] if given else (upto if document == self._document else 0)
        return Batch(self._document, tuple(item for _, item in given), last, self.settled, overflowed)

    async def scan(self, after, most):
        """Give rows of the store."""
        self._demand("scan")
        newest = max((message.row for message in self._rows.values()), default=0)
        behind = sorted((m for m in self._rows.values() if m.row > after), key=lambda m: m.row)
        found = behind[:most]
        last = found[-1].row if found else after
        items = tuple(item for message in found for item in _told(message))
        return Rows(items, last, newest, len(behind) > most)

    async def resolve(self, to):
        """Find a chat."""
        self._demand("resolve")
        if self.lookup == "error":
            raise PageError("the servers answered with 500")
        if self.lookup == "silent":
            raise BrowserHungError("the servers did not answer")
        if to in self.strangers or self.lookup == "absent":
            raise MessageRefusedError("not_on_whatsapp")
        if to in self.closed:
            raise MessageRefusedError(self.closed[to])
        kind = ChatKind.GROUP if to.endswith("@g.us") else ChatKind.PERSON
        me = (self.me_in | self.told_me_in).get(to)
        return Recipient(Chat(to, to if to.endswith("@c.us") else None, kind=kind), to in self.warm, me)

    async def send(self, order):
        """Store a message and begin to send it."""
        self._demand("send")
        ref = whole_id(order.chat, order.key, self.me_in.get(order.chat))
        if ref in self._rows:
            raise DuplicateKeyError(order.key)
        if order.uploaded and order.key not in self.uploads:
            raise UploadLostError("another document")
        if order.uploaded:
            self.carried.append((self.uploads.pop(order.key), order.text or None))
        self.orders.append(order)
        self._rows[ref] = Message(
            ref, Chat(order.chat), ME, from_me=True, type="chat", text=order.text, timestamp=1, ack=0
        )
        self._rows[ref] = replace(self._rows[ref], row=next(self._numbers))
        self._transmit(ref)
        if self.lost:
            self.lost -= 1
            raise BrowserHungError("the page did not answer")
        return ref

    def _transmit(self, ref):
        message = self._rows[ref]
        key = ref.split("_")[2]
        if self.outcome == "silent":
            self.pending[ref] = 0.0
        elif self.outcome == "blocked":
            self._put(SendEnded(key, sent=False, blocked=True))
        elif isinstance(self.outcome, int):
            self._rows[ref] = replace(message, ack=-1)
            self._put(SendEnded(key, sent=False, code=self.outcome))
        else:
            self.arrived[message.chat.id, message.text] += 1
            self.order.append((message.chat.id, message.text))
            self._rows[ref] = replace(message, ack=1)
            self._put(AckSeen(ref, 1))
            self._put(SendEnded(key, sent=True))
            if self.delivers:
                self.acknowledge(ref, 2)

    async def upload(self, key, file):
        """Take a file up."""
        self._demand("upload")
        if self.takes is not None:
            raise MessageRefusedError(self.takes)
        self.uploads[key] = (
            file.kind,
            file.mimetype,
            file.filename,
            await asyncio.to_thread(file.path.read_bytes),
        )

    async def download(self, message_id, take):
        """Fetch a message's file."""
        self._demand("download")
        content = self.contents[message_id]
        if content is None:
            raise MediaExpiredError("gone")
        if isinstance(content, Exception):
            raise content
        for start in range(0, len(content), 1000):
            await take(content[start : start + 1000])

    async def look(self, ids):
        """Give what the store has."""
        self._demand("look")
        kept = {key_of(ref): message for ref, message in self._rows.items() if message.from_me}
        found = {ref: kept[key_of(ref)] for ref in ids if key_of(ref) in kept}
        return {ref: Kept(each.id, each.ack, self.pending.get(each.id)) for ref, each in found.items()}

    async def send_on(self, message_id):
        """Send what is at ack 0."""
        self._demand("send_on")
        self.pending.pop(message_id, None)
        self._transmit(message_id)

    async def edit(self, message_id, text):
        """Change a text."""
        self._demand("edit")
        self.change(self._known(message_id).id, text)

    async def revoke(self, message_id):
        """Take a message back."""
        self._demand("revoke")
        self.take_back(self._known(message_id).id)

    async def react(self, message_id, text):
        """React to a message."""
        self._demand("react")
        self.say(self._known(message_id).id, ME, text)

    def _known(self, message_id):
        if message_id not in self._rows:
            raise MessageRefusedError("rejected")
        return self._rows[message_id]

    async def seen(self, chat):
        """Mark as read."""
        self._demand(f"seen {chat}")

    async def typing(self, chat, *, on):
        """Show that somebody types."""
        self._demand(f"typing {chat} {on}")


def _media(content, kind="document", **more):
    return MediaSeen(MediaKind(kind), hashlib.sha256(content).hexdigest(), size=len(content), **more)


def _told(message):
    """Give what the page's store tells of a message: as it is now."""
    if message.revoked:
        return [Revoked(message.id, message.chat, from_me=message.from_me)]
    edited = Edited(message.id, message.edit, message.text, message.chat, from_me=message.from_me)
    return [message, edited] if message.edit else [message]
