"""The pages made from the tables are what the tables say, and the script tells when they are not."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from wad.core.reasons import REASONS
from wad.core.status import Phase
from wad.core.transitions import EVENT_TYPES

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("states.md", "reasons.md", "architecture.md")


def diagram(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script from elsewhere, as a person might."""
    command = [sys.executable, ROOT / "script" / "diagram", *arguments]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, timeout=60)


def test_pages_are_fresh():
    """The pages in the tree are what the tables say: whoever changes a table runs script/diagram."""
    result = diagram("--check")

    assert result.stderr == ""
    assert result.returncode == 0


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "spoil", [lambda path: path.write_text("old"), Path.unlink], ids=["changed", "missing"]
)
def test_stale_page_is_told(tmp_path, page, spoil):
    """A page that was changed or is missing is named, the exit code is 1, and nothing is written."""
    diagram("--directory", str(tmp_path))
    spoil(tmp_path / page)
    before = {path: path.read_text() for path in tmp_path.iterdir()}
    result = diagram("--check", "--directory", str(tmp_path))

    assert result.returncode == 1
    assert f"{tmp_path / page} is stale: run script/diagram\n" == result.stderr
    assert before == {path: path.read_text() for path in tmp_path.iterdir()}


def test_states_page_names_everything():
    """Every phase and every event is on the page; every phase stands in exactly one frame of the picture."""
    page = (ROOT / "docs" / "states.md").read_text()
    frames = re.findall(r"subgraph \w+\[.*?\]\n(.*?)\n    end", page, re.DOTALL)

    assert sorted(Phase) == sorted(" ".join(frames).split())
    assert all(kind.__name__ in page for kind in EVENT_TYPES)


def test_reasons_page_names_everything():
    """Every reason has its line with all that is told of it."""
    page = (ROOT / "docs" / "reasons.md").read_text()
    lines = [
        f"| `{reason}` | `{row.state}` | {row.sentence} | {row.action} | {row.retry} |"
        for reason, row in REASONS.items()
    ]

    assert set(lines) <= set(page.splitlines())
