"""pyppeteer without its launcher and its downloader, which its package imports by itself and wad never uses.

They bring some eighty modules along, a sixth of the daemon's start, and a way to run a browser from where
nobody checks it. In their places stand modules of the same names whose functions raise.

Rules of this file: it is imported before anything of pyppeteer, and so by `wad.browser` itself.
"""

import sys
from types import ModuleType
from typing import Any, Final, NoReturn

# What pyppeteer 2.0.0 imports from them at its own import, by module.
_UNUSED: Final = {
    "pyppeteer.launcher": ("connect", "defaultArgs", "executablePath", "launch"),
    "pyppeteer.chromium_downloader": (
        "check_chromium",
        "chromium_executable",
        "current_platform",
        "download_chromium",
    ),
}


def refuse(*_: Any, **__: Any) -> NoReturn:
    """Take any arguments, and raise RuntimeError: there is no way here to come by a browser."""
    raise RuntimeError("wad finds and starts the browser by itself")


def leave_out() -> None:
    """Put the empty modules in their places, unless the real ones are there."""
    for name, functions in _UNUSED.items():
        empty = ModuleType(name, "Left out: see `wad.browser.library`.")
        vars(empty).update(dict.fromkeys(functions, refuse))
        sys.modules.setdefault(name, empty)
