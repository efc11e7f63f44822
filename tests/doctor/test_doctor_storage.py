"""The profile's folder and the disk, each broken for real where a test can."""

import fcntl
import os
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from doctor_harness import NOBODY, STATUS, as_nobody, make_case, put, the

from wad.doctor.case import Told
from wad.doctor.storage import check_disk, check_profile

DEAD = Told(error=FileNotFoundError())


def with_profile(folder, told=None):
    """Give a case whose profile is as wad makes it."""
    case = make_case(folder, told=told)
    (case.folder / "profile").mkdir(parents=True)
    for each in (case.folder, case.folder / "profile"):
        each.chmod(0o700)
    return case


def test_profile(folder):
    """A folder for its owner alone is right."""
    found = the(check_profile(with_profile(folder)))

    assert "ok" == found.verdict
    assert "alone" in found.said


def test_no_profile(folder):
    """Before the first start there is none, and that is no fault."""
    found = the(check_profile(make_case(folder)))

    assert "ok" == found.verdict
    assert "not there yet" in found.said


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o500])
@pytest.mark.parametrize("name", ["", "profile"], ids=["with messages", "profile"])
def test_mode(folder, name, mode):
    """A folder that others can open, or its owner cannot write, is named with the command that mends it."""
    case = with_profile(folder)
    wrong = case.folder / name
    wrong.chmod(mode)
    found = the(check_profile(case))

    assert "fail" == found.verdict
    assert f"{mode:04o}" in found.said
    assert f"chmod 0700 {wrong}" == found.action


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_owner(folder):
    """A folder of another user's is named with the command that mends it."""
    case = with_profile(folder)
    os.chown(case.folder / "profile", NOBODY, -1)
    found = the(check_profile(case))

    assert "fail" == found.verdict
    assert "belongs to nobody" in found.said
    assert f"chown -R root: {case.folder}/profile" == found.action


def test_no_folder(folder):
    """Something that is no folder is put aside by a reset."""
    case = make_case(folder)
    put(case.folder / "profile").chmod(0o700)
    case.folder.chmod(0o700)
    found = the(check_profile(case))

    assert ("fail", f"{case.folder}/profile is no folder") == (found.verdict, found.said)
    assert "wadctl reset" in found.action


@pytest.mark.skipif(os.geteuid() != 0, reason="one's own folder is open to oneself")
def test_closed(folder):
    """A folder the caller cannot look into is skipped, with whom it would open for."""
    case = with_profile(folder)
    with as_nobody():
        found = the(check_profile(case))

    assert "skipped" == found.verdict
    assert "as root" in found.action


def test_read_only(folder, monkeypatch):
    """A file system that turned read-only is found."""
    case = with_profile(folder)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    found = next(check_profile(case))

    assert "fail" == found.verdict
    assert "read-only" in found.said


def browser_on(profile):
    """Start a process that names the profile, until its input ends."""
    argv = [
        sys.executable,
        "-c",
        "import sys; print(flush=True); sys.stdin.read()",
        f"--user-data-dir={profile}",
        "about:blank",
    ]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()  # within an exec its command line is empty
    return process


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        (DEAD, "fail"),
        (Told(STATUS, "0.1.0", pid=1 << 22), "fail"),
        (Told(STATUS, "0.1.0", pid=os.getpid()), "ok"),
        (Told(STATUS, "0.1.0"), "ok"),
        (Told(error=TimeoutError()), "ok"),
        (Told(pid=os.getpid(), error=TimeoutError()), "ok"),
    ],
    ids=["no daemon", "another's", "wad's own", "whose is unknown", "a hung one's", "a hung unit's"],
)
def test_browser_on_profile(folder, told, verdict):
    """A living browser on the profile is a fault unless it is the daemon's child."""
    case = with_profile(folder, told)
    profile = case.folder / "profile"
    with browser_on(profile) as process:
        (profile / "SingletonLock").symlink_to(f"{socket.gethostname()}-{process.pid}")
        found = the(check_profile(case))
        process.stdin.close()

    assert verdict == found.verdict
    assert verdict == "ok" or f"End it: kill {process.pid}" == found.action


def test_stale_lock(folder):
    """What a dead browser, or another machine's, left behind is no fault: wad removes it."""
    case = with_profile(folder, DEAD)
    (case.folder / "profile" / "SingletonLock").symlink_to(f"elsewhere-{os.getpid()}")
    elsewhere = the(check_profile(case))
    (case.folder / "profile" / "SingletonLock").unlink()
    (case.folder / "profile" / "SingletonLock").symlink_to(f"{socket.gethostname()}-{os.getpid()}")
    other = the(check_profile(case))

    assert ("ok", "ok") == (elsewhere.verdict, other.verdict)


@pytest.mark.parametrize(
    ("told", "verdict"),
    [(DEAD, "fail"), (Told(STATUS, "0.1.0", pid=os.getpid()), "ok")],
    ids=["other", "own"],
)
def test_lock(folder, told, verdict):
    """Another wad on this folder is named by its process; a look does not take the lock itself."""
    case = with_profile(folder, told)
    with put(case.folder / "lock").open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        found = the(check_profile(case))

    assert verdict == found.verdict
    assert verdict == "ok" or f"process {os.getpid()} holds {case.folder}" in found.said


MIB = 1 << 20
DISKS = [
    (15 * MIB, 9999, "fail", "Free space"),
    (199 * MIB, 9999, "warn", "Free space soon"),
    (200 * MIB, 9999, "ok", ""),
    (200 * MIB, 10, "fail", "df -i"),
    (200 * MIB, 4000, "warn", "df -i"),
]


@pytest.mark.parametrize("row", DISKS)
def test_disk(folder, monkeypatch, row):
    """Too little space or too few inodes fail, soon too little warns."""
    free, files, verdict, action = row
    case = make_case(folder)
    left = SimpleNamespace(f_bavail=free // 512, f_frsize=512, f_files=1 << 20, f_favail=files, f_flag=0)
    monkeypatch.setattr(os, "statvfs", lambda _: left)
    found = the(check_disk(case))

    assert verdict == found.verdict
    assert action in (found.action or "")
