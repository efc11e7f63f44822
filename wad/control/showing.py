"""The verb ``qr``: the live code as a picture, as a drawing for a terminal, and until when it is good."""

from collections.abc import Awaitable, Callable

from wad.control.protocol import Refusal, dump
from wad.control.verbs import Call
from wad.core.reasons import LINKED_STATES
from wad.core.status import Status
from wad.link.commands import Commands
from wad.reports.documents import Document, message, timestamp
from wad.reports.presenter import Kind, Moment, Presenter


def live_code(commands: Commands, presenter: Presenter) -> Callable[[Call], Awaitable[bytes]]:
    """Give the verb's handler; ``small`` asks for fewer lines. It raises Refusal where there is no code."""

    async def handle(call: Call) -> bytes:
        if presenter.moment().status.state not in LINKED_STATES:
            commands.audience.asked()
        kind = Kind.SMALL if call.arguments["small"] else Kind.TXT
        while (moment := presenter.moment()).code is not None:
            url = await presenter.data_url()
            drawing = await presenter.picture(kind)
            # Both are of one code only if it is still the one from before.
            if url and drawing and presenter.moment().code == moment.code:
                return dump(_code_document(moment, url, drawing))
        raise _no_code(moment.status)

    return handle


def _code_document(moment: Moment, url: str, drawing: bytes) -> Document:
    assert moment.code is not None  # noqa: S101 - for the type checker
    return {
        "success": True,
        "qrCode": url,
        "terminal": drawing.decode(),
        "qrExpiresAt": timestamp(moment.code.expires_at),
        "currentState": moment.status.state,
    }


def _no_code(status: Status) -> Refusal:
    sentence = f"no QR code is live now: {message(status, has_qr=False)}"
    return Refusal("no_code", sentence, currentState=status.state, phase=status.phase, reason=status.reason)
