"""What is done to wad's folder, and what of it is on the disk."""

import os
import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from wad.browser import folders
from wad.core.errors import UnsafeFolderError


def mode(path):
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


@pytest.fixture
def root(tmp_path):
    """Give a folder of wad's in a state directory, both as they should be."""
    path = tmp_path / "state" / "live"
    path.mkdir(parents=True)
    path.parent.chmod(0o755)
    path.chmod(0o700)
    return path


@pytest.fixture
def synced(monkeypatch):
    """Give the paths that are synced, in order."""
    paths, fsync = [], os.fsync

    def note(fd):
        paths.append(Path(f"/proc/self/fd/{fd}").readlink())
        fsync(fd)

    monkeypatch.setattr(os, "fsync", note)
    return paths


def test_what_is_closed_stays_as_it_is(root):
    """Nothing is changed, and nothing told."""
    with capture_logs() as logs:
        folders.secure(root)

    assert [] == logs
    assert ("700", "755") == (mode(root), mode(root.parent))


@pytest.mark.parametrize(("was", "becomes"), [(0o777, "755"), (0o775, "755"), (0o770, "750")])
def test_what_is_open_is_closed(root, was, becomes):
    """The folder itself is the owner's alone; above it others may look, but not write."""
    root.chmod(was)
    root.parent.chmod(was)
    with capture_logs() as logs:
        folders.secure(root)

    assert ("700", becomes) == (mode(root), mode(root.parent))
    assert ["folder_closed", "folder_closed"] == [line["event"] for line in logs]


def test_one_for_everybody_is_not_touched(root):
    """A directory such as /tmp keeps its mode, and the log says what is better."""
    root.parent.chmod(0o1777)
    with capture_logs() as logs:
        folders.secure(root)

    assert "1777" == mode(root.parent)
    assert ["--state-dir" in line["mend"] for line in logs] == [True]


def test_one_of_another_user_above(root, monkeypatch):
    """What is not ours to mend is named, with what to type."""
    root.parent.chmod(0o777)
    stats, ours = Path.stat, os.geteuid()
    foreign = root.parent

    def told(path, **options):
        found = stats(path, **options)
        return os.stat_result((*found[:4], ours + 1, *found[5:])) if path == foreign else found

    monkeypatch.setattr(Path, "stat", told)
    with capture_logs() as logs:
        folders.secure(root)

    assert f"sudo chmod go-w {root.parent}" == logs[0]["mend"]


def test_one_of_another_user_is_refused(root, monkeypatch):
    """Whoever owns the folder could change the session in it: wad does not use it."""
    monkeypatch.setattr(os, "geteuid", lambda: root.stat().st_uid + 1)
    with pytest.raises(UnsafeFolderError, match="chown it, or use another"):
        folders.secure(root)


def test_a_mark_is_on_the_disk(root, synced):
    """Both the file and its name are synced, and its name again when it is taken away."""
    folders.put(root / "mark")
    put = [*synced]
    folders.put(root / "mark")
    folders.clear(root / "mark")
    folders.clear(root / "mark")

    assert [root / "mark", root] == put
    assert [root] * 3 == synced[2:]
    assert not (root / "mark").exists()


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("/nowhere"), Path.touch])
def test_whatever_lies_there_is_cleared(root, make):
    """A folder, a link or a file is gone from there, and the sweep deletes what is left of it."""
    make(root / "mark")
    folders.put(root / "mark")
    folders.clear(root / "mark")
    gone = not os.path.lexists(root / "mark")
    folders.sweep(root)

    assert gone
    assert [] == [*root.iterdir()]
