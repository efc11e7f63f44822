"""The composition root: everything is made here, started in order and stopped in reverse.

Rules of this file: it decides nothing. Whoever looks for *why* finds it in the modules it puts together.
"""

import asyncio
import signal
import time
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import structlog

from wad import __version__
from wad.audience import Audience
from wad.chromium import LaunchOptions
from wad.commands import Commands
from wad.config import Config, read_token, require_safe
from wad.diagnosis import Diagnoses
from wad.documents import Daemon
from wad.intent import Intent
from wad.listen import open_sockets
from wad.log import log_change
from wad.page import BrowserDriver
from wad.presenter import Presenter
from wad.profile import Profile
from wad.sandbox import Sandbox, SandboxOptions
from wad.session import Session
from wad.supervisor import Supervisor
from wad.web.app import make_app, route_table
from wad.web.guard import Guard
from wad.web.server import serve
from wad.work import Work

log = structlog.get_logger(__name__)

# The one value, besides the folder, in which a real account and the sandbox differ.
WHATSAPP_WEB = "https://web.whatsapp.com/"


async def run(config: Config) -> None:
    """Run the daemon until SIGTERM or SIGINT. Raises WadError where it cannot start."""
    stop = _stop_signals()
    async with AsyncExitStack() as stack:
        await _start(config, stack)
        log.info("wad_ready", version=__version__, sandbox=config.sandbox.enabled)
        await stop.wait()
        log.info("wad_stopping")
    log.info("wad_stopped")


def _stop_signals() -> asyncio.Event:
    """Give the event that the first SIGTERM or SIGINT sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _start(config: Config, stack: AsyncExitStack) -> None:
    token = read_token(config.http.token_file) if config.http.token_file else None
    require_safe(config, token)
    folder = config.state_dir / ("sandbox" if config.sandbox.enabled else "live")
    profile = Profile(folder)
    profile.lock()
    stack.callback(profile.unlock)
    sandbox = await _start_sandbox(config, folder, stack)
    url = sandbox.url if sandbox is not None else WHATSAPP_WEB

    session = Session()
    session.subscribe(log_change)
    audience = Audience(time.monotonic, config.deadlines.qr_watched)
    supervisor = _make_supervisor(config, session, audience, profile=profile, url=url, folder=folder)
    commands = Commands(session, supervisor, audience, sandbox=config.sandbox.enabled)
    _start_web(config, stack, token=token, commands=commands, supervisor=supervisor, sandbox=sandbox)
    await _start_supervisor(supervisor, stack)
    # What an earlier daemon had no time to delete goes while the browser starts.
    sweeping = asyncio.create_task(profile.sweep(), name="wad-sweep-at-start")
    stack.callback(sweeping.cancel)
    if config.link.autostart and await asyncio.to_thread(Intent(folder / "stopped").wanted):
        await commands.start()


async def _start_sandbox(config: Config, folder: Path, stack: AsyncExitStack) -> Sandbox | None:
    wanted = config.sandbox
    if not wanted.enabled:
        return None
    variants: dict[str, Any] = asdict(wanted)
    del variants["enabled"]
    options = SandboxOptions(**variants)
    sandbox = Sandbox(folder / "phone", options)
    await sandbox.start()
    stack.push_async_callback(sandbox.stop)
    log.info("sandbox_serves", url=sandbox.url)
    return sandbox


def _make_supervisor(
    config: Config, session: Session, audience: Audience, *, profile: Profile, url: str, folder: Path
) -> Supervisor:
    deadlines = config.deadlines
    options = LaunchOptions(
        executable=str(config.browser.executable) if config.browser.executable else None,
        arguments=config.browser.arguments,
        start_timeout=deadlines.browser_start,
        close_timeout=deadlines.browser_close,
        term_timeout=deadlines.browser_term,
    )
    driver = BrowserDriver(url, profile, options, deadlines)
    work = Work(
        session=session,
        driver=driver,
        profile=profile,
        intent=Intent(folder / "stopped"),
        audience=audience,
        diagnoses=Diagnoses(folder / "diagnoses"),
        deadlines=deadlines,
    )
    return Supervisor(session, driver, work, deadlines)


async def _start_supervisor(supervisor: Supervisor, stack: AsyncExitStack) -> None:
    task = asyncio.create_task(supervisor.run(), name="wad-supervisor")
    await supervisor.started.wait()

    async def end() -> None:
        task.cancel()
        await asyncio.wait({task})

    stack.push_async_callback(end)


def _start_web(
    config: Config,
    stack: AsyncExitStack,
    *,
    token: str | None,
    commands: Commands,
    supervisor: Supervisor,
    sandbox: Sandbox | None,
) -> None:
    who = Daemon(
        instance=token_hex(8), version=__version__, started=datetime.now(UTC), sandbox=sandbox is not None
    )
    presenter = Presenter(commands.session, who, config.deadlines.picture)
    stack.callback(presenter.close)
    phone = sandbox.phone if sandbox is not None else None
    routes = route_table(commands, presenter, lambda: supervisor.alive, phone)
    server = serve(make_app(routes, Guard(config, token)), open_sockets(config.http.listen), config.deadlines)

    async def end() -> None:
        server.stop()
        await server.close_all_connections()

    stack.push_async_callback(end)
    log.info("http_serves", addresses=[str(address) for address in config.http.listen])
