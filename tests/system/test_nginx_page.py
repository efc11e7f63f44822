"""The page for people through the shipped site: the same files with the same headers, at the root and below accounts."""

import http.client

import pytest
from nginx_harness import ask_unix

from wad.web.pages import page_files

PATHS = ["/" if name == "index.html" else f"/ui/{name}" for name in page_files()]
# The page for trying out, and a file of it that is sent in many pieces.
PATHS += ["/docs", "/docs/vendor/swagger-ui-bundle.js"]
# What nginx writes itself, and what belongs to one connection, or to one answer.
OWN = {"connection", "date", "server", "vary", "x-request-id", "etag", "content-length", "transfer-encoding"}


def of_page(headers: http.client.HTTPMessage) -> list[tuple[str, str]]:
    """Give the headers that are the daemon's word, each as often as it was sent."""
    return sorted((name.lower(), value) for name, value in headers.items() if name.lower() not in OWN)


@pytest.mark.parametrize("prefix", ["", "/accounts/second"])
@pytest.mark.parametrize("path", PATHS)
def test_page_comes_through_as_it_is(up, path, prefix):
    """Each file, and each header about it, comes through once and unchanged, with a token configured or not."""
    direct = ask_unix(up.socket, "GET", path, {})
    through = up.nginx.ask("GET", f"{prefix}{path}")

    assert (200, direct.body) == (through.code, through.body)
    assert of_page(direct.headers) == of_page(through.headers)
    assert "content-security-policy" in dict(of_page(through.headers))
    assert ["Origin"] == through.headers.get_all("Vary")


@pytest.mark.parametrize("prefix", ["", "/accounts/second"])
@pytest.mark.parametrize("path", PATHS)
def test_page_is_not_sent_twice(up, path, prefix):
    """A browser's copy is confirmed through nginx, too, with the headers that browsers then take over."""
    etag = up.nginx.ask("GET", f"{prefix}{path}").headers["ETag"]

    answer = up.nginx.ask("GET", f"{prefix}{path}", {"If-None-Match": etag})

    assert (304, b"") == (answer.code, answer.body)
    assert 1 == len(answer.headers.get_all("Content-Security-Policy"))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/ui/../wad.conf", "not_found"),
        ("/ui/..%2fapp.py", "not_found"),
        ("/accounts/second/ui/../../../app.py", "not_found"),
        ("/accounts/second/ui/nothing.js", "not_found"),
        ("/ui/", "not_found"),
        ("/accounts/nobody/", "not_found"),
        ("/accounts/nobody/ui/style.css", "not_found"),
        # What leads out of the tree is no address at all.
        ("/ui/%2e%2e/%2e%2e/etc/passwd", "bad_request"),
        ("/../ui/style.css", "bad_request"),
        ("/ui/%00", "bad_request"),
    ],
)
def test_nothing_else_comes_through(up, path, code):
    """However an address is spelt, it leads to a file of the page or to a refusal in wad's shape."""
    answer = up.nginx.ask("GET", path)

    assert ({"not_found": 404, "bad_request": 400}[code], code) == (answer.code, answer.json["code"])


@pytest.mark.parametrize("name", ["second", "down"])
def test_account_without_slash_is_led_to_the_page(up, name):
    """Relative addresses need the slash; the redirect names no host, so it holds behind any other proxy."""
    answer = up.nginx.ask("GET", f"/accounts/{name}")

    assert (308, f"/accounts/{name}/") == (answer.code, answer.headers["Location"])


@pytest.mark.parametrize("path", ["/", "/ui/style.css", "/accounts/down/"])
def test_page_without_its_daemon_is_refused(down, up, path):
    """With the daemon down there is no page: nothing of it is ever nginx's own or an old copy."""
    harness = up if path.startswith("/accounts") else down
    answer = harness.nginx.ask("GET", path)

    assert (503, "daemon_unavailable") == (answer.code, answer.json["code"])
    assert ["nosniff"] == answer.headers.get_all("X-Content-Type-Options")
    assert ["no-referrer"] == answer.headers.get_all("Referrer-Policy")
