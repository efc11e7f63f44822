"""script/bootstrap where something is in its way: what is there already stays usable, and it says what to do."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 60
NOBODY = 65534
# All that the script itself runs before it knows that something is missing.
TOOLS = ("bash", "dirname", "env", "flock", "mv", "readlink", "sha256sum", "cut", "cat", "find")


@pytest.fixture
def place():
    """Give an empty folder that anybody may enter, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def checkout(place):
    """Give what of a checkout bootstrap reads, in a folder that anybody may change."""
    folder = place / "checkout"
    for each in (folder, folder / "script", folder / "wad"):
        each.mkdir()
    shutil.copy(ROOT / "script" / "bootstrap", folder / "script")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    folder.chmod(0o777)
    return folder


def bootstrap(checkout, *command, **settings):
    """Run it as an argument of `command`; give what it exits with and says."""
    ran = subprocess.run(
        [*command, checkout / "script" / "bootstrap"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return ran.returncode, ran.stderr


def without_root(place, checkout):
    """Run it as somebody who may install nothing, on a machine without a browser."""
    tools = place / "bin"
    tools.mkdir()
    for name in (*TOOLS, "python3", "apt-get"):
        (tools / name).symlink_to(shutil.which(name, path="/usr/bin:/bin"))
    # Root becomes somebody else; whoever runs the tests as another is not root already.
    become = [shutil.which("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    command = become if os.geteuid() == 0 else []
    return bootstrap(checkout, *command, PATH=str(tools), WAD_BROWSER_EXECUTABLE="")


def old_environment(checkout):
    """Make a .venv that works and was made from something else; give its program."""
    programs = checkout / ".venv" / "bin"
    programs.mkdir(parents=True)
    (checkout / ".venv" / "stamp").write_text("of another time\n")
    program = programs / "wad"
    program.write_text("#!/bin/sh\necho old\n")
    program.chmod(0o755)
    return program


def says(program):
    """Give what a program prints."""
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip()


def test_interrupted_it_leaves_the_old_one(checkout):
    """Ctrl-C while packages are fetched: the environment that was there works as before."""
    program = old_environment(checkout)
    # An index of packages that takes the question and never answers.
    with socket.create_server(("127.0.0.1", 0)) as index:
        index.settimeout(PATIENCE)
        url = f"http://127.0.0.1:{index.getsockname()[1]}/"
        settings = {"PIP_INDEX_URL": url, "PIP_CONFIG_FILE": "/dev/null", "no_proxy": "127.0.0.1"}
        process = subprocess.Popen(
            [checkout / "script" / "bootstrap"],
            env={**os.environ, **settings, "WAD_BROWSER_EXECUTABLE": "/bin/true"},
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            asked, _ = index.accept()
            with asked:
                os.killpg(process.pid, signal.SIGINT)
                code = process.wait(PATIENCE)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    assert code == 130
    assert says(program) == "old"


def test_killed_between_its_renamings(place, checkout):
    """Where the old one was put aside and no new one is there yet, the next run begins with taking it back."""
    old_environment(checkout)
    (checkout / ".venv").rename(checkout / ".venv.old")
    code, _ = without_root(place, checkout)

    assert code == 1
    assert says(checkout / ".venv" / "bin" / "wad") == "old"


def test_a_link_is_left_alone(place, checkout):
    """A .venv that is a link belongs to another checkout: it is not touched, and that is said."""
    program = old_environment(checkout)
    shared = (checkout / ".venv").rename(place / "shared")
    (checkout / ".venv").symlink_to(shared)

    code, said = bootstrap(checkout)

    assert code == 1
    assert f".venv is a link to {shared}" in said
    assert says(program) == "old"


def test_without_root_it_says_what_to_ask_for(place, checkout):
    """Whoever may install nothing is told what is missing, and the one line an administrator has to type."""
    code, said = without_root(place, checkout)

    assert code == 1
    assert "missing here: chromium;" in said
    assert said.endswith(
        "ask an administrator to type: apt-get install -y --no-install-recommends chromium\n"
    )
