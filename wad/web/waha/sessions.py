"""The one session: what it is, what it is to do, how a phone is linked to it."""

import base64
from http import HTTPStatus
from typing import Final

from wad.core.errors import AlreadyLinkedError, PhoneNumberError, SubmissionError
from wad.core.reasons import LINKED_STATES, REASONS
from wad.core.status import Phase, Status
from wad.reports.presenter import Kind
from wad.waha.ids import SESSION, STOPPED, Document
from wad.waha.people import me_document, session_document
from wad.web.errors import Refusal, not_found, unavailable
from wad.web.waha.asking import Ask, House, Reply, Row, Run, no_session, wrong
from wad.web.waha.hooks import config_document, configure

# A proxy in front gives up after 60.
_CODE_WITHIN: Final = 50.0
_HALF: Final = 4


def _session(house: House) -> Document:
    return session_document(house.status, config_document(house))


async def sessions(house: House, ask: Ask) -> Reply:
    """List the session; one that is stopped only if all are wanted."""
    found = _session(house)
    shown = ask.flag("all") or found["status"] != STOPPED
    return Reply([found] if shown else [])


async def session(house: House, _: Ask) -> Reply:
    """Give the session."""
    return Reply(_session(house))


async def me(house: House, _: Ask) -> Reply:
    """Give the account, null while none is linked."""
    return Reply(me_document(house.status))


def _command(name: str) -> Run:
    """Give what has the link do something; what the browser does about it is not waited for."""

    async def run(house: House, _: Ask) -> Reply:
        await _do(house, name)
        return Reply(_session(house), HTTPStatus.CREATED)

    return run


async def _do(house: House, name: str) -> None:
    commands = house.commands
    steps = {
        "start": (commands.start,),
        "stop": (commands.stop,),
        "restart": (commands.stop, commands.start),
        "logout": (commands.logout,),
    }
    try:
        for step in steps[name]:
            await step()
    except SubmissionError as error:
        raise _not_taken(error) from error


def _not_taken(error: SubmissionError) -> Refusal:
    return unavailable(error.code, "wad did not take the command; try again")


def _named(name: str) -> Run:
    """Give a command that names its session in the body, as clients once did."""
    command = _command(name)

    async def run(house: House, ask: Ask) -> Reply:
        _require_name(ask)
        return await command(house, ask)

    return run


def _require_name(ask: Ask) -> None:
    if ask.body.get("name") not in (None, SESSION):
        raise no_session()


async def create(house: House, ask: Ask) -> Reply:
    """Configure the session, which is always there, and start it."""
    _require_name(ask)
    await configure(house, ask.body.get("config"))
    if ask.body.get("start", True) is not False:
        await _do(house, "start")
    return Reply(_session(house), HTTPStatus.CREATED)


async def update(house: House, ask: Ask) -> Reply:
    """Configure the session; the link goes on."""
    await configure(house, ask.body.get("config"))
    return Reply(_session(house))


async def code(house: House, ask: Ask) -> Reply:
    """Give the QR code: as a picture, as one in JSON, or its text."""
    form = ask.query.get("format", "image")
    if form not in {"image", "raw"}:
        raise wrong("format can be image or raw")
    if house.status.state not in LINKED_STATES:
        # Whoever asks looks: codes are renewed for him.
        house.commands.audience.asked()
    live = house.presenter.moment().code
    picture = await house.presenter.picture(Kind.PNG) if live is not None and form == "image" else None
    if live is None or (form == "image" and picture is None):
        raise not_found("no QR code is live now: the session's status says why", "no_code")
    if picture is None:
        return Reply({"value": live.text})
    if "application/json" in ask.accepts:
        return Reply({"mimetype": "image/png", "data": base64.b64encode(picture).decode()})
    return Reply(content=picture, mimetype="image/png")


async def request_code(house: House, ask: Ask) -> Reply:
    """Have a code made that is typed on the phone, and wait for it."""
    try:
        await house.commands.pair(ask.body.get("phoneNumber"))
    except PhoneNumberError as error:
        raise wrong(str(error)) from error
    except AlreadyLinkedError as error:
        raise Refusal(HTTPStatus.CONFLICT, error.code, str(error)) from error
    except SubmissionError as error:
        raise _not_taken(error) from error
    try:
        status = await house.commands.session.wait_for(_answered, _CODE_WITHIN)
    except TimeoutError:
        raise unavailable("code_pending", "the code is being asked for: ask again in a moment", 5) from None
    if status.pairing is None:
        why = REASONS[status.reason].sentence if status.reason is not None else "there is no code to type"
        raise Refusal(HTTPStatus.BAD_GATEWAY, status.reason or "no_code", why)
    text = status.pairing.text
    return Reply({"code": f"{text[:_HALF]}-{text[_HALF:]}"}, HTTPStatus.CREATED)


def _answered(status: Status) -> bool:
    return status.pairing is not None or (status.phone is None and status.phase is not Phase.PAIRING)


ROWS: Final = (
    Row("GET", "/api/sessions", sessions),
    Row("POST", "/api/sessions", create),
    Row("POST", "/api/sessions/start", _named("start")),
    Row("POST", "/api/sessions/stop", _named("stop")),
    Row("POST", "/api/sessions/logout", _named("logout")),
    Row("GET", "/api/sessions/{session}", session),
    Row("PUT", "/api/sessions/{session}", update),
    Row("GET", "/api/sessions/{session}/me", me),
    Row("POST", "/api/sessions/{session}/start", _command("start")),
    Row("POST", "/api/sessions/{session}/stop", _command("stop")),
    Row("POST", "/api/sessions/{session}/restart", _command("restart")),
    Row("POST", "/api/sessions/{session}/logout", _command("logout")),
    Row("GET", "/api/{session}/auth/qr", code),
    Row("POST", "/api/{session}/auth/request-code", request_code),
)
