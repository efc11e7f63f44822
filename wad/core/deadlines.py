"""Every deadline and cap of the daemon, in one table.

Rules of this file:

* Whoever awaits another party takes the bound from here; no number of seconds stands elsewhere.
* Each field carries its reason. The reason is data, so that `wad config` and the manual quote it.
* All are seconds, except those called misses, which count.
"""

import math
from dataclasses import field, fields, replace
from typing import Any, Final, Self

from wad.core.values import dataclass


def _seconds(default: float, why: str) -> Any:
    """Declare a field in seconds whose reason stands in `REASONS`."""
    return field(default=float(default), metadata={"why": why})


def _count(default: int, why: str) -> Any:
    """Declare a field that counts."""
    return field(default=default, metadata={"why": why})


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long wad waits for whom, and how often it tries."""

    # The browser and the page in it.
    browser_start: float = _seconds(20, "Chromium answers in 1 to 3 s; a cold, slow disk takes ten")
    page_load: float = _seconds(60, "the page's models are there; several MB over a poor line")
    first_code: float = _seconds(60, "models are there, but neither a code nor a registration came")
    ready: float = _seconds(300, "linked and no progress; the page itself gives up a fresh link after 180 s")
    heartbeat_interval: float = _seconds(
        3, "a hang that begins in between is found within 10 s, mended in 15"
    )
    heartbeat_answer: float = _seconds(3.5, "a page busy decrypting chats stalls for 2 to 3 s")
    heartbeat_misses: int = _count(2, "7 s of silence are a hang: no stall measured was half as long")
    heartbeat_misses_busy: int = _count(6, "a page that opens, or takes its chats in, may stand for 20 s")
    evaluate: float = _seconds(10, "any other question to the page")
    logout: float = _seconds(20, "WhatsApp is told; then the session is forgotten without its answer")
    browser_silent: float = _seconds(
        6, "told to close, it says so at once; silent for so long, it never will"
    )
    browser_close: float = _seconds(10, "Chromium writes its profile; cut off, it may lose the session")
    browser_term: float = _seconds(3, "from SIGTERM to SIGKILL of the group")

    # The disk, which may be dead.
    save: float = _seconds(5, "a command's effect is on the disk in milliseconds; a busy disk takes a second")
    discard: float = _seconds(30, "a profile is set aside in milliseconds; its last process takes 5 s to go")

    # Trying again.
    backoff_first: float = _seconds(
        0.25, "a single fault costs no pause; each further one waits twice as long"
    )
    backoff_max: float = _seconds(60, "a cured fault is noticed within a minute")
    backoff_reset: float = _seconds(300, "after five good minutes the next fault is a new one")
    slow_retry: float = _seconds(600, "a blocked link is probed; more often would look like an attack")
    ban_believed: float = _seconds(86400, "a ban is waited out; one that lasts for days is looked at daily")
    recheck: float = _seconds(3, "a lock or a full disk is looked at on this machine alone, at no cost")
    blip: float = _seconds(3, "a linked page whose stream is back within seconds was not away")
    farewell: float = _seconds(5, "a page that logs out tells why in its next document, if that comes")
    names_settle: float = _seconds(30, "the page's modules come in waves, on a slow line for so long")
    names_again: float = _seconds(86400, "WhatsApp brings out a build every few days, with other names in it")
    reconnect: float = _seconds(120, "a linked page may mend its own connection before it is reloaded")

    overdue: float = _seconds(60, "a work this far beyond all its bounds is lost; the watchdog is told")

    # Codes for the phone.
    qr_grace: float = _seconds(1, "a code not replaced so long after its end is withdrawn")
    qr_quiet: float = _seconds(320, "two batches, then idle unless somebody looks; endless in the sandbox")
    qr_max: float = _seconds(1800, "then idle whoever looks: a page may be left open; endless in the sandbox")
    qr_watched: float = _seconds(60, "an authorised status request counts as looking for so long")
    pairing_code: float = _seconds(30, "WhatsApp's servers are asked for a code to type; then the QR is back")
    pairing_life: float = _seconds(180, "WhatsApp takes a typed code for so long; then the QR is back")
    pairing_entry: float = _seconds(30, "a code typed in its last second is answered all the same")

    # Messages.
    outbox_retry: float = _seconds(2, "a page that did not answer is asked again; a stranger's number, too")
    outbox_look: float = _seconds(30, "what is on its way is looked for in the page's store")
    outbox_stuck: float = _seconds(60, "an answer takes seconds; then it is sent on, under the same key")
    media_fetch: float = _seconds(120, "a file of 100 MiB from another server, over a poor line")
    media_convert: float = _seconds(120, "ffmpeg makes an hour of sound a voice note in a minute")
    media_upload: float = _seconds(300, "the page takes a file up, and brings it to WhatsApp's servers")
    media_download: float = _seconds(300, "the page fetches a file, asking the phone for one that expired")
    media_file: float = _seconds(30, "a piece of a file is written, or a whole one synced, on a busy disk")
    clock_look: float = _seconds(2, "a clock that was set is taken over; till then all goes by the old time")
    inbox_poll: float = _seconds(10, "the page's queue is emptied without its ring, which can be lost")
    inbox_settle: float = _seconds(60, "what waited at WhatsApp comes within seconds; then go on")
    inbox_rescan: float = _seconds(300, "the page's store is scanned for what its listeners missed")

    # The front ends.
    command: float = _seconds(0.2, "plain socat waits only half a second for the answer")
    picture: float = _seconds(5, "a code is drawn in 30 ms; on a starved machine do without it")
    vitals: float = _seconds(2, "the kernel weighs a browser in 50 ms; on a starved machine do without it")
    http_header: float = _seconds(10, "a slow client holds no connection open without asking anything")
    http_body: float = _seconds(10, "bodies are 16 KiB at the most")
    http_file: float = _seconds(3600, "a body of 100 MiB with a file in it, at 30 KiB a second")
    http_file_pause: float = _seconds(20, "between two pieces of such a body, on a line that stalls")
    http_idle: float = _seconds(75, "as nginx keeps its connections, so that it closes them first")
    http_write: float = _seconds(20, "an answer leaves within seconds; who does not read holds no place")
    accept_pause: float = _seconds(1, "without a descriptor nothing is accepted; then it is tried again")
    socketio_connect: float = _seconds(5, "a connection outside the namespace costs memory and shows nothing")
    control_first_line: float = _seconds(5, "whoever opens the control socket has something to say")
    shutdown: float = _seconds(20, "below systemd's 25 s, after which nothing ends cleanly")

    def __post_init__(self) -> None:
        """Refuse what would never or always expire."""
        for name in NAMES:
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} must be a positive number, not {value}")

    def scaled_qr(self, factor: float) -> Self:
        """Return a copy in which what is counted in lives of codes is `factor` times as long.

        So a sped-up sandbox keeps its proportions. `qr_grace` stays: it allows for this machine's slowness.
        """
        return replace(self, **{name: getattr(self, name) * factor for name in _SCALED})


_SCALED = ("qr_quiet", "qr_max", "qr_watched", "pairing_life")
NAMES = tuple(entry.name for entry in fields(Deadlines))
REASONS = {entry.name: str(entry.metadata["why"]) for entry in fields(Deadlines)}

# What bounds the reading of the settings, and the end of a daemon that may never have had any, is no setting.
# A configuration that comes by a pipe is written within a moment, or its writer hangs.
CONFIG_READ: Final = 5.0
# Of all files that a reload reads, with two pipes among them: a disk that takes longer does not answer.
RELOAD: Final = 15.0
# What a slow reader of the log has not taken by then at the end, it goes without.
LOG_FLUSH: Final = 1.0
