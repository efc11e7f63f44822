"""How wadctl ends, and what it prints: the real program on a real socket."""

import asyncio
import json
import os
import socket
import sys

import pytest
from control_harness import run, run_ctl
from frontend_harness import TEXT

from wad.core.events import (
    Authenticated,
    Blocked,
    BrowserClosed,
    QrExpired,
    Ready,
    StartRequested,
    StopRequested,
)
from wad.core.reasons import Reason
from wad.core.status import Account, Blockage
from wad.reports.qr import terminal

VERBS = ["start", "stop", "reset", "logout", "status", "qr", "watch", "reload", "is-linked", "version"]
LATE = ["--wait", "--timeout", "0.2"]


@pytest.mark.parametrize("verb", ["start", "stop", "reset", "logout", "status", "reload", "version"])
async def test_done(io_loop, harness, verb):
    """What was accepted exits 0, and says so in a line."""
    ended = await harness.ctl(verb)

    assert (0, "") == (ended.code, ended.err)
    assert ended.out


NOT_RUNNING = {"status": 3, "is-linked": 1}


@pytest.mark.parametrize("verb", [*VERBS, "sandbox scan", "start --wait", "reload --wait", "qr --watch"])
async def test_not_running(io_loop, folder, verb):
    """Without a daemon status exits 3, and everything else 7."""
    path = folder / "control.sock"
    ended = await run_ctl("--socket", str(path), *verb.split())

    assert NOT_RUNNING.get(verb, 7) == ended.code
    assert [
        f"wadctl: wad is not running ({path}: No such file or directory)",
        "  Start it by hand: wad, or to try it without an account: wad --sandbox",
    ] == ended.err.splitlines()


@pytest.mark.parametrize(("verb", "code"), [("status", 3), ("stop", 7)])
async def test_dead_socket(io_loop, folder, verb, code):
    """A socket nobody listens on any more is no daemon."""
    path = folder / "control.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))

    assert code == (await run_ctl("--socket", str(path), verb)).code


@pytest.mark.parametrize(("verb", "code"), [("status", 4), ("stop", 4), ("qr", 4), ("is-linked", 1)])
async def test_no_permission(io_loop, harness, verb, code):
    """Whoever may not open the socket is told what would let them in."""
    harness.path.chmod(0)
    argv = [sys.executable, "-m", "wad.ctl"]
    if os.getuid() == 0:
        # Root as it is in a container that takes this away: file modes hold for it, too.
        argv = ["setpriv", "--bounding-set=-dac_override", *argv]

    ended = await run(*argv, "--socket", str(harness.path), verb)

    assert code == ended.code
    assert "in the group wad" in ended.err
    assert f"  Ask as root: sudo wadctl --socket {harness.path}; or for good: sudo adduser" in ended.err


@pytest.mark.parametrize(
    ("verb", "code"), [("status", 4), ("stop", 1), ("is-linked", 1), ("start --wait", 1)]
)
@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n", b"[]\n", b"{}\n", b"\xff\n"])
async def test_no_wad(io_loop, folder, verb, code, answer):
    """Something else at the socket is unknown, and a failure."""
    path = folder / "other.sock"

    async def greet(reader, writer):
        writer.write(answer)
        await reader.read()
        writer.close()

    server = await asyncio.start_unix_server(greet, str(path))
    ended = await run_ctl("--socket", str(path), *verb.split())
    server.close()

    assert code == ended.code
    assert "Traceback" not in ended.err


USAGE = [
    "help sing",
    "stop --yes",
    "sing",
    "status --wait",
    "stop --timeout x",
    "stop --timeout -1",
    "stop --timeout inf",
    "sandbox",
]


@pytest.mark.parametrize(
    "words", [*USAGE, "--socket /a --instance b status", "--instance a/b status", "status x"]
)
async def test_usage(io_loop, words):
    """A command line that makes no sense exits 2."""
    ended = await run_ctl(*words.split())

    assert 2 == ended.code
    assert ended.err


async def test_words_of_one_line(io_loop, harness):
    """A word that would end the line is refused before it is sent."""
    ended = await harness.ctl("sandbox", "scan", "name=a\nstop")

    assert (2, []) == (ended.code, harness.inbox.commands)


@pytest.mark.parametrize("verb", ["start", "stop --wait", "reset --wait"])
async def test_refused(io_loop, harness, verb):
    """What the daemon refuses exits 1, with its sentence."""
    harness.inbox.open = False

    ended = await harness.ctl(*verb.split())

    assert (1, "", "wadctl: wad is stopping\n") == (ended.code, ended.out, ended.err)


