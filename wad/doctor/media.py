"""The files of messages: whose they are, whether there is room for them, and whether sounds are converted."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from wad.doctor.case import Case
from wad.doctor.finding import Finding, fail, ok, skipped, warn
from wad.doctor.identity import name_of, uid_of

_MIB: Final = 1 << 20
_OTHERS: Final = 0o077
# Of the room that files may have; wad keeps a fifth of it free for what comes.
_NEARLY: Final = 0.95


def check_media(case: Case) -> Iterator[Finding]:
    """Look at owner and mode, at what the files take, at the room on their disk, and for ffmpeg."""
    folder = case.folder / "media"
    try:
        yield from _looked_at(case, folder)
    except FileNotFoundError:
        yield ok(f"{folder} is not there yet; the first start makes it")
    except PermissionError:
        yield skipped(f"{folder} is closed to you", f"Run it as root, or as {name_of(uid_of(case))}.")
    if shutil.which("ffmpeg") is None:
        # Nobody need have it: what is sent as a voice note has to be one then.
        yield ok("ffmpeg is not installed: sounds are not converted to voice notes")


def _looked_at(case: Case, folder: Path) -> Iterator[Finding]:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        yield fail(f"{folder} is no folder", f"Move it away, then: {case.how('restart')}.")
        return
    user = name_of(expected := uid_of(case))
    if status.st_uid != expected:
        said = f"{folder} belongs to {name_of(status.st_uid)}, and wad runs as {user}"
        yield fail(said, f"chown -R {user}: {folder}")
        return
    if stat.S_IMODE(status.st_mode) & _OTHERS:
        yield warn(f"{folder} is open to others; files are private", f"chmod 0700 {folder}")
        return
    yield _room(case, folder)


def _room(case: Case, folder: Path) -> Finding:
    used = _size(folder)
    most = case.config.messages.media_quota_mib * _MIB
    left = os.statvfs(folder)
    free = left.f_bavail * left.f_frsize
    if used > most * _NEARLY:
        said = f"files take {used // _MIB} MiB of the {most // _MIB} they may have: new ones may find no room"
        return warn(said, f"Raise [messages] media_quota_mib; then: {case.how('restart')}.")
    if free + used < most:
        said = f"{free // _MIB} MiB free, and files may grow to {most // _MIB} MiB"
        return warn(said, f"Free space, or lower [messages] media_quota_mib; then: {case.how('restart')}.")
    return ok(f"{folder}, {used // _MIB} of {most // _MIB} MiB")


def _size(folder: Path) -> int:
    """Give what lies below a folder, in bytes. Raises PermissionError."""
    total = 0
    for place, folders, files in os.walk(folder, onerror=_denied):
        del folders
        for name in files:
            try:
                total += Path(place, name).lstat().st_size
            except FileNotFoundError:  # it has gone since
                continue
    return total


def _denied(error: OSError) -> None:
    if isinstance(error, PermissionError):
        raise error
