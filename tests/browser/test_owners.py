"""The record of wad's own browser, and what is ended by it."""

import json
import stat

import pytest
from proc_sleeper import sleeper

from wad.browser import procfs
from wad.browser.owners import BrowserRecord


@pytest.fixture
def record(tmp_path):
    return BrowserRecord(tmp_path / "browser", tmp_path / "profile")


def changed(tmp_path, **values):
    """Have the record say something else."""
    path = tmp_path / "browser"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def test_the_recorded_browser_is_ended(record, tmp_path):
    """Its whole group is dead when that returns, stopped processes too, and the record is gone."""
    with sleeper() as pid:
        record.write(pid)
        before = [*procfs.members(pid)]
        record.end()
        after = [*procfs.members(pid)]
        record.end()

    assert 2 == len(before)
    assert [] == after
    assert not (tmp_path / "browser").exists()


def test_the_record_is_ours(record, tmp_path):
    """Nobody else reads it."""
    with sleeper() as pid:
        record.write(pid)

    assert 0o600 == stat.S_IMODE((tmp_path / "browser").stat().st_mode)


@pytest.mark.parametrize("other", [{"started": 1.0}, {"boot": "another"}, {"started": "now"}, {"pid": None}])
def test_who_has_got_its_number_is_left_alone(record, tmp_path, other):
    """One that was started at another time, or since another start of the machine, is somebody else's."""
    with sleeper() as pid:
        record.write(pid)
        changed(tmp_path, **other)
        record.end()
        living = [*procfs.members(pid)]

    assert 2 == len(living)
    assert not (tmp_path / "browser").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"pid": 7}', "\0"])
def test_a_record_cut_off(record, tmp_path, text):
    """It tells nothing, and goes."""
    (tmp_path / "browser").write_text(text)
    record.end()

    assert not (tmp_path / "browser").exists()


def test_a_folder_in_its_place(record, tmp_path):
    """It is put out of the way."""
    (tmp_path / "browser" / "full").mkdir(parents=True)
    record.end()

    assert not (tmp_path / "browser").exists()


def test_a_dead_browser_needs_no_record(record, tmp_path):
    """There is nothing to end later."""
    with sleeper() as pid:
        pass
    record.write(pid)

    assert not (tmp_path / "browser").exists()
