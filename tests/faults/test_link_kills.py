"""No session is lost, none is half deleted, and what was answered is done; `script/kill-links` does it for long."""

from link_kills import Life


async def test_ended_at_moments_of_chance(linked_state):
    """Each start finds the session, or none, as had been said before the end."""
    kills = await Life(linked_state, seed=3).live(rounds=5)

    assert kills.ended == {"SIGKILL": 4, "SIGTERM": 1}
    assert kills.found["ready"]
