"""The start of the command ``wad``, before anything that takes time.

Rules of this file: it imports next to nothing itself. The rest takes a second, in which a SIGHUP would kill
the daemon; so the signals are held first, and what they ask for is done once it can be. Only the start of the
interpreter is left: 43 ms from the exec at best, 97 ms on a busy machine (measured, Python 3.11). Whoever
blocks signals until then closes this gap, too: `Signals.hold` lets them through.
"""

import os
import resource
import signal
from collections.abc import Sequence

from wad.service import garbage
from wad.service.signals import Signals
from wad.service.streams import let_go, open_missing

_HELD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (by default the process's own), and give its exit code.

    From here on the signals that wad answers have no effect on the process but what it does on them.
    """
    garbage.hold()
    open_missing()
    signals = Signals(_HELD)
    signals.hold()
    # Session keys, codes and tokens are secrets: whatever file is made, it is the daemon's user's alone.
    os.umask(0o077)
    # And a core would be a file of all that is in memory; the browser inherits this.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        from wad.main import obey  # noqa: PLC0415 - see this file's rules

        return obey(argv, signals)
    finally:
        let_go()
        # The exit code is known: nothing that comes while the interpreter ends changes it.
        signals.ignore()
