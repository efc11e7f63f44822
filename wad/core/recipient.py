"""To whom a message goes, as people and programs write it, turned into one of WhatsApp's addresses."""

import re
from typing import Final

from wad.core.errors import PhoneNumberError, RecipientError
from wad.core.message import GROUP, PERSON_LID, PERSON_PN
from wad.core.phone import phone_number

_LID: Final = re.compile(r"[0-9]{5,20}@lid")
_GROUP: Final = re.compile(r"[0-9]{5,25}(-[0-9]{5,15})?@g\.us")
# As libraries that speak WhatsApp's protocol itself write numbers.
_PROTOCOLS_OWN: Final = "@s.whatsapp.net"


def recipient(text: object) -> str:
    """Give ``digits@c.us``, ``…@lid`` or ``…@g.us``.

    Raises RecipientError, whose sentence says what to do and does not repeat what was given.
    """
    if not isinstance(text, str):
        raise RecipientError("the recipient must be a text: a phone number, or an id ending in @lid or @g.us")
    written = text.strip()
    if _LID.fullmatch(written) or _GROUP.fullmatch(written):
        return written
    number, at, _ = written.partition("@")
    if at and not written.endswith((PERSON_PN, _PROTOCOLS_OWN)):
        raise RecipientError(
            f"the recipient is no address of WhatsApp's: they end in {PERSON_PN}, {PERSON_LID} or {GROUP}"
        )
    try:
        return phone_number(number) + PERSON_PN
    except PhoneNumberError as error:
        raise RecipientError(str(error)) from error
