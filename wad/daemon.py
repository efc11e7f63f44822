"""The composition root: everything is made here, started in order and stopped in reverse.

Rules of this file: it decides nothing. Whoever looks for *why* finds it in the modules it puts together.
"""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine, Mapping, MutableMapping
from contextlib import AsyncExitStack
from dataclasses import asdict, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from wad import __version__
from wad.browser.profile import Profile
from wad.config import Config, read_token, require_safe
from wad.control.reloads import Reloads
from wad.core.errors import BrowserError
from wad.core.values import dataclass
from wad.frontends import Frontends
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.link.diagnosis import Diagnoses
from wad.link.durable import Durable
from wad.link.intent import Intent
from wad.link.phase_work import Work
from wad.link.session import Session
from wad.link.supervisor import Supervisor
from wad.log.changes import log_change
from wad.log.setup import tell_repeated
from wad.messages.opening import open_messages
from wad.page.browser_driver import BrowserDriver
from wad.page.launch import launch_options
from wad.reports.screenshot import Screenshots
from wad.reports.selfcheck import SelfCheck
from wad.service import garbage
from wad.service.listen import ListenError, address_of
from wad.service.reload import Reloader
from wad.service.signals import Signals
from wad.service.systemd import Notifier, feed_watchdog, inherited_sockets, watchdog_interval
from wad.service.task_dump import log_tasks
from wad.web.guard import Guard
from wad.webhooks.configured import configured
from wad.webhooks.service import Webhooks

if TYPE_CHECKING:
    from wad.sandbox import Sandbox

log = structlog.get_logger(__name__)

# The one value, besides the folder, in which a real account and the sandbox differ.
WHATSAPP_WEB = "https://web.whatsapp.com/"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What systemd gave to this process: its ear, the watchdog's interval in seconds, and sockets by name."""

    notifier: Notifier
    watchdog: float | None
    sockets: Mapping[str, list[socket.socket]]

    @classmethod
    def take(cls, env: MutableMapping[str, str]) -> "Surroundings":
        """Take it over, out of the environment: what is started later must not act upon it."""
        notifier = Notifier(env)
        env.pop("NOTIFY_SOCKET", None)
        return cls(notifier, watchdog_interval(env), inherited_sockets(env))


async def run(
    config: Config, load: Callable[[], Config] | None = None, signals: Signals | None = None
) -> None:
    """Run the daemon until SIGTERM or SIGINT; `load` reads the configuration again for a reload.

    `signals` are those that the process holds; without them none is answered.
    Raises WadError where it cannot start.
    """
    load = load if load is not None else lambda: config
    asked = Asked()
    around = Surroundings.take(os.environ)
    async with AsyncExitStack() as stack:
        stack.callback(around.notifier.close)
        if signals is not None:
            _answer(signals, asked, stack)
        await _start(config, load, around, asked, stack)
        garbage.resume()
        log.info("wad_ready", version=__version__, sandbox=config.sandbox.enabled)
        await asked.stop.wait()
        log.info("wad_stopping")
        around.notifier.stopping()
    tell_repeated()
    log.info("wad_stopped")


