"""What the text of a single setting means: paths, hosts, networks, URLs, arguments of the browser.

Each reader raises a `ValueError` whose sentence says what would be right.
"""

import ipaddress
import re
from pathlib import Path
from urllib.parse import urlsplit

from wad.config.origin_patterns import parse_origin

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# A second owner of these would open the browser to others or take the session's folder from under it.
_OWN_ARGUMENTS = ("--remote-debugging-", "--user-data-dir")
# Chromium knows them all, and credentials for the first two.
PROXY_SCHEMES = ("http", "https", "socks4", "socks5")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*)(:\d{1,5})?")


def path(text: str) -> Path:
    """Read an absolute path, or one in the home of whoever runs wad."""
    found = Path(text).expanduser() if text.startswith("~/") else Path(text)
    if not found.is_absolute():
        raise ValueError("expected an absolute path: the daemon's working directory is not yours")
    return found


def executable(text: str) -> Path | str:
    """Read the browser's path, or its bare name, which is looked up on PATH."""
    return path(text) if "/" in text else text


def host(text: str) -> str:
    """Read a host name as the Host header has it; with a port it stands for this port only."""
    found = text.lower().rstrip(".")
    if not _HOST.fullmatch(found):
        raise ValueError('expected a host name such as "wad.example.org", without scheme or path')
    return found


def network(text: str) -> Network:
    """Read an IP address or a network in CIDR notation."""
    try:
        return ipaddress.ip_network(text)
    except ValueError as exc:
        raise ValueError(_network_hint(text)) from exc


def _network_hint(text: str) -> str:
    try:
        return f'bits are set beyond the mask: write "{ipaddress.ip_network(text, strict=False)}"'
    except ValueError:
        return 'expected an IP address or a network such as "10.8.0.0/24"'


def public_url(text: str) -> str:
    """Read the address people use, for the page's own origin and the default hosts."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError('expected a URL such as "https://wad.example.org"')
    if "@" in parts.netloc:
        raise ValueError("a URL that is shown to people holds no password")
    return f"{parse_origin(f'{parts.scheme}://{parts.netloc}')}{parts.path.rstrip('/')}"


def proxy(text: str) -> str:
    """Read a proxy's address as Chromium takes it; credentials would be seen on its command line."""
    parts = urlsplit(text)
    if "@" in parts.netloc:
        raise ValueError("credentials go into the file that proxy_credentials_file names")
    named = parts.scheme in PROXY_SCHEMES and parts.hostname
    if not named or parts.path.strip("/") or parts.query or parts.fragment or re.search(r"[\s,;]", text):
        raise ValueError('expected a URL such as "http://proxy.example.org:3128", or https, socks4 or socks5')
    parts.port  # noqa: B018 - raises if it is no number
    return f"{parts.scheme}://{parts.netloc.lower()}"


def browser_argument(text: str) -> str:
    """Read one argument of Chromium; those wad itself depends on are refused."""
    if not text.startswith("--"):
        raise ValueError('expected an argument such as "--proxy-server=http://127.0.0.1:3128"')
    if text.startswith(_OWN_ARGUMENTS):
        raise ValueError("wad sets this argument itself")
    return text


def language(text: str) -> str:
    """Read a language tag such as en or pt-BR."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", text):
        raise ValueError('expected a language such as "en" or "pt-BR"')
    return text
