"""The user agent of a browser with a window, known before the browser starts.

WhatsApp Web turns away a user agent that holds "HeadlessChrome", so it must be replaced. Measured with
Chromium 156: when it is replaced for a page over CDP, the page's service worker keeps the headless one, and
the page's client hints become empty. The flag ``--user-agent`` changes it everywhere and keeps the hints. A
flag must be known at the start: hence the browser is asked with ``--version`` first, which takes about 0.1 s.
"""

import asyncio
import os
import re
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from wad.browser.process import Process
from wad.browser.spawn import STDOUT, spawn

_log = structlog.get_logger()

_VERSION: Final = re.compile(rb"\b(\d{2,4})\.\d+\.\d+\.\d+\b")
_TIMEOUT: Final = 5.0  # seconds; 0.7 s with a cold disk. A browser that hangs here hangs at its start too
_OUTPUT: Final = 4096  # bytes; it is one line


async def user_agent(executable: Path, env: Mapping[str, str]) -> str | None:
    """Return the user agent `executable` would have with a window; None when it does not tell its version.

    Chromium's is frozen but for the major version ("user agent reduction"), on all processors alike. Takes
    5 s at the most; leaves no process, also when cancelled. Raises OSError when it cannot be executed.
    """
    match = _VERSION.search(await _output(executable, env))
    if match is None:
        _log.warning("browser_version_unknown", executable=str(executable))
        return None
    return (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{match[1].decode()}.0.0.0 Safari/537.36"
    )


async def _output(executable: Path, env: Mapping[str, str]) -> bytes:
    spawned = spawn([str(executable), "--version"], env, answers_at=STDOUT)
    os.close(spawned.writes)
    process = Process(spawned)
    try:
        await asyncio.wait([process.exited], timeout=_TIMEOUT)
        with suppress(BlockingIOError):
            return os.read(spawned.reads, _OUTPUT)
        return b""
    finally:
        os.close(spawned.reads)
        process.signal_group(signal.SIGKILL)
        await process.wait_gone()
