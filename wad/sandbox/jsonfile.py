"""A file of JSON that is written whole or not at all."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any


class JsonFile:
    """Keeps one object. Writes queue up, so that the last one written is the newest."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = asyncio.Lock()

    async def read(self) -> Any:
        """Return the content; one that is missing or damaged counts as None: nothing here is dear."""
        return await asyncio.to_thread(self._read)

    async def write(self, content: dict[str, Any]) -> None:
        """Replace the content (mode 0600) and wait until it is on disk; dataclasses become their fields."""
        async with self._lock:
            # No copy of it is made, nor is it laid out for reading: both take much longer than all else here.
            await asyncio.to_thread(self._write, json.dumps(content, default=vars))

    def _read(self) -> Any:
        if self._path.parent.is_symlink():
            self._path.parent.unlink()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.parent.chmod(0o700)
        try:
            return json.loads(self._path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def _write(self, text: str) -> None:
        temporary = self._path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.rename(self._path)
