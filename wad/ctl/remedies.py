"""What to do where wad could not be asked: a sentence below the one that says why."""

import grp
import os

from wad.ctl.exit_codes import CtlError, Exit, NoPermissionError, NotRunningError
from wad.ctl.socket_path import Place, unit_of

# The packaged service's group (debian/wad.sysusers).
_GROUP = "wad"


def remedy(place: Place, error: CtlError, code: int) -> str | None:
    """Say what to do about `error`, which ends wadctl with `code`; None where the error says it all."""
    if isinstance(error, NotRunningError):
        return _start(place)
    if isinstance(error, NoPermissionError):
        return _let_in(place)
    if code == Exit.STATUS_UNKNOWN:
        return f"See what is wrong: {place.call} doctor"
    return None


def _start(place: Place) -> str:
    unit = unit_of(place.path)
    if unit is None:
        return "Start it by hand: wad, or to try it without an account: wad --sandbox"
    root = "" if os.geteuid() == 0 else "sudo "
    return f"Start it: {root}systemctl start {unit}; why it is down says: {root}{place.call} doctor"


def _let_in(place: Place) -> str:
    # sudo does not hand on the variables by which a place may have been found.
    call = place.call if unit_of(place.path) or " " in place.call else f"wadctl --socket {place.path}"
    group = _group(place)
    return f"Ask as root: sudo {call}; or for good: sudo adduser $USER {group}, then log in anew"


def _group(place: Place) -> str:
    try:
        return grp.getgrgid(place.path.stat().st_gid).gr_name
    except (OSError, KeyError):
        return _GROUP
