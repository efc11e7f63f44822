"""What docs/examples.md shows is what lies in the folder."""

import re
import shutil
import subprocess

import pytest
from examples_harness import EXAMPLES

ROOT = EXAMPLES.parent
PAGE = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"^<!-- (examples/\S+) -->\n```\w+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in EXAMPLES.rglob("*.*")
    if path.suffix in {".sh", ".mjs", ".py", ".html", ".yaml"} and "node_modules" not in path.parts
)


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown(name):
    """A file that is shown is shown as it is."""
    assert (ROOT / name).read_text(encoding="utf-8") == SHOWN[name]


def test_nothing_is_shown_untested():
    """Each block is a file's text, apart from the one that says how to run them."""
    assert (
        PAGE.count("\n```sh\n")
        + PAGE.count("\n```javascript\n")
        + PAGE.count("\n```python\n")
        + PAGE.count("\n```html\n")
        == len(SHOWN) + 1
    )


def test_all_are_named():
    """Every example is shown or linked, and every link leads to one."""
    linked = {name.removeprefix("../") for name in re.findall(r"\]\((\.\./[^)]+)\)", PAGE)}

    assert set(FILES) == linked | set(SHOWN)


def test_the_commands_run_what_is_there():
    """The commands at the beginning name files of the project."""
    commands = re.search(r"^```sh\n(script/.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[1]
    named = re.findall(r"(?:script|examples)/\S+", commands)

    assert 4 == len(named)
    assert [] == [name for name in named if not (ROOT / name).exists()]


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".sh")])
def test_shell(name):
    """shellcheck, if it is here, finds nothing in the shell examples."""
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is missing: apt install shellcheck")
    command = ["shellcheck", "--external-sources", "--source-path=SCRIPTDIR", str(ROOT / name)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (0, "") == (ran.returncode, ran.stdout)


def test_the_package_has_them():
    """The Debian package ships all folders of examples."""
    shipped = (ROOT / "debian" / "wad.examples").read_text().split()

    assert {f"examples/{path.name}" for path in EXAMPLES.iterdir() if path.is_dir()} <= set(shipped)
