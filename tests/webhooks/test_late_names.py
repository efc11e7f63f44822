"""A name that cannot be resolved, told only when nobody waits for it any more."""

import asyncio
import socket

from tornado.netutil import Resolver

from wad.webhooks.post import Poster
from wad.webhooks.settings import webhook
from wad.webhooks.signing import make_secret


class _Sluggish(Resolver):
    """Knows no name, and says so once it is allowed to."""

    def initialize(self):
        self.allowed, self.task = asyncio.Event(), None

    async def resolve(self, *_):
        self.task = asyncio.current_task()
        await self.allowed.wait()
        raise socket.gaierror


async def test_a_failure_that_comes_too_late_is_no_fault(caplog):
    """The attempt has failed by its timeout; what is told after it is in no log."""
    given = {"url": "http://name.invalid/", "secrets": [make_secret()], "timeout": 0.01}
    sluggish = _Sluggish()
    poster = Poster(webhook("a", given, source="api", private=False), sluggish)

    outcome = await poster.post(b"{}", {})
    sluggish.allowed.set()
    await asyncio.wait({sluggish.task})
    # What follows the task's end is called in the loop's next turn.
    await asyncio.sleep(0)
    poster.close()

    assert outcome.error == "timeout"
    assert [] == caplog.records
