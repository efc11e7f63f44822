"""The verb ``page``: looks at the page now, and tells which of the names that wad relies upon it lacks."""

from collections.abc import Awaitable, Callable

from wad.control.protocol import Refusal, dump
from wad.control.verbs import Call
from wad.core.errors import BrowserError, BrowserHungError, DocumentReplacedError, PageError
from wad.reports.documents import timestamp
from wad.reports.selfcheck import SelfCheck, look_document


def page_look(selfcheck: SelfCheck) -> Callable[[Call], Awaitable[bytes]]:
    """Give the verb's handler. It answers when the page has, and raises Refusal where that does not."""

    async def handle(_: Call) -> bytes:
        try:
            look = await selfcheck.look()
        except BrowserError as error:
            code, sentence = _why_not(error)
            last = selfcheck.last
            raise Refusal(code, sentence, lookedAt=timestamp(last.at) if last else None) from error
        return dump(look_document(look))

    return handle


def _why_not(error: BrowserError) -> tuple[str, str]:
    if isinstance(error, BrowserHungError):
        return "page_silent", "the page does not answer"
    if isinstance(error, PageError | DocumentReplacedError):
        return "page_unreadable", "the page cannot be looked at: it loads, or is not WhatsApp Web"
    return "no_page", "there is no page to look at: the browser does not run"
