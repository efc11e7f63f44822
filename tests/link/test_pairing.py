"""Codes to type on the phone: asked for, shown, entered, refused, over."""

import pytest
from link_harness import SHORT, open_harness
from phase_ways import STILL, WAYS, reach

from wad.core.errors import AlreadyLinkedError, DocumentReplacedError, PhoneNumberError, SubmissionError
from wad.core.events import PairRequested, ResetRequested
from wad.core.reasons import Reason
from wad.core.status import Phase, State
from wad.link.commands import Commands

NUMBER = "+1 555 123-45-67"
DIGITS = "15551234567"
LINKED = {Phase.SYNCING, Phase.LINKED, Phase.RECONNECTING}
# The ways into these leave a session behind that is found again.
KEPT = {Phase.RECOVERING, Phase.RESTARTING, Phase.HELD_UP, Phase.PROBING, Phase.STOPPING}


def commands(harness):
    """Give the way in that the front ends use."""
    return Commands(harness.session, harness.supervisor, harness.audience, sandbox=True)


@pytest.mark.parametrize("phase", [phase for phase in WAYS if phase not in LINKED | KEPT])
async def test_from_every_phase(phase, tmp_path):
    """Wherever the link is, short of linked, a number asked for gets its code, and the phone links by it."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        await commands(harness).pair(NUMBER)
        harness.heal()
        status = await harness.until(lambda status: status.phase is Phase.WAITING_FOR_ENTRY)
        shown = harness.driver.life.page.phone
        harness.driver.phone.now("enter_code", code=status.pairing.text)
        linked = await harness.until(Phase.LINKED)

        assert (State.QR, None, None) == (status.state, status.code, status.phone)
        assert shown == DIGITS
        assert linked.account.number == DIGITS
        assert harness.intent.wanted()
        assert harness.most_at_once == 1


@pytest.mark.parametrize("phase", sorted(KEPT))
async def test_a_session_is_found(phase, tmp_path):
    """Where a session was kept it is opened, and the number is forgotten: it is linked, though by no code."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        await commands(harness).pair(NUMBER)
        harness.heal()
        status = await harness.until(Phase.LINKED)

        assert status.phone is None
        assert "pair" not in harness.driver.calls


@pytest.mark.parametrize("phase", [Phase.RECOVERING, Phase.HELD_UP, Phase.STOPPING])
async def test_a_session_that_is_gone(phase, tmp_path):
    """Where the phone ended the link meanwhile the number gets its code after all."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        harness.driver.profile.account = None
        await commands(harness).pair(NUMBER)
        harness.heal()
        await harness.until(Phase.WAITING_FOR_ENTRY)

        assert harness.driver.life.page.phone == DIGITS


@pytest.mark.parametrize("phase", sorted(LINKED))
async def test_not_while_linked(phase, tmp_path):
    """A linked account is not put at risk: the command is refused, and nothing changes, now or later."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        before = harness.status
        with pytest.raises(AlreadyLinkedError, match="log out first"):
            await commands(harness).pair(NUMBER)

        assert before is harness.status
        assert "pair" not in harness.driver.calls


async def test_what_came_about_meanwhile(tmp_path):
    """A phone that scanned while the command was on its way has won."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        harness.driver.phone.now("scan")
        with pytest.raises(AlreadyLinkedError):
            await commands(harness).pair(NUMBER)
        await harness.until(Phase.LINKED)


@pytest.mark.parametrize("written", ["", "12", "call me", None, 5])
async def test_no_number(written, tmp_path):
    """What is no number is refused before anything happens."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        before = harness.status
        with pytest.raises(PhoneNumberError):
            await commands(harness).pair(written)

        assert before is harness.status


async def test_after_the_end(tmp_path):
    """A supervisor that ends takes no number."""
    async with open_harness(tmp_path) as harness:
        pass
    with pytest.raises(SubmissionError):
        await commands(harness).pair(NUMBER)


async def test_whoever_asks_for_a_code_looks(tmp_path):
    """Codes do not end under the hands of somebody who types one."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        before = harness.audience.looks()
        await commands(harness).pair(NUMBER)

        assert (before, harness.audience.looks()) == (False, True)


async def test_refused(tmp_path):
    """WhatsApp gives no code: the QR code is back, with the reason beside it, until the next wish."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        harness.driver.phone.now("refuse_pairing")
        await commands(harness).pair(NUMBER)
        status = await harness.until(lambda status: status.code and status.reason)
        harness.driver.phone.now("allow_pairing")
        await commands(harness).pair(NUMBER)
        again = await harness.until(Phase.WAITING_FOR_ENTRY)

        assert (Reason.PAIRING_RATE_LIMITED, State.QR, None) == (status.reason, status.state, status.phone)
        assert "refresh_qr" in harness.driver.calls
        assert again.reason is None


