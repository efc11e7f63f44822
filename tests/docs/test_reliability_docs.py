"""The table of docs/reliability.md: each fault has a test, and the tests that it names exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
LINES = PAGE.replace("| |", "|  |").splitlines()
ROWS = [line.strip("|").strip().split(" | ") for line in LINES if re.match(r"\| \d", line)]
FILES = {path.name: path for path in (ROOT / "tests").glob("*/test_*.py")}


def test_rows_are_numbered():
    """One after the other, so that each can be spoken of; each has its five cells."""
    assert list(range(1, len(ROWS) + 1)) == [int(row[0]) for row in ROWS]
    assert {5} == {len(row) for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_its_test_exists(row):
    """A file, or a function in it; a script may be named besides."""
    named = re.findall(r"`(?:tests/\w+/)?(\w+\.py)(?:::(\w+))?`", row[-1])

    assert named
    for file, function in named:
        source = FILES[file].read_text("utf-8")
        assert not function or f"def {function}(" in source
