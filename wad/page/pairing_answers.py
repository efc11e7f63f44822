"""What the page answered when it was asked for a pairing code: the code, or why there is none.

The page's errors bear names (measured): `CompanionHelloError` that of what the servers answered, as in whose
``type.name`` here; any other answer of theirs is a `SmaxParsingFailure`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from wad.core.errors import DocumentReplacedError, PairingError
from wad.core.reasons import Reason
from wad.core.status import PairingCode

_NAMES: Final = re.compile(r"\w{1,60}( \w{1,60})?")
_REASONS: Final = {
    "IQErrorBadRequest": Reason.PAIRING_REFUSED,  # 400
    "IQErrorForbidden": Reason.PAIRING_NOT_ALLOWED,  # 403
    "IQErrorRateOverlimit": Reason.PAIRING_RATE_LIMITED,  # 429
    "IQErrorFeatureNotAvailable": Reason.PAIRING_NOT_ALLOWED,  # 452
}


def granted(answer: object, end: datetime) -> PairingCode:
    """Give the code in what ``pair.js`` gave; it lives until `end`.

    Raises PairingError with the reason where there is none, and DocumentReplacedError where the page is to be
    asked again in another document.
    """
    known = answer if isinstance(answer, Mapping) else {}
    if known.get("anew"):
        raise DocumentReplacedError(
            "an earlier request for a pairing code is unanswered; the page is opened anew"
        )
    if "code" not in known:
        names = _names(known.get("refused"))
        raise PairingError(f"the page gave no pairing code: {names}", _reason(names))
    try:
        return PairingCode(str(known["code"]), end)
    except ValueError:
        # `from None`: what the page gave could be quoted
        raise PairingError("the page gave no pairing code", Reason.PAIRING_FAILED) from None


def _names(refused: object) -> str:
    """Give the names of what a script was refused by; nothing else that it says belongs into a log."""
    return refused if isinstance(refused, str) and _NAMES.fullmatch(refused) else "something"


def _reason(names: str) -> Reason:
    return _REASONS.get(names.rpartition(" ")[2], Reason.PAIRING_FAILED)
