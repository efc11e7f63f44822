"""What the network's errors mean."""

import pytest

from wad.core.events import Blocked, Failed
from wad.core.reasons import Reason
from wad.core.status import Blockage
from wad.page.network_errors import forbidden, of_navigation, of_redirection, of_status, without_query

URL = "https://web.whatsapp.com/path?secret=1#more"
CLEAN = "https://web.whatsapp.com/path"

UNREACHABLE = [
    "net::ERR_NAME_NOT_RESOLVED",
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_CONNECTION_RESET",
    "net::ERR_CONNECTION_TIMED_OUT",
    "net::ERR_ADDRESS_UNREACHABLE",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_SOMETHING_NEW",
]
FORBIDDEN = [
    "net::ERR_BLOCKED_BY_CLIENT",
    "net::ERR_BLOCKED_BY_ADMINISTRATOR",
    "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin",
    "net::ERR_CERT_AUTHORITY_INVALID",
    "net::ERR_PROXY_CONNECTION_FAILED",
    "net::ERR_TUNNEL_CONNECTION_FAILED",
    "net::ERR_SSL_PROTOCOL_ERROR",
    "net::ERR_TOO_MANY_REDIRECTS",
]


@pytest.mark.parametrize("error", UNREACHABLE)
def test_nobody_is_reached(error):
    """An error that names nobody who forbids it is the network's."""
    assert Failed(Reason.NETWORK_UNREACHABLE) == of_navigation(error, URL)
    assert not forbidden(error)


@pytest.mark.parametrize("error", FORBIDDEN)
def test_somebody_forbids_it(error):
    """An error by which somebody stands between is told with its name and its address, without the query."""
    expected = Blocked(Reason.HOSTS_BLOCKED, Blockage(error.removeprefix("net::"), CLEAN))

    assert expected == of_navigation(error, URL)
    assert forbidden(error)


def test_a_navigation_that_was_replaced():
    """A document that made way for another one is no fault."""
    assert of_navigation("net::ERR_ABORTED", URL) is None


@pytest.mark.parametrize(
    "url",
    ["https://portal.example/login?token=1", "http://10.0.0.1:8080/", "https://whatsapp.com.evil.example/"],
)
def test_a_page_of_somebody_else(url):
    """Where a portal leads is told, without the query."""
    expected = Blocked(Reason.HOSTS_BLOCKED, Blockage("REDIRECTED", without_query(url)))

    assert expected == of_redirection("web.whatsapp.com", url)


@pytest.mark.parametrize(
    "url", ["https://www.whatsapp.com/x", "about:blank", "chrome-error://chromewebdata/", ""]
)
def test_a_page_of_the_family(url):
    """WhatsApp's own hosts, and what belongs to none, are nobody's who forbids."""
    assert of_redirection("web.whatsapp.com", url) is None


@pytest.mark.parametrize("status", [200, 204, 301, 304, 400, 404, 429])
def test_a_status_that_is_fine(status):
    """What a page may answer with is no fault of the network's."""
    assert of_status(status, URL) is None


@pytest.mark.parametrize("status", [401, 403, 407, 451])
def test_a_status_that_forbids(status):
    """A refusal in WhatsApp's place is somebody's who forbids it."""
    assert Blocked(Reason.HOSTS_BLOCKED, Blockage(f"HTTP_{status}", CLEAN)) == of_status(status, URL)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_status_of_the_servers(status):
    """A server's own fault is a service that is unavailable."""
    assert Failed(Reason.SERVICE_UNAVAILABLE) == of_status(status, URL)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (URL, CLEAN),
        ("https://web.whatsapp.com", "https://web.whatsapp.com"),
        ("https://user:secret@host:8443/a?b#c", "https://host:8443/a"),
        ("http://[::1]:3002/x?y", "http://[::1]:3002/x"),
        ("chrome-error://chromewebdata/", "chrome-error://chromewebdata/"),
        ("data:text/html,secret", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_an_address_without_its_secrets(url, expected):
    """Neither query, fragment nor password is kept; an address that cannot be read is not shown."""
    assert expected == without_query(url)
