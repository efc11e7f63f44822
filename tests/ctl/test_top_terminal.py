"""`wadctl top` on a terminal: it lives, it leaves, and the terminal is as it was."""

import asyncio
import json
import re
import signal
import termios

import pytest
from control_harness import MESSAGES, run_ctl
from frontend_harness import TEXT
from top_harness import top

from wad.core.events import ConnectionLost, Failed, StopRequested
from wad.core.reasons import Reason

LINKED = "ready: linked as +15551234567"


async def test_it_lives(io_loop, harness):
    """The present is there, each change at once, and what a change leaves behind stands in the history."""
    harness.show_code()
    async with top(harness.path) as terminal:
        await terminal.shows("qr: a code waits", "memory   200 MiB", "waiting for scan")
        harness.link()
        await terminal.shows(LINKED, "linked", "syncing")
        harness.apply(ConnectionLost())
        await terminal.shows("reconnecting", "reason: network_unreachable", "history")
        harness.apply(StopRequested())
        await terminal.shows("idle (stopping)")

    assert TEXT not in terminal.written


@pytest.mark.parametrize("key", [b"q", b"Q", b"\x03", b"\x04", b"\x1b", b"xq"], ids=repr)
async def test_leaving(io_loop, harness, key):
    """These keys leave, and the terminal is given back."""
    async with top(harness.path) as terminal:
        await terminal.shows("idle")
        terminal.type(key)

        assert 0 == await terminal.ended()
        await terminal.until(lambda: terminal.given_back)


