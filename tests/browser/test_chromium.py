import asyncio
import errno
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import tornado.web
from standins import (
    FAILING,
    OBEDIENT,
    PRELUDE,
    REAL,
    SILENT,
    SILENT_PRELUDE,
    all_gone,
    listening_sockets,
    loop_complaints,
    open_fds,
    processes_of,
    standin,
)
from structlog.testing import capture_logs

from wad.browser import flags
from wad.browser.cdp import call
from wad.browser.chromium import Chromium
from wad.browser.executables import EXECUTABLES, find_executable, not_spawned
from wad.browser.options import LaunchOptions
from wad.browser.procfs import members
from wad.browser.profile import Profile
from wad.core.errors import (
    BrowserError,
    BrowserHungError,
    BrowserMissingError,
    ProfileLockedError,
    SandboxForbiddenError,
    TooManyOpenFilesError,
)

real = pytest.mark.parametrize("executable", REAL)


@pytest.fixture
def profile():
    """Return a profile whose path is as short as that of a service: a socket's must fit in it."""
    # What a killed browser still had on its way to the disk may arrive while the folder is being removed.
    with tempfile.TemporaryDirectory(prefix="wad-", ignore_cleanup_errors=True) as root:
        yield Profile(Path(root, "state"))


def browser_on(profile, executable=None, **options: Any):
    return Chromium(LaunchOptions(executable=executable, **options), profile)


def inherited(profile):
    return json.loads((profile.path / "inherited.json").read_text())


def quick(executable, profile, **options: Any):
    """Return a browser of stand-in programs whose every deadline is short."""
    times = {"start_timeout": 10.0, "close_timeout": 0.2, "term_timeout": 0.2}
    return browser_on(profile, executable, **{**times, **options})


@real
async def test_starts_answers_and_closes(executable, profile):
    """A real browser starts, evaluates, and closes by itself; no process, no fd and no complaint is left."""
    before = open_fds()
    browser = browser_on(profile, executable)
    with loop_complaints() as complaints:
        await browser.start()
        page = await browser.browser.newPage()
        answer = await page.evaluate("6 * 7", force_expr=True)
        group = browser.pid
        await browser.close()
        left = [*members(group)]
        result = await browser.exited

    assert 42 == answer
    assert [] == left
    assert (0, None) == (result.returncode, result.signal)
    assert [] == await all_gone(profile)
    assert before == open_fds()
    assert [] == complaints


@real
async def test_never_says_headless(executable, profile):
    """Neither the version, nor the user agent of a page and of its workers, nor webdriver tells of automation."""
    browser = browser_on(profile, executable)
    await browser.start()
    try:
        page = await browser.browser.newPage()
        in_page = await page.evaluate("[navigator.userAgent, navigator.webdriver]", force_expr=True)
        in_worker = await page.evaluate(
            """() => new Promise(resolve => {
                const source = URL.createObjectURL(new Blob(['postMessage(navigator.userAgent)']));
                new Worker(source).onmessage = event => resolve(event.data);
            })"""
        )
    finally:
        await browser.close()

    assert [browser.user_agent, False] == in_page
    assert browser.user_agent == in_worker
    assert "Headless" not in browser.user_agent + browser.version
    assert f"Chrome/{browser.version.partition('.')[0]}.0.0.0 " in browser.user_agent


@real
async def test_listens_on_no_port(executable, profile):
    """No process of the group listens on TCP, so no other user can take the session over."""
    browser = browser_on(profile, executable)
    await browser.start()
    try:
        assert set() == listening_sockets(browser.pid)
    finally:
        await browser.close()