async def test_in_another_document(tmp_path):
    """A page that must forget an earlier request is opened anew; the number waits, and is asked for there."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        harness.driver.raises["pair"] = DocumentReplacedError("an earlier request is unanswered")
        await commands(harness).pair(NUMBER)
        await harness.driver.until_called("pair")
        harness.driver.raises.clear()
        harness.driver.phone.now("reload")
        status = await harness.until(Phase.WAITING_FOR_ENTRY)

        assert Phase.RENEWING not in harness.path
        assert status.pairing is not None


@pytest.mark.parametrize("answers", ["never", "hung"])
async def test_never_answered(answers, tmp_path):
    """Servers, or a page, that do not answer are waited for so long; then the QR code is back."""
    async with open_harness(tmp_path, pairing_code=SHORT, evaluate=SHORT) as harness:
        await harness.code()
        if answers == "never":
            harness.driver.never.add("pair")
        else:
            harness.session.subscribe(
                lambda change: setattr(harness.driver.life, "hung", change.after.phase is Phase.PAIRING)
            )
        await commands(harness).pair(NUMBER)
        status = await harness.until(Reason.PAIRING_FAILED)
        await harness.until(Phase.WAITING_FOR_SCAN)

        assert status.phase is Phase.RENEWING


async def test_over(tmp_path):
    """A code that nobody typed makes room for the QR code at its end; nobody has to ask."""
    async with open_harness(tmp_path, pairing_life=5 * SHORT) as harness:
        await harness.code()
        await commands(harness).pair(NUMBER)
        shown = await harness.until(Phase.WAITING_FOR_ENTRY)
        status = await harness.until(Phase.WAITING_FOR_SCAN)

        assert shown.pairing.expires_at <= harness.session.now()
        assert (None, None) == (status.pairing, status.reason)


async def test_cancelled(tmp_path):
    """Whoever wants the QR code after all gets it at once, while the code is asked for, too."""
    async with open_harness(tmp_path) as harness:
        harness.driver.never.add("pair")
        await harness.code()
        await commands(harness).pair(NUMBER)
        asked = harness.status.phase
        await commands(harness).cancel_pairing()
        await harness.until(Phase.WAITING_FOR_SCAN)
        harness.driver.release()
        await commands(harness).pair(NUMBER)
        await harness.until(Phase.WAITING_FOR_ENTRY)
        await commands(harness).cancel_pairing()
        status = await harness.until(Phase.WAITING_FOR_SCAN)

        assert asked is Phase.PAIRING
        assert (None, None) == (status.pairing, status.phone)


async def test_cancelled_before_the_page_was_there(tmp_path):
    """A number taken back during the start is not asked for later."""
    async with open_harness(tmp_path) as harness:
        harness.driver.servers.silent = True
        await commands(harness).pair(NUMBER)
        await harness.until(Phase.CONNECTING)
        await commands(harness).cancel_pairing()
        harness.heal()
        await harness.until(Phase.WAITING_FOR_SCAN)
        await harness.settle()

        assert "pair" not in harness.driver.calls


async def test_another_number(tmp_path):
    """The last number counts, whether a code is shown for the other one or still asked for."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        await commands(harness).pair("+15557654321")
        first = await harness.until(Phase.WAITING_FOR_ENTRY)
        harness.driver.never.add("pair")
        await harness.send(PairRequested("15550000000"))
        await harness.driver.until_called("pair", 2)
        harness.driver.never.clear()
        await commands(harness).pair(NUMBER)
        second = await harness.until(Phase.WAITING_FOR_ENTRY)

        assert harness.driver.life.page.phone == DIGITS
        assert first.pairing.text != second.pairing.text


async def test_the_browser_dies_while_a_code_is_asked_for(tmp_path):
    """The number waits through the failure, and gets its code from the next browser."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        harness.driver.never.add("pair")
        await commands(harness).pair(NUMBER)
        await harness.driver.until_called("pair")
        harness.driver.crash()
        harness.driver.release()
        await harness.until(Phase.WAITING_FOR_ENTRY)

        assert harness.driver.life.page.phone == DIGITS


async def test_the_browser_dies_under_a_code(tmp_path):
    """A code died with its page; the next one shows the QR code, since nobody knows who still types."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        await commands(harness).pair(NUMBER)
        await harness.until(Phase.WAITING_FOR_ENTRY)
        harness.driver.crash()
        await harness.until(Phase.RECOVERING)
        await harness.until(Phase.WAITING_FOR_SCAN)

        assert harness.driver.calls.count("pair") == 1


async def test_a_lost_connection_under_a_code(tmp_path):
    """A page that has its connection back has its code, too."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        await commands(harness).pair(NUMBER)
        before = await harness.until(Phase.WAITING_FOR_ENTRY)
        harness.driver.phone.now("offline")
        await harness.until(Phase.RECONNECTING)
        harness.driver.phone.now("online")
        after = await harness.until(Phase.WAITING_FOR_ENTRY)

        assert before.pairing == after.pairing


async def test_a_reset_takes_the_number_back(tmp_path):
    """Who resets wants to begin anew."""
    async with open_harness(tmp_path) as harness:
        harness.driver.servers.silent = True
        await commands(harness).pair(NUMBER)
        await harness.until(Phase.CONNECTING)
        await harness.send(ResetRequested())
        harness.heal()
        await harness.until(Phase.WAITING_FOR_SCAN)
        await harness.settle()

        assert "pair" not in harness.driver.calls
