"""How a message gets from accepted to read: every state, every piece of news, and any order of them."""

import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from wad.core.failures import FAILURES, Failure, failure_of
from wad.core.sending import (
    FINAL,
    OPEN,
    ROWS,
    Acked,
    Do,
    Duplicate,
    Expired,
    Forgotten,
    Found,
    Missing,
    Nacked,
    Progress,
    Refused,
    Sending,
    Step,
    Turn,
    Unanswered,
    Withdrawn,
    step,
)

SAMPLES = {
    "turn": Turn(),
    "acked 1": Acked(1),
    "acked 2": Acked(2),
    "acked 3": Acked(3),
    "acked 4": Acked(4),
    "nacked": Nacked(463),
    "refused": Refused(Failure.NOT_ON_WHATSAPP),
    "unanswered": Unanswered(),
    "duplicate": Duplicate(),
    "found 0": Found(0),
    "found 1": Found(1),
    "found -1": Found(-1),
    "missing": Missing(),
    "forgotten": Forgotten(),
    "expired": Expired(),
    "withdrawn": Withdrawn(),
}
IN = {
    "queued": Sending(),
    "sending": Sending(Progress.SENDING, tries=1),
    "sent": Sending(Progress.SENT, 1, tries=1),
    "delivered": Sending(Progress.DELIVERED, 2, tries=1),
    "read": Sending(Progress.READ, 3, tries=1),
    "played": Sending(Progress.PLAYED, 4, tries=1),
    "failed": Sending(Progress.FAILED, 0, Failure.REJECTED, 400, 1),
    "cancelled": Sending(Progress.CANCELLED),
}
# Written by hand: the state that each piece of news leads to, "." where it has no place, with what is to be done.
MATRIX = """
           | queued         sending         sent      delivered read   played failed cancelled
turn       | sending+ASK    .               .         .         .      .      .      .
acked 1    | sent           sent            .         .         .      .      .      .
acked 2    | delivered      delivered       delivered .         .      .      .      .
acked 3    | read           read            read      read      .      .      .      .
acked 4    | played         played          played    played    played .      .      .
nacked     | .              failed          .         .         .      .      .      .
refused    | failed         failed          .         .         .      .      .      .
unanswered | .              sending+LOOK    .         .         .      .      .      .
duplicate  | .              sending+LOOK    .         .         .      .      .      .
found 0    | .              sending+SEND_ON .         .         .      .      .      .
found 1    | .              sent            .         .         .      .      .      .
found -1   | .              failed          .         .         .      .      .      .
missing    | .              queued          .         .         .      .      .      .
forgotten  | failed         failed          .         .         .      .      .      .
expired    | failed         .               .         .         .      .      .      .
withdrawn  | cancelled      .               .         .         .      .      .      .
"""


def cells():
    """Read the matrix."""
    head, *lines = (line.replace("|", "").split() for line in MATRIX.strip().splitlines())
    for line in lines:
        width = len(line) - len(head)
        name = " ".join(line[:width])
        for state, cell in zip(head, line[width:], strict=True):
            yield name, state, cell


@pytest.mark.parametrize(("name", "state", "cell"), cells())
def test_each_cell(name, state, cell):
    """Each piece of news leads where the matrix says; one without a place changes nothing."""
    before = IN[state]
    made = step(before, SAMPLES[name])
    progress, _, do = cell.partition("+")

    if cell == ".":
        assert Step(before) == made
    else:
        assert (progress, do or "NOTHING") == (made.after.progress, made.do.name)


def test_matrix_is_whole():
    """The matrix has every cell once; every kind of news has a row in the table, and a sample."""
    names = [cell[:2] for cell in cells()]

    assert sorted(itertools.product(SAMPLES, IN)) == sorted(names)
    assert set(ROWS) == {type(news) for news in SAMPLES.values()}
    assert set(Progress) == {state.progress for state in IN.values()}


def test_what_nobody_knew_is_corrected_by_a_receipt():
    """A message given up as unknown that somebody then has was sent."""
    lost = step(IN["sending"], Forgotten()).after

    assert lost.failure is Failure.OUTCOME_UNKNOWN
    assert step(lost, Acked(2)).after == Sending(Progress.DELIVERED, 2, tries=1)


def test_one_that_never_began_is_no_mystery():
    """With the session gone, what had not been asked for was not sent."""
    assert step(IN["queued"], Forgotten()).after.failure is Failure.NOT_LINKED


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (463, Failure.REACHOUT_LOCKED),
        (475, Failure.NEW_CHAT_CAP),
        (400, Failure.REJECTED),
        (None, Failure.REJECTED),
    ],
)
def test_numbers_of_whatsapp(code, failure):
    """The numbers that mean something of their own do."""
    assert failure is failure_of(code)
    assert (failure, code) == (
        step(IN["sending"], Nacked(code)).after.failure,
        step(IN["sending"], Nacked(code)).after.whatsapp_code,
    )


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_is_explained(failure):
    """A sentence and an action, as people read them."""
    row = FAILURES[failure]

    assert row.sentence[0].islower() or row.sentence.startswith(("WhatsApp", "LID"))
    assert row.action.endswith(".")


class World(RuleBasedStateMachine):
    """A message, the page's store and WhatsApp's server: whatever dies when, it arrives once or is a failure."""

    def __init__(self) -> None:
        super().__init__()
        self.state = Sending()
        self.todo = Do.NOTHING
        self.stored = False  # the page has it
        self.arrived = 0  # how often WhatsApp's server took it

    def hear(self, news) -> None:
        """Take news, and remember what is to be done."""
        made = step(self.state, news)
        assert made.after.ack >= self.state.ack
        self.state, self.todo = made.after, made.do

    @rule()
    def its_turn(self) -> None:
        """Begin, for the link is ready."""
        if self.todo is Do.NOTHING:
            self.hear(Turn())

    @rule(dies=st.sampled_from(["before", "stored", "sent", "never"]))
    def asked(self, dies) -> None:
        """Ask the page, which dies before, after it stored the message, after it sent it, or not at all."""
        if self.todo is not Do.ASK:
            return
        if self.stored:
            self.hear(Duplicate())
            return
        self.stored = dies != "before"
        if dies in {"sent", "never"}:
            self.arrived += 1
        self.hear(Acked(1) if dies == "never" else Unanswered())

    @rule()
    def looked(self) -> None:
        """Look into the page's store."""
        if self.todo is Do.LOOK:
            self.hear(Found(min(self.arrived, 1)) if self.stored else Missing())

    @rule(answers=st.booleans())
    def sent_on(self, answers) -> None:
        """Have the page send what it stored; it may die over that, too."""
        if self.todo is Do.SEND_ON:
            self.arrived += 1
            self.hear(Acked(1) if answers else Unanswered())

    @rule(ack=st.sampled_from([2, 3, 4]))
    def receipt(self, ack) -> None:
        """Hear that the recipient has it."""
        if self.arrived:
            self.hear(Acked(ack))
            self.todo = Do.NOTHING if self.state.progress not in OPEN else self.todo

    @rule(news=st.sampled_from([Expired(), Withdrawn()]))
    def over(self, news) -> None:
        """Nobody wants it any more."""
        self.hear(news) if self.todo is Do.NOTHING else None

    @invariant()
    def once(self) -> None:
        """Arrive once at the most, and be told truly."""
        assert self.arrived <= 1
        if self.state.progress in FINAL:
            assert self.arrived == 0
        if self.state.progress not in FINAL | OPEN:
            assert self.arrived == 1


TestWorld = World.TestCase
TestWorld.settings = settings(max_examples=200, stateful_step_count=30, deadline=None, database=None)
