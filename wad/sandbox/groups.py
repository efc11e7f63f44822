"""Groups, as WhatsApp's servers and the phone know them.

Read in the page's modules of 2026: whether the people of a group go by number or by LID is the group's own
matter, and not the account's; every message and every receipt in it names its author in that way. Here a
group begins in the account's own way, unless another is asked for.
"""

import re
import secrets
from dataclasses import field
from typing import Any

from wad.core.values import dataclass
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.people import Person

_ID = re.compile(r"[0-9]{5,25}(?:-[0-9]{5,15})?@g\.us")

# What the servers answer who asks for a group that is not there, or that the account is not in (read in the
# page's modules), and who writes to one all the same. The latter two are what users of whatsmeow report;
# nobody has measured them.
NO_SUCH_GROUP, NOT_IN_GROUP = 404, 403
NACK_NOT_IN_GROUP, NACK_ADMINS_ONLY = 401, 420


@dataclass
class Group:
    """A group in which the account is, or was."""

    id: str
    """Such as ``120363012345678901@g.us``."""
    subject: str
    people: list[str] = field(default_factory=list)
    """The numbers of all but the account itself; the first one's made the group, and is its admin."""
    by_lid: bool = False
    """Whether its people are addressed by their LIDs."""
    announce: bool = False
    """Whether its admins alone may write."""
    admin: bool = False
    """Whether the account is one of its admins."""
    member: bool = True
    """Whether the account is (still) in it."""

    def has_admin(self, number: str) -> bool:
        """Tell whether somebody is an admin of it."""
        return number in self.people[:1]

    def address(self, number: str) -> str:
        """Return the identifier by which the group knows somebody."""
        return Person(number).address(migrated=self.by_lid)

    def nack(self) -> int | None:
        """Return the code with which the servers refuse the account's messages, if they do."""
        if not self.member:
            return NACK_NOT_IN_GROUP
        return NACK_ADMINS_ONLY if self.announce and not self.admin else None

    def told(self) -> dict[str, Any]:
        """Return what a page is told of the group."""
        people = [
            {"pn": Person(each).pn, "lid": Person(each).lid, "admin": self.has_admin(each)}
            for each in self.people
        ]
        return {
            "id": self.id,
            "subject": self.subject,
            "people": people,
            "byLid": self.by_lid,
            "announce": self.announce,
            "admin": self.admin,
            "member": self.member,
        }


def is_group(address: str) -> bool:
    """Tell whether an address is a group's."""
    return _ID.fullmatch(address) is not None


def new_group_id() -> str:
    """Return an id for a group: 18 digits that begin as WhatsApp's do."""
    return f"120363{secrets.randbelow(10**12):012d}@g.us"


def found(groups: list[Group], id: str) -> Group:  # noqa: A002 - the name on the wire
    """Return the group with this id; `PhoneRefusedError` where there is none."""
    for each in groups:
        if each.id == id:
            return each
    raise PhoneRefusedError("there is no group with this id; the command group makes one")
