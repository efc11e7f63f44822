"""``wadctl``: asks a running wad over its control socket, waits, and tells people what came of it.

Rules of this package:

* It starts in the time of a shell command: nothing is imported but the standard library, and of wad only
  what is needed to find the socket.
* It decides nothing. What a verb means, and the sentences about the link, are the daemon's.
* It is a program of its own: no other package imports it, and it never imports the daemon.
"""

from wad.ctl.main import main

__all__ = ["main"]
