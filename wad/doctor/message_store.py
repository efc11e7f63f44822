"""The messages' file: whose it is, whether it may grow, and whether it can be read. Nothing is written."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from wad.doctor.case import Case
from wad.doctor.finding import Finding, fail, ok, skipped, warn
from wad.doctor.identity import name_of, uid_of
from wad.store.file import ASIDE, COMPANIONS, FILE
from wad.store.looking import Look, look
from wad.store.schema import STEPS

# The file's journal alone may take so much (`journal_size_limit`); below it sends are refused with 507.
_LEAST: Final = 16 << 20
_MIB: Final = 1 << 20
_OTHERS: Final = 0o077
_OWNER: Final = 0o600


def check_messages(case: Case) -> Iterator[Finding]:
    """Look at owner and mode, at the room on its disk, at its version, and for what was set aside."""
    path = case.folder / FILE
    try:
        yield from _looked_at(case, path)
    except FileNotFoundError:
        yield ok(f"{path} is not there yet; the first start makes it")
    except PermissionError:
        yield skipped(f"{path} is closed to you", f"Run it as root, or as {name_of(uid_of(case))}.")


def _looked_at(case: Case, path: Path) -> Iterator[Finding]:
    yield from _set_aside(path)
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        yield fail(f"{path} is no plain file", f"Move it away, then: {case.how('restart')}.")
        return
    if not os.access(path, os.R_OK, effective_ids=True):
        raise PermissionError
    foreign = list(_wrong(case, path))
    # Root's SQLite gives the journal to the file's owner: such a file is mended before it is read.
    found = None if foreign else look(path)
    wrong = [*foreign, *_room(case, path), *(_unknown(case, path, found) if found else ())]
    yield from wrong
    if found and not wrong:
        mode, user = stat.S_IMODE(status.st_mode), name_of(status.st_uid)
        yield ok(f"{path}, {mode:04o} {user}, {_size(path) // _MIB} MiB, version {found.version}")


def _parts(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("", *COMPANIONS)]


def _size(path: Path) -> int:
    sizes = []
    for part in _parts(path):
        with suppress(FileNotFoundError):
            sizes.append(part.stat().st_size)
    return sum(sizes)


def _wrong(case: Case, path: Path) -> Iterator[Finding]:
    """Find a part that others may read, or that wad may not write."""
    user = name_of(expected := uid_of(case))
    for part in _parts(path):
        with suppress(FileNotFoundError):
            status = part.stat()
            mode = stat.S_IMODE(status.st_mode)
            if status.st_uid != expected:
                said = f"{part} belongs to {name_of(status.st_uid)}, and wad runs as {user}"
                yield fail(said, f"chown {user}: {part}")
            elif mode & _OTHERS or mode & _OWNER != _OWNER:
                yield fail(f"{part} has the mode {mode:04o}; messages are private", f"chmod 0600 {part}")


def _room(case: Case, path: Path) -> Iterator[Finding]:
    left = os.statvfs(path)
    free, most = left.f_bavail * left.f_frsize, case.config.messages.keep_mib
    if free < _LEAST:
        yield fail(f"{free // _MIB} MiB free: messages are refused, or soon are", "Free space on its disk.")
    elif free + _size(path) < most * _MIB:
        said = f"{free // _MIB} MiB free, and events may grow to {most} MiB"
        yield warn(said, f"Free space, or lower [messages] keep_mib; then: {case.how('restart')}.")


def _unknown(case: Case, path: Path, found: Look) -> Iterator[Finding]:
    """Tell of a file that cannot be read, or is a newer wad's; an older one is brought up at the start."""
    if found.damaged:
        yield fail(
            f"{path} is damaged ({found.error})",
            f"Keep a copy; then: {case.how('restart')}: wad sets it aside, and begins a new one.",
        )
    elif found.version is None:
        yield warn(f"{path} cannot be read ({found.error})", f"Look again: {case.wadctl('doctor')}.")
    elif found.version > len(STEPS):
        yield fail(
            f"{path} has the version {found.version}, and this wad knows {len(STEPS)}: a newer one wrote it",
            f"Update wad, or move the file away with all that waits in it; then: {case.how('restart')}.",
        )


def _set_aside(path: Path) -> Iterator[Finding]:
    kept = [each for each in path.parent.glob(f"{path.name}{ASIDE}*") if not each.name.endswith(COMPANIONS)]
    for each in sorted(kept):
        yield warn(f"{each} is a damaged file that was set aside", "Look into it, or delete it.")
