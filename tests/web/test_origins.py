"""Who may ask: the allow-list of origins and the accepted hosts."""

import pytest

from wad.config import load
from wad.config.origin_patterns import parse_origin
from wad.web.origins import host_allowed, origin_allowed, own_origin

LISTED = "https://2wix.ru,https://*.example.org,http://localhost:5173,http://*.localhost:8080,capacitor://localhost,http://[::1]:8080"


def configured(**env: str):
    """Load a configuration from these keys of [http]."""
    return load({}, {f"WAD_HTTP_{name.upper()}": text for name, text in env.items()})


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://2wix.ru", True),
        ("HTTPS://2Wix.ru", True),
        ("http://2wix.ru", False),
        ("https://2wix.ru:8443", False),
        ("https://2wix.ru.evil.org", False),
        ("https://evil-2wix.ru", False),
        ("https://www.2wix.ru", False),
        ("https://2wix.ru/", False),
        ("https://2wix.ru\n", False),
        ("https://2wixxru", False),
        ("https://a.example.org", True),
        ("https://a-1.example.org", True),
        ("https://example.org", False),
        ("https://.example.org", False),
        ("https://a.b.example.org", False),
        ("https://a.exampleXorg", False),
        ("https://evil.org#.example.org", False),
        ("https://evil.org/.example.org", False),
        ("https://u@a.example.org", False),
        ("http://localhost:5173", True),
        ("http://localhost", False),
        ("http://a.localhost:8080", True),
        ("capacitor://localhost", True),
        ("http://[::1]:8080", True),
        ("http://:8080", False),
        ("null", False),
        ("", False),
    ],
)
def test_the_allow_list(origin, allowed):
    """An origin is covered as a whole or not at all."""
    assert allowed == origin_allowed(configured(allowed_origins=LISTED), origin)


@pytest.mark.parametrize("origin", ["null", "", "https://2wix.ru"])
def test_an_empty_list_lets_nobody_in(origin):
    """Without a list, no origin is on it."""
    assert not origin_allowed(configured(), origin)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("https://2wix.ru", "https://2wix.ru"),
        ("HTTPS://2WIX.ru:443", "https://2wix.ru"),
        ("http://x.org:80", "http://x.org"),
        ("http://x.org:443", "http://x.org:443"),
        ("http://[0:0::1]:3000", "http://[::1]:3000"),
        ("https://*.Example.org:8443", "https://*.example.org:8443"),
    ],
)
def test_an_entry_is_kept_as_browsers_write_it(text, parsed):
    """Lower case, and without the scheme's usual port."""
    assert parsed == parse_origin(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("null", "cannot be allowed"),
        ("*", "expected an origin"),
        ("2wix.ru", "expected an origin"),
        ("//2wix.ru", "expected an origin"),
        ("https://", "expected an origin"),
        ("https://2wix.ru:", "expected an origin"),
        ("https://u:p@2wix.ru", "expected an origin"),
        ("https://2wix.ru/", 'write "https://2wix.ru"'),
        ("https://2wix.ru/app", "no path"),
        ("https://2wix.ru?x", "no path"),
        ("https://2wix.ru?", "no path"),
        ("https://2wix.ru#", "no path"),
        ("https://2wix.ru:http", "Port could not be cast"),
        ("https://2wix.ru:99999", "Port out of range"),
        ("https://*", "leading label"),
        ("https://a*.example.org", "leading label"),
        ("https://a.*.example.org", "leading label"),
        ("https://*.*.example.org", "only the leading label"),
        ("https://*.org", "would let in every site under .org"),
        ("https://пример.рф", 'write "xn--e1afmkfd.xn--p1ai"'),
        ("https://a b.org", "expected an origin"),
        ("https://[::1", "Invalid IPv6"),
        ('https://x.org"; evil', "expected an origin"),
    ],
)
def test_an_entry_that_is_no_origin_is_refused(text, said):
    """The sentence says what would be right."""
    with pytest.raises(ValueError, match=r".+") as caught:
        parse_origin(text)

    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("env", "host", "allowed"),
    [
        ({}, "127.0.0.1:3002", True),
        ({}, "localhost", True),
        ({}, "LocalHost.:80", True),
        ({}, "[::1]:3002", True),
        ({}, "evil.org", False),
        ({}, "127.0.0.1.evil.org", False),
        ({}, "evil.org:127.0.0.1", False),
        ({}, "localhost@evil.org", False),
        ({}, "localhost/evil.org", False),
        ({}, "", False),
        ({}, ":3002", False),
        ({"public_url": "https://wad.example.org"}, "wad.example.org", True),
        ({"public_url": "https://wad.example.org"}, "localhost", True),
        ({"public_url": "https://wad.example.org:8443"}, "wad.example.org:8443", True),
        ({"public_url": "https://wad.example.org:8443"}, "wad.example.org", False),
        ({"allowed_hosts": "a.org"}, "a.org:81", True),
        ({"allowed_hosts": "a.org"}, "localhost", False),
        ({"allowed_hosts": "a.org:81"}, "a.org:82", False),
    ],
)
def test_accepted_hosts(env, host, allowed):
    """A host is accepted by its name, whatever the port, unless the entry has one."""
    assert allowed == host_allowed(configured(**env), host)


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://localhost:3002", True),
        ("HTTP://LOCALHOST:3002", True),
        ("https://localhost:3002", False),
        ("http://localhost", False),
        ("null", False),
    ],
)
def test_the_requests_own_origin(origin, own):
    """Scheme, host and port must be those of the request."""
    assert own == own_origin("http", "localhost:3002", origin)
