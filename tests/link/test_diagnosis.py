"""Diagnoses on disk."""

import json
import stat

import pytest
from structlog.testing import capture_logs

from wad.core.reasons import Reason
from wad.link.diagnosis import KEPT, Diagnoses


async def test_it_is_kept_for_a_person(tmp_path):
    """The file holds the reason and all that was seen, is named after the reason, and is ours alone."""
    folder = tmp_path / "new" / "diagnoses"
    with capture_logs() as logs:
        path = await Diagnoses(folder).write(Reason.LOAD_TIMEOUT, {"outline": {"body": ["div"]}, "odd": {1}})

    assert {"reason": "load_timeout", "outline": {"body": ["div"]}, "odd": "{1}"} == json.loads(
        path.read_text()
    )
    assert path.name.endswith("-load_timeout.json")
    assert (0o700, 0o600) == tuple(stat.S_IMODE(entry.stat().st_mode) for entry in (folder, path))
    assert [str(path)] == [entry["path"] for entry in logs]


async def test_the_oldest_make_room(tmp_path):
    """A link that fails all night does not fill the disk."""
    diagnoses = Diagnoses(tmp_path)
    paths = [await diagnoses.write(Reason.CODE_TIMEOUT, {"number": number}) for number in range(KEPT + 3)]

    assert sorted(paths[-KEPT:]) == sorted(tmp_path.glob("*.json"))


async def test_what_cannot_be_written(tmp_path):
    """A full disk is the caller's to judge."""
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        await Diagnoses(tmp_path / "file").write(Reason.CODE_TIMEOUT, {})
