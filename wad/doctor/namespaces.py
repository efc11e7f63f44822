"""User namespaces, tried out: settings of the kernel say nothing of a filter of system calls (seccomp(2)).

Theory of operation. A container's engine puts a filter on all that runs in it, the doctor included. So what
the doctor may do there, the browser may: make a user namespace, and change the root within it
(user_namespaces(7)).
"""

from typing import Final

from wad.doctor.case import Case
from wad.doctor.finding import Finding, fail
from wad.doctor.machine import QUICK, call

# Of util-linux, which Debian calls essential.
_NAMESPACE: Final = ("--user", "--map-root-user", "true")
_CHROOT: Final = ("--user", "--map-root-user", "chroot", "/", "true")
# proc(5), the field Seccomp: a filter is in force.
_FILTERED: Final = "2"


def blocked(case: Case) -> Finding | None:
    """Tell what keeps Chromium's sandbox from being made; None where nothing does, or nobody can tell."""
    program = case.machine.which("unshare")
    if program is None or _works(case, program, _CHROOT):
        return None
    what = "chroot in user namespaces is" if _works(case, program, _NAMESPACE) else "user namespaces are"
    if _filtered(case):
        return fail(
            f"{what} blocked by seccomp",
            "Run the container with --security-opt seccomp=etc/seccomp/wad.json; see docs/containers.md.",
        )
    return fail(
        f"{what} refused, though the kernel's settings allow them",
        "Look for a security module, or a container around wad; see docs/containers.md.",
    )


def _works(case: Case, program: str, words: tuple[str, ...]) -> bool:
    try:
        return call([program, *words], case.machine.env, QUICK).code == 0
    except OSError:
        return False


def _filtered(case: Case) -> bool:
    try:
        lines = (case.machine.proc / "self" / "status").read_text("ascii", "replace").splitlines()
    except OSError:
        return False
    return any(line.split() == ["Seccomp:", _FILTERED] for line in lines)
