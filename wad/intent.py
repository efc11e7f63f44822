"""Whether the link is wanted, remembered over restarts of the daemon.

The file exists exactly while an operator has said stop; so a lost or unwritable file errs towards linking.
"""

import contextlib
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


class Intent:
    """The operator's last word. Its methods touch the disk: call them off the event loop."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def wanted(self) -> bool:
        """Whether the link should come up by itself when the daemon starts."""
        try:
            return not self._path.exists()
        except OSError as error:
            log.warning("intent_not_read", error=error.strerror)
            return True

    def remember(self, *, wanted: bool) -> None:
        """Keep the operator's word; what cannot be written is logged and holds until the daemon ends."""
        try:
            if wanted:
                with contextlib.suppress(FileNotFoundError):
                    self._path.unlink()
            else:
                self._path.touch(mode=0o600)
        except OSError as error:
            log.warning("intent_not_saved", error=error.strerror, wanted=wanted)
