"""The route table, and the application made from it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tornado import web

from wad.core.deadlines import Deadlines
from wad.core.status import Status
from wad.link.commands import Commands
from wad.reports.documents import (
    Document,
    logout_document,
    pair_cancel_document,
    reset_document,
    stop_document,
)
from wad.reports.presenter import Presenter
from wad.reports.screenshot import Screenshots
from wad.web import handlers
from wad.web.apidocs import Shelf, docs_routes
from wad.web.guard import Guard
from wad.web.openapi import openapi_route
from wad.web.pages import page_files, page_routes
from wad.web.phone import Phone, phone_routes
from wad.web.routes import Protection, Route, check
from wad.web.screenshot import ScreenshotHandler

OPEN, TOKEN, PUBLIC = Protection.OPEN, Protection.TOKEN, Protection.PUBLIC

# A path that begins so goes with or without the prefix: the old server had both.
_API = "(?:/api)?/whatsapp"
_KINDS = "|".join(kind.value for kind in handlers.CONTENT_TYPES)


def route_table(
    commands: Commands,
    presenter: Presenter,
    alive: Callable[[], bool],
    metrics: Callable[[], bytes],
    *,
    screenshots: Screenshots,
    messaging: Sequence[Route] = (),
    phone: Phone | None = None,
    patience: float = Deadlines().save,
) -> list[Route]:
    """Give every route, those of messages, `messaging`, among them.

    Without a `phone` the daemon is live, and the sandbox's routes do not exist.

    `patience` is how long, in seconds, a file of the page for trying out is waited for.
    """
    viewer = {"presenter": presenter, "audience": commands.audience}
    report = {"commands": commands, "presenter": presenter}
    table = [
        *page_routes(page_files()),
        *docs_routes(Shelf(patience)),
        Route("/health", "GET", handlers.HealthHandler, OPEN, report),
        Route(f"{_API}/status", "GET", handlers.StatusHandler, OPEN, viewer),
        Route(f"{_API}/account", "GET", handlers.AccountHandler, OPEN, report),
        Route(f"{_API}/history", "GET", handlers.HistoryHandler, TOKEN, {"presenter": presenter}),
        *_commands(commands, presenter),
        Route(rf"/api/whatsapp/qr\.({_KINDS})", "GET", handlers.PictureHandler, TOKEN, viewer),
        Route(
            r"/api/whatsapp/screenshot\.png", "GET", ScreenshotHandler, TOKEN, {"screenshots": screenshots}
        ),
        *messaging,
        Route("/livez", "GET", handlers.LiveHandler, PUBLIC, {"alive": alive}),
        Route("/readyz", "GET", handlers.ReadyHandler, PUBLIC, {"presenter": presenter}),
        Route("/metrics", "GET", handlers.MetricsHandler, TOKEN, {"metrics": metrics}),
    ]
    if phone is not None:
        table += phone_routes(phone)
    return [*table, openapi_route(table)]


def _commands(commands: Commands, presenter: Presenter) -> list[Route]:
    def row(name: str, run: Callable[[], Any], tell: Callable[[Status], Document]) -> Route:
        needs = {"run": run, "tell": tell}
        return Route(f"{_API}/{name}", "POST", handlers.CommandHandler, TOKEN, needs)

    return [
        row("start", commands.start, presenter.started),
        row("stop", commands.stop, stop_document),
        row("reset", commands.reset, reset_document),
        row("logout", commands.logout, logout_document),
        Route(f"{_API}/pair", "POST", handlers.PairHandler, TOKEN, {"commands": commands}),
        row("pair/cancel", commands.cancel_pairing, pair_cancel_document),
    ]


def make_app(routes: Iterable[Route], guard: Guard) -> web.Application:
    """Make the application. Raises ValueError if a route does not declare who may use it."""
    table = list(routes)
    check(table)
    nowhere = Route(".*", "GET", handlers.NotFoundHandler, PUBLIC)
    return web.Application(
        [(f"{route.pattern.rstrip('/')}/?", route.handler, _arguments(route, guard)) for route in table],
        default_handler_class=handlers.NotFoundHandler,
        default_handler_args=_arguments(nowhere, guard),
        log_function=_no_log,
    )


def _arguments(route: Route, guard: Guard) -> dict[str, Any]:
    return {"route": route, "guard": guard, **route.needs}


def _no_log(_: web.RequestHandler) -> None:
    """Leave the log line to the handlers: Tornado's would hold the query."""
