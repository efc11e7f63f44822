"""Whatever gets lost on the way from the page: in the end the status is what the page shows."""

import asyncio
import random

import pytest
from chaos import UnreliableDriver
from link_harness import SHORT, open_harness

from wad.core.events import (
    Authenticated,
    ConnectionLost,
    PairingCancelled,
    PairingCodeIssued,
    PairRequested,
    QrIssued,
    Ready,
    StartRequested,
    StopRequested,
)
from wad.core.status import Phase

SEEDS = range(40)
VERBS = [
    *("scan", "logout", "offline", "online", "next_ref", "spend", "reload", "crash", "service_unavailable"),
    *("enter_code", "refuse_pairing", "allow_pairing"),
]
WISHES = {"pair": PairRequested("15551234567"), "cancel": PairingCancelled()}
DEADLINES = {
    "heartbeat_interval": SHORT,
    "heartbeat_answer": SHORT,
    "page_load": 10 * SHORT,
    "first_code": 10 * SHORT,
    "reconnect": 10 * SHORT,
    "ready": 20 * SHORT,
    "qr_grace": SHORT,
}


def shown(event):
    """Give the phase that a page showing `event` stands for."""
    phases = {
        QrIssued: Phase.WAITING_FOR_SCAN,
        Ready: Phase.LINKED,
        Authenticated: Phase.SYNCING,
        ConnectionLost: Phase.RECONNECTING,
        PairingCodeIssued: Phase.WAITING_FOR_ENTRY,
    }
    return phases.get(type(event))


def relied_upon(harness, driver):
    """Put `driver` in the place of the reliable one."""
    for part in (
        harness.supervisor,
        harness.supervisor._heartbeat,
        harness.work,
        harness.work._codes,
        harness.work._forgets,
    ):
        part._driver = driver


async def move(harness, chance):
    """Let the phone or an operator do something, or the browser die, where that can be done just now."""
    verb = chance.choice([*VERBS, *WISHES, "pair", "die"])
    if verb in WISHES:
        harness.supervisor.post(WISHES[verb])
        return
    if verb == "die":
        harness.driver.crash()
        return
    try:
        harness.driver.phone.now(verb)
    except ValueError:  # no code to scan
        return


def in_step(harness):
    """Whether the status is what the page shows, down to the code and the account."""
    life = harness.driver.life
    event = life.level() if life is not None and life.up else None
    status = harness.status
    if event is None or shown(event) is not status.phase:
        return False
    if isinstance(event, PairingCodeIssued):
        return event.pairing == status.pairing
    if isinstance(event, QrIssued):
        return event.code.text == status.code.text
    return not isinstance(event, Ready) or event.account.number == status.account.number


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_end_is_what_the_page_shows(seed, tmp_path):
    """With a page that moves at random behind an unreliable driver, the last heartbeats bring the truth."""
    chance = random.Random(seed)
    async with open_harness(tmp_path, **DEADLINES) as harness:
        unreliable = UnreliableDriver(harness.driver, chance)
        relied_upon(harness, unreliable)
        await harness.send(StartRequested())
        for _ in range(12):
            await asyncio.sleep(chance.random() / 30)  # chaos needs no order; the end is waited for
            await move(harness, chance)
        harness.driver.phone.now("recover")
        async with asyncio.timeout(10):
            while not in_step(harness):  # noqa: ASYNC110 - neither side tells of the agreement
                await asyncio.sleep(SHORT)

        assert shown(harness.driver.life.level()) is harness.status.phase
        assert harness.status.phase in {Phase.WAITING_FOR_SCAN, Phase.WAITING_FOR_ENTRY, Phase.LINKED}


@pytest.mark.parametrize("seed", range(10))
async def test_a_stop_ends_it(seed, tmp_path):
    """However unreliable the driver, a stop is a stop."""
    chance = random.Random(seed)
    async with open_harness(tmp_path, **DEADLINES) as harness:
        relied_upon(harness, UnreliableDriver(harness.driver, chance))
        await harness.send(StartRequested())
        for _ in range(chance.randrange(6)):
            await asyncio.sleep(chance.random() / 30)
            await move(harness, chance)
        await harness.send(StopRequested())
        await harness.until(Phase.STOPPED)
        await harness.settle()

        assert Phase.STOPPED is harness.status.phase
        assert not harness.driver.info.running
