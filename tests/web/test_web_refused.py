"""Refused origins and hosts: a line for each, and words that explain."""

import pytest
import structlog
from frontend_harness import HOST, LISTED
from web_harness import configured

from wad.web.refused import Refused
from wad.web.site_family import same_family

START = "/api/whatsapp/start"
STRANGER = "https://2wix.ru"
ADD_ORIGIN = {"event": "origin_refused", "log_level": "warning", "add_to": "[http] allowed_origins"}


def refusals(logged):
    """Give the lines about refusals."""
    return [line for line in logged if "refus" in line["event"]]


@pytest.mark.parametrize("verb", ["GET", "POST", "OPTIONS"])
async def test_a_refused_origin_is_one_line(io_loop, harness, verb):
    """A page that may not ask is named with the setting, once, whatever it asks and how often."""
    with structlog.testing.capture_logs() as logged:
        for _ in range(3):
            await harness.ask(verb, START if verb == "POST" else "/health", {"Origin": STRANGER})

    assert [{**ADD_ORIGIN, "origin": STRANGER}] == refusals(logged)


async def test_each_origin_has_its_line(io_loop, harness):
    """Each origin has its own line; those who may ask have none."""
    origins = (STRANGER, "null", LISTED, f"http://127.0.0.1:{harness.port}", f"https://{HOST}")
    with structlog.testing.capture_logs() as logged:
        for origin in origins:
            await harness.ask("POST", START, {"Origin": origin})

    assert [STRANGER, "null"] == [line["origin"] for line in refusals(logged)]


async def test_a_refused_host_is_one_line(io_loop, harness):
    """A foreign name is told with the setting and what is accepted now; its own page's origin is not at fault."""
    headers = {"Host": "rebound.example:3002", "Origin": "http://rebound.example:3002"}
    with structlog.testing.capture_logs() as logged:
        for verb in ("GET", "POST"):
            await harness.ask(verb, START, headers)

    assert [
        {
            "event": "host_refused",
            "log_level": "warning",
            "host": "rebound.example:3002",
            "add_to": "[http] allowed_hosts",
            "accepted": ["localhost", "127.0.0.1", "[::1]", HOST],
        }
    ] == refusals(logged)


async def test_a_reload_tells_anew(io_loop, harness):
    """What is still refused after a reload is told again; what was added is not."""
    with structlog.testing.capture_logs() as logged:
        for origins in (LISTED, f"{LISTED},{STRANGER}"):
            harness.guard.adopt(configured(allowed_origins=origins), None)
            for origin in (STRANGER, "https://other.example"):
                await harness.ask("GET", "/health", {"Origin": origin})

    assert [STRANGER, "https://other.example", "https://other.example"] == [
        line["origin"] for line in refusals(logged)
    ]


def test_bounded():
    """Whoever makes up names without end gets so many lines and a last one; nothing more is remembered."""
    refused = Refused(most=2)
    with structlog.testing.capture_logs() as logged:
        for number in range(10):
            refused.host(f"h{number}.example", ())

    assert ["host_refused", "host_refused", "refusals_untold"] == [line["event"] for line in logged]


@pytest.mark.parametrize("text", ["", "a b", "x\ny", "https://a/token", "https://u:p@a", "h" * 281, "é"])
def test_only_names_are_told(text):
    """What could not be written into the setting is not written into the log."""
    with structlog.testing.capture_logs() as logged:
        Refused().origin(text)
        Refused().host(text, ())

    assert [] == logged


FAMILY = ["https://2wix.ru", "http://api.2wix.ru:8080", "https://api.2wix.ru:8443", "https://www.2wix.ru"]


@pytest.mark.parametrize("origin", [*FAMILY, "https://evil.example"])
async def test_a_start_from_ones_own_site(io_loop, open_harness, origin):
    """A page of wad's own site on another origin learns that it is one, and what to do."""
    harness = open_harness(settings={"public_url": "https://api.2wix.ru"})
    answer = await harness.ask("POST", START, {"Host": "api.2wix.ru", "Origin": origin})

    assert (403, "origin_refused") == (answer.status, answer.json["code"])
    assert (origin in FAMILY) == ("the same site as https://api.2wix.ru" in answer.json["error"])
    assert "allowed_origins" in answer.json["error"]


FAMILIES = [
    ("https://a.example.co.uk", "https://b.example.co.uk", True),
    ("https://a.co.uk", "https://b.co.uk", False),
    ("https://a.github.example", "https://b.github.example", True),
    ("http://localhost:5173", "http://localhost:3002", True),
    ("http://10.8.0.1:80", "http://10.8.0.1:3002", True),
    ("http://10.8.0.2", "http://11.8.0.2", False),
    ("http://[fd00::1]:80", "http://[fd00::1]", True),
    ("https://ru", "https://2wix.ru", False),
    ("null", "https://2wix.ru", False),
    ("https://[", "https://2wix.ru", False),
]


@pytest.mark.parametrize(("origin", "url", "expected"), FAMILIES)
def test_family(origin, url, expected):
    """Scheme, port and subdomain do not part a site; a country's registry does, and so does any address."""
    assert expected == same_family(origin, url)
