"""The profile's folder, and the disk below it. Nothing is written: a living browser works in there."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from wad.doctor.case import Case
from wad.doctor.finding import Finding, fail, ok, skipped, warn
from wad.doctor.identity import name_of, pid_of, uid_of

# wad refuses to start a browser below the first (see `wad.browser.profile`); a profile in use grows to the
# second.
_FULL: Final = 16 << 20
_LOW: Final = 200 << 20
# A fresh profile has some 300 files, one in use some thousand.
_FEW_FILES: Final = 500
_SOON_FEW: Final = 5000
_OTHERS: Final = 0o077
_OWNER: Final = 0o700


def check_profile(case: Case) -> Iterator[Finding]:
    """Look at owner, mode and locks of the session's folders."""
    profile = case.folder / "profile"
    try:
        wrong = [
            *_wrong_folders(case, [case.folder, profile]),
            *_foreign_lock(case),
            *_foreign(case, profile),
        ]
        if wrong:
            yield from wrong
        elif profile.exists():
            yield ok(f"{profile}, {name_of(profile.stat().st_uid)}'s alone")
        else:
            yield ok(f"{profile} is not there yet; the first start makes it")
    except PermissionError:
        user = name_of(uid_of(case))
        yield skipped(f"{profile} is closed to you", f"Run it as root, or as {user}.")


def _wrong_folders(case: Case, folders: list[Path]) -> Iterator[Finding]:
    expected = uid_of(case)
    for folder in folders:
        with suppress(FileNotFoundError):
            yield from _wrong(case, folder, folder.stat(), expected)


def _wrong(case: Case, folder: Path, status: os.stat_result, expected: int) -> Iterator[Finding]:
    mode, user = stat.S_IMODE(status.st_mode), name_of(expected)
    if not stat.S_ISDIR(status.st_mode):
        yield fail(
            f"{folder} is no folder", f"{case.wadctl('reset')} puts it aside and begins a new profile."
        )
    elif status.st_uid != expected:
        yield fail(
            f"{folder} belongs to {name_of(status.st_uid)}, and wad runs as {user}",
            f"chown -R {user}: {folder}",
        )
    elif mode & _OTHERS or mode & _OWNER != _OWNER:
        yield fail(f"{folder} has the mode {mode:04o}; the session is a secret", f"chmod 0700 {folder}")
    elif os.statvfs(folder).f_flag & os.ST_RDONLY:
        yield fail(f"{folder} is on a read-only file system", "See dmesg for the disk's errors; remount it.")


def _foreign_lock(case: Case) -> Iterator[Finding]:
    """Find another wad on this folder. Locks are listed (proc_locks(5)): trying them could foil a start."""
    try:
        status = (case.folder / "lock").stat()
    except FileNotFoundError:
        return
    device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    for line in _locks(case):
        words = line.split()
        if device in words and "FLOCK" in words and "->" not in words:
            holder = int(words[words.index(device) - 1])
            if holder != pid_of(case) and (case.gone or pid_of(case) is not None):
                who = f"no wad answers at {case.socket}" if case.gone else "is not the wad that was asked"
                yield fail(
                    f"process {holder} holds {case.folder}, and {who}",
                    f"See what it is: ps {holder}; stop it, or give this wad another --state-dir.",
                )


def _locks(case: Case) -> list[str]:
    try:
        return (case.machine.proc / "locks").read_text("ascii").splitlines()
    except OSError:
        return []


def _foreign(case: Case, profile: Path) -> Iterator[Finding]:
    """Find a living browser that is none of the daemon's."""
    try:
        owner = str((profile / "SingletonLock").readlink())
    except PermissionError:
        raise
    except OSError:
        return
    host, _, pid = owner.rpartition("-")
    if host != socket.gethostname() or not pid.isdecimal() or not _lives_on(case, int(pid), profile):
        return
    daemon = pid_of(case)
    if case.gone if daemon is None else daemon not in _ancestors(case, int(pid)):
        yield fail(f"process {pid} uses {profile}, and it is not wad's", f"End it: kill {pid}")


def _lives_on(case: Case, pid: int, profile: Path) -> bool:
    """Tell whether a process names this profile; the number may be another's by now."""
    try:
        raw = (case.machine.proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return False
    return any(b"--user-data-dir=" + os.fsencode(path) + b" " in raw for path in (profile, profile.resolve()))


def _ancestors(case: Case, pid: int) -> Iterator[int]:
    """Give a process's parent, grandparent and so on: the second field behind the name (proc_pid_stat(5))."""
    with suppress(OSError, ValueError, IndexError):
        while pid > 1:
            told = (case.machine.proc / str(pid) / "stat").read_text("ascii", "replace")
            pid = int(told.rpartition(")")[2].split()[1])
            yield pid


def check_disk(case: Case) -> Iterator[Finding]:
    """Look at the space and the files left where the session is, or will be."""
    places = (case.folder, *case.folder.parents)
    place = next(path for path in places if os.access(path, os.F_OK))
    left = os.statvfs(place)
    free = left.f_bavail * left.f_frsize
    said = f"{free >> 20} MiB free for {case.folder}"
    if free < _FULL:
        yield fail(said, "Free space: below 16 MiB wad starts no browser. It looks again by itself.")
    elif left.f_files and left.f_favail < _FEW_FILES:
        yield fail(f"{left.f_favail} files (inodes) left for {case.folder}", "Delete files; see: df -i.")
    elif free < _LOW:
        yield warn(said, "Free space soon: a profile in use grows to some 200 MiB.")
    elif left.f_files and left.f_favail < _SOON_FEW:
        yield warn(f"{left.f_favail} files (inodes) left for {case.folder}", "Delete files; see: df -i.")
    else:
        yield ok(said)
