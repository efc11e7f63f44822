"""The image, built and run: script/image --check. It takes minutes, so script/test does not collect it.

The container is one that has nothing: uid 10001, no capability, a root nobody can write to, no network.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from image_container import ROOT, TOKEN, UID, Container, eventually, ours, without

FOLDER = Path(os.environ.get("WAD_IMAGE", "build/image")).resolve()
BUNDLE = FOLDER / "bundle"
SANDBOX = {"WAD_SANDBOX_ENABLED": "yes"}
# What wad promises for its own end is 20 s; the image asks for 30.
GRACE = 30
# Of the page's process: in how many pid namespaces it is, and under how many filters of system calls.
RENDERER = """
import os, re, sys
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        words = open(f"/proc/{pid}/cmdline").read()
        status = open(f"/proc/{pid}/status").read()
    except OSError:
        continue
    if "--type=renderer" in words:
        print(len(re.search("NSpid:(.*)", status)[1].split()), re.search("Seccomp_filters:(.*)", status)[1].strip())
        sys.exit()
"""


@pytest.fixture
def container(tmp_path):
    """Give what starts containers, one after the other, on the volume of this test."""
    (tmp_path / "c").mkdir()

    def started(seccomp, **env):
        return Container(BUNDLE, tmp_path / "c", seccomp, {**SANDBOX, **env})

    return started


def reached(running, **facts):
    """Wait until the status says so."""

    def look():
        assert not running.ended, running.said
        status = running.status()
        return status if facts.items() <= status.items() else None

    return eventually(look)


def test_inspected():
    """The image says how it is to be run: as whom, on which volume, when it is well and how it is stopped."""
    told = json.loads((FOLDER / "inspect.json").read_text())["Docker"]["config"]

    assert f"{UID}:{UID}" == told["User"]
    assert {"/var/lib/wad": {}} == told["Volumes"]
    assert "SIGTERM" == told["StopSignal"]
    assert "/livez" in told["Healthcheck"]["Test"][-1]
    assert "/usr/bin/tini" == told["Entrypoint"][0]


def test_a_life(container):
    """It shows a code, is scanned, sends and receives, ends within its grace, and needs no second scan."""
    with container(ours()) as running:
        reached(running, currentState="qr")
        depth, filters = running.run("python3", "-c", RENDERER).stdout.split()
        status = running.run("cat", "/proc/self/status").stdout
        written = running.run("touch", "/etc/written")
        # The image's own words, as an engine would run them.
        health = json.loads((FOLDER / "inspect.json").read_text())["Docker"]["config"]["Healthcheck"]["Test"]
        healthy = running.run(*health[1:])
        said = [running.run("wadctl", *words.split()) for words in ("sandbox scan", "start --wait")]
        reached(running, currentState="ready")
        sent = running.run("wadctl", "send", "--wait", "+15550001111", "Hello")
        running.run("wadctl", "sandbox", "receive", "from=+15550001111", "text=Hello")
        came = eventually(lambda: '"message"' in running.run("wadctl", "events", "--json").stdout)
        code = running.stop()
        log = running.said

    assert 2 <= int(depth)
    assert 2 <= int(filters)
    assert [str(UID)] * 4 == status.partition("Uid:")[2].split()[:4]
    assert "0000000000000000" == status.partition("CapBnd:")[2].split()[0]
    assert "Read-only file system" in written.stderr
    assert 0 == healthy.returncode, healthy.stderr
    assert [0, 0] == [each.returncode for each in said], said
    assert 0 == sent.returncode, sent.stderr
    assert came
    assert 0 == code
    assert "browser_without_sandbox" not in log
    assert "browser_killed" not in log
    assert '"level": "error"' not in log
    assert TOKEN not in log

    with container(ours()) as running:
        status = reached(running, currentState="ready")
        again = running.said.removeprefix(log)

    assert "event=qr" not in again


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        (("clone", "unshare", "chroot"), "user namespaces are blocked by seccomp"),
        (("chroot",), "chroot in user namespaces is blocked by seccomp"),
    ],
    ids=["Docker's", "Podman's"],
)
@pytest.mark.parametrize("kind", ["chromium", "shell"])
def test_forbidden(container, calls, said, kind):
    """Under a filter that leaves Chromium no sandbox wad serves, says so, and starts none without."""
    with container(without(*calls), WAD_BROWSER_KIND=kind) as running:
        status = reached(running, currentState="blocked")
        found = running.run("wadctl", "doctor").stdout

    assert "sandbox_forbidden" == status["reason"]
    assert f"fail    sandbox    {said}" in found
    assert "--security-opt seccomp=etc/seccomp/wad.json" in found


def test_forbidden_and_insisted(container):
    """Only where somebody says so it does without, and warns of it."""
    with container(without("clone", "unshare", "chroot"), WAD_BROWSER_SANDBOX="no") as running:
        reached(running, currentState="qr")
        said = running.said

    assert "browser_without_sandbox" in said


def test_no_token(container):
    """Without a token it does not serve other containers: it ends at once, and says why."""
    with container(ours(), WAD_HTTP_TOKEN_FILE="/run/secrets/none") as running:
        code = running.wait()
        said = running.said

    assert 78 == code
    assert "the token file /run/secrets/none cannot be read" in said


# What the documented command meets here: no network, a name and places of this test's own, and the sandbox.
PODMAN = """\
#!/bin/bash
set -eu
podman=({podman} --root {folder}/storage --runroot {folder}/run --storage-driver vfs --cgroup-manager=cgroupfs
    --runtime runc)
