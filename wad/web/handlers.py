"""The handlers: each is parse, one call, write; `wad.web.base_handler` has judged before who may ask."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from wad.core.errors import AlreadyLinkedError, PhoneNumberError, SubmissionError
from wad.core.reasons import LINKED_STATES, REASONS, State
from wad.core.status import Status
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.reports import qr
from wad.reports.documents import (
    NOT_READY,
    Document,
    account_document,
    health_document,
    pair_document,
    redacted,
)
from wad.reports.failed_documents import failed_account, failed_health, failed_status
from wad.reports.presenter import Kind, Presenter
from wad.web.base_handler import BaseHandler
from wad.web.errors import Refusal, bad_request, not_found, unavailable
from wad.web.guard import Guard
from wad.web.routes import Route

CONTENT_TYPES = {
    Kind.PNG: "image/png",
    Kind.SVG: "image/svg+xml",
    Kind.TXT: "text/plain; charset=UTF-8",
}


class NotFoundHandler(BaseHandler):
    """Every address that is none."""

    def initialize(self, route: Route, guard: Guard) -> None:
        """Need nothing more."""
        self.admit(route, guard)

    def method_refusal(self) -> Refusal:
        """Say that there is nothing, whatever is asked of it."""
        return not_found()


class ViewerHandler(BaseHandler):
    """Base of those that show a code: somebody who may see it and asks for it counts as looking."""

    def initialize(self, route: Route, guard: Guard, presenter: Presenter, audience: Audience) -> None:
        """Need the presenter, and the audience to count for."""
        self.admit(route, guard)
        self._presenter = presenter
        self._audience = audience

    def count(self) -> None:
        """Count the caller as looking, unless it can see no code, or there is none to come."""
        state = self._presenter.moment().status.state
        sees = self.authorised and not self.guard.from_elsewhere(self.request)
        if sees and self.request.method == "GET" and state not in LINKED_STATES:
            self._audience.asked()


class StatusHandler(ViewerHandler):
    """The whole status, with the code."""

    async def answer(self) -> None:
        """Send the body that was rendered for the present."""
        self.count()
        self.send_rendered(await self._presenter.status(authorised=self.authorised))

    def failure(self) -> Document:
        """Tell of the failure in the status' own keys."""
        told = failed_status(self._presenter.moment().status, self._presenter.daemon)
        return told if self.authorised else redacted(told)


class PictureHandler(ViewerHandler):
    """The live code as a file."""

    async def answer(self) -> None:
        """Send the file whose ending the path names, if there is a code."""
        self.count()
        kind = Kind(self.path_args[0])
        picture = await self._presenter.picture(kind)
        if picture is None:
            raise not_found("no QR code is live now; the status says why", "no_code")
        if kind is Kind.TXT:
            picture = qr.painted(picture.decode()).encode()
        self.send_file(picture, CONTENT_TYPES[kind])


class ReportHandler(BaseHandler):
    """Base of the further documents about the link and the daemon."""

    def initialize(self, route: Route, guard: Guard, commands: Commands, presenter: Presenter) -> None:
        """Need the commands for what they know, and the presenter for the daemon's identity."""
        self.admit(route, guard)
        self._commands = commands
        self._presenter = presenter

    def report(self, document: Document) -> None:
        """Send a document, with its secrets blanked unless the caller may see them."""
        self.send(document if self.authorised else redacted(document))


class HealthHandler(ReportHandler):
    """How the daemon and its parts are."""

    async def answer(self) -> None:
        """Report on now."""
        session = self._commands.session
        deaths = self._commands.browser_deaths
        self.report(
            health_document(
                session.status, self._presenter.daemon, self._commands.browser, deaths, session.now()
            )
        )

    def failure(self) -> Document:
        """Tell of the failure as of a service that is not available."""
        session = self._commands.session
        told = failed_health(session.status, self._presenter.daemon, session.now())
        return told if self.authorised else redacted(told)


