"""The machine's clock is set while messages wait: everything is due as long after as it was before."""

import pytest
from messages_harness import opened

from wad.core.errors import BudgetError
from wad.messages.changes import LOCK
from wad.messages.clock import Clock
from wad.messages.clock_keeper import move
from wad.store import cursors, webhooks
from wad.store.webhooks import Standing

HOUR = 3600.0
WAYS = {"forward": HOUR, "back": -HOUR, "a year": 8760 * HOUR}


class Machine:
    """A machine with a clock that can be set, and one that cannot; and wad's, which follows the first."""

    def __init__(self):
        self.wall = 1_800_000_000.0
        self.steady = 50.0
        self.clock = Clock(lambda: self.wall, lambda: self.steady)

    def pass_by(self, seconds):
        """Let time pass."""
        self.wall += seconds
        self.steady += seconds


ways = pytest.mark.parametrize("by", WAYS.values(), ids=WAYS)


@ways
async def test_a_message_waits_as_long_as_it_may(tmp_path, by):
    """It fails neither before its time is over nor later, and its age is what has passed."""
    machine = Machine()
    async with opened(tmp_path, clock=machine.clock) as house:
        await house.link()
        house.lose()
        sent = await house.send("hello", expiresIn=600)
        machine.pass_by(300)
        machine.wall += by
        house.messages.outbox.wake()
        await house.messages.clock_keeper.once()
        waiting = await house.messages.waiting()
        machine.pass_by(299)
        until_end, _ = await house.messages.outbox._expire()
        assert until_end == pytest.approx(1)
        assert (await house.messages.message(sent["id"]))["state"] == "queued"
        machine.pass_by(2)
        house.messages.outbox.wake()
        assert (await house.event("message.failed")).data["error"]["code"] == "expired"

    assert waiting["oldestSeconds"] == 300


@ways
async def test_a_budget_is_as_long_as_a_day(tmp_path, by):
    """Strangers are counted for as long as they would have been, and so is a ban on writing to them."""
    machine = Machine()
    async with opened(tmp_path, clock=machine.clock, new_chats=1) as house:
        await house.link()
        await house.send("hello", to="+15552220001")
        locked = machine.clock() + 7200
        await house.messages.desk.read(lambda connection: cursors.set_back(connection, LOCK, int(locked)))
        machine.pass_by(60)
        machine.wall += by
        await house.messages.clock_keeper.once()
        limits = (await house.messages.limits())["newChats"]
        machine.pass_by(7200)
        with pytest.raises(BudgetError) as refused:
            await house.send("hello", to="+15552220002")

    assert limits["lockedSeconds"] == pytest.approx(7140, abs=1)
    assert refused.value.again_in == pytest.approx(86400 - 7260)


@ways
async def test_a_refused_event_is_due_as_before(tmp_path, by):
    """A webhook's next attempt is neither at once nor an hour late; one without failures is left as it is."""
    machine = Machine()
    async with opened(tmp_path, clock=machine.clock) as house:
        due = machine.clock() + 30

        def stand(connection):
            webhooks.stand(connection, "a", Standing(failed=2, due=due, seq=7))
            webhooks.stand(connection, "b", Standing())

        await house.messages.desk.read(stand)
        machine.wall += by
        await house.messages.clock_keeper.once()
        found = await house.messages.desk.read(
            lambda connection: [webhooks.standing(connection, name).due for name in ("a", "b")]
        )

    assert found[0] - machine.wall == pytest.approx(30)
    assert found[1] == 0


async def test_a_year_too_far_and_back_costs_no_event(tmp_path):
    """Nothing is too old because the clock was wrong for a moment, and what is told has the machine's time."""
    machine = Machine()
    async with opened(tmp_path, clock=machine.clock) as house:
        await house.link()
        before = len(await house.events("state"))
        for by in (8760 * HOUR, -8760 * HOUR):
            machine.wall += by
            await house.messages.clock_keeper.once()
            await house.messages.retention.once()
            assert machine.clock() == pytest.approx(machine.wall)
        assert before == (await house.messages.desk.journal.span())[1]
        assert (await house.messages.desk.journal.span())[0] == 1


async def test_sleep_and_small_steps_move_nothing(tmp_path):
    """A suspended machine's time has passed; what the two clocks differ by is no setting."""
    machine = Machine()
    machine.pass_by(8 * HOUR)
    assert machine.clock.set_by() == 0
    machine.wall += 0.4
    assert machine.clock.set_by() == 0


async def test_what_was_written_twice_counts_once(tmp_path):
    """A disk that says nothing in time may have written it, so it is tried again as the same."""
    machine = Machine()
    async with opened(tmp_path, clock=machine.clock) as house:
        due = machine.clock() + 30
        await house.messages.desk.read(
            lambda connection: webhooks.stand(connection, "a", Standing(failed=2, due=due, seq=7))
        )
        for _ in range(2):
            await house.messages.desk.read(lambda connection: move(connection, 1, HOUR))
        found = await house.messages.desk.read(lambda connection: webhooks.standing(connection, "a").due)

    assert found - due == pytest.approx(HOUR)
