"""How many connections this process has descriptors for (getrlimit(2), RLIMIT_NOFILE).

What the browser's start, the control socket and the log need is kept back: a front end that is full must not
be what keeps wad from replacing a dead browser, or an operator from asking why.
"""

import resource
from typing import Final

import structlog

log = structlog.get_logger(__name__)

# 64 for the control socket, 8 for each end and start of a browser, some 20 for a sandbox and its page, and
# for files: the log, locks, scripts, the storage.
KEPT_BACK: Final = 150
# On a system that gives less than is kept back there is still somebody to answer.
_LEAST: Final = 16


def connections_within_limit(wanted: int) -> int:
    """Raise the soft limit as far as is allowed and useful, and give how many connections there may be.

    `wanted` is how many there should be; fewer are logged.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + KEPT_BACK
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    most = max(_LEAST, soft - KEPT_BACK)
    log.warning("connections_limited", wanted=wanted, most=most, descriptors=soft)
    return most
