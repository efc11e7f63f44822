"""Diagnoses: what the page looked like when it did not get on, kept for a person to read.

A diagnosis holds structure, states and counts, never texts of chats, codes or keys; the driver sees to that
(`wad.link.driver.PageDriver.diagnose`). The files are readable by the daemon's user only all the same.
"""

import asyncio
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from wad.core.reasons import Reason

log = structlog.get_logger(__name__)

# Enough to compare a few failures; a link that fails all night must not fill the disk.
KEPT = 10


class Diagnoses:
    """The folder of diagnoses; the oldest make room."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def write(self, reason: Reason, diagnosis: Mapping[str, Any]) -> Path:
        """Keep one diagnosis, and give its path. Raises OSError when it cannot be written."""
        path = await asyncio.to_thread(self._write, reason, diagnosis)
        log.warning("diagnosis_written", reason=reason, path=str(path))
        return path

    def _write(self, reason: Reason, diagnosis: Mapping[str, Any]) -> Path:
        if self._directory.is_symlink():
            # What it leads to holds somebody else's files, and the oldest would make room.
            self._directory.unlink()
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in sorted(self._directory.glob("*.json"))[: -(KEPT - 1)]:
            old.unlink(missing_ok=True)
        path = self._directory / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{reason}.json"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"reason": reason, **diagnosis}, file, indent=2, default=str)
        return path
