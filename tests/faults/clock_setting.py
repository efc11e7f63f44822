"""A machine's clock that tests set, for one daemon alone: its browser inherits neither library nor file."""

from pathlib import Path

from daemon_harness import HASTY, SMALL_BROWSER, Daemon

# Debian's libfaketime: only the clock that can be set is false, the monotonic ones are the machine's.
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


class SetClock:
    """The clock of the daemon that is started with its `env`."""

    def __init__(self, folder):
        self._file = folder / "clock"
        self.set("+0")

    def set(self, to):
        """Set it to an offset from the machine's own, such as ``-1h``."""
        # A reader never finds half of it.
        half = self._file.with_suffix(".new")
        half.write_text(f"{to}\n")
        half.rename(self._file)

    @property
    def env(self):
        """What the daemon is to have in its environment."""
        assert LIBRARY is not None, "install Debian's libfaketime"
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def daemon(self, state, **env):
        """Give a daemon that has this clock."""
        return Daemon(state, env={**HASTY, **SMALL_BROWSER, **self.env, **env})
