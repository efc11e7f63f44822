"""The browser's command line: one table, with the reason beside each flag.

What is *not* here matters as much: no ``--remote-debugging-port`` (any local user could take over the
account), no ``--enable-automation`` (the page can see it), no ``--disable-crashpad-for-testing`` (with
Chromium 156 the network service then dies at once of an "FD ownership violation"), nothing that weakens the
isolation of sites, and no service within the browser's process (``NetworkServiceInProcess2``): one that
hangs or crashes is replaced under the page. docs/performance.md has what else was tried to save memory.
"""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import structlog

_log = structlog.get_logger()

FLAGS: Final[dict[str, str]] = {
    "--headless": "no display; in Chromium since 132 this is the real browser without a window",
    "--remote-debugging-pipe": "commands over fds 3 and 4: no port that others could open",
    "--disable-blink-features=AutomationControlled": "WhatsApp Web looks at navigator.webdriver",
    "--no-first-run": "no welcome page, no import of other profiles",
    "--no-default-browser-check": "asks the desktop, which is not there",
    "--disable-background-networking": "no talk with Google's services beside the page",
    "--disable-component-update": "downloads of up to 100 MB that the page does not use",
    "--disable-sync": "no account of Google's is here",
    "--disable-default-apps": "installs web applications at the first start",
    "--disable-extensions": "nobody installed any; each costs a renderer",
    "--disable-domain-reliability": "reports on failed requests to Google",
    "--disable-client-side-phishing-detection": "downloads a model and judges each page",
    "--disable-breakpad": "no reports of crashes; the handler's processes run nonetheless",
    "--disable-crash-reporter": "the same for chromium-headless-shell",
    "--metrics-recording-only": "metrics are not sent",
    "--password-store=basic": "no key ring: without a desktop it waits for one on D-Bus",
    "--use-mock-keychain": "the same for cookies' keys",
    "--mute-audio": "a message's sound would wake an audio service",
    "--disable-popup-blocking": "a blocked window would need somebody who looks",
    "--disable-prompt-on-repost": "a reload must not wait for an answer",
    "--disable-hang-monitor": "wad has its own heartbeat, and nobody sees the dialog",
    "--disable-backgrounding-occluded-windows": "nobody looks at the window, but its timers must run",
    "--disable-background-timer-throttling": "the same for its timers",
    "--disable-renderer-backgrounding": "the same for its process priority",
    "--hide-scrollbars": "pictures of the page without them",
    "--window-size=1280,900": "WhatsApp Web's two-column layout; a small window folds it",
}

_DISABLE_FEATURES: Final = "--disable-features="

# The memory is that of the whole tree, measured (PSS) with Chromium 156 on a blank page: 380 MB without the
# first four, 210 MB with them.
FEATURES_OFF: Final[dict[str, str]] = {
    "WebUIOmniboxPopup": "70 MB of a renderer for the unseen address bar; only the three together",
    "WebUIOmniboxAimPopup": "as above",
    "WebUIOmniboxFullPopup": "as above",
    "SpareRendererForSitePerProcess": "a renderer in reserve; the page is opened once",
    "Translate": "offers for other languages",
    "MediaRouter": "searches the local network for screens",
    "OptimizationHints": "downloads hints and models",
    "DialMediaRouteProvider": "the same search by another protocol",
    "AutofillServerCommunication": "tells Google about forms",
    "CertificateTransparencyComponentUpdater": "a component's download",
}


def command_line(
    executable: Path, user_data_dir: Path, extra: Sequence[str], *, sandbox: bool = True
) -> list[str]:
    """Return the whole command line; `extra` comes last and so wins over the table.

    Without `sandbox` the browser is told to do without its own, and the log is warned.

    ``/dev/shm`` is used (no ``--disable-dev-shm-usage``): the shared memory of a service is large enough, and
    Debian's launcher adds that flag itself where it is not.
    """
    return [
        str(executable),
        *FLAGS,
        _disable_features(extra),
        f"--user-data-dir={user_data_dir}",
        *_sandbox_flags(sandbox=sandbox),
        *(flag for flag in extra if not flag.startswith(_DISABLE_FEATURES)),
        "about:blank",
    ]


def _disable_features(extra: Sequence[str]) -> str:
    """Return one flag for the table's features and `extra`'s: Chromium reads only the last of several."""
    more = [flag.removeprefix(_DISABLE_FEATURES) for flag in extra if flag.startswith(_DISABLE_FEATURES)]
    return _DISABLE_FEATURES + ",".join([*FEATURES_OFF, *more])


def _sandbox_flags(*, sandbox: bool) -> list[str]:
    """Return ``--no-sandbox`` for root, who cannot start Chromium otherwise, and for whoever insists."""
    if os.geteuid() == 0:
        _warn_of_root()
    elif sandbox:
        return []
    else:
        _log.warning("browser_without_sandbox", why="[browser] sandbox = false")
    return ["--no-sandbox"]


@cache
def _warn_of_root() -> None:
    """Say it once: the browser may be started many times."""
    _log.warning("browser_without_sandbox", why="wad runs as root; run it as a user of its own")
