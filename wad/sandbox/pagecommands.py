"""The phone's commands that do something to the open pages themselves, once, without lasting."""

from typing import Any

from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.troubles import Hands

# Longer would only keep a processor busy.
_LONGEST_HANG = 600.0


class PageCommands(Hands):
    """What happens in a page by itself, or to it."""

    async def next_ref(self) -> dict[str, Any]:
        """Show the next code now; after the last one of the batch the page goes idle."""
        return await self._act("next_ref")

    async def spend(self) -> dict[str, Any]:
        """Spend the rest of the batch: the page goes to UNPAIRED_IDLE, its last code under a button."""
        return await self._act("spend")

    async def new_adv_secret(self) -> dict[str, Any]:
        """Change the ADV secret under the same ref: the code changes, `Conn.ref` does not."""
        return await self._act("new_adv_secret")

    async def no_ref(self, seconds: float = 5.0) -> dict[str, Any]:
        """Leave `Conn.ref` undefined for a while (seconds of the sandbox's clock), then go on."""
        return await self._act("no_ref", seconds=seconds)

    async def replace(self) -> dict[str, Any]:
        """Take the session in another window: ANOTHER_SESSION; a reload takes it back."""
        return await self._act("replace")

    async def storage_error(self) -> dict[str, Any]:
        """Let the page fail to open its storage, until it is reloaded."""
        return await self._act("storage_error")

    async def pending_work(self) -> dict[str, Any]:
        """Give the page work it wants to finish: it may ask before it unloads."""
        return await self._act("pending_work")

    async def stray(self) -> dict[str, Any]:
        """Let the page leave for an empty one of nobody's, as a link or a script may lead it away."""
        return {"pages": await self._stage.act("stray", wait=False)}

    async def dialogs(self) -> dict[str, Any]:
        """Let the page open one dialog after the other; each holds it up until somebody answers."""
        return {"pages": await self._stage.act("dialogs", wait=False)}

    async def flood(self) -> dict[str, Any]:
        """Let the page change its models, and write to the console, without end, until it is reloaded."""
        return {"pages": await self._stage.act("flood", wait=False)}

    async def reload(self) -> dict[str, Any]:
        """Reload the page, as it does by itself now and then."""
        return {"pages": await self._stage.act("reload", wait=False)}

    async def crash(self) -> dict[str, Any]:
        """Crash the page's renderer."""
        return {"pages": await self._stage.act("crash", wait=False)}

    async def hang(self, seconds: float = 10.0) -> dict[str, Any]:
        """Block the page's main thread for so many real seconds: `evaluate` answers nothing meanwhile."""
        if not 0 <= seconds <= _LONGEST_HANG:
            raise PhoneRefusedError(f"seconds must be 0 to {_LONGEST_HANG:.0f}")
        return {"pages": await self._stage.act("hang", wait=False, seconds=seconds)}

    async def clock(self, factor: float = 1.0) -> dict[str, Any]:
        """Let so many seconds pass in one from now on; what is timed already keeps its time."""
        if not factor > 0:
            raise PhoneRefusedError("factor must be greater than 0")
        self._network.clock = factor
        return await self._act("clock", factor=factor)

    async def _act(self, name: str, **arguments: Any) -> dict[str, Any]:
        return {"pages": await self._stage.act(name, **arguments)}
