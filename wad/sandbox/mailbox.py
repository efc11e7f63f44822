"""What WhatsApp's servers and the phone hold of messages, on disk: it outlives sandbox, browser and wad.

Three things: what a page has sent (with how often it arrived), what came to the phone or was written on it,
and what waits for a linked device until that device says that it has it.
"""

import asyncio
from dataclasses import field
from pathlib import Path
from typing import Any

from wad.core.values import dataclass
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.groups import Group
from wad.sandbox.jsonfile import JsonFile
from wad.sandbox.people import Person
from wad.sandbox.store import Device

# Each of the lists: more than any test or demo needs, and little memory.
LONGEST = 10_000


@dataclass
class Sent:
    """A message that a page sent and the servers took."""

    id: str
    number: str
    text: str
    t: int
    """When it first arrived, in seconds since 1970."""
    times: int = 1
    """How often it arrived: more than once, where a sender did not know that it had."""
    read: bool = False
    revoked: bool = False
    reaction: str = ""
    """What the page's own account has reacted with."""
    group: str = ""
    """The group's id, where it went to one; then there is no number."""
    by_lid: bool = False
    """Whether the group's people go by LID."""
    own: bool = True
    content: dict[str, Any] | None = None
    """What it is beside a text: its `type` and the page's own `fields` of it."""
    vote: list[str] | None = None
    """What the page's own account has voted for, if it is a poll."""


@dataclass
class Received:
    """A message that came to the phone, or (`own`) was written on it."""

    id: str
    number: str
    """The other one's; in a group its author's, empty for one's own."""
    name: str
    text: str
    t: int
    own: bool = False
    secret: bool = False
    """Whether linked devices were given it in a form which they cannot decrypt."""
    reaction: str = ""
    group: str = ""
    by_lid: bool = False
    content: dict[str, Any] | None = None
    vote: list[str] | None = None


@dataclass
class Waiting:
    """A stanza on its way to a linked device."""

    device: str
    seq: int
    stanza: dict[str, Any]


@dataclass
class Mail:
    """The content of the file."""

    sent: list[Sent] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    last_seq: int = 0
    migrated: bool = False
    """Whether the account's chats are known by LID."""
    blocked: list[str] = field(default_factory=list)
    lids: dict[str, str] = field(default_factory=dict)
    """LID → number, of everybody who has written or was looked up."""
    groups: list[Group] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Number → name, of everybody in the phone's address book."""
    pictures: dict[str, str] = field(default_factory=dict)
    """Address → tag of the picture, where that was changed; empty where it was taken away."""
    last_tag: int = 1


class Mailbox:
    """Reads the file once and writes it after every change."""

    def __init__(self, directory: Path) -> None:
        self._file = JsonFile(directory / "messages.json")
        self.mail = Mail()
        self._saving = asyncio.Lock()
        # How often something had to be saved, and how often it had been when the last writing began.
        self._wanted = self._begun = 0

    async def load(self) -> None:
        """Read the file; one that is missing or damaged counts as empty."""
        self.mail = _parse(await self._file.read())

    async def save(self) -> None:
        """Return once all that is there now is on the disk; those who wait for that share a writing."""
        self._wanted += 1
        wanted = self._wanted
        async with self._saving:
            if self._begun < wanted:
                self._begun = self._wanted
                await self._file.write(vars(self.mail))

    def meet(self, someone: Person) -> None:
        """Remember whose LID it is."""
        self.mail.lids[someone.lid] = someone.number

    def marked(self, id: str, kind: str, said: dict[str, Any]) -> None:  # noqa: A002 - the name on the wire
        """Take what a page says of a message: an edit, a revocation, a reaction or a vote of its own."""
        known: list[Sent | Received] = [*self.mail.sent, *self.mail.received]
        for each in [each for each in known if each.id == id]:
            if kind == "vote":
                each.vote = [str(option) for option in said["options"]]
            elif kind == "reaction":
                each.reaction = said.get("text") or ""
            elif isinstance(each, Sent) and kind == "edit":
                each.text = said.get("text") or ""
            elif isinstance(each, Sent):
                each.revoked = True

    def group(self, address: str) -> Group | None:
        """Return the group with this address, if there is one."""
        return next((each for each in self.mail.groups if each.id == address), None)

    def arrived(self, sent: Sent) -> None:
        """Take what a page sent, or count that it came once more."""
        for each in reversed(self.mail.sent):
            if each.id == sent.id:
                each.times += 1
                return
        self.mail.sent = [*self.mail.sent, sent][-LONGEST:]

    def keep(self, received: Received) -> None:
        """Take what came to the phone."""
        self.mail.received = [*self.mail.received, received][-LONGEST:]

    def enqueue(self, device: Device, stanza: dict[str, Any]) -> Waiting:
        """Let a stanza wait for a device; `PhoneRefusedError` where too much waits already."""
        if len(self.mail.waiting) >= LONGEST:
            raise PhoneRefusedError("too much waits for the linked devices already")
        self.mail.last_seq += 1
        self.mail.waiting.append(Waiting(device.wid, self.mail.last_seq, stanza))
        return self.mail.waiting[-1]

    def waiting_for(self, device: Device) -> list[Waiting]:
        """Return what waits for a device, in order."""
        return [each for each in self.mail.waiting if each.device == device.wid]

    def delivered(self, device: Device, seq: int) -> None:
        """Take note that a device has a stanza."""
        self.mail.waiting = [
            each for each in self.mail.waiting if (each.device, each.seq) != (device.wid, seq)
        ]

    def forget(self, device: Device | None) -> None:
        """Drop what waits for a device that is no longer linked; for all of them with None."""
        gone = None if device is None else device.wid
        self.mail.waiting = [each for each in self.mail.waiting if gone is not None and each.device != gone]


def _parse(data: Any) -> Mail:
    try:
        lists = {"sent": Sent, "received": Received, "waiting": Waiting, "groups": Group}
        return Mail(**{key: _items(value, lists.get(key)) for key, value in data.items()})
    except (AttributeError, ValueError, TypeError, KeyError):
        return Mail()


def _items(value: Any, kind: Any) -> Any:
    return value if kind is None else [kind(**each) for each in value]
