"""The table of reasons: why the link is not where it should be, and what is done about it.

Rules of this file:

* Every reason has exactly one state in which it is shown (one of ``qr`` on the way back there, too), one
  sentence for people, one action for people, and one answer to "how often does wad try again by itself".
* Slugs are stable: frontends and alerts are written against them.

The causes named "failure 402" and the like are the stream failures WhatsApp Web's own page knows; read in the
page's modules as of the builds of April to September 2026.
"""

from enum import StrEnum, unique

from wad.core.values import dataclass


@unique
class State(StrEnum):
    """What the outside is told. No other word is used anywhere."""

    IDLE = "idle"
    QR = "qr"
    AUTHENTICATED = "authenticated"
    READY = "ready"
    DISCONNECTED = "disconnected"
    BLOCKED = "blocked"


# An account is there, whether or not its chats have arrived: no code is needed.
LINKED_STATES = frozenset({State.AUTHENTICATED, State.READY})


@unique
class Retry(StrEnum):
    """How wad tries again by itself."""

    NEVER = "never"  # somebody has to ask: `start`
    AT_ONCE = "at once"  # nothing is wrong with the path; the link merely has to begin anew
    BACKOFF = "back-off"  # 1/4, 1/2, 1 … 60 s, with jitter
    WHEN_FREE = "when free"  # wad looks by itself, on this machine alone, every few seconds
    SLOWLY = "slowly"  # a probe every few minutes: asking more often makes it worse, or is pointless


