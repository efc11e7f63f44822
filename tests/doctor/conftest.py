"""What the tests of the doctor share: folders whose paths are short enough for sockets."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that others may pass through: what is closed, a test closes itself."""
    with tempfile.TemporaryDirectory(prefix="wd-") as path:
        Path(path).chmod(0o755)
        yield Path(path)


@pytest.fixture(autouse=True)
def _no_system_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a made-up machine only the programs a test gave to it."""
    monkeypatch.setattr("wad.doctor.machine._SYSTEM", ())
