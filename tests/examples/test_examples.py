"""Every example does what it says, in each language, on a real daemon with the sandbox's phone beside it."""

import asyncio
import re
import signal

import pytest
from examples_harness import EXAMPLES, LANGUAGES, TOKEN, Reader, daemon_in, line, line_with
from qr_scanner import scanned

NUMBER = "+1 555 765-43-21"

in_each_language = pytest.mark.parametrize("language", LANGUAGES)
live = pytest.mark.parametrize("language", ["javascript", "python"])


@in_each_language
async def test_the_code_is_shown_and_saved(folder, language):
    """The status is told, the code drawn, and saved as a picture that a phone can link with."""
    async with daemon_in(folder, clock="4") as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        # It lives for a quarter of a minute; two programs and a scanner are to be done by then.
        await daemon.new_code()
        shown = await reader.run("status")
        saved = await reader.run("save-code", "my.png")
        code = scanned((reader.folder / "my.png").read_bytes())
        await daemon.phone("scan", code=code)
        ready = await daemon.wait(currentState="ready")
        later = await reader.run("status")
        none = await reader.run("save-code", "none.png")

    assert (0, "") == (shown.code, shown.err)
    assert shown.out.startswith("qr: QR code available, waiting for scan\n")
    assert shown.out.count("\N{UPPER HALF BLOCK}") > 100
    assert (0, "saved my.png\n", "") == (saved.code, saved.out, saved.err)
    assert "15551234567@c.us" == ready["accountInfo"]["phoneNumber"]
    assert (0, "ready: WhatsApp client is ready\n") == (later.code, later.out.rstrip() + "\n")
    assert none.code != 0
    assert "404" in none.err or "no QR code is live now" in none.err
    assert not (reader.folder / "none.png").exists()


@in_each_language
async def test_waiting_and_who_is_linked(folder, language):
    """Whoever waits is told of the link once the phone has scanned; then it is known whose it is, and how it came."""
    async with daemon_in(folder) as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        await daemon.new_code()
        nobody = await reader.run("account")
        async with reader.running("wait-linked") as waiting:
            first = await line(waiting)
            await daemon.phone("scan", name="Ada")
            last = await line_with(waiting, "linked")
            code = await asyncio.wait_for(waiting.wait(), 20)
        account = await reader.run("account")
        history = await reader.run("history")

    assert (1, "", "nobody is linked\n") == (nobody.code, nobody.out, nobody.err)
    assert ("qr", "linked", 0) == (first, last, code)
    assert (0, "15551234567 Ada\n", "") == (account.code, account.out, account.err)
    assert (0, "") == (history.code, history.err)
    rows = [re.fullmatch(r"[\dT:.-]+Z (\w+) -> (\w+) \((\w+)\)", row) for row in history.out.splitlines()]
    assert ("idle", "idle", "starting") == rows[0].groups()
    assert ("authenticated", "ready", "linked") == rows[-1].groups()


@in_each_language
async def test_waiting_in_vain(folder, language):
    """Where a person must act, waiting ends with what is to be done."""
    async with daemon_in(folder) as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        await daemon.new_code()
        await daemon.phone("block_hosts")
        await daemon.wait(currentState="blocked")
        waited = await reader.run("wait-linked")

    assert waited.code == 1
    assert "Allow web.whatsapp.com" in waited.err


@live
async def test_live(folder, language):
    """Every change is told as it comes, up to the link; without the token it is said what is missing."""
    async with daemon_in(folder) as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        await daemon.new_code()
        refused = await reader.run("live", WAD_TOKEN="")
        async with reader.running("live") as listening:
            first = [await line(listening), await line(listening)]
            await daemon.post("/api/whatsapp/pair", {"phone": NUMBER})
            typed = await line_with(listening, "type")
            await daemon.phone("enter_code", code=typed.removeprefix("type "))
            await line_with(listening, "linked")
            code = await asyncio.wait_for(listening.wait(), 20)

    assert ["qr", "show data:image/png;base64,"] == first
    assert re.fullmatch("type [0-9A-Z]{4}-[0-9A-Z]{4}", typed)
    assert code == 0
    assert (1, "") == (refused.code, refused.out)
    assert "token" in refused.err


