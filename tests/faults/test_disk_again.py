"""A disk that was full, and has space again: nobody has to tell wad."""

import os
import signal

from daemon_processes import browsers_of
from test_daemon_storage import fill, filler, on_disk


async def test_space_is_noticed_by_itself(folder):
    """A link that waits for space comes about soon after there is some."""
    async with on_disk(folder, "empty") as daemon:
        await daemon.new_code()
        fill(daemon)
        for pid in browsers_of(daemon.state):
            os.kill(pid, signal.SIGKILL)
        status = await daemon.wait(currentState="blocked")
        filler(daemon).unlink()
        await daemon.new_code()

    assert "storage_full" == status["reason"]