@pytest.mark.parametrize("key", [b"\x1b[A", b"\x1bOP", b"x\r \t", b"\x1a\x1c\x13"], ids=repr)
async def test_other_keys(io_loop, harness, key):
    """Others do nothing, and are not seen; nor do they suspend, abort or stop it."""
    async with top(harness.path) as terminal:
        await terminal.shows("idle")
        terminal.type(key)
        harness.link()
        await terminal.shows(LINKED)

        assert terminal.process.returncode is None
        assert not set("xA") & set(terminal.written.partition("\x1b[H")[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_signals(io_loop, harness, number):
    """A signal ends it as it ends others, but gives the terminal back first."""
    async with top(harness.path) as terminal:
        await terminal.shows("idle")
        terminal.process.send_signal(number)

        assert 128 + number == await terminal.ended()
        await terminal.until(lambda: terminal.given_back)


async def test_another_size(io_loop, harness):
    """It is drawn anew at once for another size, and has room there."""
    harness.link()
    async with top(harness.path, columns=120, rows=50) as terminal:
        await terminal.shows(LINKED, "waiting for scan", "42 heartbeats, 2 missed", "q leaves")
        terminal.resize(30, 12)
        await terminal.until(lambda: max(map(len, terminal.lines)) <= 30 and len(terminal.lines) <= 12)
        await terminal.shows("ready:\n  linked as +15551234567")
        terminal.resize(120, 50)
        await terminal.shows("(Sandbox Phone, android)", "42 heartbeats, 2 missed")


async def test_after_a_pause(io_loop, harness):
    """Whoever had the terminal meanwhile may have changed it: it is set up and drawn anew."""
    async with top(harness.path) as terminal:
        await terminal.shows("idle")
        termios.tcsetattr(terminal.slave, termios.TCSANOW, terminal.before)
        shown = len(terminal.written)
        terminal.process.send_signal(signal.SIGCONT)
        await terminal.until(lambda: "\x1b[?1049h" in terminal.written[shown:])
        await terminal.until(lambda: "idle" in terminal.written[shown:])

        assert terminal.before != terminal.modes()


async def test_wad_leaves_and_comes_back(io_loop, harness):
    """It says so, and shows the new wad as soon as that is there; nothing of the old one stays."""
    harness.link()
    async with top(harness.path) as terminal:
        await terminal.shows(LINKED, "200 MiB")
        await harness.server.close()
        await terminal.shows("wad", "looking for it")
        assert LINKED not in terminal.text
        assert "MiB" not in terminal.text
        harness.server = harness.make_server()
        await harness.server.start(harness.path)
        await terminal.shows(LINKED, "200 MiB")
        terminal.type(b"q")

        assert 0 == await terminal.ended()


async def test_vitals_are_looked_at_again(io_loop, harness):
    """With the second look there is a share of the processor, and a bar for each."""
    async with top(harness.path, "--interval", "0.02") as terminal:
        await terminal.shows("cpu        0.0 %", "██████")


async def test_no_colour(io_loop, harness):
    """Whoever wants no colours gets none."""
    harness.link()
    async with top(harness.path, NO_COLOR="1") as plain, top(harness.path) as painted:
        await plain.shows(LINKED)
        await painted.shows(LINKED)

    assert ("", "\x1b[1;32m") == (
        "".join(re.findall(r"\x1b\[[0-9;]*m", plain.raw)),
        re.search(rf"(\S*){LINKED[:5]}", painted.raw)[1],
    )


async def test_an_answer_that_is_not_understood(io_loop, folder):
    """A fault gives the terminal back, too, before it is complained of."""
    path = folder / "other.sock"

    async def answer(reader, writer):
        await reader.readline()
        writer.write(b'{"jsonrpc":"2.0","id":"watch","result":{"odd":1}}\n')
        await reader.read()
        writer.close()

    server = await asyncio.start_unix_server(answer, str(path))
    async with top(path) as terminal:
        assert 1 == await terminal.ended()
        await terminal.until(lambda: "not understood" in terminal.written)
        assert terminal.given_back
        assert "Traceback" not in terminal.written
    server.close()


async def test_not_running(io_loop, folder):
    """Where there is no wad to begin with, it says so and takes no terminal."""
    async with top(folder / "control.sock") as terminal:
        assert 7 == await terminal.ended()
        await terminal.until(lambda: "wad is not running" in terminal.written)

    assert "\x1b[?1049h" not in terminal.written


@pytest.mark.parametrize(
    ("options", "variables"), [(["--once"], {}), ([], {"TERM": "dumb"})], ids=["once", "dumb"]
)
async def test_once_on_a_terminal(io_loop, harness, options, variables):
    """It is printed once where that is wanted, and where the terminal knows no sequences."""
    harness.link()
    async with top(harness.path, *options, **variables) as terminal:
        assert 0 == await terminal.ended()
        await terminal.until(lambda: "heartbeats" in terminal.written)

    assert LINKED in terminal.written
    assert "\x1b" not in terminal.written


async def test_piped(io_loop, harness):
    """Without a terminal it is printed once, and no line is cut."""
    harness.link()
    harness.apply(Failed(Reason.BROWSER_CRASHED))

    ended = await harness.ctl("top")

    assert (0, "") == (ended.code, ended.err)
    assert ["disconnected (recovering): ", "history", "browser"] == [
        word for word in ("disconnected (recovering): ", "history", "browser") if word in ended.out
    ]
    assert not {"\x1b", "…"} & set(ended.out)


async def test_json(io_loop, harness):
    """One object tells everything, but for the codes."""
    harness.show_code()

    ended = await harness.ctl("top", "--json")

    told = json.loads(ended.out)
    assert ["status", "history", "vitals", "outbox", "webhooks"] == list(told)
    assert ("qr", True) == (told["status"]["status"], told["status"]["hasQr"])
    assert not {"qrCode", "pairingCode"} & set(told["status"])
    assert "waiting_for_scan" == told["history"]["transitions"][-1]["phase"]
    assert 9 == told["vitals"]["browser"]["processes"]
    assert MESSAGES == {key: told[key] for key in MESSAGES}
    assert not MESSAGES.keys() & told["vitals"].keys()


@pytest.mark.parametrize("option", ["--json", "--once"])
async def test_a_wad_that_knows_no_messages(io_loop, harness, option):
    """Of an older one everything else is told."""
    harness.link()
    harness.of_messages.clear()

    ended = await harness.ctl("top", option)

    assert (0, "") == (ended.code, ended.err)
    assert "Sandbox Phone" in ended.out
    assert not [word for word in ("outbox", "webhook") if word in ended.out]


async def test_messages_are_looked_at_again(io_loop, harness):
    """What waits and how webhooks stand is there with the next look, and live."""
    harness.link()
    async with top(harness.path, "--interval", "0.02") as terminal:
        await terminal.shows("outbox   3 waiting, the oldest for 42 s, last failure", "(expired)")
        await terminal.shows("webhooks 1, 12 behind, 1 given up", "orders  retrying  12 behind")
        harness.of_messages["outbox"] = {"depth": 0, "oldestSeconds": None, "lastFailure": None}
        harness.of_messages["webhooks"] = []
        await terminal.shows("outbox   0 waiting\n")
        await terminal.until(lambda: "webhooks" not in terminal.text)
        harness.of_messages["outbox"] = None
        await terminal.shows("outbox   nothing is accepted, the messages' file cannot be used")


@pytest.mark.parametrize("option", ["--once", "--json"])
async def test_once_without_a_wad(io_loop, folder, option):
    """Without a daemon it exits 7, as others do."""
    ended = await run_ctl("--socket", str(folder / "control.sock"), "top", option)

    assert (7, "") == (ended.code, ended.out)


@pytest.mark.parametrize("words", [["--interval", "0"], ["--interval", "x"], ["--once", "x"]])
async def test_usage(io_loop, words):
    """What makes no sense exits 2."""
    assert 2 == (await run_ctl("top", *words)).code