@real
async def test_writes_nothing_outside_of_its_folder(executable, profile, monkeypatch, tmp_path):
    """Crash reports, caches and sockets stay below the profile: our own home is not touched."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("TMPDIR", str(home))
    browser = browser_on(profile, executable)
    await browser.start()
    await browser.browser.newPage()
    await browser.close()

    assert [] == [*home.iterdir()]


@real
async def test_megabytes_from_a_real_page(executable, profile):
    """An answer of some MB passes through the real pipe."""
    browser = browser_on(profile, executable)
    await browser.start()
    try:
        page = await browser.browser.newPage()
        text = await page.evaluate("'x'.repeat(5e6)", force_expr=True)
        length = await page.evaluate("text => text.length", text)
    finally:
        await browser.close()

    assert [5_000_000, 5_000_000] == [len(text), length]


@real
async def test_death_is_seen_at_once(executable, profile):
    """`kill -9` resolves `exited`, fails the calls under way and those after it, and takes the helpers along."""
    before = open_fds()
    browser = browser_on(profile, executable)
    with loop_complaints() as complaints:
        await browser.start()
        page = await browser.browser.newPage()
        never = asyncio.ensure_future(page.evaluate("new Promise(() => {})", force_expr=True))
        os.killpg(browser.pid, signal.SIGSTOP)  # it shall not answer before it dies
        pending = browser.connection.send("Target.getTargets")
        os.kill(browser.pid, signal.SIGKILL)
        result = await browser.exited
        with pytest.raises(Exception, match=r"closed|Target"):
            await never
        with pytest.raises(BrowserError):
            await pending
        with pytest.raises(BrowserError, match="Target closed"):
            await call(browser.connection, "Browser.getVersion", None, 5)
        await browser.close()

    assert (None, signal.SIGKILL) == (result.returncode, result.signal)
    assert [] == await all_gone(profile)
    assert before == open_fds()
    assert [] == complaints


@real
async def test_death_of_the_browser_behind_a_launcher(executable, profile):
    """When the browser proper dies, the launcher that may stand before it tells so."""
    browser = browser_on(profile, executable)
    await browser.start()
    answer = await call(browser.connection, "SystemInfo.getProcessInfo", None, 5)
    pids = [process["id"] for process in answer["processInfo"] if process["type"] == "browser"]
    os.kill(pids[0], signal.SIGKILL)
    result = await browser.exited
    left = [*members(browser.pid)]
    await browser.close()

    assert (result.returncode, result.signal) in [(None, signal.SIGKILL), (128 + signal.SIGKILL, None)]
    assert [] == left or browser.pid not in left
    assert [] == await all_gone(profile)


class Blank(tornado.web.RequestHandler):
    def get(self):  # Tornado's
        self.write("<p>a page with an origin")


@real
async def test_session_survives_a_close(executable, profile):
    """What a page stored is there for the next browser on the same profile."""
    server = tornado.web.Application([("/", Blank)]).listen(0, "127.0.0.1")
    port = next(iter(server._sockets.values())).getsockname()[1]
    values = []
    for _ in range(2):
        browser = browser_on(profile, executable)
        await browser.start()
        page = await browser.browser.newPage()
        await page.goto(f"http://127.0.0.1:{port}/")
        values.append(await page.evaluate("localStorage.getItem('a')", force_expr=True))
        await page.evaluate("localStorage.setItem('a', 'kept')", force_expr=True)
        await browser.close()
    server.stop()

    assert [None, "kept"] == values


async def test_profile_in_use(profile):
    """A second browser on a living one's profile is refused; the first is untouched.

    chromium-headless-shell takes no lock of its own: there wad's flock on the folder is what holds.
    """
    first = browser_on(profile, "chromium")
    await first.start()
    try:
        with pytest.raises(ProfileLockedError):
            await browser_on(profile, "chromium").start()
        answer = await call(first.connection, "Browser.getVersion", None, 5)
    finally:
        await first.close()

    assert first.version in answer["product"]


@real
async def test_cancelled_start_leaves_nothing(executable, profile):
    """A start that is cancelled while the browser comes up leaves no process and no fd."""
    before = open_fds()
    browser = browser_on(profile, executable)
    with loop_complaints() as complaints:
        starting = asyncio.ensure_future(browser.start())
        while browser.pid is None:  # noqa: ASYNC110 # the moment itself is what is looked for
            await asyncio.sleep(0)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting

    assert [] == [*members(browser.pid)]
    assert [] == await all_gone(profile)
    assert before == open_fds()
    assert [] == complaints


@real
async def test_loop_stays_responsive(executable, profile):
    """While the browser starts the loop goes on turning."""
    browser = browser_on(profile, executable)
    gaps = []

    async def tick() -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.001)
            now = time.monotonic()
            gaps.append(now - last)
            last = now

    ticker = asyncio.ensure_future(tick())
    try:
        await browser.start()
    finally:
        ticker.cancel()
        await browser.close()
    print(f"{executable}: {len(gaps)} ticks, longest gap {max(gaps) * 1000:.1f} ms")  # noqa: T201 # shown with pytest -s

    assert len(gaps) > 20


# What systemd leaves: open fds at 3 and 4 (and one more), none of them CLOEXEC.
WITH_HANDED_FDS = """
import asyncio, os, sys
from pathlib import Path
for fd in (3, 4, 7, 1000):
    os.dup2(os.open("/etc", os.O_RDONLY), fd, inheritable=True)
