"""The shipped files that say what the code says: none is stale, none leaves something out."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wad import __version__
from wad.config.flags import FLAGS
from wad.config.schema import SCHEMA
from wad.ctl.commands import TASKS

ROOT = Path(__file__).parents[2]
MANUALS = ("wad.8", "wadctl.1", "wad.toml.5")
UNITS = sorted((ROOT / "etc" / "systemd").iterdir())


def plain(name: str) -> str:
    """Give a manual's text without roff's marks."""
    return (ROOT / "man" / name).read_text(encoding="utf-8").replace("\\-", "-").replace("\\|", "")


def completes(command: str, *words: str) -> list[str]:
    """Give what bash offers for the last of `words`."""
    line = " ".join(f'"{word}"' for word in (command, *words))
    script = (
        f'source "{ROOT}/completion/{command}"; COMP_WORDS=({line}); COMP_CWORD={len(words)}; '
        f'_{command}; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.split()


def test_generated_files_are_fresh():
    """/etc/wad/wad.toml, its manual and nginx's first list of origins are what the schema makes of them."""
    command = [sys.executable, str(ROOT / "etc" / "generate"), "--check"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (0, "") == (ran.returncode, ran.stderr)


@pytest.mark.parametrize("key", SCHEMA, ids=lambda key: key.id)
def test_every_setting_is_in_its_manual_and_file(key):
    """Each key stands in wad.toml(5) with its name in the environment, and in the shipped file."""
    assert f".B {key.name}\n" in plain("wad.toml.5")
    assert f"{key.env}." in plain("wad.toml.5")
    assert re.search(rf"^#{key.name} = ", (ROOT / "etc" / "wad.toml").read_text(), re.MULTILINE)


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.name)
def test_every_flag_is_in_its_manual_and_completed(flag):
    """Each flag of wad stands in wad(8), and bash completes it."""
    assert flag.name in plain("wad.8")
    assert [flag.name] == completes("wad", flag.name)


@pytest.mark.parametrize("name", TASKS)
def test_every_command_is_in_its_manual_and_completed(name):
    """Each command of wadctl stands in wadctl(1), and bash completes it with its options."""
    offered = completes("wadctl", "--json", name, "--")

    assert re.search(rf"^\.BI? {name}( |$)", plain("wadctl.1"), re.MULTILINE)
    assert name in completes("wadctl", name)
    assert ("--wait" in offered, "--watch" in offered) == (TASKS[name].waits, TASKS[name].watches)


@pytest.mark.parametrize("name", MANUALS)
def test_manuals_have_no_faults(name):
    """Groff finds nothing wrong with a manual, if it is here to ask."""
    if shutil.which("groff") is None:
        pytest.skip("groff is missing: apt install groff-base")
    command = ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z", str(ROOT / "man" / name)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (0, "") == (ran.returncode, ran.stderr)


@pytest.mark.parametrize("unit", [unit for unit in UNITS if "@" in unit.name], ids=lambda unit: unit.name)
def test_an_accounts_unit_differs_in_its_places_only(unit):
    """What holds for the first account's unit holds for the others': they differ in names and paths."""
    first = (ROOT / "etc" / "systemd" / unit.name.replace("@", "")).read_text()
    places = {
        "/run/wad-%i/": "/run/wad/",
        "/var/lib/wad-%i": "/var/lib/wad",
        "StateDirectory=wad-%i": "StateDirectory=wad",
        "/etc/wad/%i.api-token": "/etc/wad/api-token",
        "wad@%i.": "wad.",
        "wad-http@%i.": "wad-http.",
        "wad-http@NAME.socket": "wad-http.socket",
        "127.0.0.1:3003": "127.0.0.1:3002",
        " (account %i)": "",
        " --config /etc/wad/%i.toml": "",
        "--instance %i ": "",
        "AssertPathExists=/etc/wad/%i.toml\n": "",
    }
    text = unit.read_text()
    for account, alone in sorted(places.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(account, alone)

    assert first == text


def test_package_has_the_projects_version():
    """The package's version is wad's."""
    assert __version__ == re.match(r"wad \(([^)]+)\)", (ROOT / "debian" / "changelog").read_text())[1]


def test_nothing_shipped_switches_the_sandbox_off():
    """No unit, script or example passes Chromium the flag that ends its sandbox."""
    shipped = [path for name in ("etc", "debian", "completion", "man") for path in (ROOT / name).rglob("*")]

    assert [] == [path for path in shipped if path.is_file() and "--no-sandbox" in path.read_text()]


@pytest.mark.parametrize("name", ["debian/control", "debian/changelog", "debian/copyright", "pyproject.toml"])
def test_no_address_is_invented(name):
    """What says whom to write to, and where the project lives, has no address made up for the purpose."""
    said = (ROOT / name).read_text(encoding="utf-8")

    assert [] == re.findall(r"[\w.@/-]+\.(?:example|invalid|localhost|test)\b|example\.(?:org|com|net)", said)


def test_a_wheel_holds_everything(tmp_path):
    """Whatever lies beside the code, such as the page and its licences, is installed with it."""
    shutil.copytree(ROOT / "wad", tmp_path / "wad", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    command = [sys.executable, "-c", "import setuptools; setuptools.setup()", "-q", "build", "-b", "built"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)

    def files(folder: Path) -> set[str]:
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    left_out = files(tmp_path / "wad") - files(tmp_path / "built" / "lib" / "wad")
    assert {"web/docs/vendor/README.md", "web/ui/vendor/README.md"} == left_out
