"""The table of checks, and how they are run.

Theory of operation. A check is a plain function that may wait for programs, sockets and resolvers. Each runs
in a thread of its own; what is not done by the deadline is told as such and left behind.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from wad.core.values import dataclass
from wad.doctor.background import Aside
from wad.doctor.browser import check_chromium, check_config, check_sandbox
from wad.doctor.case import CALL, Case, examine
from wad.doctor.cors import check_cors
from wad.doctor.daemon import check_daemon, check_link, check_socket
from wad.doctor.finding import Finding, warn
from wad.doctor.machine import Machine
from wad.doctor.media import check_media
from wad.doctor.message_store import check_messages
from wad.doctor.network import check_clock, check_hosts
from wad.doctor.nginx import check_nginx, check_nginx_log
from wad.doctor.outbox import check_outbox
from wad.doctor.page import check_page
from wad.doctor.public import check_public
from wad.doctor.service import check_journal, check_unit
from wad.doctor.socketio import check_socketio
from wad.doctor.storage import check_disk, check_profile
from wad.doctor.web import check_browser, check_http, page_of
from wad.doctor.webhooks import check_webhooks

# In seconds, for everything. Finding out which wad it is takes 9 of them where systemd and wad hang, else
# milliseconds.
DEADLINE: Final = 14.0
_LATE: Final = warn("not done in time", "Try again when the machine is less busy.")


@dataclass(frozen=True, slots=True)
class Check:
    """One row: its name, what it looks at, and how."""

    name: str
    about: str
    how: Callable[[Case], Iterator[Finding]]


CHECKS: Final = (
    Check("config", "the configuration can be read and is valid", check_config),
    Check("unit", "systemd's service is active", check_unit),
    Check("socket", "the control socket is there and open to you", check_socket),
    Check("daemon", "wad answers", check_daemon),
    Check("link", "how the link is, why, and for how long", check_link),
    Check("browser", "the browser runs, and does not die over and over", check_browser),
    Check("page", "the page has all names that wad relies upon", check_page),
    Check("chromium", "Chromium is installed and can be run", check_chromium),
    Check("sandbox", "Chromium's own sandbox can be used", check_sandbox),
    Check("profile", "the session's folder is wad's alone", check_profile),
    Check("disk", "space and files are left", check_disk),
    Check("messages", "the messages' file is wad's alone, can be read and may grow", check_messages),
    Check("media", "files of messages are wad's alone and have room", check_media),
    Check("outbox", "what is to be sent goes out", check_outbox),
    Check("webhooks", "webhooks bring what happens, and gave nothing up", check_webhooks),
    Check("http", "every address answers", check_http),
    Check("cors", "the allowed origins may ask, and no others", check_cors),
    Check("socketio", "a page would be told of a code", check_socketio),
    Check("hosts", "WhatsApp's hosts are reached, with their own certificates", check_hosts),
    Check("clock", "the clock is right", check_clock),
    Check("nginx", "nginx's configuration, site, list of origins and page while wad is down", check_nginx),
    Check("public", "answers come through a proxy whole, for pages of other sites too", check_public),
    Check("nginx-log", "nginx had no trouble reaching wad", check_nginx_log),
    Check("journal", "the last failure in wad's journal", check_journal),
)


def diagnose(
    socket: Path,
    machine: Machine | None = None,
    only: frozenset[str] | None = None,
    call: str = CALL,
) -> Iterator[tuple[str, Finding]]:
    """Give what each check found, in the table's order; of those named in `only`, if it is given.

    `call` is the command line that leads to this wad, for hints.
    """
    until = time.monotonic() + DEADLINE
    checks = tuple(check for check in CHECKS if only is None or check.name in only)
    yield from run_checks(examine(socket, machine or Machine(), call), checks, until)


def page_url(socket: Path) -> str | None:
    """Give the address of the page of the wad with this control socket, None where there is none."""
    return page_of(examine(socket, Machine()))


def run_checks(case: Case, checks: tuple[Check, ...], until: float) -> Iterator[tuple[str, Finding]]:
    """Run checks side by side, and give up on those that are not done when the monotonic clock says so."""
    for check, aside in [(check, Aside(partial(check.how, case))) for check in checks]:
        for finding in aside.result(until, _LATE):
            yield check.name, finding
