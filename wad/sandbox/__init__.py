"""The sandbox: a stand-in for WhatsApp Web, served on loopback, with a phone beside it.

It is the other side of the wire: it shares no code with the driver, and imports nothing of wad but its
errors and how values are made. What it imitates, and which parts, is in ``docs/sandbox.md``.
"""

from wad.sandbox.errors import PhoneRefusedError, UnknownCommandError
from wad.sandbox.options import SandboxOptions
from wad.sandbox.phone import COMMANDS, Phone
from wad.sandbox.server import Sandbox

__all__ = ["COMMANDS", "Phone", "PhoneRefusedError", "Sandbox", "SandboxOptions", "UnknownCommandError"]
