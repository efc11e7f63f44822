r"""The allow-list's entries: an exact origin, or one with a wildcard for the leading label.

The same regular expression judges here and in nginx, so the two cannot drift apart. Both compare without
regard to case, because nginx's map does so for its plain strings.

>>> pattern("https://*.example.org")
'^https://[a-z0-9_-]+\\.example\\.org$'
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_LABEL = r"[a-z0-9_-]+"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_WHAT = 'expected an origin, scheme://host[:port], such as "https://app.example.org"'


def parse_origin(text: str) -> str:
    """Check one entry and return it as browsers write it: in lower case, without the usual port."""
    if text.lower() == "null":
        raise ValueError("null is what every sandboxed frame and local file sends: it cannot be allowed")
    parts = _split(text)
    host = _host(parts)
    port = parts.port
    if port is None or _DEFAULT_PORTS.get(parts.scheme) == port:
        return f"{parts.scheme}://{host}"
    return f"{parts.scheme}://{host}:{port}"


def _split(text: str) -> SplitResult:
    parts = urlsplit(text)
    if (
        not (_SCHEME.fullmatch(parts.scheme) and parts.netloc)
        or "@" in parts.netloc
        or parts.netloc.endswith(":")
    ):
        raise ValueError(_WHAT)
    if parts.path or parts.query or parts.fragment or text.endswith(("?", "#")):
        raise ValueError(f'an origin has no path, not even a slash: write "{parts.scheme}://{parts.netloc}"')
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if not host.isascii():
        raise ValueError(f'browsers send this host in ASCII: write "{_ascii(host)}" instead of "{host}"')
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    if host.startswith("*."):
        _check_wildcard(host.removeprefix("*."))
    elif not _NAME.fullmatch(host):
        raise ValueError(
            'a wildcard stands for the whole leading label, as in "https://*.example.org"'
            if "*" in host
            else _WHAT
        )
    return host


def _check_wildcard(rest: str) -> None:
    """Refuse a wildcard over everything below a top-level domain; localhost is nobody else's."""
    if not _NAME.fullmatch(rest):
        raise ValueError('only the leading label may be a wildcard, as in "https://*.example.org"')
    if "." not in rest and rest != "localhost":
        raise ValueError(f'"*.{rest}" would let in every site under .{rest}: name one more label')


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return "xn--…"


def pattern(entry: str) -> str:
    """Return the anchored regular expression of a parsed entry; to be matched without regard to case."""
    scheme, _, authority = entry.partition("://")
    body = _escape(authority.removeprefix("*")) if authority.startswith("*.") else _escape(authority)
    return f"^{_escape(scheme)}://{_LABEL if authority.startswith('*.') else ''}{body}$"


def _escape(text: str) -> str:
    """Escape what is special in both Python's and PCRE's syntax; ``re.escape`` escapes more than is."""
    return re.sub(r"([.+\[\]])", r"\\\1", text)


def matches(entry: str, origin: str) -> bool:
    """Tell whether an ``Origin`` header's value is covered by a parsed entry."""
    return re.fullmatch(pattern(entry), origin, re.IGNORECASE | re.ASCII) is not None
