"""What the sandbox refuses, as errors whose `code` is stable."""

from typing import ClassVar

from wad.core.errors import WadError


class UnknownCommandError(WadError):
    """The phone was asked for something it has no button for; the message lists what it has."""

    code: ClassVar[str] = "unknown_command"


class PhoneRefusedError(WadError):
    """The phone understood the command and cannot do it now; the message says why, in a sentence."""

    code: ClassVar[str] = "phone_refused"
