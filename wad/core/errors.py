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
