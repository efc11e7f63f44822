"""The messages' file, each thing wrong with it for real where a test can."""

import os
import sqlite3
from types import SimpleNamespace

import pytest
from doctor_harness import NOBODY, as_nobody, lines, make_case, put, the

from wad.doctor.message_store import check_messages
from wad.store.file import FILE, open_file
from wad.store.schema import STEPS

MIB = 1 << 20


def with_file(folder, toml=""):
    """Give a case whose messages' file is as a daemon leaves it."""
    case = make_case(folder, toml)
    case.folder.mkdir(parents=True)
    case.folder.chmod(0o700)
    open_file(case.folder / FILE).close()
    return case


def test_well(folder):
    """It is told with its mode, its owner, its size and its version."""
    case = with_file(folder)
    found = the(check_messages(case))

    assert ("ok", None) == (found.verdict, found.action)
    assert found.said.startswith(f"{case.folder}/messages.sqlite, 0600 ")
    assert found.said.endswith(f", 0 MiB, version {len(STEPS)}")


def test_while_it_is_open(folder):
    """A daemon that has it open does not mind, and nothing in the folder changes."""
    case = with_file(folder)
    connection = open_file(case.folder / FILE)
    connection.execute("BEGIN IMMEDIATE")
    before = {each.name: each.read_bytes() for each in case.folder.iterdir()}
    found = the(check_messages(case))
    after = {each.name: each.read_bytes() for each in case.folder.iterdir()}
    connection.execute("COMMIT")
    connection.close()

    assert "ok" == found.verdict
    assert before == after
    assert 3 == len(after)


@pytest.mark.parametrize("made", [False, True])
def test_not_there_yet(folder, made):
    """Before the first start there is none, and that is no fault; none is made."""
    case = make_case(folder)
    if made:
        case.folder.mkdir(parents=True)
    found = the(check_messages(case))

    assert "ok" == found.verdict
    assert "not there yet" in found.said
    assert not (case.folder / FILE).exists()


@pytest.mark.parametrize("part", ["", "-wal", "-shm"])
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o601, 0o400])
def test_mode(folder, part, mode):
    """What others may read, or wad may not write, is named with the command that mends it."""
    case = with_file(folder)
    connection = open_file(case.folder / FILE)
    path = case.folder / f"{FILE}{part}"
    path.chmod(mode)
    found = the(check_messages(case))
    connection.close()

    assert ("fail", f"chmod 0600 {path}") == (found.verdict, found.action)
    assert f"{mode:04o}" in found.said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_owner(folder):
    """A file of another user's is named with the command that mends it."""
    case = with_file(folder)
    os.chown(case.folder / FILE, NOBODY, -1)
    found = the(check_messages(case))

    assert ("fail", f"chown root: {case.folder}/{FILE}") == (found.verdict, found.action)
    assert "belongs to nobody" in found.said


@pytest.mark.skipif(os.geteuid() != 0, reason="one's own folder is open to oneself")
@pytest.mark.parametrize("of_folder", [0o700, 0o755])
def test_closed(folder, of_folder):
    """What the caller cannot look at is skipped, with whom it would open for."""
    case = with_file(folder)
    case.folder.chmod(of_folder)
    with as_nobody():
        found = the(check_messages(case))

    assert "skipped" == found.verdict
    assert "as root" in found.action


def test_no_plain_file(folder):
    """A link is not followed by the daemon, nor here."""
    case = make_case(folder)
    case.folder.mkdir(parents=True)
    (case.folder / FILE).symlink_to(put(folder / "elsewhere"))
    found = the(check_messages(case))

    assert ("fail", f"{case.folder}/{FILE} is no plain file") == (found.verdict, found.said)
    assert "Move it away" in found.action


def test_a_newer_one(folder):
    """A file that a newer wad wrote is told by both versions."""
    case = with_file(folder)
    with sqlite3.connect(case.folder / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    found = the(check_messages(case))

    assert "fail" == found.verdict
    assert f"has the version 99, and this wad knows {len(STEPS)}" in found.said
    assert "Update wad" in found.action


def test_damaged(folder):
    """What the next start would set aside is told before."""
    case = with_file(folder)
    (case.folder / FILE).write_bytes(b"nonsense" * 1000)
    found = the(check_messages(case))

    assert "fail" == found.verdict
    assert "(SQLITE_NOTADB)" in found.said
    assert "Keep a copy" in found.action


def test_set_aside(folder):
    """A damaged file that a start set aside is told once, whatever belongs to it, beside the one in use."""
    case = with_file(folder)
    old = case.folder / f"{FILE}.damaged-20261123T051000000000"
    for end in ("", "-wal", "-shm"):
        put(old.with_name(old.name + end))
    aside, used = check_messages(case)

    assert ("warn", f"{old} is a damaged file that was set aside") == (aside.verdict, aside.said)
    assert "delete it" in aside.action
    assert "ok" == used.verdict


@pytest.mark.parametrize(
    ("free", "verdict", "action"),
    [
        (15 * MIB, "fail", "Free space"),
        (99 * MIB, "warn", "keep_mib"),
        (100 * MIB, "ok", ""),
    ],
)
def test_room(folder, monkeypatch, free, verdict, action):
    """Without room for the journal sends are refused; without room for all that is to be kept they will be."""
    case = with_file(folder, "[messages]\nkeep_mib = 100\n")
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_bavail=free // 512, f_frsize=512))
    found = the(check_messages(case))

    assert verdict == found.verdict
    assert action in (found.action or "")


def test_several(folder, monkeypatch):
    """Whatever is wrong has a line of its own, and nothing is well then."""
    case = with_file(folder)
    (case.folder / FILE).write_bytes(b"nonsense" * 1000)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_bavail=0, f_frsize=512))
    of_damage = [line.partition(":")[0] for line in lines(check_messages(case))]
    (case.folder / FILE).chmod(0o644)
    of_mode = [each.action for each in check_messages(case)]

    assert ["fail", "fail"] == of_damage
    assert [f"chmod 0600 {case.folder}/{FILE}", "Free space on its disk."] == of_mode
