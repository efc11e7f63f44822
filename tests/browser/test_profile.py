import asyncio
import errno
import os
import resource
import socket
import stat
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from wad.browser import procfs
from wad.browser.profile import Profile
from wad.core.errors import (
    AlreadyRunningError,
    BrowserError,
    ProfileLockedError,
    StorageFullError,
    TooManyOpenFilesError,
)

SLEEPER = "import sys; print(flush=True); sys.stdin.read()"


@pytest.fixture
def profile(tmp_path):
    return Profile(tmp_path / "deep" / "state")


@pytest.fixture
def living():
    """Start processes that live until the test ends; their further arguments are what `ps` shows."""
    started = []

    def start(*arguments: str, program: str = sys.executable) -> int:
        argv = [program, "-c", SLEEPER, *arguments]
        pipe = subprocess.PIPE
        process = subprocess.Popen(argv, executable=sys.executable, stdin=pipe, stdout=pipe)
        process.stdout.readline()  # it has started, and so has its command line
        started.append(process)
        return process.pid

    yield start
    for process in started:
        process.communicate()


def dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def singletons(profile, pid, host=None):
    """Leave what Chromium leaves: links to what does not exist, the lock's target telling host and process."""
    profile.path.mkdir(parents=True)
    for name, target in (
        ("SingletonLock", f"{host or socket.gethostname()}-{pid}"),
        ("SingletonCookie", "123"),
        ("SingletonSocket", "/none/s"),
    ):
        (profile.path / name).symlink_to(target)


def left_of_singletons(profile):
    return [path.name for path in profile.path.iterdir() if path.name.startswith("Singleton")]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def test_lock_keeps_others_out(profile, tmp_path):
    """A second holder is refused, by the first one's process number; after unlock it gets the folder."""
    other = Profile(tmp_path / "deep" / "state")
    profile.lock()
    profile.lock()
    with pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}$"):
        other.lock()
    profile.unlock()
    profile.unlock()
    other.lock()
    other.unlock()


def test_lock_is_private(profile):
    """The folder and the lock are the owner's alone, and no child inherits the lock."""
    root = profile.path.parent
    profile.lock()
    inheritable = os.get_inheritable(profile._lock_fd)
    profile.unlock()

    assert [0o700, 0o600, False] == [mode(root), mode(root / "lock"), inheritable]


def test_lock_dies_with_its_holder(profile):
    """A lock file that a dead process left behind, with any content, keeps nobody out."""
    profile.path.parent.mkdir(parents=True)
    (profile.path.parent / "lock").write_text("99999999999999999999\nmore")
    profile.lock()
    profile.unlock()

    assert f"{os.getpid()}\n" == (profile.path.parent / "lock").read_text()


def test_lock_where_no_folder_can_be(tmp_path):
    """A state folder that cannot be made is told as such."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFullError, match="cannot use"):
        Profile(tmp_path / "file" / "state").lock()


def test_prepare_makes_private_folders(profile):
    """The profile, its home and its folder for temporary files are there, and the owner's alone."""
    profile.prepare()
    profile.prepare()

    assert [0o700] * 3 == [mode(path) for path in (profile.path, profile.home, profile.tmp)]
    assert ["home", "tmp"] == sorted(path.name for path in profile.path.iterdir())


def test_prepare_empties_the_temporary_folder(profile):
    """What a killed browser left among its temporary files goes; the home stays."""
    profile.prepare()
    (profile.tmp / "org.chromium.x").mkdir()
    (profile.tmp / "org.chromium.x" / "SingletonSocket").write_text("")
    (profile.home / "kept").write_text("")
    profile.prepare()

    assert [[], ["kept"]] == [names(profile.tmp), names(profile.home)]


@pytest.mark.parametrize("host", [None, "another-host", "host-with-dash"])
def test_stale_singletons_are_removed(profile, host):
    """The lock of a dead process, or of another host, is removed with its companions."""
    singletons(profile, dead_pid(), host)
    profile.prepare()

    assert [] == left_of_singletons(profile)


def test_foreign_host_is_foreign_though_the_number_lives(profile, living):
    """A living process with the number of another host's browser is not that browser."""
    singletons(profile, living(f"--user-data-dir={profile.path}"), "another-host")
    profile.prepare()

    assert [] == left_of_singletons(profile)


@pytest.mark.parametrize("target", ["garbage", "", "-", "host-", "host-12x", None])
def test_broken_lock_is_removed(profile, target):
    """A lock that tells no process is nobody's, whether a link or a file."""
    profile.path.mkdir(parents=True)
    lock = profile.path / "SingletonLock"
    if target:
        lock.symlink_to(target)
    else:
        lock.write_text("")
    profile.prepare()

    assert [] == left_of_singletons(profile)


