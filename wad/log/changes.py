"""The log's line for each transition of the link, beside those that the old server's readers know."""

from collections.abc import Callable
from typing import Any

import structlog

from wad.core.events import QrIssued
from wad.core.reasons import Reason
from wad.core.status import Phase
from wad.link.session import Change

log = structlog.get_logger("wad.link")

# The words the old server's readers grep for, beside the line of each transition.
_MILESTONES: dict[Phase, str] = {
    Phase.SYNCING: "[WA] event=authenticated",
    Phase.LINKED: "[WA] event=ready",
}
# The old server's words for what keeps the browser from coming up: the same grep finds them.
_ERRORS: dict[Reason, str] = {
    Reason.BROWSER_MISSING: "[WA] Error initializing WhatsApp client: Chromium not found",
    Reason.PROFILE_LOCKED: "[WA] Error initializing WhatsApp client: Session locked",
    Reason.STORAGE_FULL: "[WA] Error initializing WhatsApp client: Permission denied, or no space left",
}
_COMING_UP = frozenset({Phase.STARTING, Phase.LOADING, Phase.CONNECTING, Phase.RESTARTING, Phase.PROBING})
_FAILED = frozenset({Phase.RECOVERING, Phase.HELD_UP})


def log_change(change: Change) -> None:
    """Write the lines for one change of the status: a subscriber of `wad.link.session.Session`."""
    before, after = change.before, change.after
    facts: dict[str, Any] = {"phase": after.phase, "reason": after.reason, "seq": after.seq}
    if before.state is not after.state:
        line = f"[WA] state={before.state} -> {after.state}"
        log.info(line, state_from=before.state, state_to=after.state, **facts)
    elif before.reason != after.reason:
        log.info("reason_changed", state=after.state, **facts)
    elif before.phase is not after.phase:
        log.debug("phase_changed", before=before.phase, **facts)
    _log_milestone(change, log.info)
    if after.reason is not None and before.reason is not after.reason:
        _log_error(change, after.reason)


def _log_error(change: Change, reason: Reason) -> None:
    """Write the old server's line of a start that failed, for a reason that was not there before."""
    facts = {"reason": reason, "seq": change.after.seq}
    if reason in _ERRORS:
        log.warning(_ERRORS[reason], **facts)
    elif change.before.phase in _COMING_UP and change.after.phase in _FAILED:
        log.warning("[WA] Error initializing WhatsApp client", **facts)


def _log_milestone(change: Change, write: Callable[..., Any]) -> None:
    pairing = change.after.pairing
    if pairing is not None and pairing != change.before.pairing:
        write("[WA] event=pairing-code", expires_at=pairing.expires_at.isoformat())
    elif isinstance(change.event, QrIssued) and change.after.code != change.before.code:
        code = change.after.code
        write("[WA] event=qr", expires_at=code.expires_at.isoformat() if code else None)
    elif change.before.phase is not change.after.phase and change.after.phase in _MILESTONES:
        write(_MILESTONES[change.after.phase], seq=change.after.seq)
