"""What the browser says when it cannot shut its pages in: it ends at its start rather than run without."""

from collections.abc import Iterable
from typing import Final

# Of Chromium 156, measured under filters of system calls that forbid user namespaces, with EPERM and with
# ENOSYS, and under one that forbids only the chroot in them. There the first process shut in dies silently:
# by chance its parent tells one of the last two.
_SAID: Final = (
    "No usable sandbox!",
    "sandbox/linux/services/credentials.cc",
    "Zygote process exited prematurely",
    "Failed to receive hello message from zygote",
)


def forbids_sandbox(last_words: Iterable[str]) -> bool:
    """Tell by the last lines of a browser that died at its start whether it was for want of a sandbox."""
    return any(said in line for line in last_words for said in _SAID)
