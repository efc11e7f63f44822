"""What the sandbox's phone sees of its pages, waited for."""

import asyncio
import time

from wad.sandbox import Sandbox

# Far more than anything takes; whoever waits so long waits for what does not come.
DEADLINE = 25.0


async def shown(sandbox: Sandbox) -> str:
    """Give the live code that the phone sees on a page's screen, once there is one."""

    def code(page: dict) -> str | None:
        return page["shown"] if page.get("shown") and page["shown"] == page["live"] else None

    return await _first(sandbox, code, "no code is shown")


async def in_mode(sandbox: Sandbox, mode: str = "MAIN") -> None:
    """Wait until a page's stream is in that mode; in ``MAIN`` it is in step."""
    await _first(sandbox, lambda page: page.get("mode") == mode, f"no page is in {mode}")


async def _first(sandbox, look, missing: str):
    """Give what `look` finds in one of the pages; the phone cannot be told to tell."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        for page in (await sandbox.phone.state())["pages"]:
            if found := look(page):
                return found
        await asyncio.sleep(0.01)
    raise AssertionError(missing)