@unique
class Reason(StrEnum):
    """Why the link is in its state. Absent (None) where the state speaks for itself."""

    STOPPED = "stopped"
    QR_EXPIRED = "qr_expired"
    PAIRING_REFUSED = "pairing_refused"
    PAIRING_RATE_LIMITED = "pairing_rate_limited"
    PAIRING_NOT_ALLOWED = "pairing_not_allowed"
    PAIRING_FAILED = "pairing_failed"
    BROWSER_CRASHED = "browser_crashed"
    BROWSER_HUNG = "browser_hung"
    PAGE_CRASHED = "page_crashed"
    LOAD_TIMEOUT = "load_timeout"
    CODE_TIMEOUT = "code_timeout"
    NETWORK_UNREACHABLE = "network_unreachable"
    SERVICE_UNAVAILABLE = "service_unavailable"
    LOGGED_OUT = "logged_out"
    HISTORY_SYNC_TIMEOUT = "history_sync_timeout"
    SYNC_FAILED = "sync_failed"
    IDENTITY_CHANGED = "identity_changed"
    ACCOUNT_LOCKED = "account_locked"
    REPLACED = "replaced"
    READY_TIMEOUT = "ready_timeout"
    TOO_MANY_OPEN_FILES = "too_many_open_files"
    INTERNAL_ERROR = "internal_error"
    DAEMON_UNAVAILABLE = "daemon_unavailable"
    BROWSER_MISSING = "browser_missing"
    SANDBOX_FORBIDDEN = "sandbox_forbidden"
    PROFILE_LOCKED = "profile_locked"
    STORAGE_FULL = "storage_full"
    HOSTS_BLOCKED = "hosts_blocked"
    TEMPORARILY_BANNED = "temporarily_banned"
    TERMS_OF_SERVICE = "terms_of_service"
    UPDATE_REQUIRED = "update_required"
    UNSUPPORTED_BROWSER = "unsupported_browser"
    PAGE_CHANGED = "page_changed"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One row of the table: the state the reason belongs to, and what people are told."""

    state: State
    sentence: str
    action: str
    retry: Retry


_IDLE, _OFF, _HELD = State.IDLE, State.DISCONNECTED, State.BLOCKED

REASONS: dict[Reason, Explanation] = {
    Reason.STOPPED: Explanation(_IDLE, "stopped on request", "Send start to link again.", Retry.NEVER),
    Reason.QR_EXPIRED: Explanation(
        _IDLE, "the QR code was shown long enough without a scan", "Send start for a new code.", Retry.NEVER
    ),
    # Shown beside the QR code that takes the pairing code's place, and on the way back to it.
    Reason.PAIRING_REFUSED: Explanation(
        State.QR,
        "WhatsApp gave no pairing code for this number",
        "Check the number and its country code, or scan the QR code instead.",
        Retry.NEVER,
    ),
    Reason.PAIRING_RATE_LIMITED: Explanation(
        State.QR,
        "WhatsApp gives no more pairing codes for now",
        "Wait an hour before the next pairing code, or scan the QR code instead.",
        Retry.NEVER,
    ),
    Reason.PAIRING_NOT_ALLOWED: Explanation(
        State.QR,
        "WhatsApp does not let this account link by a pairing code",
        "Scan the QR code instead.",
        Retry.NEVER,
    ),
    Reason.PAIRING_FAILED: Explanation(
        State.QR,
        "linking by a pairing code failed on the way",
        "Ask for another pairing code in a minute, or scan the QR code instead.",
        Retry.NEVER,
    ),
    Reason.BROWSER_CRASHED: Explanation(
        _OFF, "the browser died", "Nothing: wad starts it again. If it recurs, see the log.", Retry.BACKOFF
    ),
    Reason.BROWSER_HUNG: Explanation(
        _OFF,
        "the browser did not answer",
        "Nothing: wad replaces it. If it recurs, check memory and load.",
        Retry.BACKOFF,
    ),
    Reason.PAGE_CRASHED: Explanation(
        _OFF, "the page crashed in the browser", "Nothing: wad opens it again.", Retry.BACKOFF
    ),
    Reason.LOAD_TIMEOUT: Explanation(
        _OFF,
        "WhatsApp Web did not load in time",
        "Check that the connection is not very slow.",
        Retry.BACKOFF,
    ),
    Reason.CODE_TIMEOUT: Explanation(
        _OFF, "WhatsApp Web loaded but showed no code in time", "Nothing: wad opens it again.", Retry.BACKOFF
    ),
    Reason.NETWORK_UNREACHABLE: Explanation(
        _OFF,
        "WhatsApp's servers cannot be reached",
        "Check this machine's network and name resolution.",
        Retry.BACKOFF,
    ),
    Reason.SERVICE_UNAVAILABLE: Explanation(
        _OFF, "WhatsApp reports that its service is unavailable", "Wait: wad tries again.", Retry.BACKOFF
    ),
    Reason.LOGGED_OUT: Explanation(
        _OFF, "the phone or WhatsApp ended the link", "Scan the new code with the phone.", Retry.AT_ONCE
    ),
    Reason.HISTORY_SYNC_TIMEOUT: Explanation(
        _OFF,
        "the phone sent no history, so WhatsApp ended the link",
        "Keep WhatsApp open on the phone and scan the new code.",
        Retry.AT_ONCE,
    ),
    Reason.SYNC_FAILED: Explanation(
        _OFF,
        "the account's data could not be synchronised, so WhatsApp ended the link",
        "Scan the new code with the phone.",
        Retry.AT_ONCE,
    ),
    Reason.IDENTITY_CHANGED: Explanation(
        _OFF,
        "WhatsApp was set up anew on the phone, which ended the link",
        "Scan the new code with the phone.",
        Retry.AT_ONCE,
    ),
    Reason.ACCOUNT_LOCKED: Explanation(
        _OFF,
        "WhatsApp has locked the account and ended the link",
        "Read the notice on the phone; then scan the new code.",
        Retry.AT_ONCE,
    ),
    Reason.REPLACED: Explanation(
        _OFF,
        "WhatsApp Web was opened elsewhere with this session",
        "Nothing: wad takes the session back.",
        Retry.BACKOFF,
    ),
    Reason.READY_TIMEOUT: Explanation(
        _OFF,
        "linked, but the chats did not load in time",
        "Open WhatsApp on the phone and check its network. The session is kept.",
        Retry.BACKOFF,
    ),
    Reason.TOO_MANY_OPEN_FILES: Explanation(
        _OFF,
        "wad may open no further files",
        "Nothing, once: wad tries again. If it recurs, raise LimitNOFILE= (systemctl edit wad).",
        Retry.BACKOFF,
    ),
    Reason.INTERNAL_ERROR: Explanation(
        _OFF, "wad met an error of its own", "Report it with the log around it.", Retry.BACKOFF
    ),
    # Said by nginx in wad's place; here so that its words stand in the one table.
    Reason.DAEMON_UNAVAILABLE: Explanation(
        _OFF, "wad is not running or does not answer", "Look at: systemctl status wad.", Retry.BACKOFF
    ),
    Reason.BROWSER_MISSING: Explanation(
        _HELD, "no Chromium was found", "Install it (apt install chromium), then send start.", Retry.NEVER
    ),
    Reason.SANDBOX_FORBIDDEN: Explanation(
        _HELD,
        "the browser's own sandbox is forbidden here",
        "Allow it (wadctl doctor says how; for a container docs/containers.md does), then send start.",
        Retry.SLOWLY,
    ),
    Reason.PROFILE_LOCKED: Explanation(
        _HELD,
        "another process uses the browser's profile",
        "End that process; wad looks again by itself.",
        Retry.WHEN_FREE,
    ),
    Reason.STORAGE_FULL: Explanation(
        _HELD,
        "the browser's profile cannot be written",
        "Free space, or mend the folder's permissions; wad looks again by itself.",
        Retry.WHEN_FREE,
    ),
    Reason.HOSTS_BLOCKED: Explanation(
        _HELD,
        "something between this machine and WhatsApp blocks its hosts",
        "Allow web.whatsapp.com, *.whatsapp.net and *.whatsapp.com in the firewall, proxy or filter.",
        Retry.SLOWLY,
    ),
    Reason.TEMPORARILY_BANNED: Explanation(
        _HELD, "WhatsApp has banned this account for some time", "Read the notice on the phone.", Retry.SLOWLY
    ),
    Reason.TERMS_OF_SERVICE: Explanation(
        _HELD, "WhatsApp wants its terms of service accepted", "Accept them on the phone.", Retry.SLOWLY
    ),
    Reason.UPDATE_REQUIRED: Explanation(
        _HELD, "WhatsApp wants a newer version of its page", "Update Chromium and wad.", Retry.SLOWLY
    ),
    Reason.UNSUPPORTED_BROWSER: Explanation(
        _HELD, "WhatsApp refuses this browser", "Update Chromium; do not set a user agent.", Retry.SLOWLY
    ),
    Reason.PAGE_CHANGED: Explanation(
        _HELD, "WhatsApp Web has changed in a way wad does not know", "Update wad.", Retry.SLOWLY
    ),
}

# Of these the browser, or its page's process, died, or it hung and was replaced: look at memory and load.
DEATHS = frozenset({Reason.BROWSER_CRASHED, Reason.BROWSER_HUNG, Reason.PAGE_CRASHED})


def reason_of(code: str) -> Reason:
    """Give the reason whose slug is `code`; an unknown one is an internal error."""
    try:
        return Reason(code)
    except ValueError:
        return Reason.INTERNAL_ERROR
