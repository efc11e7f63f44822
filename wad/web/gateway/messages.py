"""What Socket.IO clients are told of a change: its messages, in the order in which they are sent.

Rules of this file:

* Pure: which messages a change has follows from the change alone, and from the time it is told.
* The state comes first, then its code, then the same under the old names.
* The text of a code to scan is in no argument, only the code itself beside it: whoever sends draws it, or
  drops it. A code to type goes along with its own message alike, and stands in the state beside its end.
"""

from datetime import datetime

from wad.core.events import StartRequested
from wad.core.status import Status
from wad.link.session import Change
from wad.reports.documents import Daemon, Document, live_code, live_pairing, status_document, timestamp
from wad.web.gateway.event_names import OLD_NAMES, Message, new_code, new_pairing

# Whoever has just come knows nothing: every status differs from this one, even the first.
_UNKNOWN = Status(attempts=-1)


def messages(change: Change, daemon: Daemon, now: datetime) -> list[Message]:
    """Give what a client is told of `change` at the time `now`."""
    told = [Message("wa:state", state_document(change.after, daemon, now))]
    if new_code(change):
        told.append(Message("wa:qr", code=change.after.code))
    if new_pairing(change):
        told.append(Message("wa:pairing-code", code=change.after.pairing))
    return told + [row.tell(change, now) for row in OLD_NAMES if row.when(change)]


def present(status: Status, daemon: Daemon, now: datetime) -> list[Message]:
    """Give what somebody is told who knows nothing yet: all that holds now."""
    return messages(Change(_UNKNOWN, status, StartRequested()), daemon, now)


def state_document(status: Status, daemon: Daemon, now: datetime) -> Document:
    """Give the argument of ``wa:state``: the status document without the picture, and the time of telling."""
    document = status_document(status, daemon, live_code(status, now), None, live_pairing(status, now))
    del document["qrCode"]
    return {"state": status.state, "reason": status.reason, "timestamp": timestamp(now)} | document
