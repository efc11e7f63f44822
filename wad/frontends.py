"""The front ends: HTTP with Socket.IO, and the control socket, opened on what is handed over or configured.

They are wad's own, by which others reach it; frontends of other sites, whose pages ask wad, are not meant.

Rules of this file: they share one `Commands` and one `Presenter`, so that all of them mean and show the same;
none of them knows another.
"""

import socket
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import structlog

from wad import __version__
from wad.config import Config
from wad.control import ControlServer
from wad.control.reloads import Reloads
from wad.link.commands import Commands
from wad.log.setup import lines_dropped
from wad.messages.service import Messages
from wad.reports.documents import Daemon
from wad.reports.message_metrics import Deliveries, MessageMetrics
from wad.reports.message_vitals import MessageVitals
from wad.reports.metrics import Metrics
from wad.reports.presenter import Presenter
from wad.reports.screenshot import Screenshots
from wad.reports.selfcheck import SelfCheck
from wad.reports.vitals import Vitals
from wad.service.descriptors import connections_within_limit
from wad.service.listen import address_of, open_sockets
from wad.web.app import make_app, route_table
from wad.web.connections.server import serve
from wad.web.gateway.server import Gateway
from wad.web.guard import Guard
from wad.web.messaging.routes import message_routes
from wad.web.messaging.stream import Followers
from wad.web.phone import Phone
from wad.web.routes import Route
from wad.webhooks.service import Webhooks

log = structlog.get_logger(__name__)


class Frontends:
    """Everything by which somebody outside can reach the daemon."""

    def __init__(
        self,
        config: Config,
        commands: Commands,
        guard: Guard,
        *,
        alive: Callable[[], bool],
        heartbeats: Callable[[], Counter[bool]],
        messages: Messages,
        webhooks: Webhooks,
        selfcheck: SelfCheck,
        screenshots: Screenshots,
        phone: Phone | None,
    ) -> None:
        self._config = config
        self._messages = messages
        self._webhooks = webhooks
        self._commands = commands
        self._guard = guard
        self._alive = alive
        self._phone = phone
        self._selfcheck = selfcheck
        self._screenshots = screenshots
        deliveries = Deliveries(lambda: webhooks.backlog, webhooks.take_latencies)
        further = MessageMetrics(messages, deliveries)
        missing = lambda: selfcheck.missing  # noqa: E731 - it is asked at each scrape
        self._metrics = Metrics(commands, heartbeats, missing, lines_dropped, further=further)
        who = Daemon(
            instance=token_hex(8), version=__version__, started=datetime.now(UTC), sandbox=phone is not None
        )
        # Subscriptions are told in order: pictures are begun before anybody is told of a new code.
        self._started = who.started
        self._presenter = Presenter(commands.session, who, config.deadlines.picture)
        of_messages = MessageVitals(messages, lambda: webhooks.standings).document
        self._vitals = Vitals(commands, heartbeats, who, config.deadlines.vitals, messages=of_messages)

    async def open(
        self, handed: Mapping[str, list[socket.socket]], reloads: Reloads, stack: AsyncExitStack
    ) -> None:
        """Open all of them, on the sockets systemd handed over by name, else on the configured addresses.

        Raises ListenError. `stack` closes them.
        """
        stack.callback(self._presenter.close)
        stack.callback(self._vitals.close)
        stack.callback(self._commands.session.subscribe(self._metrics.changed))
        # Binding an address that systemd holds already would fail: with handed sockets, none is bound.
        self._open_web(handed.get("http") or open_sockets(self._config.http.listen), stack)
        await self._open_control(handed.get("control", []), reloads, stack)

    def _open_web(self, sockets: list[socket.socket], stack: AsyncExitStack) -> None:
        addresses = [address_of(each) for each in sockets]
        self._guard.listens(addresses)
        gateway = Gateway(
            self._commands, self._presenter, self._guard, self._config.deadlines, self._messages
        )
        followers = Followers()
        routes = route_table(
            self._commands,
            self._presenter,
            self._alive,
            self._metrics.render,
            screenshots=self._screenshots,
            messaging=message_routes(self._messages, self._webhooks, followers),
            phone=self._phone,
            patience=self._config.deadlines.save,
        )
        app = make_app([*routes, gateway.route, *self._waha(followers)], self._guard)
        most = connections_within_limit(self._config.http.max_connections)
        server = serve(app, sockets, self._config.deadlines, most=most, proxy=self._guard.trusts)

        async def close() -> None:
            server.stop()
            followers.close()
            await gateway.close()
            await server.close_all_connections()

        stack.push_async_callback(close)
        log.info("http_serves", addresses=[str(each) for each in addresses])

    def _waha(self, followers: Followers) -> list[Route]:
        """Give the routes of WAHA's dialect, if it is to be spoken."""
        if not self._config.waha.enabled:
            return []
        from wad.web.waha.asking import House  # noqa: PLC0415 - nobody else pays for it
        from wad.web.waha.routes import waha_routes  # noqa: PLC0415

        house = House(
            self._commands,
            self._presenter,
            self._messages,
            self._webhooks,
            self._config.waha_url,
            self._started,
        )
        return waha_routes(house, followers)

    async def _open_control(
        self, handed: list[socket.socket], reloads: Reloads, stack: AsyncExitStack
    ) -> None:
        places: list[socket.socket | Path] = [*handed] if handed else [self._config.control.socket]
        for where in places:
            server = ControlServer(
                self._commands,
                self._presenter,
                self._config.deadlines,
                vitals=self._vitals,
                selfcheck=self._selfcheck,
                phone=self._phone,
                reloads=reloads,
                messages=(self._messages, self._webhooks),
            )
            await server.start(where)
            stack.push_async_callback(server.close)
            log.info("control_serves", path=str(where if isinstance(where, Path) else address_of(where)))
