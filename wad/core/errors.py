"""The errors wad raises on purpose.

Rules of this file:

* Each class has a stable ``code``; outside, only the code is relied upon, never the sentence.
* An error whose code is also a reason's slug (see `wad.core.reasons.Reason`) becomes that reason.
* No error ever carries a code, a key or a token: exceptions end up in logs.
"""

import errno
from typing import ClassVar, Final

_NO_DESCRIPTOR: Final = frozenset({errno.EMFILE, errno.ENFILE})


class WadError(Exception):
    """Base of all errors wad raises on purpose."""

    code: ClassVar[str] = "internal_error"


class ConfigError(WadError):
    """The configuration names an unknown key or holds a wrong value; the message says where."""

    code = "config_error"


class IllegalEventError(WadError):
    """The machine's table has no row for this event in this phase; nothing was changed."""

    code = "illegal_event"


class SubmissionError(WadError):
    """A command could not be handed to the supervisor: it is stopping, or too many wait already."""

    code = "not_accepted"


class AlreadyLinkedError(WadError):
    """A pairing code was asked for while an account is linked already."""

    code = "already_linked"


class PhoneNumberError(WadError):
    """What was given is no phone number with its country code; the message never holds the number."""

    code = "invalid_phone"


class AlreadyRunningError(WadError):
    """Another living wad holds this state directory."""

    code = "already_running"


class UnsafeFolderError(WadError):
    """wad's folder belongs to another user, who could change what is in it."""

    code = "unsafe_folder"


class BrowserError(WadError):
    """The browser died or broke its protocol."""

    code = "browser_crashed"


class BrowserMissingError(BrowserError):
    """No Chromium was found, or the configured one cannot be executed."""

    code = "browser_missing"


class SandboxForbiddenError(BrowserError):
    """The kernel, or a filter of system calls, keeps the browser from shutting its pages in."""

    code = "sandbox_forbidden"


class BrowserHungError(BrowserError):
    """The browser, or the page in it, did not answer within its deadline."""

    code = "browser_hung"


class ProfileLockedError(BrowserError):
    """A living process that is not ours uses the browser's profile."""

    code = "profile_locked"


class StorageFullError(BrowserError):
    """The profile cannot be written: no space, no quota, a read-only file system or no permission."""

    code = "storage_full"


class TooManyOpenFilesError(BrowserError):
    """Neither this process nor, maybe, any other may open a further file."""

    code = "too_many_open_files"


class PageError(BrowserError):
    """The page answered something wad does not understand, or threw."""

    code = "page_changed"


class PairingError(PageError):
    """The page gave no pairing code; `reason` is the slug of why."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class AccountShownError(WadError):
    """The page is a linked account's, which a picture was not to show."""

    code = "account_shown"


class ScreenshotBusyError(WadError):
    """A picture of the page is being taken already."""

    code = "screenshot_busy"


class DocumentReplacedError(BrowserError):
    """The document that was asked is gone, or has to go first: the next one is to be asked."""


class MessageRefusedError(WadError):
    """The page, or wad, will not do what was asked of a message; `failure` is the slug of why."""

    code = "message_refused"

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


class RecipientError(WadError):
    """What was given is nobody a message can go to; the error never holds it."""

    code = "invalid_recipient"


class MessageError(WadError):
    """What was asked of messages is wrong in itself; the sentence says what to do, and repeats nothing."""

    code = "invalid_message"


class TooLargeError(MessageError):
    """A text is longer than WhatsApp takes."""

    code = "too_large"


class MediaTooLargeError(TooLargeError):
    """A file is larger than is taken; the message says how large one may be."""


class UnsupportedMediaError(MessageError):
    """A file is not what it is to be sent as; the message says what it may be."""

    code = "unsupported_media"


class MediaUnreachableError(WadError):
    """A file could not be fetched; `kind` says why, in a word."""

    code = "media_unreachable"

    def __init__(self, kind: str) -> None:
        super().__init__(f"the file could not be fetched: {kind}")
        self.kind = kind


class NoSuchChatError(WadError):
    """The account has no such chat, or no such message in it."""

    code = "chat_not_found"


class NoPictureError(WadError):
    """The chat has no picture, or the account may not see it."""

    code = "no_picture"


class NoSuchMediaError(WadError):
    """wad has no such file, and no message with one."""

    code = "media_not_found"


class MediaExpiredError(WadError):
    """WhatsApp's servers have the file no more, and neither has the phone."""

    code = "media_expired"


class MediaBusyError(WadError):
    """The file is being fetched, and is not there yet."""

    code = "media_pending"


class NotLinkedError(WadError):
    """No account is linked, so there is nobody who could send."""

    code = "not_linked"


class NotReadyError(WadError):
    """It can be done only while the link is ready."""

    code = "not_ready"


class NoSuchMessageError(WadError):
    """wad keeps no message with that id or reference."""

    code = "message_not_found"


class TooLateError(WadError):
    """What is asked of the message cannot be done any more, or not yet, in the state it is in."""

    code = "wrong_state"


class BudgetError(WadError):
    """The account may not write to anybody new now; `again_in` says for how many seconds."""

    code = "new_chat_budget"

    def __init__(self, message: str, again_in: float) -> None:
        super().__init__(message)
        self.again_in = again_in


class ReachoutLockedError(BudgetError):
    """WhatsApp has refused a message to a stranger, and further ones would make it worse."""

    code = "reachout_locked"


class WebhookError(WadError):
    """What was set of a webhook is wrong; the sentence says what to do, and repeats nothing."""

    code = "invalid_webhook"


class NoSuchWebhookError(WadError):
    """There is no webhook of that name."""

    code = "webhook_not_found"


class ConfiguredWebhookError(WadError):
    """The webhook is the configuration's, and cannot be changed elsewhere."""

    code = "webhook_configured"


class DuplicateKeyError(WadError):
    """The page has a message with this key already."""

    code = "duplicate_key"


class UploadLostError(WadError):
    """The page has no file for a message: it was uploaded into another document."""

    code = "upload_lost"


class StoreError(WadError):
    """The file of an account's messages cannot be opened, read or written."""

    code = "store_failed"


class StoreFullError(StoreError):
    """The file's disk takes no more."""

    code = "insufficient_storage"


class StoreBusyError(StoreError):
    """More waits to be written than is allowed to."""

    code = "store_busy"


class StoreClosedError(StoreError):
    """The daemon ends, or has not begun."""

    code = "store_closed"


class SlowStoreError(StoreError):
    """The disk took longer than it may: whoever sends again with the same reference sends once."""

    code = "store_slow"


class OutboxFullError(StoreError):
    """As many messages wait to be sent as may."""

    code = "queue_full"


class IdempotencyError(StoreError):
    """A client's reference was used before, for another message."""

    code = "idempotency_conflict"


class NewerStoreError(StoreError):
    """A newer wad has written the file."""

    code = "newer_store"


def lacks_descriptors(error: OSError) -> bool:
    """Tell whether no further file may be opened, which says nothing about the file."""
    return error.errno in _NO_DESCRIPTOR


def storage_trouble(text: str, error: OSError) -> BrowserError:
    """Give what an error of the profile's file system means to the link; `text` says what was tried."""
    kind = TooManyOpenFilesError if lacks_descriptors(error) else StorageFullError
    return kind(f"{text}: {error.strerror}")