async def test_is_linked(io_loop, harness):
    """It is linked exactly when it is ready, and nothing is printed."""
    before = await harness.ctl("is-linked")
    harness.link()
    after = await harness.ctl("is-linked")

    assert (1, "", "") == (before.code, before.out, before.err)
    assert (0, "", "") == (after.code, after.out, after.err)


@pytest.mark.parametrize(
    ("verb", "line"),
    [
        ("status", b"status"),
        ("version", b"version"),
        ("is-linked", b"status"),
        ("qr", b"qr"),
        ("reload", b"reload"),
    ],
)
async def test_json(io_loop, harness, verb, line):
    """With --json the daemon's line comes as it was, wherever the option stands."""
    harness.show_code()
    expected = await harness.send(line + b"\n")

    before, behind = await harness.ctl("--json", verb), await harness.ctl(verb, "--json")

    assert expected.decode() == before.out == behind.out


async def test_json_error(io_loop, harness):
    """An error's line is printed as well, and exits 1."""
    ended = await harness.ctl("--json", "qr")

    assert (1, "no_code", "") == (ended.code, json.loads(ended.out)["code"], ended.err)


@pytest.mark.parametrize("verb", ["start", "reset", "logout"])
async def test_wait_for_code(io_loop, harness, verb):
    """Waiting ends when the code is there."""
    harness.show_code("2@old,a,b,c,1")
    harness.obey()

    ended = await harness.ctl(verb, "--wait")

    assert (0, "") == (ended.code, ended.err)
    assert ended.out.startswith(("qr: a code waits for the phone until", "QR code available"))


async def test_start_and_qr(io_loop, harness):
    """`wadctl start --wait && wadctl qr` shows a code."""
    harness.obey()
    started, shown = await harness.ctl("start", "--wait"), await harness.ctl("qr")

    assert (0, 0) == (started.code, shown.code)
    assert shown.out.startswith(terminal(TEXT))


async def test_start_when_linked(io_loop, harness):
    """Where it is linked already there is nothing to wait for, and no code to show: that is no failure."""
    harness.link()

    started, shown = await harness.ctl("start", "--wait"), await harness.ctl("qr")
    watched = await harness.ctl("qr", "--watch")

    assert (0, "WhatsApp client is ready\n") == (started.code, started.out)
    assert [(0, "It is linked already: no code is needed.\n")] * 2 == [
        (each.code, each.out) for each in (shown, watched)
    ]


async def test_wait_for_stop(io_loop, harness):
    """Waiting for a stop ends when the browser is gone."""
    harness.show_code()
    harness.obey()

    ended = await harness.ctl("stop", "--wait", "--json")

    assert (0, "stopped") == (ended.code, json.loads(ended.out)["phase"])


@pytest.mark.parametrize("verb", ["start", "stop", "reset", "logout", "reload"])
async def test_waited_too_long(io_loop, harness, verb):
    """What does not come in time exits 75 and says how far it is; an old code does not count."""
    if verb != "start":
        harness.show_code()
    harness.reloader.may_end.clear()

    ended = await harness.ctl(verb, *LATE)

    assert (75, "") == (ended.code, ended.out)
    assert "waited too long" in ended.err


async def test_wait_in_vain(io_loop, harness):
    """Where a person must act, waiting ends at once, with what to do."""
    harness.inbox.follow = lambda _: harness.apply(Blocked(Reason.BROWSER_MISSING))

    ended = await harness.ctl("start", "--wait")

    assert (1, "") == (ended.code, ended.out)
    assert "no Chromium was found. Install it" in ended.err


async def test_wait_for_reload(io_loop, harness):
    """A reload that is waited for tells what it changed."""
    ended = await harness.ctl("reload", "--wait")

    assert (0, 'The configuration is reloaded\nchanged: ["http.allowed_origins"]\n') == (
        ended.code,
        ended.out,
    )


async def test_daemon_ends_while_waiting(io_loop, harness):
    """When the daemon ends meanwhile, it is not running."""
    harness.inbox.follow = lambda _: harness.closing.append(asyncio.ensure_future(harness.server.close()))

    ended = await harness.ctl("start", "--wait")

    assert 7 == ended.code
    assert "wad closed the connection" in ended.err


