"""A look at the messages' file from outside: true whoever has it open or died over it, and without a trace."""

import os
import subprocess
import sys

import pytest

from wad.store.file import open_file
from wad.store.looking import Look, look
from wad.store.schema import STEPS

# Opens the file as the daemon does, says so, and dies without closing it when its input ends.
HOLDER = """
import os, sys
from pathlib import Path
from wad.store.file import open_file
connection = open_file(Path(sys.argv[1]))
print(flush=True)
sys.stdin.read()
os._exit(0)
"""


def traces(path):
    """Give what is in the folder: names, sizes, times and contents."""
    return {
        each.name: (each.stat().st_size, each.stat().st_mtime_ns, each.read_bytes())
        for each in path.parent.iterdir()
    }


@pytest.fixture
def holder(path):
    """Give another process that has the file open."""
    argv = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        yield process


def test_while_a_daemon_has_it(path, holder):
    """What it has written is seen, though all of it is in the journal."""
    before = traces(path)
    found = look(path)

    assert Look(len(STEPS)) == found
    assert before == traces(path)
    assert {"messages.sqlite", "messages.sqlite-wal", "messages.sqlite-shm"} == set(before)


def test_after_a_daemon_was_killed(path, holder):
    """Its journal is read as well, and left for the next start to take in."""
    holder.communicate()
    before = traces(path)
    found = look(path)

    assert Look(len(STEPS)) == found
    assert before == traces(path)
    assert before["messages.sqlite-wal"][0] > 0


def test_after_it_was_closed(path):
    """No companion comes about."""
    open_file(path).close()
    before = traces(path)
    found = look(path)

    assert Look(len(STEPS)) == found
    assert before == traces(path)
    assert ["messages.sqlite"] == list(before)


def test_an_empty_journal_keeps_its_mode(path):
    """It is not read, and so not made to be as the file is."""
    open_file(path).close()
    connection = open_file(path)
    path.chmod(0o644)
    found = look(path)
    journal = path.with_name("messages.sqlite-wal").stat()
    connection.close()

    assert Look(len(STEPS)) == found
    assert (0, 0o600) == (journal.st_size, journal.st_mode & 0o777)


def test_a_writer_is_not_held_up(path, connection):
    """Nor is a look by a writer."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO cursors VALUES ('a', 1)")
    found = look(path)
    connection.execute("COMMIT")

    assert Look(len(STEPS)) == found


def test_a_newer_one(path, connection):
    """The version is told as it is, whether this wad knows it or not."""
    connection.execute("PRAGMA user_version = 99")

    assert Look(99) == look(path)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", Look(0)),
        (b"nonsense" * 1000, Look(error="SQLITE_NOTADB", damaged=True)),
    ],
    ids=["empty", "nonsense"],
)
def test_what_is_no_file_of_wads(path, content, found):
    """One that is empty has nothing in it yet; one that is none of SQLite's is damaged."""
    path.write_bytes(content)

    assert found == look(path)


def test_damaged_tables(path):
    """A file whose head is whole and whose tables are not."""
    open_file(path).close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 300)

    assert look(path).damaged


def test_a_name_with_signs(tmp_path):
    """What means something in an address is part of the name."""
    path = tmp_path / "a?mode=rwc#%41" / "m.sqlite"
    path.parent.mkdir()
    open_file(path).close()

    assert Look(len(STEPS)) == look(path)


def test_one_that_is_gone(path):
    """It is not made; that there is none is no damage."""
    found = look(path)

    assert Look(error="SQLITE_CANTOPEN") == found
    assert [] == os.listdir(path.parent)
