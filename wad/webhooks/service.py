"""All webhooks: those of the configuration and those set over HTTP, each with a delivery of its own."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import structlog

from wad import __version__
from wad.core.errors import ConfiguredWebhookError, NoSuchWebhookError, StoreError, WebhookError
from wad.messages.desk import Desk
from wad.messages.documents import Document, time_text
from wad.store import cursors, webhooks
from wad.store.webhooks import Standing
from wad.waha.events import About
from wad.waha.people import me_document
from wad.webhooks.delivery import Delivery, Post, cursor_of
from wad.webhooks.post import Poster
from wad.webhooks.settings import WAHA, Webhook, webhook
from wad.webhooks.signing import make_secret
from wad.webhooks.standings import standing_document, state_of

log = structlog.get_logger(__name__)

# Each is a task and, now and then, a connection.
MOST: Final = 50


class Webhooks:
    """Made by the composition root; `private` lets those set over HTTP reach addresses of this network.

    `base` is where clients reach WAHA's dialect: events in its form name files there.
    """

    def __init__(
        self,
        desk: Desk,
        configured: Iterable[Webhook] = (),
        *,
        private: bool = False,
        poster: Callable[[Webhook], Post] = Poster,
        base: str = "",
    ) -> None:
        self._desk = desk
        self._configured = tuple(configured)
        self._private = private
        self._poster = poster
        self._base = base
        self._running: dict[str, tuple[Delivery, asyncio.Task[None]]] = {}
        # One change at a time: two of one name would leave a delivery that nobody ends.
        self._changing = asyncio.Lock()
        # Seconds from an event to its delivery, since they were last taken.
        self.latencies: list[float] = []

    async def start(self) -> None:
        """Begin to deliver; without a usable file there is nothing to deliver, and no more."""
        for hook in self._configured:
            await self._begin(hook)
        try:
            kept = await self._desk.read(webhooks.kept)
        except (StoreError, TimeoutError) as error:
            log.error("webhooks_unavailable", error=type(error).__name__)  # noqa: TRY400 - no fault of the code
            return
        for name, settings in kept.items():
            if name in self._running:
                continue
            try:
                await self._begin(self._made(name, settings))
            except WebhookError as error:
                log.warning("webhook_invalid", webhook=name, error=str(error))

    async def close(self) -> None:
        """End all deliveries; what was not taken is brought at the next start."""
        for name in tuple(self._running):
            await self._end(name)

    @property
    def read_to(self) -> int | None:
        """How far the slowest that is on has read; None: none is on."""
        on = [each.cursor for each, _ in self._running.values() if each.standing.disabled is None]
        return min(on, default=None)

    @property
    def backlog(self) -> dict[str, int]:
        """How many events each one is behind."""
        newest = self._desk.journal.newest
        return {name: max(0, newest - each.cursor) for name, (each, _) in self._running.items()}

    @property
    def standings(self) -> list[Document]:
        """How each one stands, by its name, without its URL; the disk is not asked."""
        newest = self._desk.journal.newest
        return [standing_document(each, newest) for _, (each, _) in sorted(self._running.items())]

    def take_latencies(self) -> list[float]:
        """Give the seconds from an event to its delivery, of those since this was asked for."""
        taken, self.latencies = self.latencies, []
        return taken

    def _made(self, name: str, settings: Mapping[str, Any]) -> Webhook:
        return webhook(name, settings, source="api", private=self._private)

    async def _begin(self, hook: Webhook, after: int | None = None) -> Delivery:
        delivery = Delivery(
            self._desk, hook, self._poster(hook), self._observe, lambda: self._about(hook.notes)
        )
        try:
            await delivery.begin(after)
        except (StoreError, TimeoutError) as error:
            # It is tried again by the delivery itself.
            log.warning("webhook_waits", webhook=hook.name, error=type(error).__name__)
        task = asyncio.create_task(delivery.run(), name=f"wad-webhook-{hook.name}")
        self._running[hook.name] = (delivery, task)
        return delivery

    def _about(self, notes: Mapping[str, Any]) -> About:
        me = me_document(self._desk.session.status)
        return About(me, __version__, self._base, notes.get("metadata") or {})

    async def _end(self, name: str) -> None:
        _, task = self._running.pop(name)
        task.cancel()
        await asyncio.wait({task})

    def _observe(self, seconds: float) -> None:
        if len(self.latencies) < 10_000:  # noqa: PLR2004 - between two looks of the metrics
            self.latencies.append(seconds)

    # What front ends ask.

    def of_form(self, form: str) -> list[Webhook]:
        """Give those set over HTTP that are told events in that form."""
        hooks = [each.hook for each, _ in self._running.values()]
        return [each for each in hooks if each.format == form and each.source == "api"]

    async def listing(self) -> list[Document]:
        """Give all of them, without their secrets. Raises as `Database.run`."""
        return [await self._document(each) for each, _ in self._running.values()]

    def check(self, hooks: Mapping[str, Mapping[str, Any]]) -> None:
        """Judge webhooks that are to be set together, as `put` would. Raises WebhookError."""
        if len(self._running.keys() | hooks.keys()) > MOST:
            raise WebhookError(f"there are {MOST} webhooks already")
        for name, settings in hooks.items():
            self._require_ours(name)
            self._made(name, settings)

    async def put(self, name: str, given: Mapping[str, Any]) -> Document:
        """Set one over HTTP; a secret that wad makes is in this answer alone.

        `given` has `url`, and may have `secret` or `secrets`, `events`, `headers`, `timeout`, `after`. Raises
        WebhookError, ConfiguredWebhookError, and as `Database.run`.
        """
        self._require_ours(name)
        if name not in self._running and len(self._running) >= MOST:
            raise WebhookError(f"there are {MOST} webhooks already")
        settings = dict(given)
        if {"secret", "secrets"} <= settings.keys():
            raise WebhookError("give secret, or secrets while they are changed, and not both")
        after = settings.pop("after", None)
        if after is not None and not self._is_number(after):
            raise WebhookError("after must be the number of an event that has happened, or 0")
        known = self._running[name][0].hook.secrets if name in self._running else ()
        secret, made = settings.pop("secret", None), None
        if "secrets" not in settings and settings.get("format") == WAHA:
            settings["secrets"] = [secret] if secret is not None else []
        elif "secrets" not in settings:
            made = None if secret is not None or known else make_secret()
            settings["secrets"] = [secret] if secret is not None else [*known] or [made]
        hook = self._made(name, settings)
        async with self._changing:
            await self._desk.read(lambda connection: self._keep(connection, hook, after))
            if name in self._running:
                await self._end(name)
            delivery = await self._begin(hook, after)
        return await self._document(delivery) | ({"secret": made} if made is not None else {})

    def _is_number(self, after: object) -> bool:
        number = isinstance(after, int) and not isinstance(after, bool)
        return number and 0 <= int(str(after)) <= self._desk.journal.newest

    @staticmethod
    def _keep(connection: sqlite3.Connection, hook: Webhook, after: int | None) -> None:
        """Keep one; whoever changes it has it tried at once, and behind `after`, if that is named."""
        webhooks.keep(connection, hook.name, hook.plain())
        webhooks.stand(connection, hook.name, Standing())
        if after is not None:
            cursors.set_back(connection, cursor_of(hook.name), after)

    async def delete(self, name: str) -> None:
        """Forget one that was set over HTTP. Raises as `put`, and NoSuchWebhookError."""
        self._require_ours(name)

        def work(connection: sqlite3.Connection) -> None:
            webhooks.drop(connection, name)
            cursors.drop(connection, cursor_of(name))

        async with self._changing:
            self._named(name)
            await self._desk.read(work)
            await self._end(name)
            # What it wrote in its last moment goes, too.
            await self._desk.read(work)

    async def replay(self, name: str) -> Document:
        """Switch one on, and have what was given up brought again. Raises NoSuchWebhookError."""
        delivery = self._named(name)

        def work(connection: sqlite3.Connection) -> None:
            standing = webhooks.standing(connection, name)
            webhooks.stand(connection, name, replace(standing, failed=0, due=0.0, disabled=None))
            webhooks.replay(connection, name)

        await self._desk.read(work)
        delivery.ring()
        return await self._document(delivery)

    async def skip(self, name: str) -> Document:
        """Give up the event that one is at, for good. Raises NoSuchWebhookError."""
        delivery = self._named(name)
        found = await self._desk.journal.read(delivery.cursor, 1, delivery.hook.types)
        if found:
            seq = found[0].seq

            def work(connection: sqlite3.Connection) -> None:
                cursors.advance(connection, cursor_of(name), seq)
                standing = webhooks.standing(connection, name)
                webhooks.stand(connection, name, Standing(disabled=standing.disabled))

            async with self._changing:
                await self._desk.read(work)
                hook = delivery.hook
                if name in self._running:
                    await self._end(name)
                delivery = await self._begin(hook)
        return await self._document(delivery)

    def _named(self, name: str) -> Delivery:
        if name not in self._running:
            raise NoSuchWebhookError("there is no webhook of this name")
        return self._running[name][0]

    def _require_ours(self, name: str) -> None:
        if any(each.name == name for each in self._configured):
            raise ConfiguredWebhookError("this webhook is in the configuration: change it there")

    async def _document(self, delivery: Delivery) -> Document:
        hook = delivery.hook
        standing, dead = await self._desk.read(
            lambda connection: (
                webhooks.standing(connection, hook.name),
                webhooks.parked(connection, hook.name),
            )
        )
        return {
            "name": hook.name,
            "url": hook.shown_url,
            "source": hook.source,
            "format": hook.format,
            "events": sorted(hook.types),
            "state": state_of(standing),
            "cursor": delivery.cursor,
            "backlog": max(0, self._desk.journal.newest - delivery.cursor),
            "failedAttempts": standing.failed,
            "nextAttemptAt": time_text(standing.due) if standing.failed > 0 else None,
            "lastStatus": standing.status,
            "lastError": standing.disabled or standing.error,
            "deadLetters": dead,
        }
