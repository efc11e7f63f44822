"""As whom the wad in question runs, and who asks."""

import os
import pwd

from wad.doctor.case import Case


def pid_of(case: Case) -> int | None:
    """Give the daemon's process number, as far as it is known."""
    return (case.unit.pid if case.unit else None) or case.told.pid


def uid_of(case: Case) -> int:
    """Give the daemon's user: of its process, else of its unit, else the caller's own."""
    pid = pid_of(case)
    if pid is not None:
        try:
            return (case.machine.proc / str(pid)).stat().st_uid
        except OSError:  # it ended meanwhile
            pass
    user = case.unit.facts.get("User") if case.unit else None
    try:
        return pwd.getpwnam(user).pw_uid if user else os.geteuid()
    except KeyError:
        return os.geteuid()


def name_of(uid: int) -> str:
    """Give a user's name, or the number where there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
