"""The bench itself, with hardly anything of each part: it must not rot between the times somebody looks at its numbers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WADS = ["wad, chromium", "wad, chromium-headless-shell"]
PEERS = ["peer, chromium", "peer, chromium-headless-shell"]
PAIR = [WADS[0], PEERS[0]]
EXPRESS = [WADS[0], "Express alone"]
ROWS = {
    "start": {"start": WADS + PEERS, "start.cpu": WADS + PEERS},
    "memory": dict.fromkeys(
        ("memory.code", "memory.code.own", "memory.ready", "memory.ready.own"), WADS + PEERS
    ),
    "codes": {"codes.one": PAIR, "codes.many": PAIR},
    "status": dict.fromkeys(("status.200", "status.200.cpu", "status.304", "status.304.cpu"), EXPRESS),
    "messages": {
        **{f"messages.{name}": PAIR for name in ("event", "webhook", "answered", "sent")},
        "accepted": WADS[:1],
        "commits": ["SQLite"],
        "reading": WADS[:1],
        "health": WADS[:1],
    },
    "idle": {"idle.tree": WADS + PEERS, "idle.own": WADS + PEERS},
    "ready": {"ready": PAIR, "ready.no-autostart": WADS[:1], "import.all": WADS[:1]},
    "accounts": {
        f"accounts.{number}.{name}": [*WADS, PEERS[0]]
        for name in ("tree", "cpu", "per_gb")
        for number in (1, 2)
    },
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run all parts at once, which share what they start, and give the folder with the samples."""
    into = tmp_path_factory.mktemp("bench")
    argv = [sys.executable, HERE / "bench.py", "--quick", "--into", into]
    run = subprocess.run(argv, check=False, env=_environment(), capture_output=True, text=True, timeout=280)
    assert run.returncode == 0, run.stdout + run.stderr
    return into


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("part", ROWS)
def test_every_contestant_is_measured(measured, part):
    """Each part has a row for each contestant of each figure, with samples in it."""
    found: dict[str, list[str]] = {}
    for row in json.loads((measured / f"{part}.json").read_text())["rows"]:
        assert row["samples"]
        # Which packages are the dearest differs.
        if not row["figure"].startswith("import.") or row["figure"] == "import.all":
            found.setdefault(row["figure"], []).append(row["contestant"])

    assert ROWS[part] == found


def test_the_report_tells_of_every_part(measured, tmp_path):
    """The page gets a table behind each of its marks, and what people wrote stays."""
    page = Path(shutil.copy(ROOT / "docs" / "performance.md", tmp_path))
    before = page.read_text()
    argv = [sys.executable, HERE / "report.py", measured, page]
    run = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=60)
    after = page.read_text()

    assert (0, "") == (run.returncode, run.stderr)
    assert _written_by_people(before) == _written_by_people(after)
    for part, figures in ROWS.items():
        table = after.partition(f"<!-- bench: {part} -->")[2].partition("<!-- end -->")[0]
        assert sum(map(len, figures.values())) <= table.count("\n| ") - 2, part


def _written_by_people(page: str) -> list[str]:
    """Give what is outside the marks."""
    return [each.partition("<!-- end -->")[2] for each in page.split("<!-- bench: ")[1:]]
