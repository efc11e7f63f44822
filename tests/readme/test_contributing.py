"""CONTRIBUTING.md names files, tests and scripts that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATH = r"[\w.-]+(?:/[\w.-]+)*"


def named():
    """Give every path that the text names: in backticks alone, as an argument of pytest, or in the block of shell."""
    alone = [each for each in re.findall(rf"`({PATH})`", TEXT) if "/" in each or "." in each]
    tests = [each for line in re.findall(r"^`pytest (.*)`$", TEXT, re.MULTILINE) for each in line.split()]
    shell = re.findall(rf"\b((?:script|etc|tests)/{PATH})", re.search(r"```sh\n(.*?)```", TEXT, re.DOTALL)[1])
    links = re.findall(r"\]\((?!http)([^)#]+)\)", TEXT)
    return sorted({*alone, *tests, *shell, *links})


@pytest.mark.parametrize("path", named())
def test_what_it_names_is_there(path):
    """A path lies in the project; of a file beside one that was named, the name will do."""
    beside = [*(ROOT / "wad").rglob(path)] if "/" not in path else []

    assert (ROOT / path).exists() or beside


def test_every_recipe_ends_with_its_tests():
    """Each recipe says which tests tell what was left out."""
    recipes = re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]

    assert len(recipes) == 5
    assert all(re.search(r"^`pytest .*`$", recipe, re.MULTILINE) for recipe in recipes)