@dataclass(frozen=True, slots=True)
class Asked:
    """What signals ask of the daemon; it may be asked before it can be done."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    reload: asyncio.Event = field(default_factory=asyncio.Event)


def _answer(signals: Signals, asked: Asked, stack: AsyncExitStack) -> None:
    """Stop on SIGTERM and SIGINT, reload on SIGHUP, show the tasks on SIGUSR1, those before included."""
    loop = asyncio.get_running_loop()
    answers: Mapping[int, Callable[[], None]] = {
        signal.SIGTERM: asked.stop.set,
        signal.SIGINT: asked.stop.set,
        signal.SIGHUP: asked.reload.set,
        signal.SIGUSR1: log_tasks,
    }

    def answer() -> None:
        for number in signals.take():
            answers[number]()

    loop.add_reader(signals, answer)
    stack.callback(loop.remove_reader, signals)


async def _start(
    config: Config, load: Callable[[], Config], around: Surroundings, asked: Asked, stack: AsyncExitStack
) -> None:
    token = read_token(config.http.token_file) if config.http.token_file else None
    handed = around.sockets.get("http", [])
    hooks = [configured(each) for each in config.webhooks]
    listening = [address_of(each) for each in handed] or None
    require_safe(config, token, listening)
    folder = config.state_dir / ("sandbox" if config.sandbox.enabled else "live")
    profile = Profile(folder)
    profile.lock()
    stack.callback(profile.unlock)
    await _recover(profile, config.deadlines.discard)
    sandbox = await _start_sandbox(config, folder, stack)

    session = Session()
    session.subscribe(log_change)
    audience = Audience(time.monotonic, config.deadlines.qr_watched)
    url = sandbox.url if sandbox is not None else WHATSAPP_WEB
    driver = BrowserDriver(url, profile, launch_options(config), config.deadlines)
    mark = profile.path / "wad-session"
    messages = await open_messages(
        config, stack, session=session, page=driver.messages, folder=folder, mark=mark
    )
    private = config.messages.private_webhooks
    webhooks = Webhooks(messages.desk, hooks, private=private, base=config.waha_url)
    messages.retention.read_to = lambda: webhooks.read_to
    await webhooks.start()
    stack.push_async_callback(webhooks.close)
    supervisor = _make_supervisor(config, session, audience, driver=driver, profile=profile, folder=folder)
    selfcheck = SelfCheck(driver, config.deadlines)
    commands = Commands(session, supervisor, audience, sandbox=config.sandbox.enabled)
    guard = Guard(config, token)
    reloader = Reloader(config, load, guard, around.notifier, session, listening=listening)
    frontends = Frontends(
        config,
        commands,
        guard,
        alive=lambda: supervisor.alive,
        heartbeats=lambda: supervisor.heartbeats,
        messages=messages,
        webhooks=webhooks,
        selfcheck=selfcheck,
        screenshots=Screenshots(driver, session, config.deadlines),
        phone=sandbox.phone if sandbox is not None else None,
    )
    reloads = Reloads(reloader.reload_facts)
    stack.push_async_callback(reloads.close)
    await frontends.open(around.sockets, reloads, stack)
    session.subscribe(around.notifier.changed)
    _in_background(_reload_when_asked(asked.reload, reloads), "wad-reload", stack)
    await _start_supervisor(supervisor, stack)
    stack.push_async_callback(selfcheck.close)
    stack.callback(session.subscribe(selfcheck.changed))
    _start_watchdog(around, supervisor, stack)
    around.notifier.ready(session.status)
    # What an earlier daemon had no time to delete goes while the browser starts.
    _in_background(profile.sweep(), "wad-sweep-at-start", stack)
    if config.link.autostart and await asyncio.to_thread(Intent(folder / "stopped").wanted):
        await commands.start()


async def _recover(profile: Profile, within: float) -> None:
    """Undo what an earlier daemon left; what cannot be undone now is, when a browser is started."""
    try:
        async with asyncio.timeout(within):
            await asyncio.to_thread(profile.recover)
    except (TimeoutError, BrowserError) as error:
        log.warning("profile_kept", error=str(error) or "the disk does not answer")


def _in_background(work: Coroutine[Any, Any, None], name: str, stack: AsyncExitStack) -> None:
    """Run `work` until it, or the daemon, ends."""
    task = asyncio.create_task(work, name=name)
    stack.callback(task.cancel)


def _start_watchdog(around: Surroundings, supervisor: Supervisor, stack: AsyncExitStack) -> None:
    if around.watchdog is not None:
        work = feed_watchdog(around.notifier, around.watchdog, supervisor.prove)
        _in_background(work, "wad-watchdog", stack)


async def _reload_when_asked(asked: asyncio.Event, reloads: Reloads) -> None:
    """Reload on SIGHUP. Whatever comes of it is logged already."""
    while True:
        await asked.wait()
        asked.clear()
        await asyncio.wait([reloads.ask()])


async def _start_sandbox(config: Config, folder: Path, stack: AsyncExitStack) -> "Sandbox | None":
    wanted = config.sandbox
    if not wanted.enabled:
        return None
    from wad.sandbox import Sandbox, SandboxOptions  # noqa: PLC0415 - no live daemon pays for it

    variants: dict[str, Any] = asdict(wanted)
    del variants["enabled"]
    options = SandboxOptions(**variants)
    sandbox = Sandbox(folder / "phone", options)
    try:
        await sandbox.start()
    except OSError as error:
        raise ListenError(f"the sandbox cannot be served: {error.strerror or error}") from error
    stack.push_async_callback(sandbox.stop)
    log.info("sandbox_serves", url=sandbox.url)
    return sandbox


def _make_supervisor(
    config: Config,
    session: Session,
    audience: Audience,
    *,
    driver: BrowserDriver,
    profile: Profile,
    folder: Path,
) -> Supervisor:
    durable = Durable(Intent(folder / "stopped"), profile, config.deadlines)
    work = Work(
        session=session,
        driver=driver,
        profile=profile,
        durable=durable,
        audience=audience,
        diagnoses=Diagnoses(folder / "diagnoses"),
        deadlines=config.deadlines,
    )
    return Supervisor(session, driver, work, durable, config.deadlines)


async def _start_supervisor(supervisor: Supervisor, stack: AsyncExitStack) -> None:
    task = asyncio.create_task(supervisor.run(), name="wad-supervisor")
    await supervisor.started.wait()

    async def end() -> None:
        task.cancel()
        await asyncio.wait({task})

    stack.push_async_callback(end)
