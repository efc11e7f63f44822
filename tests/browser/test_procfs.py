"""What /proc tells of processes: a folder made like it, and the real one."""

import os

import pytest
from proc_sleeper import sleeper

from wad.browser import procfs
from wad.browser.procfs import Memory, Process

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


@pytest.fixture
def proc(tmp_path):
    """Give a /proc in which there is more than processes."""
    (tmp_path / "meminfo").write_text("MemTotal: 1 kB\n")
    (tmp_path / "sys").mkdir()
    return tmp_path


def live(proc, pid, *, parent=1, group=1, state="S", pss=None, pages=None, name="chrome"):
    """Let there be a process; what is None may not be read."""
    folder = proc / str(pid)
    folder.mkdir()
    ticks = " ".join(str(TICKS * seconds) for seconds in (1, 2, 3, 4))
    fields = f"{pid} ({name}) {state} {parent} {group} 5 0 -1 4194304 0 0 0 0 {ticks} 20 0 1 0 {TICKS * 7} 0"
    (folder / "stat").write_text(fields)
    if pss is not None:
        (folder / "smaps_rollup").write_text(f"0-1 ---p [rollup]\nRss: 9 kB\nPss: {pss} kB\nPss_Anon: 1 kB\n")
    if pages is not None:
        (folder / "statm").write_text(f"900 {pages} 3 4 0 5 0\n")


@pytest.mark.parametrize("name", ["chrome", "a b", ") R 9 9 9", "Кот"])
def test_process(proc, name):
    """Its fields are found behind any name; the time of children it has waited for is its own."""
    live(proc, 12, parent=3, group=4, name=name)

    assert Process(12, parent=3, group=4, cpu=10.0, started=7.0) == procfs.process(12, proc)


@pytest.mark.parametrize("state", ["Z", "X"])
def test_the_dead(proc, state):
    """A zombie and what is gone are no processes."""
    live(proc, 12, state=state)

    assert (None, None) == (procfs.process(12, proc), procfs.process(13, proc))


def test_family(proc):
    """A leader's group belongs to it, and all that descends from either; others do not."""
    live(proc, 10, group=10)
    live(proc, 11, parent=10, group=10)
    live(proc, 12, parent=1, group=10)
    live(proc, 13, parent=12, group=13)
    live(proc, 14, parent=13, group=14)
    live(proc, 15, parent=1, group=15)
    live(proc, 16, parent=15, group=15)
    live(proc, 17, parent=10, group=10, state="Z")

    assert {10, 11, 12, 13, 14} == {each.pid for each in procfs.family(10, proc)}
    assert [] == procfs.family(99, proc)


def test_memory_is_shared_out(proc):
    """Where every process tells its share, the shares are added."""
    live(proc, 10, pss=100, pages=50)
    live(proc, 11, pss=20, pages=40)

    assert Memory(120 * 1024, "pss") == procfs.memory([10, 11], proc)


@pytest.mark.parametrize("ended", [{"state": "Z", "pages": 0, "pss": None}, {"state": "S"}])
def test_whoever_ends_meanwhile_is_left_out(proc, ended):
    """A process that is gone, or only waits to be reaped, makes nobody fall back to another count."""
    live(proc, 10, pss=100, pages=50)
    live(proc, 11, **ended)

    assert Memory(100 * 1024, "pss") == procfs.memory([10, 11, 12], proc)
    assert None is procfs.memory([11, 12], proc)


def test_memory_that_may_not_be_read(proc):
    """Where one's share is not told all are counted in the other way: a mixture would mean nothing."""
    live(proc, 10, pss=100, pages=50)
    live(proc, 11, pages=40)

    assert Memory(90 * PAGE, "rss") == procfs.memory([10, 11], proc)


def test_the_real_one():
    """Of real processes it knows the child, the age, and a plausible weight; nothing of those that ended."""
    with sleeper() as pid:
        found = procfs.family(pid)
        ages = [procfs.age(each) for each in found]
        weight = procfs.memory([each.pid for each in found])
        grouped = sorted(procfs.members(pid))

    assert [pid, *(each.pid for each in found if each.parent == pid)] == [each.pid for each in found]
    assert 2 == len(found)
    assert sorted(each.pid for each in found) == grouped
    assert all(0 <= age < 3600 for age in ages)
    assert 2**20 < weight.bytes < 2**30
    assert ([], None) == (procfs.family(pid), procfs.memory(grouped))


def test_others_do_not_tell(proc):
    """A share that the kernel refuses is not known, which is no error."""
    live(proc, 10, pages=50)
    (proc / "10" / "smaps_rollup").mkdir()

    assert Memory(50 * PAGE, "rss") == procfs.memory([10], proc)


def test_what_processes_had_of_the_processor(proc):
    """Seconds that ran and that waited are added up; what is gone, or is told otherwise, had nothing."""
    for pid, text in ((7, "1500000000 250000000 12\n"), (8, "500000000 0 3\n"), (9, "0 0\n")):
        live(proc, pid)
        (proc / str(pid) / "schedstat").write_text(text)

    assert procfs.Scheduled(2.0, 0.25) == procfs.scheduled([7, 8, 9, 10], proc)
    assert procfs.Scheduled(0.0, 0.0) == procfs.scheduled([], proc)


def test_this_process_runs():
    """The real kernel tells of this process what it had, and never less than before."""
    before = procfs.scheduled([os.getpid()])
    after = procfs.scheduled([os.getpid()])

    assert 0 < before.ran <= after.ran
    assert before.waited <= after.waited
