"""What commands leave on the disk, and in which order."""

import asyncio
import threading

import pytest
from structlog.testing import capture_logs

from wad.browser.profile import Profile
from wad.core.deadlines import Deadlines
from wad.core.events import (
    LogoutRequested,
    PairingCancelled,
    PairRequested,
    ResetRequested,
    StartRequested,
    StopRequested,
)
from wad.link.durable import EFFECTS, FORGET, Durable, Effect
from wad.link.intent import Intent


class SlowIntent(Intent):
    """Writes each word only when it is let; `words` are those written."""

    def __init__(self, path):
        super().__init__(path)
        self.let = threading.Semaphore(0)
        self.begun = threading.Event()
        self.words = []

    def remember(self, *, wanted):
        self.begun.set()
        self.let.acquire(timeout=10)
        super().remember(wanted=wanted)
        self.words.append(wanted)


@pytest.fixture
def profile(tmp_path):
    made = Profile(tmp_path)
    made.prepare()
    (made.path / "session").touch()
    return made


def durable(tmp_path, profile, intent=None, save=10.0):
    return Durable(intent or Intent(tmp_path / "stopped"), profile, Deadlines(save=save))


@pytest.mark.parametrize(
    ("command", "wanted", "forgotten"),
    [
        (StartRequested, True, False),
        (PairRequested, True, False),
        (StopRequested, False, False),
        (ResetRequested, True, True),
        (LogoutRequested, True, True),
    ],
)
async def test_what_a_command_leaves(tmp_path, profile, command, wanted, forgotten):
    """It is there when `save` returns, and the next start of the daemon does as it says."""
    (tmp_path / "stopped").touch()
    await durable(tmp_path, profile).save(EFFECTS[command])
    Profile(tmp_path).recover()

    assert wanted is Intent(tmp_path / "stopped").wanted()
    assert forgotten is not (profile.path / "session").exists()


def test_what_leaves_nothing():
    """The other commands hold only until the daemon ends."""
    assert PairingCancelled not in EFFECTS


async def test_a_session_that_ended_elsewhere(tmp_path, profile):
    """It is forgotten, and the operator's last word stays what it was."""
    (tmp_path / "stopped").touch()
    await durable(tmp_path, profile).save(FORGET)
    Profile(tmp_path).recover()

    assert not Intent(tmp_path / "stopped").wanted()
    assert not (profile.path / "session").exists()


async def test_the_last_word_is_the_last_on_the_disk(tmp_path, profile):
    """Behind a slow write the words in between are left out; what is written last was said last."""
    intent = SlowIntent(tmp_path / "stopped")
    disk = durable(tmp_path, profile, intent)
    first = asyncio.create_task(disk.save(Effect(wanted=False)))
    await asyncio.to_thread(intent.begun.wait, 10)
    others = [asyncio.create_task(disk.save(Effect(wanted=word))) for word in (True, False, True)]
    await asyncio.sleep(0)
    for _ in range(2):
        intent.let.release()
    await asyncio.gather(first, *others)

    assert [False, True] == intent.words
    assert intent.wanted()


async def test_a_dead_disk_holds_nobody_for_long(tmp_path, profile):
    """After the deadline `save` returns with a line in the log, and the word is written once that can be."""
    intent = SlowIntent(tmp_path / "stopped")
    disk = durable(tmp_path, profile, intent, save=0.01)
    with capture_logs() as logs:
        await disk.save(Effect(wanted=False))
    told = [line["event"] for line in logs]
    intent.let.release()
    await asyncio.wait({disk._writing})

    assert ["save_late"] == told
    assert [False] == intent.words


async def test_whoever_is_cancelled_leaves_the_writing(tmp_path, profile):
    """A daemon that ends while a word is being written waits for it."""
    intent = SlowIntent(tmp_path / "stopped")
    disk = durable(tmp_path, profile, intent)
    saving = asyncio.create_task(disk.save(Effect(wanted=False)))
    await asyncio.to_thread(intent.begun.wait, 10)
    saving.cancel()
    finishing = asyncio.create_task(disk.finish())
    intent.let.release()
    await finishing

    assert [False] == intent.words


async def test_what_cannot_be_written_is_told(tmp_path):
    """A command is not refused for that: the log has a line for each thing that could not be kept."""
    (tmp_path / "file").touch()
    profile = Profile(tmp_path / "file" / "state")
    disk = durable(tmp_path / "file" / "state", profile)
    with capture_logs() as logs:
        await disk.save(EFFECTS[ResetRequested])

    assert ["forgetting_not_saved", "intent_not_saved"] == [line["event"] for line in logs]


async def test_a_late_word_does_not_condemn_the_next_session(tmp_path, profile):
    """What was said of a profile that is gone by now is not held against the one that came after."""
    said = profile.discards
    profile.discard()
    (profile.path / "session").touch()
    profile.condemn(said)
    Profile(tmp_path).recover()

    assert (profile.path / "session").exists()