@in_each_language
async def test_commands(folder, language):
    """Each command is given, says what it does, and does it; another one is none."""
    async with daemon_in(folder, "--sandbox", "--no-autostart") as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        said = {"start": await reader.run("command", "start")}
        await daemon.link()
        said["stop"] = await reader.run("command", "stop")
        stopped = await daemon.wait(phase="stopped")
        await daemon.post("/api/whatsapp/start")
        await daemon.wait(currentState="ready")
        said["logout"] = await reader.run("command", "logout")
        said["reset"] = await reader.run("command", "reset")
        afresh = await daemon.new_code()
        wrong = await reader.run("command", "jump")

    assert {
        "start": "WhatsApp client is initializing\n",
        "stop": "WhatsApp client is stopped; the session is kept\n",
        "logout": "Logging out; then a new code is on its way\n",
        "reset": "The session is forgotten; a new code is on its way\n",
    } == {name: ran.out for name, ran in said.items()}
    assert {(0, "")} == {(ran.code, ran.err) for ran in said.values()}
    assert "stopped" == stopped["reason"]
    assert "qr" == afresh["currentState"]
    assert (2, "") == (wrong.code, wrong.out)
    assert "start|stop|reset|logout" in wrong.err


@in_each_language
async def test_pairing(folder, language):
    """A number gets a code, which links when it is typed; a wrong number and a refusal are told."""
    async with daemon_in(folder) as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        await daemon.new_code()
        wrong = await reader.run("pair", "8 999 123-45-67")
        await daemon.phone("refuse_pairing", code=400)
        refused = await reader.run("pair", NUMBER)
        await daemon.phone("allow_pairing")
        paired = await reader.run("pair", NUMBER)
        await daemon.phone("enter_code", code=paired.out.splitlines()[-1])
        ready = await daemon.wait(currentState="ready")
        linked = await reader.run("pair", NUMBER)

    assert wrong.code == refused.code == linked.code == 1
    assert "put +7 in place of the 8" in wrong.err
    assert "Check the number and its country code" in refused.err
    assert (0, "") == (paired.code, paired.err)
    assert re.fullmatch("[0-9A-Z]{4}-[0-9A-Z]{4}", paired.out.splitlines()[-1])
    assert "15557654321@c.us" == ready["accountInfo"]["phoneNumber"]
    assert "an account is linked already" in linked.err


@in_each_language
async def test_watching_the_health(folder, language):
    """Whenever the health changes a line is printed, until somebody ends it."""
    async with daemon_in(folder) as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        await daemon.new_code()
        async with reader.running("watch-health", "0.1") as watching:
            first = await line(watching)
            await daemon.phone("scan")
            last = await line_with(watching, "ok")
            watching.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(watching.wait(), 20)

    assert ("degraded qr", "ok ready", -signal.SIGTERM) == (first, last, code)


@in_each_language
async def test_tokens(folder, language):
    """With a wrong token commands are refused, with a sentence; where none is configured none is needed."""
    async with daemon_in(folder, "--sandbox", "--no-autostart") as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        wrong = await reader.run("command", "start", WAD_TOKEN="another-token-of-length")
        missing = await reader.run("history", WAD_TOKEN="")
        status = await daemon.status()
    (folder / "open").mkdir()
    async with daemon_in(folder / "open", "--sandbox", "--no-autostart", token=None) as daemon:
        done = await Reader(language, folder / "open", daemon, None).run("command", "start")

    assert wrong.code != 0
    assert "the token is wrong" in wrong.err
    assert (missing.code, missing.out) == (22 if language == "curl" else 1, "")
    assert "401" in missing.err or "this needs a token" in missing.err
    assert "stopped" == status["phase"]
    assert (0, "WhatsApp client is initializing\n") == (done.code, done.out)


def test_the_token_is_in_no_address_and_on_no_command_line():
    """No example puts the token into a query, or among a program's arguments."""
    sources = {
        path: path.read_text()
        for path in EXAMPLES.rglob("*")
        if path.is_file() and "node_modules" not in path.parts
    }

    assert [] == [
        path for path, text in sources.items() if re.search(r"[?&]token=|(--header|-H) ?\S*Bearer", text)
    ]


def test_the_same_in_each_language():
    """What one language has the others have, too; only curl can neither listen to events nor be posted to."""
    names = {
        language: {
            path.stem.replace("_", "-")
            for path in (EXAMPLES / language).glob("*.*")
            if path.suffix in {".sh", ".mjs", ".py"}
        }
        for language in LANGUAGES
    }

    assert names["javascript"] == names["python"]
    assert {"live", "webhook"} == names["python"] - names["curl"]
