"""What an operation is given and what it gives: a request taken apart, the parts of wad it may ask, a row.

Rules of this file: no error repeats what was sent.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from wad import __version__
from wad.core.status import Status
from wad.core.values import dataclass
from wad.link.commands import Commands
from wad.messages.service import Messages
from wad.reports.presenter import Presenter
from wad.waha.ids import SESSION
from wad.waha.people import me_document
from wad.web.errors import Refusal, not_found
from wad.webhooks.service import Webhooks

_TRUE: Final = ("true", "1")
_FALSE: Final = ("false", "0")
LARGEST: Final = 2**53


@dataclass(frozen=True, slots=True)
class House:
    """Whom the operations ask. `base` is where clients reach the dialect; `started` when the daemon began."""

    commands: Commands
    presenter: Presenter
    messages: Messages
    webhooks: Webhooks
    base: str
    started: datetime
    version: str = __version__

    @property
    def status(self) -> Status:
        """The link's status."""
        return self.commands.session.status

    @property
    def own(self) -> str | None:
        """The account's own address, as far as it is known."""
        me = me_document(self.status)
        return str(me["id"]) if me is not None else None


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: the path's names, the address' arguments, the body, and which form the answer is to have."""

    names: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)
    accepts: str = ""

    def require_session(self) -> None:
        """Refuse any session but the one there is."""
        named = self.names.get("session") or self.body.get("session") or self.query.get("session")
        if named not in (None, SESSION):
            raise no_session()

    def number(self, name: str, default: int | None = None) -> int | None:
        """Give a whole number of the address. Raises Refusal."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdigit() and int(text[:17]) <= LARGEST):
            raise wrong(f"{name} must be a whole number that is not negative")
        return int(text[:17])

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Give a truth of the address. Raises Refusal."""
        text = self.query.get(name, "").lower()
        if text and text not in _TRUE + _FALSE:
            raise wrong(f"{name} must be true or false")
        return text in _TRUE if text else default

    def named(self, name: str) -> str:
        """Give a text that must be there, of the path, the address or the body. Raises Refusal."""
        found = self.names.get(name) or self.query.get(name) or self.body.get(name)
        if not isinstance(found, str) or not found:
            raise wrong(f"{name} is missing: it is a text")
        try:
            found.encode()
        except UnicodeEncodeError as error:
            raise wrong(f"{name} holds half a character: it is not valid Unicode") from error
        return found


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a document, or bytes of a type."""

    document: Any = None
    status: HTTPStatus = HTTPStatus.OK
    content: bytes | None = None
    mimetype: str = ""


Run = Callable[[House, Ask], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Row:
    """One operation: how it is asked for, and what it is; `run` None means that wad does not have it.

    `path` is as WAHA writes it, with names in braces. `public`: whoever asks needs no key.
    """

    method: str
    path: str
    run: Run | None = None
    public: bool = False


def wrong(sentence: str) -> Refusal:
    """Refuse what is wrong in itself."""
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_request", sentence)


def no_session() -> Refusal:
    """Refuse a session that is not there."""
    return not_found(f"there is no such session; the only one is {SESSION}", "session_not_found")


def unsupported(what: str) -> Refusal:
    """Refuse what WAHA has and wad does not."""
    return Refusal(HTTPStatus.NOT_IMPLEMENTED, "not_in_wad", f"wad does not have this of WAHA's: {what}")
