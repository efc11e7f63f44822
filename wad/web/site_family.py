"""Whether two origins belong to one site: its frontend and its API, as people think of them.

Browsers ask the Public Suffix List for that. wad does without: only the words of a refusal hang on it.
"""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

# What stands below a country's domain where names are registered one label further down, as in co.uk.
_SECOND_LEVEL: Final = frozenset(
    ["ac", "co", "com", "edu", "go", "gob", "gov", "mil", "ne", "net", "or", "org"]
)
_COUNTRY: Final = 2


def same_family(origin: str, url: str) -> bool:
    """Tell whether `origin` is of the site of `url`, whatever its scheme, port or subdomain."""
    one, other = _name(origin), _name(url)
    if not one or not other:
        return False
    return one == other or (not _is_address(one) and _site(one) == _site(other) != one.rpartition(".")[2])


def _name(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _site(name: str) -> str:
    """Give the part of a name that somebody has registered, to the best of our knowledge."""
    labels = name.split(".")
    deep = len(labels) > _COUNTRY and len(labels[-1]) == _COUNTRY and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if deep else labels[-2:])
