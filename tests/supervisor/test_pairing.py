"""Codes to type on the phone: asked for, shown, entered, refused, over."""

import pytest
from supervisor_house import SHORT, house
from supervisor_ways import STILL, WAYS, reach

from wad.commands import Commands
from wad.errors import AlreadyLinkedError, DocumentReplacedError, PhoneNumberError, SubmissionError
from wad.events import PairRequested, ResetRequested
from wad.reasons import Reason
from wad.status import Phase, State

NUMBER = "+1 555 123-45-67"
DIGITS = "15551234567"
LINKED = {Phase.SYNCING, Phase.LINKED, Phase.RECONNECTING}
# The ways into these leave a session behind that is found again.
KEPT = {Phase.RECOVERING, Phase.RESTARTING, Phase.HELD_UP, Phase.PROBING, Phase.STOPPING}


def commands(home):
    """Give the way in that the front doors use."""
    return Commands(home.session, home.supervisor, home.audience, sandbox=True)


@pytest.mark.parametrize("phase", [phase for phase in WAYS if phase not in LINKED | KEPT])
async def test_from_every_phase(phase, tmp_path):
    """Wherever the link is, short of linked, a number asked for gets its code, and the phone links by it."""
    async with house(tmp_path, **STILL) as home:
        await reach(home, phase)
        await commands(home).pair(NUMBER)
        home.heal()
        status = await home.until(lambda status: status.phase is Phase.WAITING_FOR_ENTRY)
        shown = home.driver.life.page.phone
        home.driver.phone.now("enter_code", code=status.pairing.text)
        linked = await home.until(Phase.LINKED)

        assert (State.QR, None, None) == (status.state, status.code, status.phone)
        assert shown == DIGITS
        assert linked.account.number == DIGITS
        assert home.intent.wanted()
        assert home.most_at_once == 1


@pytest.mark.parametrize("phase", sorted(KEPT))
async def test_a_session_is_found(phase, tmp_path):
    """Where a session was kept it is opened, and the number is forgotten: it is linked, though by no code."""
    async with house(tmp_path, **STILL) as home:
        await reach(home, phase)
        await commands(home).pair(NUMBER)
        home.heal()
        status = await home.until(Phase.LINKED)

        assert status.phone is None
        assert "pair" not in home.driver.calls


@pytest.mark.parametrize("phase", [Phase.RECOVERING, Phase.HELD_UP, Phase.STOPPING])
async def test_a_session_that_is_gone(phase, tmp_path):
    """Where the phone ended the link meanwhile the number gets its code after all."""
    async with house(tmp_path, **STILL) as home:
        await reach(home, phase)
        home.driver.profile.account = None
        await commands(home).pair(NUMBER)
        home.heal()
        await home.until(Phase.WAITING_FOR_ENTRY)

        assert home.driver.life.page.phone == DIGITS


@pytest.mark.parametrize("phase", sorted(LINKED))
async def test_not_while_linked(phase, tmp_path):
    """A linked account is not put at risk: the command is refused, and nothing changes, now or later."""
    async with house(tmp_path, **STILL) as home:
        await reach(home, phase)
        before = home.status
        with pytest.raises(AlreadyLinkedError, match="log out first"):
            await commands(home).pair(NUMBER)

        assert before is home.status
        assert "pair" not in home.driver.calls


async def test_what_came_about_meanwhile(tmp_path):
    """A phone that scanned while the command was on its way has won."""
    async with house(tmp_path) as home:
        await home.code()
        home.driver.phone.now("scan")
        with pytest.raises(AlreadyLinkedError):
            await commands(home).pair(NUMBER)
        await home.until(Phase.LINKED)


@pytest.mark.parametrize("written", ["", "12", "call me", None, 5])
async def test_no_number(written, tmp_path):
    """What is no number is refused before anything happens."""
    async with house(tmp_path) as home:
        await home.code()
        before = home.status
        with pytest.raises(PhoneNumberError):
            await commands(home).pair(written)

        assert before is home.status


async def test_after_the_end(tmp_path):
    """A supervisor that ends takes no number."""
    async with house(tmp_path) as home:
        pass
    with pytest.raises(SubmissionError):
        await commands(home).pair(NUMBER)


async def test_whoever_asks_for_a_code_looks(tmp_path):
    """Codes do not end under the hands of somebody who types one."""
    async with house(tmp_path) as home:
        await home.code()
        before = home.audience.looks()
        await commands(home).pair(NUMBER)

        assert (before, home.audience.looks()) == (False, True)


async def test_refused(tmp_path):
    """WhatsApp gives no code: the QR code is back, with the reason beside it, until the next wish."""
    async with house(tmp_path) as home:
        await home.code()
        home.driver.phone.now("refuse_pairing")
        await commands(home).pair(NUMBER)
        status = await home.until(lambda status: status.code and status.reason)
        home.driver.phone.now("allow_pairing")
        await commands(home).pair(NUMBER)
        again = await home.until(Phase.WAITING_FOR_ENTRY)

        assert (Reason.PAIRING_RATE_LIMITED, State.QR, None) == (status.reason, status.state, status.phone)
        assert "refresh_qr" in home.driver.calls
        assert again.reason is None


