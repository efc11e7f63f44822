"""The page for trying out, as it is served: whole, with the page's headers, and in memory only while it is sent."""

import asyncio
import weakref
from pathlib import Path

import pytest
from web_harness import hang_up, request_bytes

import wad.web
from wad.core.deadlines import Deadlines
from wad.web.apidocs import Shelf
from wad.web.pages import HEADERS

DOCS = Path(wad.web.__file__).parent / "docs"
NPM = Path(__file__).parents[1] / "openapi" / "node_modules" / "swagger-ui-dist"
BUNDLE = "vendor/swagger-ui-bundle.js"
PATHS = {"/docs" if name == "index.html" else f"/docs/{name}": DOCS / name for name in Shelf(1).names}


@pytest.mark.parametrize("path", PATHS)
async def test_a_file_is_sent_with_its_headers(io_loop, open_harness, path):
    """Each file comes whole, to everybody, with the headers of the page for people; 304 to whoever has it."""
    harness = open_harness(token="a-token-of-decent-length")

    answer = await harness.ask("GET", path)
    same = await harness.ask("GET", path, {"If-None-Match": answer.headers["ETag"]})

    assert (200, PATHS[path].read_bytes()) == (answer.status, answer.body)
    assert HEADERS.items() <= dict(answer.headers).items()
    assert (304, b"", answer.headers["ETag"]) == (same.status, same.body, same.headers["ETag"])


def test_all_that_it_needs_is_there():
    """The page, its script, and Swagger UI's two files are served; its licences are not."""
    assert {"index.html", "docs.js", BUNDLE, "vendor/swagger-ui.css"} == set(Shelf(1).names)


@pytest.mark.parametrize(
    "path", ["/docs/index.html", "/docs/vendor/LICENSE", "/docs/nothing.js", "/docs/../app.py"]
)
async def test_nothing_else_is_served(io_loop, harness, path):
    """There is no way to another file."""
    answer = await harness.ask("GET", path)

    assert (404, "not_found") == (answer.status, answer.json["code"])


async def test_a_slash_at_the_end(io_loop, harness):
    """Whoever types one is led, below any prefix, to the address the page's own ones are relative to."""
    answer = await harness.ask("GET", "/docs/")

    assert (308, "../docs") == (answer.status, answer.headers["Location"])


async def test_a_file_is_held_once_and_forgotten(io_loop):
    """While somebody holds a file the next one gets the same; then it is out of memory."""
    shelf = Shelf(Deadlines().save)

    first, second = await shelf.take(BUNDLE), await shelf.take(BUNDLE)
    same, during = first is second, shelf.held
    gone = asyncio.Event()
    # The thread that read it may be the last to let go.
    weakref.finalize(first, asyncio.get_running_loop().call_soon_threadsafe, gone.set)
    del first, second
    async with asyncio.timeout(30):
        await gone.wait()

    assert (True, [BUNDLE], []) == (same, during, shelf.held)


async def test_who_leaves_in_the_middle(io_loop, harness):
    """A client that goes away while a long file comes does no harm to the next."""
    reader, writer = await harness.dial()
    writer.write(request_bytes("GET", f"/docs/{BUNDLE}", {"Host": f"127.0.0.1:{harness.port}"}))
    await reader.readexactly(1000)
    await hang_up(writer)

    answer = await harness.ask("GET", f"/docs/{BUNDLE}")

    assert (200, PATHS[f"/docs/{BUNDLE}"].stat().st_size) == (answer.status, len(answer.body))


def test_it_is_npms():
    """Swagger UI's files are those of the npm package, whose version the tests pin, less the line about a map."""
    style, _, rest = (NPM / "swagger-ui.css").read_text().rpartition("/*# sourceMappingURL=")

    assert "swagger-ui.css.map*/" == rest.strip()
    assert style.strip() == (DOCS / "vendor" / "swagger-ui.css").read_text().strip()
    assert (NPM / "swagger-ui-bundle.js").read_bytes() == (DOCS / BUNDLE).read_bytes()
    for name, copied in {
        "LICENSE": "LICENSE",
        "NOTICE": "NOTICE",
        "swagger-ui-bundle.js.LICENSE.txt": "LICENSE.bundled",
    }.items():
        assert (NPM / name).read_text() == (DOCS / "vendor" / copied).read_text()
