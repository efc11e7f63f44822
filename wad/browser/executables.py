"""The browser as a program: which one is started, and what it means that it cannot be."""

import errno
import os
import shutil
from pathlib import Path
from typing import Final

from wad.core.errors import BrowserError, BrowserMissingError, TooManyOpenFilesError, lacks_descriptors

_SHELL: Final = "chromium-headless-shell"
# In this order, with the reason.
EXECUTABLES: Final[dict[str, str]] = {
    "chromium": "Debian's, updated with the system; a page cannot tell it from a browser with a window",
    "google-chrome-stable": "the same browser from Google's own repository",
    "google-chrome": "the same under the name of its launcher",
    "chromium-browser": "its name in other distributions",
    _SHELL: "Debian's small build: a quarter less memory, but a page can tell it",
}

AUTO: Final = "auto"
# What is looked for, and what to install, by the kind that is configured.
_KINDS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    AUTO: (tuple(EXECUTABLES), "no Chromium was found: apt install chromium"),
    "chromium": (
        tuple(name for name in EXECUTABLES if name != _SHELL),
        "no Chromium with a window was found: apt install chromium",
    ),
    "shell": ((_SHELL,), f"{_SHELL} was not found: apt install {_SHELL}"),
}

# Debian's launcher of it stays as its parent, and a SIGTERM would end the launcher alone, with no grace for
# the browser. It does nothing else.
_BEHIND_LAUNCHERS: Final = {
    Path("/usr/bin/chromium-headless-shell"): Path("/usr/lib/chromium/chromium-headless-shell")
}

# What tells that the program, not the machine, keeps it from being executed (execve(2)).
_NOT_EXECUTABLE: Final = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.EPERM, errno.ENOEXEC, errno.ELOOP, errno.ELIBBAD}
)


def find_executable(configured: str | None, kind: str = AUTO) -> Path:
    """Return the browser to start: the `configured` one, or the first of its `kind`. Nothing is downloaded.

    The kinds are ``auto``, ``chromium`` (whichever could show a window) and ``shell``, the small build.
    Raises BrowserMissingError, whose message tells what to install, or names the `configured` one.
    """
    names, missing = _KINDS[kind]
    for name in [configured] if configured else names:
        if found := shutil.which(name):
            path = Path(found).absolute()
            behind = _BEHIND_LAUNCHERS.get(path, path)
            return behind if os.access(behind, os.X_OK) else path
    if configured:
        raise BrowserMissingError(f"the configured browser {configured} is missing or not executable")
    raise BrowserMissingError(missing)


def not_spawned(executable: Path, error: OSError) -> BrowserError:
    """Give what it means that nothing was started; a machine at its limits does not lack the program."""
    kind = BrowserMissingError if error.errno in _NOT_EXECUTABLE else BrowserError
    if lacks_descriptors(error):
        kind = TooManyOpenFilesError
    return kind(f"{executable} cannot be executed: {error.strerror}")
