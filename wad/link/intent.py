"""Whether the link is wanted, remembered over restarts of the daemon.

The file exists exactly while an operator has said stop; so a lost or unwritable file errs towards linking.
"""

from pathlib import Path

import structlog

from wad.browser import folders

log = structlog.get_logger(__name__)


class Intent:
    """The operator's last word. Its methods touch the disk: call them off the event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def wanted(self) -> bool:
        """Whether the link should come up by itself when the daemon starts."""
        try:
            self._path.lstat()
        except FileNotFoundError:
            return True
        except OSError as error:
            log.warning("intent_not_read", error=error.strerror)
            return True
        return False

    def remember(self, *, wanted: bool) -> None:
        """Have the operator's word on the disk. Raises OSError."""
        if wanted:
            folders.clear(self._path)
        else:
            folders.put(self._path)