[[ $1 == run ]] || exec "${{podman[@]}}" "$@"
arguments=()
while shift && [[ $# -gt 0 ]]; do
    if [[ $1 == -p ]]; then shift; else arguments+=("$1"); fi
done
exec "${{podman[@]}}" run --network=none --ulimit=nproc=4000:4000 -e WAD_SANDBOX_ENABLED=yes "${{arguments[@]}}"
"""


@pytest.fixture
def typed(tmp_path):
    """Give what types a line in a folder with etc/ of this checkout, where sudo is nothing and podman is bounded."""
    if (program := shutil.which("podman")) is None:
        pytest.skip("podman is not installed")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for name, script in {
        "podman": PODMAN.format(podman=program, folder=FOLDER),
        "sudo": '#!/bin/sh\nexec "$@"\n',
    }.items():
        (bin_ / name).write_text(script)
        (bin_ / name).chmod(0o755)
    (tmp_path / "etc").symlink_to(ROOT / "etc")
    env = {**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}"}

    def typed(line):
        return subprocess.run(
            ["bash", "-ec", line], cwd=tmp_path, env=env, check=False, capture_output=True, text=True
        )

    typed("podman rm --force wad; podman volume rm --force wad")
    yield typed
    typed("podman rm --force wad; podman volume rm --force wad")


def test_documented(typed):
    """What docs/containers.md says to type, typed: there is a code, the doctor finds nothing, and a stop is clean."""
    block = re.search(
        r"## Running\n\n```sh\n(.*?)```", (ROOT / "docs" / "containers.md").read_text(), re.DOTALL
    )[1]
    started = typed(block.replace("\npodman exec wad wadctl qr --watch\n", "\n"))
    status = eventually(lambda: '"qr"' in typed("podman exec wad wadctl status --json").stdout)
    found = typed("podman exec wad wadctl doctor").stdout
    healthy = typed("podman healthcheck run wad")
    stopped = typed("podman stop wad && podman inspect wad --format '{{.State.ExitCode}}'")

    assert 0 == started.returncode, started.stderr
    assert status
    assert "ok      sandbox    user namespaces can be used" in found
    assert "fail " not in found
    assert 0 == healthy.returncode, healthy.stderr
    assert "0" == stopped.stdout.split()[-1]
