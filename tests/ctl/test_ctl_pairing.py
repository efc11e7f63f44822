"""`wadctl pair`: the code on a terminal, and how it ends."""

import asyncio
import json
import sys
from datetime import timedelta

import pytest

from wad.core.events import (
    Authenticated,
    Blocked,
    PairingCancelled,
    PairingGranted,
    PairingLapsed,
    PairingRefused,
    PairRequested,
    QrIssued,
    Ready,
)
from wad.core.reasons import Reason
from wad.core.status import Account, Code, PairingCode, Phase

NUMBER = ("+1", "(555)", "123-45-67")


def granting(harness, *afterwards):
    """Let WhatsApp give a code for each number, and these events follow it."""

    def follow(command):
        if isinstance(command, PairRequested):
            harness.apply(PairingGranted(PairingCode("ABCD1234", harness.clock() + timedelta(seconds=180))))
            harness.apply(*afterwards)

    harness.inbox.follow = follow


@pytest.mark.parametrize("words", [NUMBER, ("+1 555 123-45-67",), ("15551234567",)], ids=len)
async def test_pair(io_loop, harness, words):
    """The code is shown in two groups, with what to do and until when; the number is handed over as digits."""
    harness.show_code()
    granting(harness)

    ended = await harness.ctl("pair", *words)

    first, *how, until = ended.out.splitlines()
    assert (0, "") == (ended.code, ended.err)
    assert "ABCD-1234" == first
    assert "Link with phone number instead" in how[0]
    assert until.startswith("It is good until ")
    assert [PairRequested("15551234567")] == harness.inbox.commands


async def test_wait_until_it_is_entered(io_loop, harness):
    """With --wait it goes on until the phone is linked, and says as whom."""
    harness.show_code()
    granting(harness)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "wad.ctl", "--socket", str(harness.path), "pair", "--wait", *NUMBER),
        stdout=asyncio.subprocess.PIPE,
    )
    shown = await process.stdout.readuntil(b"good until")
    harness.apply(Authenticated(10), Authenticated(60), Ready(Account("15551234567", "Ann")))
    rest = await process.stdout.read()

    assert 0 == await process.wait()
    assert shown.startswith(b"ABCD-1234\n")
    assert b"ready: linked as +15551234567 (Ann)" in rest


async def test_json(io_loop, harness):
    """With --json the status that holds the code is printed as it came."""
    harness.show_code()
    granting(harness)

    ended = await harness.ctl("--json", "pair", *NUMBER)

    document = json.loads(ended.out)
    assert (0, "ABCD1234", "waiting_for_entry") == (ended.code, document["pairingCode"], document["phase"])


async def test_refused_by_whatsapp(io_loop, harness):
    """Where WhatsApp gives none it fails with the reason, and with what to do."""
    harness.show_code()
    harness.inbox.follow = lambda _: harness.apply(PairingRefused())

    ended = await harness.ctl("pair", *NUMBER)

    assert (1, "") == (ended.code, ended.out)
    assert "WhatsApp gave no pairing code for this number" in ended.err
    assert "scan the QR code instead" in ended.err


async def test_an_old_refusal_is_no_answer(io_loop, harness):
    """That a number was refused before says nothing about the next one."""
    harness.show_code()
    harness.apply(PairRequested("15550000000"), PairingRefused(), QrIssued(Code("2@x", harness.clock())))
    granting(harness)

    ended = await harness.ctl("pair", *NUMBER)

    assert (0, "ABCD-1234") == (ended.code, ended.out.splitlines()[0])


async def test_blocked(io_loop, harness):
    """Where a person must act it does not wait for a code that will not come."""
    harness.inbox.follow = lambda _: harness.apply(Blocked(Reason.BROWSER_MISSING))

    ended = await harness.ctl("pair", *NUMBER)

    assert 1 == ended.code
    assert "no Chromium was found. Install it" in ended.err


async def test_never_entered(io_loop, harness):
    """With --wait a code that nobody entered is a failure that says so."""
    harness.show_code()
    granting(harness, PairingLapsed())

    ended = await harness.ctl("pair", "--wait", *NUMBER)

    assert 1 == ended.code
    assert "ABCD-1234" in ended.out
    assert "ask for another one" in ended.err


@pytest.mark.parametrize("follows", [False, True], ids=["no code", "no entry"])
async def test_waited_too_long(io_loop, harness, follows):
    """What does not come in time exits 75."""
    harness.show_code()
    if follows:
        granting(harness)

    ended = await harness.ctl("pair", "--wait", "--timeout", "0.5", *NUMBER)

    assert 75 == ended.code
    assert "waited too long" in ended.err


async def test_already_linked(io_loop, harness):
    """A linked account is not put at risk."""
    harness.link()

    ended = await harness.ctl("pair", *NUMBER)

    assert (1, []) == (ended.code, harness.inbox.commands)
    assert "log out first" in ended.err


@pytest.mark.parametrize("words", [("12",), ("call", "me"), ("8", "999", "123-45-67")], ids=" ".join)
async def test_no_number(io_loop, harness, words):
    """What is no number is refused by the daemon, with what to do."""
    ended = await harness.ctl("pair", *words)

    assert (1, []) == (ended.code, harness.inbox.commands)
    assert "+7" in ended.err


@pytest.mark.parametrize("words", [(), ("--cancel", "15551234567"), ("1555123\nstop",)], ids=len)
async def test_usage(io_loop, harness, words):
    """A number or --cancel, not both and not neither, in one line."""
    ended = await harness.ctl("pair", *words)

    assert (2, []) == (ended.code, harness.inbox.commands)


async def test_cancel(io_loop, harness):
    """The QR code comes back."""
    harness.show_code()
    harness.apply(PairRequested("15551234567"))

    ended = await harness.ctl("pair", "--cancel")

    assert (0, "The QR code takes the pairing code's place\n") == (ended.code, ended.out)
    assert [PairingCancelled()] == harness.inbox.commands
    assert Phase.RENEWING is harness.session.status.phase


async def test_status(io_loop, harness):
    """The status says that a code waits, and does not show it: it may be written into somebody's log."""
    harness.show_code()
    harness.apply(
        PairRequested("15551234567"),
        PairingGranted(PairingCode("ABCD1234", harness.clock() + timedelta(seconds=180))),
    )

    ended = await harness.ctl("status")

    assert ended.out.startswith("qr: a pairing code waits to be entered until ")
    assert "ABCD" not in ended.out