os.environ |= {"WAD_TOKEN": "t", "NOTIFY_SOCKET": "@n", "LISTEN_FDS": "2", "CREDENTIALS_DIRECTORY": "/c"}
os.environ |= {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/b", "XDG_RUNTIME_DIR": "/x", "LANG": "C.UTF-8"}
from wad.browser.chromium import Chromium
from wad.browser.options import LaunchOptions
from wad.browser.profile import Profile

async def main():
    browser = Chromium(LaunchOptions(executable=sys.argv[1], arguments=("--last=1",)), Profile(Path(sys.argv[2])))
    await browser.start()
    print(browser.user_agent, browser.version)
    await browser.close()

asyncio.run(main())
"""


async def test_inherits_its_pipe_and_nothing_else(profile, tmp_path):
    """The child gets 0 to 4 and no other fd of ours, though systemd's lie at 3 and 4; no secret name either."""
    program = standin(tmp_path, OBEDIENT)
    starter = tmp_path / "starter.py"
    starter.write_text(WITH_HANDED_FDS)
    argv = [sys.executable, str(starter), program, str(profile.path.parent)]
    done = await asyncio.to_thread(subprocess.run, argv, check=True, capture_output=True, text=True)
    seen = inherited(profile)

    assert done.stdout.endswith("Mozilla Chrome/99.0.1.2 99.0.1.2\n")
    assert {"0", "1", "2", "3", "4"} == {
        fd for fd, path in seen["fds"].items() if not path.startswith("/proc/")
    }
    assert ["/dev/null", "/dev/null"] == [seen["fds"]["0"], seen["fds"]["1"]]
    assert ["pipe:"] * 3 == [seen["fds"][fd][:5] for fd in "234"]


async def test_signals_are_as_a_program_expects_them(profile, tmp_path):
    """Python ignores SIGPIPE; the child does not inherit that, nor a mask."""
    told = tmp_path / "status"
    body = f"#!/bin/sh\ncat /proc/self/status > {told}\nexit 3\n"
    with pytest.raises(BrowserError, match="exit code 3"):
        await quick(standin(tmp_path, body, ""), profile).start()
    status = dict(line.split(":\t", 1) for line in told.read_text().splitlines())

    # Bits from 32 on are glibc's own signals.
    assert [0, 0] == [int(status["SigIgn"], 16) & 0x7FFF_FFFF, int(status["SigBlk"], 16)]


# Starts a browser, tells of it, and waits to be killed.
DOOMED = """
import asyncio, sys
from pathlib import Path
from wad.browser.chromium import Chromium
from wad.browser.options import LaunchOptions
from wad.browser.profile import Profile

async def main():
    browser = Chromium(LaunchOptions(executable=sys.argv[1]), Profile(Path(sys.argv[2])))
    await browser.start()
    print("up", flush=True)
    await asyncio.sleep(1000)

asyncio.run(main())
"""


@real
async def test_browser_ends_when_wad_is_killed(executable, profile):
    """After `kill -9` of wad itself the browser sees its pipe close and ends, with no service manager's help."""
    argv = [sys.executable, "-c", DOOMED, executable, str(profile.path.parent)]
    doomed = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    lines = []
    while "up" not in lines:
        lines.append((await doomed.stdout.readuntil()).decode().strip())
    doomed.kill()
    await doomed.communicate()

    assert [] == await all_gone(profile)


@real
async def test_no_dump_of_a_crash_is_kept(executable, profile):
    """A crashed browser's memory holds chats: what is dumped of it is deleted by the next start."""
    browser = browser_on(profile, executable)
    await browser.start()
    os.kill(browser.pid, signal.SIGSEGV)
    await browser.exited
    await browser.close()
    await all_gone(profile)
    outside = [path for path in profile.path.rglob("*.dmp") if not path.is_relative_to(profile.tmp)]
    profile.prepare()

    assert [] == outside
    assert [] == [*profile.path.rglob("*.dmp")]


async def test_waiting_for_the_exit_with_a_timeout(profile, tmp_path):
    """Whoever gives up waiting for the exit disturbs nobody."""
    browser = quick(standin(tmp_path, OBEDIENT), profile)
    await browser.start()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(browser.exited, 0.01)
    await browser.close()

    assert browser.connection.closed
    assert [] == processes_of(profile)


async def test_environment_is_an_allow_list(profile, tmp_path, monkeypatch):
    """Only names from the list pass; home, temporary files and buses are the browser's own."""
    for name in ("WAD_TOKEN", "NOTIFY_SOCKET", "LISTEN_FDS", "WATCHDOG_USEC", "CREDENTIALS_DIRECTORY"):
        monkeypatch.setenv(name, "secret")
    for name in ("JOURNAL_STREAM", "INVOCATION_ID", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "ANY_KEY"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("LC_TIME", "de_DE.UTF-8")
    monkeypatch.setenv("https_proxy", "http://proxy.test:3128")
    await start_and_close(quick(standin(tmp_path, OBEDIENT), profile))
    env = inherited(profile)["env"]

    assert "secret" not in env.values()
    assert ["de_DE.UTF-8", "http://proxy.test:3128"] == [env["LC_TIME"], env["https_proxy"]]
    assert [str(profile.home), str(profile.tmp)] == [env["HOME"], env["TMPDIR"]]


async def test_long_path_keeps_sockets_out_of_it(tmp_path):
    """Chromium aborts when its socket's path is too long: then its temporary files lie where the system's do."""
    profile = Profile(tmp_path / ("long" * 20))
    await start_and_close(quick(standin(tmp_path, OBEDIENT), profile))

    assert tempfile.gettempdir() == inherited(profile)["env"]["TMPDIR"]


async def test_configured_features_are_added(profile, tmp_path):
    """Chromium reads the last of several --disable-features: the configured ones join the table's in one flag."""
    browser = quick(standin(tmp_path, OBEDIENT), profile, arguments=("--disable-features=A,B",))
    await start_and_close(browser)
    given = [a for a in inherited(profile)["argv"] if a.startswith("--disable-features=")]

    assert ["--disable-features=" + ",".join([*flags.FEATURES_OFF, "A", "B"])] == given


async def test_command_line(profile, tmp_path):
    """The pipe, the profile and a user agent are there, a port and automation are not; configured flags come last."""
    await start_and_close(quick(standin(tmp_path, OBEDIENT), profile, arguments=("--lang=de",)))
    argv = inherited(profile)["argv"]

    assert "--remote-debugging-pipe" in argv
    assert f"--user-data-dir={profile.path}" in argv
    assert ["--lang=de", "about:blank"] == argv[-2:]
    assert any(a.startswith("--user-agent=") and a.endswith("Chrome/99.0.0.0 Safari/537.36") for a in argv)
    assert [] == [a for a in argv if "automation" in a or "debugging-port" in a]


@pytest.mark.parametrize(("euid", "expected"), [(0, True), (1000, False)])
async def test_sandbox_is_off_for_root_only(profile, tmp_path, monkeypatch, euid, expected):
    """`--no-sandbox` is given to root, with a warning at the first start, and to nobody else."""
    flags._warn_of_root.cache_clear()
    monkeypatch.setattr(os, "geteuid", lambda: euid)
    with capture_logs() as logs:
        await start_and_close(quick(standin(tmp_path, OBEDIENT), profile))
    warned = "browser_without_sandbox" in [entry["event"] for entry in logs]

    assert [expected, expected] == ["--no-sandbox" in inherited(profile)["argv"], warned]


async def test_sandbox_is_off_for_whoever_insists(profile, tmp_path, monkeypatch):
    """Configured without a sandbox the browser runs without, and the log is warned at each start."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with capture_logs() as logs:
        for _ in range(2):
            await start_and_close(quick(standin(tmp_path, OBEDIENT), profile, sandbox=False))
    warned = [entry["why"] for entry in logs if entry["event"] == "browser_without_sandbox"]

    assert "--no-sandbox" in inherited(profile)["argv"]
    assert ["[browser] sandbox = false"] * 2 == warned


# Of Chromium 156: user namespaces refused with EPERM, with ENOSYS, and only the chroot in them refused.
FORBIDDEN = [
    "[17:17:1129/144021.9:ERROR:content/browser/zygote_host/zygote_host_impl_linux.cc:130] No usable sandbox! If",
    "[18:18:1129/143947.7:FATAL:sandbox/linux/services/credentials.cc:137] Check failed: . : Function not implemented",
    "[18:18:FATAL:zygote_host_impl_linux.cc:251] Zygote process exited prematurely with exit code -1",
    "[1129/145401.0:FATAL:zygote_host_impl_linux.cc:254] Failed to receive hello message from zygote",
]


@pytest.mark.parametrize("words", FORBIDDEN)
async def test_forbidden_sandbox(profile, tmp_path, words):
    """A browser that dies for want of a sandbox says so; the error names that, and nothing is left."""
    browser = quick(standin(tmp_path, f"print({words!r}, file=sys.stderr)\nos.abort()\n"), profile)
    with pytest.raises(SandboxForbiddenError, match="its sandbox is forbidden here"):
        await browser.start()

    assert [] == await all_gone(profile)


async def start_and_close(browser):
    await browser.start()
    await browser.close()


@pytest.mark.parametrize(
    ("prelude", "body"),
    [(PRELUDE, SILENT), (SILENT_PRELUDE, SILENT)],
    ids=["started", "asked for its version"],
)
async def test_silent_browser_is_hung(profile, tmp_path, prelude, body):
    """A program that never answers, ignores SIGTERM and has a helper ends in BrowserHungError, and nothing is left."""
    before = open_fds()
    browser = quick(standin(tmp_path, body, prelude), profile, start_timeout=1.0)
    with loop_complaints() as complaints:
        with pytest.raises(BrowserHungError):
            await browser.start()
        left = processes_of(profile)
        await browser.close()

    assert [] == left
    assert before == open_fds()
    assert [] == complaints


async def test_ends_at_once(profile, tmp_path):
    """A program that ends instead of starting gives its exit code and last words, without what may be secret."""
    before = open_fds()
    browser = quick(standin(tmp_path, FAILING.format(code=7)), profile)
    with pytest.raises(
        BrowserError, match=r"exit code 7; a first line; GET https://example\.org/x.*failed"
    ) as caught:
        await browser.start()

    assert BrowserError is type(caught.value)
    assert "secret" not in str(caught.value)
    assert ("a first line", "GET https://example.org/x?... failed") == browser.stderr_tail
    assert browser.stderr_tail == browser.exited.result().stderr_tail
    assert before == open_fds()


async def test_exit_that_somebody_else_took(profile, tmp_path, monkeypatch):
    """Where other code waits for all children, the death is seen all the same; only how it died is not known."""
    browser = quick(standin(tmp_path, OBEDIENT), profile)
    await browser.start()

    def taken(*_args) -> None:
        os.waitpid(browser.pid, 0)
        raise ChildProcessError

    monkeypatch.setattr(os, "waitid", taken)
    browser.kill()
    result = await browser.exited
    await browser.close()

    assert (None, None, "how is not known") == (result.returncode, result.signal, str(result))
    assert [] == processes_of(profile)


async def test_exit_code_of_a_locked_profile(profile, tmp_path):
    """Chromium's exit code for a profile in use is told as that."""
    with pytest.raises(ProfileLockedError):
        await quick(standin(tmp_path, FAILING.format(code=21)), profile).start()


async def test_browser_that_does_not_close_is_killed(profile, tmp_path):
    """A browser that neither closes when asked nor ends by SIGTERM is killed with its helpers."""
    body = OBEDIENT.replace(
        "reads, writes =", "signal.signal(15, signal.SIG_IGN)\nos.fork() or time.sleep(1000)\nreads, writes ="
    )
    browser = quick(standin(tmp_path, body.replace("sys.exit()", "time.sleep(1000)")), profile)
    await browser.start()
    with capture_logs() as logs:
        await browser.close()

    assert ["browser_did_not_close", "browser_killed"] == [entry["event"] for entry in logs]
    assert signal.SIGKILL == browser.exited.result().signal
    assert [] == processes_of(profile)


async def test_browser_that_stands_still_is_given_no_grace(profile, tmp_path):
    """One whose own process does not even say that it heard is killed, however long it might take to close."""
    browser = quick(standin(tmp_path, OBEDIENT), profile, close_timeout=60.0, silent_timeout=1.0)
    await browser.start()
    os.kill(browser.pid, signal.SIGSTOP)
    with capture_logs() as logs:
        await browser.close()

    assert ["browser_silent"] == [entry["event"] for entry in logs]
    assert signal.SIGKILL == browser.exited.result().signal
    assert [] == processes_of(profile)


async def test_browser_that_takes_its_time_is_given_it(profile, tmp_path):
    """One that says that it heard may close for longer than it may be silent."""
    body = OBEDIENT.replace("sys.exit()", "time.sleep(1.5)\n            sys.exit()")
    browser = quick(standin(tmp_path, body), profile, close_timeout=60.0, silent_timeout=1.0)
    await browser.start()
    with capture_logs() as logs:
        await browser.close()

    assert [] == logs
    assert 0 == browser.exited.result().returncode


async def test_helper_is_killed_alone(profile, tmp_path):
    """The browser lives on; where there is no such helper that is told."""
    helper = 'subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", "--type=of-the-test"])'
    body = "import subprocess\n" + OBEDIENT.replace("reads, writes =", f"{helper}\nreads, writes =")
    browser = quick(standin(tmp_path, body), profile)
    await browser.start()
    found = await browser.kill_helper(b"--type=of-the-test")
    async with asyncio.timeout(10):
        while processes_of(profile) != [browser.pid]:  # noqa: ASYNC110 # nothing tells of others' children
            await asyncio.sleep(0.02)
    again = await browser.kill_helper(b"--type=of-the-test")
    alive = not browser.exited.done()
    await browser.close()

    assert (True, False, True) == (found, again, alive)


async def test_helpers_die_with_the_browser(profile, tmp_path):
    """A helper that outlives the browser, even one that holds its pipe, is killed when it dies."""
    body = OBEDIENT.replace(
        "reads, writes =", "signal.signal(15, signal.SIG_IGN)\nos.fork() or time.sleep(1000)\nreads, writes ="
    )
    browser = quick(standin(tmp_path, body), profile)
    await browser.start()
    os.kill(browser.pid, signal.SIGKILL)
    await browser.exited
    with pytest.raises(BrowserError):
        await call(browser.connection, "Browser.getVersion", None, 5)
    await browser.close()

    assert [] == processes_of(profile)


async def test_close_is_idempotent_and_concurrent(profile, tmp_path):
    """Several closes at once, and one after, all return; one before the start makes the start fail."""
    browser = quick(standin(tmp_path, OBEDIENT), profile)
    await browser.start()
    await asyncio.gather(browser.close(), browser.close(), browser.close())
    await browser.close()
    browser.kill()
    never = quick(standin(tmp_path, OBEDIENT), profile)
    await never.close()
    with pytest.raises(BrowserError, match="make another"):
        await never.start()

    assert 0 == browser.exited.result().returncode
    assert [] == processes_of(profile)


@pytest.mark.parametrize("prelude", [PRELUDE, SILENT_PRELUDE], ids=["started", "asked for its version"])
async def test_close_while_it_starts(profile, tmp_path, prelude):
    """A close during the start ends the start with an error and leaves nothing."""
    browser = quick(standin(tmp_path, SILENT, prelude), profile)
    with loop_complaints() as complaints:
        starting = asyncio.ensure_future(browser.start())
        while not processes_of(profile):  # noqa: ASYNC110 # the moment itself is what is looked for
            await asyncio.sleep(0)
        await browser.close()
        left = processes_of(profile)
        with pytest.raises(BrowserError, match="closed while it started"):
            await starting

    assert [] == left
    assert [] == complaints


async def test_close_survives_its_caller(profile, tmp_path):
    """A caller of close that is cancelled leaves; the closing goes on."""
    browser = quick(standin(tmp_path, OBEDIENT.replace("sys.exit()", "time.sleep(1000)")), profile)
    await browser.start()
    closing = asyncio.ensure_future(browser.close())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await browser.exited
    await browser.close()

    assert [] == processes_of(profile)


async def test_stderr_does_not_block_the_browser(profile, tmp_path):
    """A browser that writes MBs of one line to stderr goes on; little of it is kept."""
    noise = "sys.stderr.write('y' * 3_000_000 + '\\nlast\\n' + 'n' * 100 + '\\n')\n"
    browser = quick(standin(tmp_path, noise + OBEDIENT), profile)
    await start_and_close(browser)

    assert "last" == browser.stderr_tail[-2]
    assert max(map(len, browser.stderr_tail)) <= 300
    assert len(browser.stderr_tail) <= 50


def test_configured_executable_is_missing(tmp_path):
    """What is configured and is not there, or is not executable, is named."""
    plain = tmp_path / "plain"
    plain.write_text("")
    for configured in (str(tmp_path / "none"), str(plain), "no-such-browser-name"):
        with pytest.raises(BrowserMissingError, match=configured):
            find_executable(configured)


def test_no_executable_found(tmp_path, monkeypatch):
    """Without any browser the error tells what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrowserMissingError, match="apt install chromium"):
        find_executable(None)


@pytest.mark.parametrize(
    ("kind", "package"),
    [("auto", "chromium"), ("chromium", "chromium"), ("shell", "chromium-headless-shell")],
)
def test_none_of_the_kind_is_found(kind, package, tmp_path, monkeypatch):
    """The error tells which package has what was asked for; that another kind is there is no help."""
    monkeypatch.setenv("PATH", str(tmp_path))
    other = {"chromium": "chromium-headless-shell", "shell": "chromium"}.get(kind, "firefox")
    Path(standin(tmp_path, "")).rename(tmp_path / other)
    with pytest.raises(BrowserMissingError, match=f"apt install {package}$"):
        find_executable(None, kind)


def test_kinds(tmp_path, monkeypatch):
    """Each kind takes its own where both are there; what is configured wins over the kind."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("chromium", "chromium-headless-shell"):
        Path(standin(tmp_path, "")).rename(tmp_path / name)
    found = {kind: find_executable(None, kind).name for kind in ("auto", "chromium", "shell")}

    assert {"auto": "chromium", "chromium": "chromium", "shell": "chromium-headless-shell"} == found
    assert "chromium" == find_executable("chromium", "shell").name


def test_executables_have_an_order(tmp_path, monkeypatch):
    """Of those on PATH the first in the table is taken; a configured name or path wins."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in reversed(EXECUTABLES):
        Path(standin(tmp_path, "")).rename(tmp_path / name)

        assert tmp_path / name == find_executable(None)
    assert tmp_path / "chromium-browser" == find_executable("chromium-browser")
    assert tmp_path / "google-chrome" == find_executable(str(tmp_path / "google-chrome"))


@pytest.mark.parametrize("text", ["no program", "#!/no/such/interpreter\n"])
async def test_executable_that_cannot_be_executed(profile, tmp_path, text):
    """A file that only looks executable is told as a missing browser, and no fd is left."""
    before = open_fds()
    broken = tmp_path / "broken"
    broken.write_text(text)
    broken.chmod(0o755)
    with pytest.raises(BrowserMissingError, match="cannot be executed"):
        await quick(str(broken), profile).start()

    assert before == open_fds()


@contextmanager
def without_descriptors():
    """Let this process open nothing."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


async def test_close_without_descriptors(profile, tmp_path):
    """A close takes none, and leaves no more behind than any other."""
    before = open_fds()
    browser = quick(standin(tmp_path, OBEDIENT), profile)
    await browser.start()
    with without_descriptors():
        await browser.close()

    assert 0 == browser.exited.result().returncode
    assert [] == processes_of(profile)
    assert before == open_fds()


async def test_what_cannot_be_looked_at_may_live(profile, tmp_path):
    """A group is only called gone when that is known: without descriptors a living one is not."""
    browser = quick(standin(tmp_path, OBEDIENT), profile)
    await browser.start()
    with without_descriptors():
        looked = browser._process._living()
    await browser.close()

    assert [browser.pid] == looked
    assert [] == browser._process._living()


async def test_a_close_that_failed_is_done_again(profile, tmp_path):
    """An error while closing is told in the log alone, and the next close is one."""
    browser = quick(standin(tmp_path, OBEDIENT), profile)
    await browser.start()
    process = browser._process
    gone = process.wait_gone

    async def fail():
        process.wait_gone = gone
        raise OSError(24, "Too many open files")

    process.wait_gone = fail
    with capture_logs() as logs:
        await browser.close()
    await browser.close()

    assert ["browser_close_failed"] == [line["event"] for line in logs]
    assert browser.connection.closed
    assert [] == processes_of(profile)


async def test_start_without_descriptors(profile, tmp_path):
    """A lack of them is told by its name, not as a missing browser or a full disk; afterwards all is well."""
    program = standin(tmp_path, OBEDIENT)
    with without_descriptors(), pytest.raises(TooManyOpenFilesError):
        await quick(program, profile).start()
    profile.prepare()
    profile.prepare = lambda: None
    with without_descriptors(), pytest.raises(TooManyOpenFilesError, match="cannot be executed"):
        await quick(program, profile).start()
    await start_and_close(quick(program, profile))

    assert [] == processes_of(profile)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, BrowserMissingError),
        (errno.EACCES, BrowserMissingError),
        (errno.ENOEXEC, BrowserMissingError),
        (errno.EMFILE, TooManyOpenFilesError),
        (errno.ENFILE, TooManyOpenFilesError),
        (errno.ENOMEM, BrowserError),
        (errno.EAGAIN, BrowserError),
        (errno.ETXTBSY, BrowserError),
    ],
)
def test_what_keeps_a_program_from_being_started(number, kind):
    """Only what lies with the program is called missing: what lies with the machine passes by itself."""
    assert kind is type(not_spawned(Path("/browser"), OSError(number, os.strerror(number))))


async def test_the_browser_is_recorded(profile, tmp_path):
    """A later wad finds by it whatever this one could not end."""
    browser = quick(standin(tmp_path, OBEDIENT), profile)
    await browser.start()
    record = profile.path.parent / "browser"
    recorded = json.loads(record.read_text())["pid"]
    await browser.close()

    assert browser.pid == recorded
