"""Accepted means kept, and nothing is missed, whatever is killed; `script/kill-messages` does it for long."""

from message_kills import judge, survive


async def test_killed_at_moments_of_chance(linked_state):
    """Every accepted message arrived once, every received one is one event, in the order of its chat."""
    tally, found = await survive(linked_state, rounds=4, seed=1)

    # A browser is killed where there is one at that moment.
    assert tally.kills["daemon"] == 3
    assert tally.accepted
    assert found["received"]
    judge(tally, found)
