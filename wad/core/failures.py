"""The table of failures: why a message was not sent, what a person can do, and whether to try again.

Rules of this file:

* Slugs are stable: programs are written against them.
* `not_on_whatsapp` is said only where the page said so, never because a question failed.

463 and 475 are WhatsApp's own numbers for an account that may not write to strangers for some time, and for
one that has used up the month's new chats (read in the page's modules of April 2026).
"""

from enum import StrEnum, unique

from wad.core.values import dataclass


@unique
class Failure(StrEnum):
    """Why a message did not go out."""

    NOT_LINKED = "not_linked"
    INVALID_RECIPIENT = "invalid_recipient"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    LID_UNKNOWN = "lid_unknown"
    CONTACT_BLOCKED = "contact_blocked"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NEW_CHAT_BUDGET = "new_chat_budget"
    REACHOUT_LOCKED = "reachout_locked"
    NEW_CHAT_CAP = "new_chat_cap"
    QUEUE_FULL = "queue_full"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA = "unsupported_media"
    MEDIA_UNREACHABLE = "media_unreachable"
    REJECTED = "rejected"
    PAGE_CHANGED = "page_changed"
    OUTCOME_UNKNOWN = "outcome_unknown"


@dataclass(frozen=True, slots=True)
class FailureRow:
    """One row: what people are told, and whether the same message may be sent again as it is."""

    sentence: str
    action: str
    again: bool


FAILURES: dict[Failure, FailureRow] = {
    Failure.NOT_LINKED: FailureRow("no account is linked", "Link one, then send again.", again=True),
    Failure.INVALID_RECIPIENT: FailureRow(
        "the recipient is no number and no chat of WhatsApp's",
        "Give a number with its country code, or an id that ends in @c.us, @lid or @g.us.",
        again=False,
    ),
    Failure.NOT_ON_WHATSAPP: FailureRow(
        "WhatsApp knows nobody with this number", "Check the number.", again=False
    ),
    Failure.LID_UNKNOWN: FailureRow(
        "the page does not know WhatsApp's hidden id (LID) of this number",
        "Have the person write first, or try again later.",
        again=True,
    ),
    Failure.CONTACT_BLOCKED: FailureRow(
        "the account has blocked this contact", "Unblock the contact on the phone.", again=True
    ),
    Failure.EXPIRED: FailureRow(
        "the message waited longer than it was allowed to", "Send it again if it is still wanted.", again=True
    ),
    Failure.CANCELLED: FailureRow("the message was withdrawn", "Nothing.", again=True),
    Failure.NEW_CHAT_BUDGET: FailureRow(
        "the day's budget for people never written to before is used up",
        "Wait for the next day, or raise the limit under [messages].",
        again=True,
    ),
    Failure.REACHOUT_LOCKED: FailureRow(
        "WhatsApp does not let this account write to strangers for now (463)",
        "Wait; answers to people who wrote first go on.",
        again=True,
    ),
    Failure.NEW_CHAT_CAP: FailureRow(
        "WhatsApp does not let this account begin any more new chats this month (475)",
        "Wait for the next month; known chats go on.",
        again=True,
    ),
    Failure.QUEUE_FULL: FailureRow(
        "too many messages wait already", "Wait until some of them are sent.", again=True
    ),
    Failure.TOO_LARGE: FailureRow(
        "the message is larger than WhatsApp takes", "Send less of it.", again=False
    ),
    Failure.UNSUPPORTED_MEDIA: FailureRow(
        "WhatsApp does not take files of this kind", "Send it as a document.", again=False
    ),
    Failure.MEDIA_UNREACHABLE: FailureRow(
        "the file could not be fetched", "Check its address, then send again.", again=True
    ),
    Failure.REJECTED: FailureRow(
        "WhatsApp refused the message",
        "Do not simply repeat it: see whatsappCode; in a group, ask its admins who may write.",
        again=False,
    ),
    Failure.PAGE_CHANGED: FailureRow(
        "WhatsApp Web has changed in a way wad does not know", "Update wad.", again=True
    ),
    Failure.OUTCOME_UNKNOWN: FailureRow(
        "nobody can tell any more whether the message went out",
        "Look into the chat on the phone before sending it again.",
        again=False,
    ),
}

_BY_NUMBER = {463: Failure.REACHOUT_LOCKED, 475: Failure.NEW_CHAT_CAP}


def failure_of(whatsapp_code: int | None) -> Failure:
    """Give the failure for the number with which WhatsApp's server refused a message."""
    return _BY_NUMBER.get(whatsapp_code or 0, Failure.REJECTED)