async def test_in_another_document(tmp_path):
    """A page that must forget an earlier request is opened anew; the number waits, and is asked for there."""
    async with house(tmp_path) as home:
        await home.code()
        home.driver.raises["pair"] = DocumentReplacedError("an earlier request is unanswered")
        await commands(home).pair(NUMBER)
        await home.driver.until_called("pair")
        home.driver.raises.clear()
        home.driver.phone.now("reload")
        status = await home.until(Phase.WAITING_FOR_ENTRY)

        assert Phase.RENEWING not in home.path
        assert status.pairing is not None


@pytest.mark.parametrize("answers", ["never", "hung"])
async def test_never_answered(answers, tmp_path):
    """Servers, or a page, that do not answer are waited for so long; then the QR code is back."""
    async with house(tmp_path, pairing_code=SHORT, evaluate=SHORT) as home:
        await home.code()
        if answers == "never":
            home.driver.never.add("pair")
        else:
            home.session.subscribe(
                lambda change: setattr(home.driver.life, "hung", change.after.phase is Phase.PAIRING)
            )
        await commands(home).pair(NUMBER)
        status = await home.until(Reason.PAIRING_FAILED)
        await home.until(Phase.WAITING_FOR_SCAN)

        assert status.phase is Phase.RENEWING


async def test_over(tmp_path):
    """A code that nobody typed makes room for the QR code at its end; nobody has to ask."""
    async with house(tmp_path, pairing_life=5 * SHORT) as home:
        await home.code()
        await commands(home).pair(NUMBER)
        shown = await home.until(Phase.WAITING_FOR_ENTRY)
        status = await home.until(Phase.WAITING_FOR_SCAN)

        assert shown.pairing.expires_at <= home.session.now()
        assert (None, None) == (status.pairing, status.reason)


async def test_cancelled(tmp_path):
    """Whoever wants the QR code after all gets it at once, while the code is asked for, too."""
    async with house(tmp_path) as home:
        home.driver.never.add("pair")
        await home.code()
        await commands(home).pair(NUMBER)
        asked = home.status.phase
        await commands(home).cancel_pairing()
        await home.until(Phase.WAITING_FOR_SCAN)
        home.driver.release()
        await commands(home).pair(NUMBER)
        await home.until(Phase.WAITING_FOR_ENTRY)
        await commands(home).cancel_pairing()
        status = await home.until(Phase.WAITING_FOR_SCAN)

        assert asked is Phase.PAIRING
        assert (None, None) == (status.pairing, status.phone)


async def test_cancelled_before_the_page_was_there(tmp_path):
    """A number taken back during the start is not asked for later."""
    async with house(tmp_path) as home:
        home.driver.servers.silent = True
        await commands(home).pair(NUMBER)
        await home.until(Phase.CONNECTING)
        await commands(home).cancel_pairing()
        home.heal()
        await home.until(Phase.WAITING_FOR_SCAN)
        await home.settle()

        assert "pair" not in home.driver.calls


async def test_another_number(tmp_path):
    """The last number counts, whether a code is shown for the other one or still asked for."""
    async with house(tmp_path) as home:
        await home.code()
        await commands(home).pair("+15557654321")
        first = await home.until(Phase.WAITING_FOR_ENTRY)
        home.driver.never.add("pair")
        await home.send(PairRequested("15550000000"))
        await home.driver.until_called("pair", 2)
        home.driver.never.clear()
        await commands(home).pair(NUMBER)
        second = await home.until(Phase.WAITING_FOR_ENTRY)

        assert home.driver.life.page.phone == DIGITS
        assert first.pairing.text != second.pairing.text


async def test_the_browser_dies_while_a_code_is_asked_for(tmp_path):
    """The number waits through the failure, and gets its code from the next browser."""
    async with house(tmp_path) as home:
        await home.code()
        home.driver.never.add("pair")
        await commands(home).pair(NUMBER)
        await home.driver.until_called("pair")
        home.driver.crash()
        home.driver.release()
        await home.until(Phase.WAITING_FOR_ENTRY)

        assert home.driver.life.page.phone == DIGITS


async def test_the_browser_dies_under_a_code(tmp_path):
    """A code died with its page; the next one shows the QR code, since nobody knows who still types."""
    async with house(tmp_path) as home:
        await home.code()
        await commands(home).pair(NUMBER)
        await home.until(Phase.WAITING_FOR_ENTRY)
        home.driver.crash()
        await home.until(Phase.RECOVERING)
        await home.until(Phase.WAITING_FOR_SCAN)

        assert home.driver.calls.count("pair") == 1


async def test_a_lost_connection_under_a_code(tmp_path):
    """A page that has its connection back has its code, too."""
    async with house(tmp_path) as home:
        await home.code()
        await commands(home).pair(NUMBER)
        before = await home.until(Phase.WAITING_FOR_ENTRY)
        home.driver.phone.now("offline")
        await home.until(Phase.RECONNECTING)
        home.driver.phone.now("online")
        after = await home.until(Phase.WAITING_FOR_ENTRY)

        assert before.pairing == after.pairing


async def test_a_reset_takes_the_number_back(tmp_path):
    """Who resets wants to begin anew."""
    async with house(tmp_path) as home:
        home.driver.servers.silent = True
        await commands(home).pair(NUMBER)
        await home.until(Phase.CONNECTING)
        await home.send(ResetRequested())
        home.heal()
        await home.until(Phase.WAITING_FOR_SCAN)
        await home.settle()

        assert "pair" not in home.driver.calls