class AccountHandler(ReportHandler):
    """Which account is linked."""

    async def answer(self) -> None:
        """Report the account."""
        self.report(account_document(self._commands.session.status))

    def failure(self) -> Document:
        """Tell of no account."""
        told = failed_account()
        return told if self.authorised else redacted(told)


class HistoryHandler(BaseHandler):
    """The last transitions."""

    def initialize(self, route: Route, guard: Guard, presenter: Presenter) -> None:
        """Need the presenter, which keeps them."""
        self.admit(route, guard)
        self._presenter = presenter

    async def answer(self) -> None:
        """Send them, the oldest first."""
        self.send(self._presenter.history())


class CommandHandler(BaseHandler):
    """A command without arguments: hands it over, and tells what it has led to so far."""

    def initialize(
        self,
        route: Route,
        guard: Guard,
        run: Callable[[], Awaitable[Status]],
        tell: Callable[[Status], Document],
    ) -> None:
        """Need the command, and how to tell of the status after it."""
        self.admit(route, guard)
        self._run = run
        self._tell = tell

    async def answer(self) -> None:
        """Hand the command over; what the browser does about it is not waited for."""
        if "json" in self.request.headers.get("Content-Type", ""):
            self.body.arguments()  # nothing is read from it, but what calls itself JSON must be
        try:
            status = await self._run()
        except SubmissionError as exc:
            raise unavailable(exc.code, "wad did not take the command; try again") from exc
        self.send(self._tell(status))


class PairHandler(BaseHandler):
    """Asks for a code to type on the phone whose number the body names."""

    def initialize(self, route: Route, guard: Guard, commands: Commands) -> None:
        """Need the commands."""
        self.admit(route, guard)
        self._commands = commands

    async def answer(self) -> None:
        """Hand the number over; the code is told by the status."""
        try:
            status = await self._commands.pair(self.body.arguments().get("phone"))
        except PhoneNumberError as exc:
            raise bad_request(exc.code, str(exc)) from exc
        except AlreadyLinkedError as exc:
            raise Refusal(HTTPStatus.CONFLICT, exc.code, str(exc)) from exc
        except SubmissionError as exc:
            raise unavailable(exc.code, "wad did not take the command; try again") from exc
        self.send(pair_document(status))


class LiveHandler(BaseHandler):
    """Whether the daemon works at all, whatever the link does."""

    def initialize(self, route: Route, guard: Guard, alive: Callable[[], bool]) -> None:
        """Need to know whether the supervisor advances."""
        self.admit(route, guard)
        self._alive = alive

    async def answer(self) -> None:
        """Send 200, or 503 if the supervisor stands still."""
        if not self._alive():
            raise unavailable("supervisor_stuck", "the supervisor does not advance")
        self.send({"success": True, "status": "alive"})


class ReadyHandler(BaseHandler):
    """Whether the link is ready."""

    def initialize(self, route: Route, guard: Guard, presenter: Presenter) -> None:
        """Need the present."""
        self.admit(route, guard)
        self._presenter = presenter

    async def answer(self) -> None:
        """Send 200, or 503 with the reason, or with the state where it speaks for itself."""
        status = self._presenter.moment().status
        if status.state is State.READY:
            self.send({"success": True, "status": status.state})
        elif status.reason is not None:
            raise unavailable(status.reason, f"{NOT_READY}: {REASONS[status.reason].sentence}", 10)
        else:
            raise unavailable(f"state_{status.state}", f"{NOT_READY}: it is {status.state}", 10)


class MetricsHandler(BaseHandler):
    """The metrics, for Prometheus."""

    def initialize(self, route: Route, guard: Guard, metrics: Callable[[], bytes]) -> None:
        """Need what writes them."""
        self.admit(route, guard)
        self._metrics = metrics

    async def answer(self) -> None:
        """Send them in Prometheus' text format."""
        self.send_file(self._metrics(), "text/plain; version=0.0.4; charset=utf-8")
