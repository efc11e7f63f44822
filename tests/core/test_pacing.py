"""How long a chat's next message waits, and who a message goes to."""

import pytest

from wad.core.errors import RecipientError
from wad.core.pacing import Buckets, Pace
from wad.core.recipient import recipient


def test_a_burst_and_then_one_by_one():
    """Three at once, then one a second; after a pause three again."""
    buckets = Buckets(Pace(1.0, 3))
    waits = []
    for _ in range(5):
        waits.append(buckets.wait("a", 100.0))
        buckets.spend("a", 100.0)

    assert waits == [0.0, 0.0, 0.0, 1.0, 2.0]
    assert buckets.wait("a", 103.0) == 0.0
    assert buckets.wait("a", 200.0) == 0.0


def test_chats_do_not_wait_for_each_other():
    """One that is full keeps none of the others."""
    buckets = Buckets(Pace(1.0, 1))
    buckets.spend("a", 100.0)

    assert buckets.wait("a", 100.0) == 1.0
    assert buckets.wait("b", 100.0) == 0.0


def test_memory_is_bounded():
    """Of many chats those that were quiet the longest are forgotten."""
    buckets = Buckets(Pace(1.0, 1))
    for number in range(20_000):
        buckets.spend(str(number), 100.0)

    assert buckets.wait("0", 100.0) == 0.0
    assert buckets.wait("19999", 100.0) == 1.0


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("+1 (555) 000-1111", "15550001111@c.us"),
        ("15550001111", "15550001111@c.us"),
        (" 15550001111@c.us ", "15550001111@c.us"),
        ("15550001111@s.whatsapp.net", "15550001111@c.us"),
        ("123456789012345@lid", "123456789012345@lid"),
        ("120363012345678901@g.us", "120363012345678901@g.us"),
        ("15550001111-1600000000@g.us", "15550001111-1600000000@g.us"),
    ],
)
def test_recipients(text, address):
    """As people and as programs write them."""
    assert recipient(text) == address


@pytest.mark.parametrize(
    "text",
    [None, 15550001111, "", "nobody", "8912345678", "1@x.us", "abc@lid", "15550001111:3@c.us", "x@g.us"],
)
def test_what_is_no_recipient(text):
    """It is refused with a sentence that does not repeat it."""
    with pytest.raises(RecipientError) as refused:
        recipient(text)

    assert not text or str(text) not in str(refused.value)
