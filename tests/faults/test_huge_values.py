"""A page in WhatsApp's place whose account has a name of 50 MB: it costs the page, and hardly any memory.

It is served under WhatsApp's name, as `test_filters` does, by somebody whose certificate the browser takes.
"""

import asyncio
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from daemon_client import until
from daemon_harness import HASTY, SMALL_BROWSER, Daemon
from doctor_harness import make_certificate

# What wad needs of the page, as it is named there.
PAGE = """<!doctype html><html><body><div id="app"><p></p></div><script>
const huge = 'x'.repeat(50 * 2 ** 20);
const heard = { on() {}, off() {}, trigger() {} };
const modules = {
  WAWebSocketModel: { Socket: { ...heard, state: 'CONNECTED', stream: 'CONNECTED', hasSynced: true } },
  WAWebConnModel: { Conn: { ...heard, pushname: huge, platform: 'android' } },
  WAWebStreamModel: { Stream: { ...heard, mode: 'MAIN' } },
  WAWebUserPrefsMultiDevice: { isRegistered: () => true },
  WAWebUserPrefsMeUser: { getMaybeMePnUser: () => ({ user: '15551234567' }) },
};
const modulesMap = Object.fromEntries(Object.keys(modules).map((id) => [id, { factoryFinished: true }]));
window.require = (id) => (id === '__debug' ? { modulesMap } : modules[id]);
</script></body></html>"""
# Less than one such value: none is ever held whole.
AT_THE_MOST = 48 << 20


@asynccontextmanager
async def served(folder, page):
    """Serve the page over TLS to whoever asks for anything, and give the port."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n\r\n"

    async def serve(reader, writer):
        with suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write((head + page).encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=make_certificate(folder)[0])
    async with server:
        yield server.sockets[0].getsockname()[1]


def memory_of(pid, name="VmRSS"):
    """Give what a process has, or at the most had (VmHWM), in bytes."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(lines[name].split()[0]) << 10


async def test_a_huge_value(folder):
    """The page is told as crashed and opened anew, again and again; the daemon never holds more than a part of it."""
    async with served(folder, PAGE) as port:
        settings = {
            **HASTY,
            **SMALL_BROWSER,
            "WAD_BROWSER_ARGUMENTS": f"--host-resolver-rules=MAP * 127.0.0.1:{port},--ignore-certificate-errors",
        }
        async with Daemon(folder / "state", "--no-autostart", env=settings) as daemon:
            await daemon.status()
            pid = daemon.process.pid
            before = memory_of(pid)
            await daemon.post("/api/whatsapp/start")
            async with daemon.watched() as watch:
                await until(lambda: daemon.events().count("browser_started") > 1, "another page")
                status = await daemon.wait(currentState="disconnected", phase="recovering")
            most = memory_of(pid, "VmHWM")
            print(f"\n{before >> 20} MiB before, {most >> 20} at the most")

    assert most - before < AT_THE_MOST
    assert {200} == watch.codes
    assert {"page_crashed"} == watch.reasons
    assert status["accountInfo"] is None
