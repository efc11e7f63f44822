"""The table and its runner; and wadctl's way of printing."""

import ast
import json
import os
import re
import sys
import threading
import time
from pathlib import Path

import pytest
from doctor_harness import make_case

from wad.ctl import diagnosis
from wad.ctl.screen import Screen
from wad.ctl.socket_path import Place
from wad.doctor import CHECKS, finding
from wad.doctor.table import Check, run_checks
from wad.store.file import FILE, open_file

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "control.md"


def test_names():
    """No two checks share a name, each says what it looks at, and the page describes all, in order."""
    names = [check.name for check in CHECKS]
    part = PAGE.read_text("utf-8").partition("### doctor")[2].partition("## Without")[0]

    assert sorted(set(names)) == sorted(names)
    assert all(check.about for check in CHECKS)
    assert names == re.findall(r"^\| `([a-z-]+)` \|", part, re.MULTILINE)


@pytest.mark.parametrize("path", sorted((ROOT / "wad" / "doctor").glob("*.py")), ids=lambda path: path.name)
def test_no_hint_forgets_the_account(path):
    """Hints are made by `Case.wadctl`; a command written out would be the first account's."""
    told = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert [] == [text for text in told if "``" not in text and re.search(r"wadctl [a-z]", text)]


def test_hangs_and_fails(folder):
    """A check that hangs is given up on with what it found so far, and one that fails costs only itself."""
    let_go = threading.Event()

    def hang(_):
        yield finding.ok("so far")
        let_go.wait()

    def break_(_):
        yield finding.ok("first")
        raise ZeroDivisionError

    def be_well(_):
        yield finding.ok("well")

    checks = (Check("a", "", hang), Check("b", "", break_), Check("c", "", be_well))
    found = [(name, each.said) for name, each in run_checks(make_case(folder), checks, time.monotonic() + 1)]
    let_go.set()

    assert [
        ("a", "so far"),
        ("a", "not done in time"),
        ("b", "first"),
        ("b", "the check itself failed (ZeroDivisionError)"),
        ("c", "well"),
    ] == found


OK, WARN, SKIPPED = finding.ok("fine"), finding.warn("hm", "do"), finding.skipped("not seen")
FAIL, DENIED = finding.fail("bad", "mend"), finding.fail("closed", "be root", denied=True)
ENDS = [([OK, WARN, SKIPPED], 0), ([OK, FAIL], 1), ([FAIL, DENIED], 1), ([OK, DENIED], 4)]


def shown(monkeypatch, capsys, found, *, as_json):
    """Give the exit code and what is printed for these findings."""
    monkeypatch.setattr("wad.doctor.diagnose", lambda _, **__: [("disk", each) for each in found])
    code = diagnosis.show(Place(Path("/none")), Screen({}), as_json=as_json)
    return code, capsys.readouterr().out


@pytest.mark.parametrize(("found", "code"), ENDS)
def test_exit(monkeypatch, capsys, found, code):
    """It fails if something failed, and with a code of its own if only a right is missing."""
    assert code == shown(monkeypatch, capsys, found, as_json=False)[0]


def test_lines(monkeypatch, capsys):
    """Lines are aligned, what to do stands below, and nothing in them commands the terminal."""
    _, out = shown(monkeypatch, capsys, [OK, finding.warn("hm\x1b[2J", "do\nthat")], as_json=False)

    assert "ok      disk       fine\nwarn    disk       hm?[2J\n                   do?that\n" == out


def test_json(monkeypatch, capsys):
    """With --json each finding is an object on a line of its own."""
    _, out = shown(monkeypatch, capsys, [OK, FAIL], as_json=True)

    assert [
        {"check": "disk", "verdict": "ok", "said": "fine", "action": None},
        {"check": "disk", "verdict": "fail", "said": "bad", "action": "mend"},
    ] == [json.loads(line) for line in out.splitlines()]


def test_colours(monkeypatch, capsys):
    """On a terminal the verdict has a colour, unless NO_COLOR asks for none."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("wad.doctor.diagnose", lambda _, **__: [("disk", FAIL)])
    for env in ({}, {"NO_COLOR": "1"}):
        diagnosis.show(Place(Path("/none")), Screen(env), as_json=False)

    assert ["\x1b[31mfail    disk       bad\x1b[0m", "fail    disk       bad"] == [
        line for line in capsys.readouterr().out.splitlines() if "bad" in line
    ]


def test_page_alone(monkeypatch):
    """With --page only the page is looked at, and whether there is a wad to tell of it."""
    asked = []
    monkeypatch.setattr("wad.doctor.diagnose", lambda _, only, **__: asked.append(only) or [])
    for page in (True, False):
        diagnosis.show(Place(Path("/none")), Screen({}), as_json=False, page=page)

    assert [frozenset({"daemon", "page"}), None] == asked


def test_leaves_no_lock(folder):
    """A look changes nothing in the session's folder."""
    case = make_case(folder)
    (case.folder / "profile").mkdir(parents=True)
    open_file(case.folder / FILE).close()
    before = sorted(os.walk(case.config.state_dir))
    checks = tuple(check for check in CHECKS if check.name in {"profile", "disk", "messages"})
    list(run_checks(case, checks, time.monotonic() + 10))

    assert before == sorted(os.walk(case.config.state_dir))