@pytest.mark.parametrize(
    ("program", "arguments", "used"),
    [
        (sys.executable, ["--user-data-dir={path}"], True),
        ("/usr/lib/chromium/chromium", ["--headless --user-data-dir={path} --mute-audio"], True),
        ("/usr/lib/chromium/chromium", ["about:blank"], True),
        ("/usr/lib/chromium/chromium", ["--user-data-dir={path}-other"], False),
        ("/usr/lib/chromium/chromium", ["--user-data-dir=/elsewhere"], False),
        ("/usr/lib/chromium/chromium", ["--type=renderer"], False),
        (sys.executable, ["chromium"], False),
    ],
    ids=["names ours", "written anew", "names none", "longer", "names another", "helper", "reused"],
)
def test_living_owner_keeps_the_profile(profile, living, program, arguments, used):
    """A living browser on this profile keeps it; another process that has got the number does not."""
    singletons(profile, living(*(a.format(path=profile.path) for a in arguments), program=program))
    if used:
        for action in (profile.prepare, profile.discard):
            with pytest.raises(ProfileLockedError, match="uses"):
                action()

        assert 3 == len(left_of_singletons(profile))
    else:
        profile.prepare()

        assert [] == left_of_singletons(profile)


def test_link_to_the_profile_is_the_profile(tmp_path, living):
    """A browser that was told the real path owns the profile we reach through a link."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    profile = Profile(tmp_path / "link")
    singletons(profile, living(f"--user-data-dir={tmp_path}/real/profile"))
    with pytest.raises(ProfileLockedError):
        profile.prepare()


def test_file_in_the_profiles_place(profile):
    """What is no folder is told so; a discard mends it."""
    profile.path.parent.mkdir(parents=True)
    profile.path.write_text("")
    with pytest.raises(BrowserError, match="is no folder"):
        profile.prepare()
    profile.discard()
    profile.prepare()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_disk_that_takes_nothing(profile, monkeypatch, number):
    """A write that fails only at the sync is seen, told as storage, and leaves no probe behind."""

    def fail(_fd) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageFullError, match=os.strerror(number)):
        profile.prepare()

    assert [] == [path for path in profile.path.iterdir() if "probe" in path.name]


LIMITED = """
import resource, sys
from pathlib import Path
from wad.core.errors import StorageFullError
from wad.browser.profile import Profile
profile = Profile(Path(sys.argv[1]))
for limit in (4096, 1 << 20):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, 1 << 20))
    try:
        profile.prepare()
    except StorageFullError as exc:
        print(exc)
    else:
        print("ready")
"""


def test_kernel_that_refuses_to_write(profile):
    """Where the kernel lets us write only a little, the profile is not ready; when it lets us again, it is."""
    argv = [sys.executable, "-c", LIMITED, str(profile.path.parent)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)

    assert [f"cannot write {profile.path}: File too large", "ready"] == done.stdout.splitlines()


def damage_nothing(path):
    path.mkdir(parents=True)
    (path / "Default").mkdir()
    (path / "Default" / "Cookies").write_text("x")


def damage_file(path):
    path.parent.mkdir(parents=True)
    path.write_text("x")


def damage_link(path):
    path.parent.mkdir(parents=True)
    path.symlink_to("/nowhere")


def damage_unreadable(path):
    damage_nothing(path)
    (path / "Default").chmod(0)
    path.chmod(0)


def damage_missing(path):
    path.parent.mkdir(parents=True)


def damage_all_missing(_path):
    pass


DAMAGES = [damage_nothing, damage_file, damage_link, damage_unreadable, damage_missing, damage_all_missing]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_discard_and_sweep(profile, damage):
    """A profile in any state is put aside, an empty one begins, and the sweep deletes what was put aside."""
    damage(profile.path)
    profile.discard()
    fresh = [*profile.path.iterdir()]
    await profile.sweep()

    assert [] == fresh
    assert 0o700 == mode(profile.path)
    assert ["profile"] == names(profile.path.parent)


async def test_sweep_does_not_follow_links(profile, tmp_path):
    """A link in a discarded profile is deleted, what it points to is not."""
    precious = tmp_path / "precious"
    precious.mkdir(mode=0o750)
    (precious / "file").write_text("x")
    profile.prepare()
    (profile.path / "link").symlink_to(precious)
    profile.discard()
    (profile.path.parent / "discarded-link").symlink_to(precious)
    await profile.sweep()

    assert [["file"], 0o750] == [names(precious), mode(precious)]
    assert ["profile"] == names(profile.path.parent)


async def test_sweeps_may_meet(profile):
    """Two sweeps at once, where each finds gone what the other deleted, end without an error."""
    for _ in range(5):
        damage_nothing(profile.path / "x")
        profile.discard()
    with capture_logs() as logs:
        await asyncio.gather(profile.sweep(), profile.sweep(), profile.sweep())

    assert ["profile"] == names(profile.path.parent)
    assert [] == logs


async def test_sweep_tells_what_it_left(profile, monkeypatch):
    """What cannot be deleted is logged, and nothing is raised."""
    damage_nothing(profile.path)
    profile.discard()
    monkeypatch.setattr("shutil.rmtree", lambda *_args, **_options: None)
    with capture_logs() as logs:
        await profile.sweep()

    assert ["discarded_profile_left"] == [entry["event"] for entry in logs]


async def test_sweep_of_nothing(profile):
    """A sweep without a state folder does nothing."""
    with capture_logs() as logs:
        await profile.sweep()

    assert [] == logs


def test_discard_where_nothing_can_be_renamed(profile, monkeypatch):
    """A profile that cannot be renamed is told as storage."""
    profile.prepare()

    def fail(_self, _target) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(StorageFullError, match="Read-only"):
        profile.discard()


def test_a_condemned_profile_is_gone_when_it_is_prepared_again(profile):
    """A session that was to be forgotten is, though wad was killed before it could put the profile aside."""
    profile.prepare()
    (profile.path / "session").touch()
    profile.condemn(profile.discards)
    Profile(profile.path.parent).prepare()

    assert not (profile.path / "session").exists()


def test_a_profile_is_condemned_once(profile):
    """What comes after the forgetting is kept."""
    profile.prepare()
    profile.condemn(profile.discards)
    profile.discard()
    (profile.path / "session").touch()
    profile.prepare()

    assert (profile.path / "session").exists()


def test_the_last_megabytes_count_as_full(profile, monkeypatch):
    """Where Chromium could not store its keys, the reason is told at once instead of a code that never comes."""
    profile.prepare()
    real = os.statvfs(profile.path)
    few = (5 << 20) // real.f_frsize
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((*real[:4], few, *real[5:])))

    with pytest.raises(StorageFullError, match="No space left"):
        profile.prepare()


@contextmanager
def without_descriptors():
    """Let this process open nothing."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


