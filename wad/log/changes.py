"""The log's line for each transition of the link, beside those that the old server's readers know."""

from collections.abc import Callable
from typing import Any

import structlog

from wad.core.events import QrIssued
from wad.core.status import Phase
from wad.link.session import Change

log = structlog.get_logger("wad.link")

# The words the old server's readers grep for, beside the line of each transition.
_MILESTONES: dict[Phase, str] = {
    Phase.SYNCING: "[WA] event=authenticated",
    Phase.LINKED: "[WA] event=ready",
}


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


def _log_milestone(change: Change, write: Callable[..., Any]) -> None:
    pairing = change.after.pairing
    if pairing is not None and pairing != change.before.pairing:
        write("[WA] event=pairing-code", expires_at=pairing.expires_at.isoformat())
    elif isinstance(change.event, QrIssued) and change.after.code != change.before.code:
        code = change.after.code
        write("[WA] event=qr", expires_at=code.expires_at.isoformat() if code else None)
    elif change.before.phase is not change.after.phase and change.after.phase in _MILESTONES:
        write(_MILESTONES[change.after.phase], seq=change.after.seq)
