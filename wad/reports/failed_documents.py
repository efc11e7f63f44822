"""What the routes that always answer 200 tell after a failure inside wad: the same keys, and nothing good.

Whoever reads these documents, a generated client above all, reads the keys it always reads. What cannot be
told any more is told as not there. Nothing here needs the code, the browser or a picture: one of those may be
what has failed.
"""

from datetime import datetime

from wad.core.reasons import REASONS, Reason
from wad.core.status import Status
from wad.link.driver import BrowserInfo
from wad.reports.documents import (
    DEGRADED,
    NOT_READY,
    Daemon,
    Document,
    account_document,
    health_document,
    status_document,
)


def failed(document: Document) -> Document:
    """Turn a status document into the one that tells of an internal failure."""
    sentence = REASONS[Reason.INTERNAL_ERROR].sentence
    return document | {
        "success": False,
        "status": "error",
        "isReady": False,
        "hasQr": False,
        "qrCode": None,
        "message": f"{NOT_READY}: {sentence}",
        "accountInfo": None,
        "qrExpiresAt": None,
        "pairingCode": None,
        "pairingCodeExpiresAt": None,
        "error": sentence,
    }


def failed_status(status: Status, daemon: Daemon) -> Document:
    """Tell of a failure to tell the status; `status` is the last known one."""
    return failed(status_document(status, daemon, None, None))


def failed_health(status: Status, daemon: Daemon, now: datetime) -> Document:
    """Tell of a failure to tell the health; `status` is the last known one."""
    document = health_document(status, daemon, BrowserInfo(), 0, now)
    link = {"ready": False, "connected": False, "accountInfo": None}
    return document | {
        "status": "degraded",
        "message": DEGRADED,
        "whatsapp": document["whatsapp"] | link,
    }


def failed_account() -> Document:
    """Tell of a failure to tell the account."""
    return account_document(Status()) | {"success": False}
