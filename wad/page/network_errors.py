"""What a network error of the page means: nobody can be reached, or somebody forbids it.

The names are Chromium's own (``net_error_list.h``), as Page.navigate and Network.loadingFailed give them.
"""

from urllib.parse import urlsplit, urlunsplit

from wad.core.events import Blocked, Failed
from wad.core.reasons import Reason
from wad.core.status import Blockage

# A firewall, a filter, a proxy or a captive portal answers in WhatsApp's place.
_FORBIDDEN = (
    "net::ERR_BLOCKED_BY",
    "net::ERR_CERT_",
    "net::ERR_PROXY_",
    "net::ERR_TUNNEL_CONNECTION_FAILED",
    "net::ERR_SSL_",
    "net::ERR_TOO_MANY_REDIRECTS",
)
# The navigation was replaced by another one, or its document is a download: the network is fine.
_HARMLESS = ("net::ERR_ABORTED",)
# HTTP's own words for "not here", for reasons of law or policy, or from a proxy that wants a password.
_FORBIDDEN_STATUS = frozenset({401, 403, 407, 451})
# Only what the page cannot do without: a missing picture or a blocked tracker is no reason.
CRITICAL_TYPES = frozenset({"Document", "Script"})


def without_query(url: str) -> str:
    """Give `url` without password, query and fragment, which can be secret; nothing of one without a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", "")) if host else ""


def forbidden(error: str) -> bool:
    """Whether a network error's name says that somebody forbids the request."""
    return error.startswith(_FORBIDDEN)


def of_navigation(error: str, url: str) -> Failed | Blocked | None:
    """Give the event for a document that did not load; None where that means nothing."""
    if error.startswith(_HARMLESS):
        return None
    if forbidden(error):
        return Blocked(Reason.HOSTS_BLOCKED, Blockage(error.removeprefix("net::"), without_query(url)))
    return Failed(Reason.NETWORK_UNREACHABLE)


def of_redirection(home: str, url: str) -> Blocked | None:
    """Give the event for a first document at `url` where that of the host `home` was asked for.

    Captive portals lead there. None for WhatsApp's other hosts, and for what has no host: an error's page.
    """
    host = urlsplit(url).netloc
    if not host or urlsplit(url).scheme not in {"http", "https"} or _kin(host) == _kin(home):
        return None
    return Blocked(Reason.HOSTS_BLOCKED, Blockage("REDIRECTED", without_query(url)))


def _kin(host: str) -> list[str]:
    """Give the labels that a name shares with its relatives: whatsapp and com, of web.whatsapp.com."""
    return host.rpartition("@")[2].partition(":")[0].split(".")[-2:]


def of_status(status: int, url: str) -> Failed | Blocked | None:
    """Give the event for the HTTP status of the page's document; None for one that is fine."""
    if status >= 500:  # noqa: PLR2004 - HTTP's class of server errors
        return Failed(Reason.SERVICE_UNAVAILABLE)
    if status in _FORBIDDEN_STATUS:
        return Blocked(Reason.HOSTS_BLOCKED, Blockage(f"HTTP_{status}", without_query(url)))
    return None
