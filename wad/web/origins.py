"""Who may ask over HTTP, by the Origin and Host headers. Pure: what to answer is the handler's affair.

The list of origins is the one `wad config --nginx` prints, judged by the same expressions.
"""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from wad.config.model import Config
from wad.config.origin_patterns import matches

# The longest name of DNS with a port (RFC 1035, 2.3.4); what is longer is no host, and not worth remembering.
_LONGEST: Final = 280


def origin_allowed(config: Config, origin: str) -> bool:
    """Tell whether the allow-list covers this ``Origin``; ``null`` and an empty one never are.

    A request's own origin is not on the list: see `own_origin`.
    """
    return any(matches(entry, origin) for entry in config.http.allowed_origins)


def own_origin(scheme: str, host: str, origin: str) -> bool:
    """Tell whether `origin` is the one the request itself was sent to, by its scheme and accepted Host."""
    return origin.lower() == f"{scheme}://{host}".lower()


def host_allowed(config: Config, host: str) -> bool:
    """Tell whether the ``Host`` header is accepted; an entry without a port stands for every port."""
    if len(host) > _LONGEST:
        return False
    name, accepted = _without_port(host), _in_lower_case(config.http.hosts)
    return name is not None and (name in accepted or host.lower() in accepted)


@lru_cache(maxsize=8)
def _in_lower_case(hosts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(entry.lower() for entry in hosts)


# Every request names one, and nearly all the same: this was 12 of the 19 µs in which one is judged.
@lru_cache(maxsize=64)
def _without_port(host: str) -> str | None:
    """Return the name in lower case, brackets kept, without a final dot; None if it is no host at all."""
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018 - raises if it is no number
    except ValueError:
        return None
    if parts.netloc != host or "@" in host or not parts.hostname:
        return None
    return f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.rstrip(".")
