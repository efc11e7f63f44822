"""Who may ask over HTTP, by the Origin and Host headers. Pure: what to answer is the handler's affair.

The list of origins is the one `wad config --nginx` prints, judged by the same expressions.
"""

from urllib.parse import urlsplit

from wad.config.model import Config
from wad.config.origin_patterns import matches


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
    name = _without_port(host)
    accepted = {entry.lower() for entry in config.http.hosts}
    return name is not None and bool({name, host.lower()} & accepted)


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
