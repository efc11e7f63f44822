"""The journal's entries, on a real datagram socket."""

import os
import socket
import struct

import pytest

from wad.log.journal import Journal, encode, entry, under_journal
from wad.log.losses import Losses
from wad.log.setup import _Entry


@pytest.fixture
def journald(tmp_path):
    """Give a socket that takes entries in journald's place, and its path."""
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(path)
        made.settimeout(5)
        yield made, path


def decoded(raw):
    """Take an entry apart as journald does."""
    fields = {}
    while raw:
        head, _, raw = raw.partition(b"\n")
        name, equals, value = head.partition(b"=")
        if not equals:
            (length,) = struct.unpack("<Q", raw[:8])
            value, raw = raw[8 : 8 + length], raw[8 + length + 1 :]
        fields[name.decode()] = value.decode()
    return fields


@pytest.mark.parametrize("value", ["plain", "two\nlines", "=", "", "Ünïcode", "trailing\n"])
def test_any_value_survives(value):
    """A value with line breaks, equals signs or foreign letters arrives as it was sent."""
    assert {"MESSAGE": value, "NEXT": "1"} == decoded(encode({"MESSAGE": value, "NEXT": 1}))


def test_absent_values_are_left_out():
    """A fact that is not known is no field."""
    assert encode({"MESSAGE": "x", "WAD_REASON": None}) == b"MESSAGE=x\n"


def test_transition_can_be_matched(journald):
    """An entry has a line for people and a field for each fact: journalctl WAD_STATE_TO=qr finds it."""
    server, path = journald
    journal = Journal(path)
    event = {"level": "info", "event": "[WA] state=idle -> qr", "state_to": "qr", "reason": None}

    assert journal.send(entry(event)) is True
    journal.close()
    fields = decoded(server.recv(4096))
    assert fields == {
        "MESSAGE": "[WA] state=idle -> qr state_to=qr",
        "PRIORITY": "6",
        "SYSLOG_IDENTIFIER": "wad",
        "WAD_EVENT": "[WA] state=idle -> qr",
        "WAD_STATE_TO": "qr",
    }


def test_journald_that_is_gone_costs_the_entry_only(tmp_path):
    """Without journald an entry is lost; nothing is raised, and a journald that comes back is found again."""
    path = str(tmp_path / "socket")
    journal = Journal(path)

    assert journal.send({"MESSAGE": "lost"}) is False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as back:
        back.bind(path)
        assert journal.send({"MESSAGE": "found"}) is True
    journal.close()


def test_entries_that_were_lost_are_counted_and_told(tmp_path):
    """A journald that is back is told how many entries it has missed, once."""
    path = str(tmp_path / "socket")
    losses = Losses()
    entries = _Entry(Journal(path), losses, lambda count: ((), {"event": "lost", "count": count}))
    entries.info(event="one")
    entries.info(event="two")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as back:
        back.bind(path)
        entries.info(event="three")
        entries.info(event="four")
        heard = [decoded(back.recv(4096))["MESSAGE"] for _ in range(3)]

    assert ["three", "lost count=2", "four"] == heard
    assert 2 == losses.total
    entries._journal.close()


def test_full_queue_does_not_block(journald):
    """A journald that does not read is not waited for."""
    _, path = journald
    journal = Journal(path)
    results = [journal.send({"MESSAGE": "x"}) for _ in range(2000)]
    journal.close()

    assert results[0] is True
    assert results[-1] is False


def test_journal_is_known_by_its_device_and_inode(tmp_path):
    """Only the very descriptor JOURNAL_STREAM names counts: a child's may be redirected."""
    descriptor = os.open(tmp_path / "stderr", os.O_CREAT | os.O_WRONLY)
    status = os.fstat(descriptor)
    named = {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}

    assert under_journal(named, descriptor) is True
    assert under_journal({"JOURNAL_STREAM": "1:1"}, descriptor) is False
    assert under_journal({}, descriptor) is False
    os.close(descriptor)
    assert under_journal(named, descriptor) is False
