"""Fixtures of the whole daemon: folders whose paths are short, and a session that is linked already."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon_harness import link_once
from free_ports import bound


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder whose path is as short as that of a service: the browser puts a socket into it."""
    # What a killed browser had on its way to the disk may arrive while the folder is being removed.
    with tempfile.TemporaryDirectory(prefix="wd-", ignore_cleanup_errors=True) as path:
        yield Path(path)


@pytest.fixture(scope="session")
def linked_once() -> Iterator[Path]:
    """Give a state directory whose session is linked, and was closed properly.

    The session belongs to the sandbox's port: were that somebody else's at the next start, nothing would be linked.
    """
    with tempfile.TemporaryDirectory(prefix="wd-") as path:
        state = Path(path, "state")
        asyncio.run(link_once(state))
        told = json.loads((state / "sandbox/phone/sandbox.json").read_text())
        with bound(told["port"]):
            yield state


@pytest.fixture
def linked_state(linked_once: Path, folder: Path) -> Path:
    """Give a copy of the linked state directory. It holds the sandbox's port too: run one at a time."""
    return shutil.copytree(linked_once, folder / "state", symlinks=True)
