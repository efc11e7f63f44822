"""The page on the architecture names what is there, and each room says what it is for."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_]+(?:/[a-z_]+)+\.(?:py|js))`", PAGE)))
ROOMS = sorted(path.parent for path in (ROOT / "wad").glob("*/__init__.py"))


@pytest.mark.parametrize("name", NAMED)
def test_named_file_is_there(name):
    """A file that the page names lies where it says."""
    assert (ROOT / "wad" / name).is_file()


def test_ways_name_their_files():
    """Each step on the way of an event, and of a request, names the file in which it happens."""
    steps = re.findall(r"^\d+\. .*", PAGE, re.MULTILINE)

    assert len(steps) > 10
    assert [] == [step for step in steps if not any(f"`{name}`" in step for name in NAMED)]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_room(room):
    """A room has its row on the page, and a docstring that says more than its name."""
    summary, _, rules = (ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or "").partition(
        "\n\n"
    )

    assert f"| `{room.name}/` | {summary} |" in PAGE
    assert "import" in rules


def test_top():
    """Beside the rooms lie the command and the composition root alone."""
    files = {path.name for path in (ROOT / "wad").glob("*.py")}

    assert {"__init__.py", "__main__.py", "cli.py", "main.py", "daemon.py", "frontends.py"} == files
