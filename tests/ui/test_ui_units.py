"""The units of the page's scripts, as Node's own test runner runs them."""

import re
import subprocess

from ui_node import NODE, ROOT

TESTS = ROOT / "tests" / "ui" / "js"


def test_units():
    """All of the page's unit tests pass, there are some, and none was left out."""
    files = sorted(str(path) for path in TESTS.glob("*.test.mjs"))
    assert files, "there are no unit tests"

    ran = subprocess.run(
        [NODE, "--test", "--test-reporter=tap", *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    counts = {name: int(number) for name, number in re.findall(r"^# (\w+) (\d+)$", ran.stdout, re.MULTILINE)}

    assert 0 == ran.returncode, ran.stdout + ran.stderr
    assert counts["tests"] > 0
    assert (counts["tests"], 0, 0) == (counts["pass"], counts["skipped"], counts["todo"])
