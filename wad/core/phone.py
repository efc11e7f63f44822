"""A phone number as people write it, turned into the digits WhatsApp wants.

The form is E.164's: up to 15 digits, the country code first. Nothing here checks that the number exists;
WhatsApp does.
"""

import re

from wad.core.errors import PhoneNumberError

# What people put between the digits, the no-break spaces of a copied number too.
_SEPARATORS = re.compile(r"[\s\u200e\u200f\u202a-\u202e\u2060().\-\u2010-\u2015/]+")
_DIGITS = re.compile(r"[0-9]{7,15}")
_EXAMPLE = "write it with its country code, as +7 999 123-45-67"
# No country's code begins so; within Russia and Kazakhstan the 8 stands where +7 belongs.
_TRUNK = "89"


def phone_number(text: object) -> str:
    """Give the digits of a number written in any usual way; the plus sign may be left out.

    Raises PhoneNumberError, whose sentence says what to do and does not repeat the number.
    """
    if not isinstance(text, str):
        raise PhoneNumberError(f"the phone number must be a text: {_EXAMPLE}")
    written = _SEPARATORS.sub("", text)
    digits = written.removeprefix("+")
    if not _DIGITS.fullmatch(digits):
        raise PhoneNumberError(f"this is no phone number of 7 to 15 digits: {_EXAMPLE}")
    if digits.startswith("0"):
        raise PhoneNumberError(f"a number for calls within a country begins with 0: {_EXAMPLE}")
    if digits.startswith(_TRUNK):
        raise PhoneNumberError("no country has a code that begins with 89: put +7 in place of the 8")
    return digits