@pytest.mark.parametrize("method", ["lock", "prepare", "check", "discard"])
def test_a_lack_of_descriptors_is_no_fault_of_the_disk(profile, method):
    """It is told by its own name, and over as soon as there are some."""
    profile.prepare()
    with without_descriptors(), pytest.raises(TooManyOpenFilesError, match="Too many open files"):
        getattr(profile, method)()
    getattr(profile, method)()
    profile.unlock()


def test_nobody_is_robbed_for_want_of_descriptors(profile, living):
    """Where it cannot be looked who uses the profile, it is not taken for free."""
    singletons(profile, living(f"--user-data-dir={profile.path}"))
    (profile.path / "session").touch()
    for action in (profile.prepare, profile.discard):
        with without_descriptors(), pytest.raises(TooManyOpenFilesError):
            action()

    assert 3 == len(left_of_singletons(profile))
    assert (profile.path / "session").exists()


def test_a_link_in_its_place_is_refused(profile, tmp_path):
    """What it leads to is not touched; a discard puts the link itself aside."""
    precious = tmp_path / "precious" / "tmp" / "file"
    precious.parent.mkdir(parents=True)
    precious.touch()
    profile.path.parent.mkdir(parents=True)
    profile.path.symlink_to(tmp_path / "precious")
    with pytest.raises(BrowserError, match="is a symbolic link, which is not followed: reset"):
        profile.prepare()
    profile.discard()
    profile.prepare()

    assert precious.exists()
    assert not profile.path.is_symlink()


def test_a_check_changes_nothing(profile):
    """It tells that nothing is in the way, and leaves everything as it was."""
    profile.prepare()
    (profile.tmp / "file").touch()
    before = names(profile.path), names(profile.path.parent)
    profile.check()

    assert before == (names(profile.path), names(profile.path.parent))
    assert ["file"] == names(profile.tmp)


def test_a_check_tells_what_is_in_the_way(profile, living, monkeypatch):
    """It raises what would keep the profile from being prepared."""
    pid = living(f"--user-data-dir={profile.path}")
    singletons(profile, pid)
    with pytest.raises(ProfileLockedError):
        profile.check()
    (profile.path / "SingletonLock").unlink()
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((4096, 4096, 9, 0, 0, 9, 9, 9, 0, 255)))
    with pytest.raises(StorageFullError, match="No space"):
        profile.check()


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: path.symlink_to("/nowhere")])
def test_what_an_earlier_wad_condemned_is_recovered(profile, make):
    """Whatever lies in the file's place, the session is set aside once, and the next one kept."""
    profile.prepare()
    (profile.path / "session").touch()
    make(profile.path.parent / "condemned")
    later = Profile(profile.path.parent)
    later.recover()
    gone = not (profile.path / "session").exists()
    (profile.path / "session").touch()
    later.recover()

    assert gone
    assert (profile.path / "session").exists()


def test_without_the_lock_no_browser_is_ended(profile, living):
    """Its wad may be alive; whoever holds the lock knows that it is not."""
    profile.prepare()
    pid = living("browser")
    profile.record(pid)
    Profile(profile.path.parent).recover()
    spared = procfs.process(pid) is not None
    profile.lock()
    profile.recover()
    profile.unlock()

    assert spared
    assert None is procfs.process(pid)