@pytest.mark.parametrize("seconds", [["--timeout", "20"], []])
async def test_qr_watch(io_loop, harness, seconds):
    """Each new code is drawn, until one was scanned."""
    harness.show_code()
    path = ["--socket", str(harness.path)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wad.ctl", *path, "qr", "--watch", *seconds, stdout=asyncio.subprocess.PIPE
    )
    first = await process.stdout.readuntil(b"good until")
    watching = harness.audience.watching
    harness.show_code(TEXT + "2", seconds=20)
    second = await process.stdout.readuntil(b"good until")
    harness.link()
    rest = await process.stdout.read()

    assert 0 == await process.wait()
    assert first.startswith(terminal(TEXT).encode())
    assert terminal(TEXT + "2").encode() in second
    assert rest.endswith(b"Scanned.\n")
    assert 1 == watching


async def test_qr_watch_ends(io_loop, harness):
    """Where no more codes will come, it says why."""
    harness.show_code()
    harness.apply(StopRequested(), BrowserClosed())

    ended = await harness.ctl("qr", "--watch")

    assert (1, "wadctl: idle (stopped): stopped on request. Send start to link again.\n") == (
        ended.code,
        ended.err,
    )


async def test_qr_watch_brings_code_back(io_loop, harness):
    """Where codes ended for want of viewers, one who waits for a code brings them back."""
    harness.show_code()
    harness.apply(QrExpired(), BrowserClosed())
    harness.obey()

    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "wad.ctl", "--socket", str(harness.path), "qr", "--watch"),
        stdout=asyncio.subprocess.PIPE,
    )
    shown = await process.stdout.readuntil(b"good until")
    harness.link()
    await process.communicate()

    assert 0 == process.returncode
    assert shown.startswith(terminal(TEXT).encode())


async def test_watch(io_loop, harness):
    """A line for each change, the present first; the daemon's end is told."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "wad.ctl", "--socket", str(harness.path), "watch"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    lines = [await process.stdout.readline()]
    harness.apply(StartRequested())
    lines.append(await process.stdout.readline())
    await harness.server.close()
    _, err = await process.communicate()

    assert [b"idle (stopped)\n", b"idle (starting)\n"] == [line.partition(b" ")[2] for line in lines]
    assert 7 == process.returncode
    assert b"wad closed the connection" in err


async def test_pipe_closed(io_loop, harness):
    """`wadctl watch | head -1` ends without a complaint."""
    words = f"{sys.executable} -m wad.ctl --socket {harness.path} watch | head -1"
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    await process.stdout.readline()
    changes = asyncio.create_task(keep_changing(harness))
    _, err = await process.communicate()
    changes.cancel()

    assert b"" == err


async def keep_changing(harness):
    """Let something happen again and again."""
    while True:
        harness.apply(StartRequested(), StopRequested())
        await asyncio.sleep(0.01)


async def test_status_of_blocked(io_loop, harness):
    """A person reads what is wrong, what to do, and where."""
    harness.show_code()
    where = Blockage("ERR_NAME_NOT_RESOLVED", "https://web.whatsapp.com/")
    harness.apply(Blocked(Reason.HOSTS_BLOCKED, where))

    ended = await harness.ctl("status", TZ="UTC")

    assert [
        "blocked (held up): something between this machine and WhatsApp blocks its hosts",
        "  blocked: https://web.whatsapp.com/ (ERR_NAME_NOT_RESOLVED)",
        "  what to do: Allow web.whatsapp.com, *.whatsapp.net and *.whatsapp.com in the firewall, proxy or filter.",
        "  since 2026-11-23 05:10:00",
        "  sandbox: no real account is touched",
    ] == ended.out.splitlines()
    assert 0 == ended.code


@pytest.mark.parametrize(
    ("words", "pressed"),
    [
        (["scan", "number=15557654321", "name=A B"], ("scan", {"number": "15557654321", "name": "A B"})),
        (["clock", "factor=10"], ("clock", {"factor": 10})),
        (["clock", '{"factor": 2.5}'], ("clock", {"factor": 2.5})),
        (["offline"], ("offline", {})),
    ],
)
async def test_sandbox(io_loop, harness, words, pressed):
    """A button gets its arguments as they were meant, blanks and all."""
    ended = await harness.ctl("sandbox", *words)

    assert (0, f"did: {words[0]}\n") == (ended.code, ended.out)
    assert [pressed] == harness.phone.pressed


@pytest.mark.parametrize("verb", ["status", "top"])
async def test_a_name_cannot_command_the_terminal(io_loop, harness, verb):
    """An account's name is anybody's text: it is printed without what a terminal would obey."""
    harness.show_code()
    harness.apply(Authenticated(), Ready(Account("15551234567", "Ann\x1b[2J\u202e")))

    ended = await harness.ctl(verb)

    assert 0 == ended.code
    assert "(Ann?[2J?)" in ended.out
