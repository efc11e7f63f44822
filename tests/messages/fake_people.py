"""Chats, contacts and groups of the fake page: made from the messages that it has."""

from wad.core.errors import MediaUnreachableError, MessageRefusedError
from wad.core.message import Chat
from wad.core.people import ChatSeen, Contact, GroupSeen, Member, Part
from wad.page.people_reading import place, place_of


def _part(items, place_by, after, count):
    """Give those behind a place; a place's first value may be a number that goes down, or a name."""
    marked = sorted(((place_by(item), item) for item in items), key=lambda pair: pair[0])
    behind = [pair for pair in marked if after is None or pair[0] > after]
    given = behind[:count]
    return Part(tuple(item for _, item in given), place(given[-1][0]) if len(behind) > count else None)


class FakePeople:
    """A part of `FakeMessagePage`; `groups` and `pictures` are by chat."""

    def _begin(self):
        self.groups = {}
        self.pictures = {}

    def _seen(self):
        found = {}
        for message in self._rows.values():
            found.setdefault(message.chat.id, []).append(message)
        return [
            ChatSeen(
                messages[-1].chat,
                sum(not each.from_me for each in messages),
                messages[-1].timestamp,
                last=messages[-1],
            )
            for messages in found.values()
        ]

    async def chats(self, after, count):
        """Give a part of the chats."""
        self._demand("chats")
        return _part(self._seen(), lambda seen: [-seen.timestamp, seen.chat.id], place_of(after), count)

    async def chat(self, chat):
        """Give a chat."""
        self._demand("chat")
        found = [seen for seen in self._seen() if chat in {seen.chat.id, seen.chat.pn, seen.chat.lid}]
        if not found:
            raise MessageRefusedError("absent")
        return found[0]

    async def history(self, chat, before, count):
        """Give a part of a chat's messages."""
        found = (await self.chat(chat)).chat.id
        messages = [each for each in self._rows.values() if each.chat.id == found]
        if before is not None:
            ids = [each.id for each in messages]
            if before not in ids:
                raise MessageRefusedError("absent")
            messages = messages[: ids.index(before)]
        given = messages[-count:][::-1]
        return Part(tuple(given), given[-1].id if len(messages) > count else None)

    async def contacts(self, after, count, search):
        """Give a part of the contacts."""
        self._demand("contacts")
        people = [
            Contact(each.chat, pushname=each.last.name) for each in self._seen() if each.chat.pn is not None
        ]
        wanted = [each for each in people if search.lower() in f"{each.pushname} {each.chat.pn}".lower()]
        return _part(
            wanted, lambda each: [(each.pushname or "").lower(), each.chat.id], place_of(after), count
        )

    async def check(self, number):
        """Ask for a number."""
        self._demand("check")
        if number in self.strangers or self.lookup == "absent":
            return None
        return Chat(number, number)

    async def group(self, chat):
        """Give a group."""
        self._demand("group")
        if chat not in self.groups:
            raise MessageRefusedError("absent")
        return GroupSeen(Chat(chat), tuple(Member(Chat(each, each)) for each in self.groups[chat]))

    async def picture(self, chat, take):
        """Fetch a picture."""
        self._demand("picture")
        found = self.pictures.get(chat)
        if found is None:
            raise MessageRefusedError("absent")
        if isinstance(found, str):
            raise MediaUnreachableError(found)
        await take(found)
