"""A proxy that wants credentials, between a real Chromium and the page: linked through it, and nobody else told."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from driver_harness import REAL, Told
from little_proxy import PASSWORD, USER, LittleProxy
from standins import all_gone

from wad.browser.options import LaunchOptions
from wad.browser.procfs import members
from wad.browser.profile import Profile
from wad.browser.proxy import ProxyCredentials
from wad.core.deadlines import Deadlines
from wad.core.events import Blocked, Failed, QrIssued, Ready
from wad.page.browser_driver import BrowserDriver
from wad.sandbox import Sandbox, SandboxOptions

# Chromium asks loopback itself, whatever its proxy, unless it is told not to.
LOOPBACK_TOO = "--proxy-bypass-list=<-loopback>"


@asynccontextmanager
async def driven(
    url: str, proxy: LittleProxy, password: str = PASSWORD
) -> AsyncIterator[tuple[BrowserDriver, Told]]:
    """Give a driver whose browser goes through the proxy, started, and what it tells."""
    with tempfile.TemporaryDirectory(prefix="wad-", ignore_cleanup_errors=True) as root:
        profile, told = Profile(Path(root)), Told()
        options = LaunchOptions(
            executable=REAL[0],
            arguments=(LOOPBACK_TOO,),
            proxy=proxy.url,
            proxy_credentials=ProxyCredentials(USER, password),
        )
        driver = BrowserDriver(url, profile, options, Deadlines())
        try:
            await driver.start(told)
            yield driver, told
        finally:
            await driver.stop()
            await all_gone(profile)


def command_lines(leader: int) -> bytes:
    """Give what `ps` shows, and the environment, of all of the browser's processes."""
    found = b""
    for pid in {leader, *members(leader)}:
        for name in ("cmdline", "environ"):
            path = Path(f"/proc/{pid}/{name}")
            found += path.read_bytes() if path.exists() else b""
    return found


async def test_linked_through_it() -> None:
    """The page, its workers and its socket come through; the credentials are in no `ps`, no log and no page."""
    with tempfile.TemporaryDirectory(prefix="wad-") as folder, structlog.testing.capture_logs() as logged:
        sandbox = Sandbox(Path(folder), SandboxOptions())
        await sandbox.start()
        try:
            async with LittleProxy() as proxy, driven(sandbox.url, proxy) as (driver, told):
                await told.next(QrIssued)
                await sandbox.phone.command("scan", {})
                await told.next(Ready)
                shown = command_lines(driver.info.pid or 0)
        finally:
            await sandbox.stop()

    assert f"--proxy-server={proxy.url}".encode() in shown
    assert any(each.startswith("CONNECT 127.0.0.1") for each in proxy.admitted)
    assert any(each.startswith(f"GET {sandbox.url}") for each in proxy.admitted)
    for secret in (PASSWORD, USER + ":"):
        assert secret.encode() not in shown
        assert secret not in repr(logged)
    assert PASSWORD not in repr(ProxyCredentials(USER, PASSWORD))


async def test_wrong_credentials() -> None:
    """What the proxy refuses is sent once, told once, and tells why nothing is reached."""
    with structlog.testing.capture_logs() as logged:
        async with LittleProxy() as proxy, driven("http://web.example/", proxy, "wrong") as (_, told):
            event = await told.next((Blocked, Failed))

    sent = [head for head in proxy.refused if "Proxy-Authorization" in head]

    assert isinstance(event, Blocked | Failed)
    assert 1 == len(sent)
    assert 1 == len([line for line in logged if line["event"] == "proxy_refused"])


async def test_a_site_that_asks() -> None:
    """A site's own challenge is not answered with the proxy's credentials."""
    asked = asyncio.Event()

    async def challenge(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="site"\r\nContent-Length: 0\r\n\r\n')
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        asked.set()

    site = await asyncio.start_server(challenge, "127.0.0.1", 0)
    port = site.sockets[0].getsockname()[1]
    async with (
        site,
        LittleProxy({"web.example": port}) as proxy,
        driven("http://web.example/", proxy) as (_, told),
    ):
        event = await told.next(Blocked)

    assert asked.is_set()
    assert "HTTP_401" == event.blockage.cause
    assert [] == [head for head in proxy.heads if "authorization" in head.lower()]
