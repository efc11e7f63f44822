"""The page for people, as it is served: every file, its headers, and nothing that is no file of it."""

import re
from pathlib import Path

import pytest

import wad.web
from wad.web.pages import HEADERS, page_files

UI = Path(wad.web.__file__).parent / "ui"
PEER = Path(__file__).parents[1] / "gateway" / "node_modules" / "socket.io-client" / "dist"
CLIENT = "socket.io.esm.min.js"
CONTENT_TYPES = {
    ".css": "text/css; charset=UTF-8",
    ".html": "text/html; charset=UTF-8",
    ".js": "text/javascript; charset=UTF-8",
    ".svg": "image/svg+xml",
}
# What lies beside the files without being one of the page's.
NOT_SERVED = {"LICENSE", "README.md", "package.json"}
PATHS = {"/" if name == "index.html" else f"/ui/{name}": UI / name for name in page_files()}
EXPECTED = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-site",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def test_all_files_are_served():
    """Whatever lies in the page's folder is served, but for the vendored client's papers."""
    lying = {path.relative_to(UI).as_posix() for path in UI.rglob("*") if path.is_file()}

    assert {name for name in lying if Path(name).name not in NOT_SERVED} == set(page_files())


@pytest.mark.parametrize("path", PATHS)
async def test_a_file_is_sent_with_its_headers(io_loop, open_harness, path):
    """Each file comes whole, to everybody, with its type and the headers that keep foreign code out."""
    harness = open_harness(token="a-token-of-decent-length")

    answer = await harness.ask("GET", path)

    assert (200, PATHS[path].read_bytes()) == (answer.status, answer.body)
    assert CONTENT_TYPES[PATHS[path].suffix] == answer.headers["Content-Type"]
    assert {name: [value] for name, value in EXPECTED.items()} == {
        name: answer.headers.get_list(name) for name in EXPECTED
    }


@pytest.mark.parametrize("path", PATHS)
async def test_who_has_a_file_gets_304(io_loop, harness, path):
    """A copy is used only after asking; the answer has the page's headers, too, for browsers keep those."""
    etag = (await harness.ask("GET", path)).headers["ETag"]

    same = await harness.ask("GET", path, {"If-None-Match": etag})
    other = await harness.ask("GET", path, {"If-None-Match": '"another"'})

    assert (304, b"", etag) == (same.status, same.body, same.headers["ETag"])
    assert EXPECTED.items() <= dict(same.headers).items()
    assert 200 == other.status


@pytest.mark.parametrize(
    ("headers", "heeded"),
    [
        ({"Host": "localhost"}, True),
        ({"Host": "[::1]:3002"}, True),
        ({"Host": "wad.example.org"}, False),
        ({"Host": "127.0.0.1.wad.example.org"}, False),
        ({"X-Forwarded-Proto": "https", "X-Forwarded-Host": "wad.example.org"}, True),
        ({"X-Forwarded-Proto": "http", "X-Forwarded-Host": "wad.example.org"}, False),
    ],
)
async def test_openers_are_shut_out_where_browsers_heed_it(io_loop, harness, headers, heeded):
    """Over plain HTTP from another machine the header would be ignored, with a complaint in the console."""
    answer = await harness.ask("GET", "/", headers, unix=True)

    assert (200, heeded) == (answer.status, "Cross-Origin-Opener-Policy" in answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/ui",
        "/ui/",
        "/ui/index.html",
        "/ui/nothing.js",
        "/ui/vendor",
        "/ui/vendor/LICENSE",
        "/ui/vendor/README.md",
        "/ui/../app.py",
        "/ui/%2e%2e/app.py",
        "/ui/..%2fapp.py",
        "/ui/vendor%2fsocket.io.esm.min.js",
        "/ui//vendor/socket.io.esm.min.js",
        "/ui/vendor/../../app.py",
        "/ui/vendor/socket.io.esm.min.js%00",
        "//",
    ],
)
async def test_nothing_else_is_served(io_loop, harness, path):
    """There is no way to another file, however it is spelt; the refusal is JSON, and never kept."""
    answer = await harness.ask("GET", path)

    assert (404, "not_found") == (answer.status, answer.json["code"])
    assert "no-store" == answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/nothing", "/ui/nothing.js", "/livez", "/whatsapp/status", "/api/whatsapp/qr.png"]
)
async def test_other_answers_are_no_page(io_loop, harness, path):
    """No other answer is sniffed into a page, or tells another site where its reader came from."""
    answer = await harness.ask("GET", path)

    assert ["nosniff"] == answer.headers.get_list("X-Content-Type-Options")
    assert ["no-referrer"] == answer.headers.get_list("Referrer-Policy")


async def test_a_foreign_host_gets_no_page(io_loop, harness):
    """A page elsewhere that rebinds its name to our address does not get ours, nor its files."""
    for path in PATHS:
        answer = await harness.ask("GET", path, {"Host": "rebound.example"})

        assert (421, "host_refused") == (answer.status, answer.json["code"])


def test_the_policy_lets_nothing_in_but_our_own():
    """No source but ourselves is named anywhere: no host, no wildcard, no inline code, no eval.

    Pictures and sounds may come out of the page's own memory, scripts may not.
    """
    sources = set(re.findall(r"[^ ;]+", HEADERS["Content-Security-Policy"]))
    names = {
        word for word in sources if word.endswith(("-src", "-uri", "-action", "-ancestors", "-types", "-for"))
    }

    assert {"'self'", "'none'", "'script'", "data:", "blob:"} == sources - names


def test_the_vendored_client_is_npms():
    """The client is the file of the npm package, whose version the tests pin, less the line about its map."""
    package = (PEER / CLIENT).read_text()
    whole, _, rest = package.rpartition("//# sourceMappingURL=")

    assert f"{CLIENT}.map" == rest.strip()
    assert whole == (UI / "vendor" / CLIENT).read_text()
    assert "Permission is hereby granted, free of charge" in (UI / "vendor" / "LICENSE").read_text()
