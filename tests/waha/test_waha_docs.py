"""docs/waha.md: its tables are the routes', and there is no operation of WAHA's that they leave out."""

import inspect
import re
from pathlib import Path

import pytest
from waha.generated import api
from waha_harness import CHAT, speaking

from wad.config import load
from wad.waha.events import EVENTS
from wad.web.waha.routes import TABLE

PAGE = (Path(__file__).parents[2] / "docs/waha.md").read_text(encoding="utf-8")
_OPERATION = re.compile(r"`((?:GET|POST|PUT|DELETE) /[^`]+)`")


def section(title):
    """Give the rows of the first table below a heading, as lists of cells."""
    text = PAGE.split(f"\n{title}\n", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", text, re.MULTILINE)[0]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()[2:]]


def operations(rows):
    """Give the operations of a table's rows, in order."""
    return [name for row in rows for name in _OPERATION.findall(row[0])]


def test_what_is_there():
    """Each operation that has a function has a row, which says whether it is the same, or how it differs."""
    rows = section("## Operations")

    assert sorted(operations(rows)) == sorted(f"{row.method} {row.path}" for row in TABLE if row.run)
    assert {row[1] for row in rows} == {"same", "different"}
    assert [row for row in rows if row[1] == "different" and not row[2]] == []


def test_what_is_not_there():
    """Each that is answered with 501."""
    found = operations(section("### Not there"))

    assert sorted(found) == sorted(f"{row.method} {row.path}" for row in TABLE if row.run is None)


def nameless(operation):
    """Give an operation without the names in its path."""
    return re.sub(r"\{\w+\}", "{}", operation)


def test_none_of_wahas_is_left_out():
    """A client that was made from WAHA's description knows no operation that has no row."""
    source = inspect.getsource(api)
    asked = re.findall(r'url = f?"([^"]+)".*?\.a?request\(\s*"([A-Z]+)"', source, re.DOTALL)
    found = {nameless(f"{method} {path}") for path, method in asked}

    assert len(found) > 150
    assert found - {nameless(f"{row.method} {row.path}") for row in TABLE} == set()


def test_events():
    """Each event has a row."""
    rows = section("## Webhooks")

    assert [row[0].strip("`") for row in rows] == list(EVENTS)


def test_it_is_off_unless_it_is_switched_on(tmp_path):
    """By the very lines that the page shows."""
    lines = re.search(r"```toml\n(\[waha\]\n.*?)```", PAGE, re.DOTALL)[1]
    file = tmp_path / "wad.toml"
    file.write_text(lines)

    assert not load().waha.enabled
    assert load(file=file).waha.enabled


@pytest.mark.parametrize("public", [None, "https://wad.example.org", "https://wad.example.org/accounts/b"])
def test_its_address(public):
    """Follows from the public one, or from where wad listens."""
    env = {"WAD_HTTP_PUBLIC_URL": public} if public else {"WAD_HTTP_LISTEN": "0.0.0.0:3102"}

    assert load(env=env).waha_url == f"{public or 'http://127.0.0.1:3102'}/waha"


async def test_the_example(io_loop, tmp_path):
    """What the page sends is taken."""
    body = re.search(r"-d '(\{.*?\})'", PAGE)[1]
    async with speaking(tmp_path) as told:
        code, sent = await told.ask("POST", "/api/sendText", body.encode())

    assert (code, sent["body"], sent["to"] != CHAT) == (201, "Hello", True)
