"""What the image is made of, looked at without building it: the real one is script/image --check."""

import json
import re
import subprocess
import sys

import pytest
from image_container import PROFILE, ROOT, ours

from wad.config.schema import BY_ENV

CONTAINERFILE = (ROOT / "Containerfile").read_text()
DOCS = (ROOT / "docs" / "containers.md").read_text()
RUNS = [
    line for line in DOCS.replace("\\\n", " ").splitlines() if line.startswith(("podman run", "docker run"))
]
# Of the kernel's calls those that reach beyond a container, if any did.
NEVER = {
    *(
        "mount",
        "umount2",
        "pivot_root",
        "move_mount",
        "open_tree",
        "fsopen",
        "fsmount",
        "setns",
        "clone3",
        "keyctl",
    ),
    *(
        "add_key",
        "bpf",
        "perf_event_open",
        "init_module",
        "finit_module",
        "kexec_load",
        "reboot",
        "swapon",
        "acct",
    ),
    *("userfaultfd", "io_uring_setup", "open_by_handle_at", "syslog", "settimeofday", "sethostname"),
}


def directives(name):
    """Give what stands behind a directive, each time."""
    return re.findall(rf"^{name} (.*)$", CONTAINERFILE.replace("\\\n", " "), re.MULTILINE)


def allowed(profile):
    """Name the calls a filter allows, whatever their arguments."""
    rules = [rule for rule in profile["syscalls"] if rule["action"] == "SCMP_ACT_ALLOW"]
    return {name for rule in rules for name in rule["names"]}


def test_nothing_switches_the_sandbox_off():
    """Neither the image nor its script nor its profile takes Chromium's own sandbox away."""
    texts = [CONTAINERFILE, (ROOT / "script" / "image").read_text(), PROFILE.read_text(), *RUNS]

    assert [] == [text for text in texts if "no-sandbox" in text or "BROWSER_SANDBOX" in text]


def test_containerfile():
    """A user of its own, one volume, an init that reaps, health by /livez, a stop that is obeyed."""
    assert ["10001:10001"] == directives("USER")
    assert ["/var/lib/wad"] == directives("VOLUME")
    assert ["SIGTERM"] == directives("STOPSIGNAL")
    assert "/livez" in directives("HEALTHCHECK")[0]
    assert directives("ENTRYPOINT")[0].startswith('["/usr/bin/tini", "--", "/usr/bin/wad"]')
    assert "${BASE}" == directives("FROM")[0]
    assert "--no-install-recommends" in CONTAINERFILE


def test_variables():
    """Every variable of wad's that the image or the docs set is one."""
    named = set(re.findall(r"\b(WAD_[A-Z_]+)=", CONTAINERFILE + DOCS))

    assert {"WAD_HTTP_LISTEN", "WAD_HTTP_TOKEN_FILE", "WAD_STATE_DIRECTORY"} <= named
    assert set() == named - set(BY_ENV)


def test_profile():
    """The filter refuses what it does not name, names what Chromium's sandbox needs, and nothing that mounts."""
    profile = ours()
    names = [name for rule in profile["syscalls"] if not rule.get("args") for name in rule["names"]]

    assert "SCMP_ACT_ERRNO" == profile["defaultAction"]
    assert {"clone", "unshare", "chroot", "seccomp", "capset"} <= allowed(profile)
    assert set() == NEVER & allowed(profile)
    assert sorted(set(names)) == sorted(names)


def test_profile_needs_no_engine():
    """It is the runtime's own form: nothing in it hangs on what an engine makes of capabilities or kernels."""
    keys = {key for rule in ours()["syscalls"] for key in rule}

    assert {"comment", "names", "action", "args"} == keys


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.split()[0])
def test_documented_runs(run):
    """What the docs say to type gives the container nothing it does not need, and time to end."""
    for option in (
        "--read-only",
        "--cap-drop=all",
        "--security-opt=no-new-privileges",
        "--security-opt=seccomp=etc/seccomp/wad.json",
        "--stop-timeout=30",
    ):
        assert option in run.replace("--cap-drop=ALL", "--cap-drop=all"), option


def test_healthcheck_fails_where_nobody_answers():
    """The image's own check of health ends with a failure where there is no wad."""
    command = json.loads(re.search(r"^ *CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)[1])
    nobody = command[-1].replace(":3002", ":1")
    ended = subprocess.run([sys.executable, *command[1:-1], nobody], check=False, capture_output=True)

    assert "/usr/bin/python3" == command[0]
    assert 0 != ended.returncode


def test_script_refuses_what_it_does_not_know():
    """An unknown flag is answered with the usage."""
    ended = subprocess.run([ROOT / "script" / "image", "--what"], check=False, capture_output=True, text=True)

    assert (2, "usage: script/image") == (ended.returncode, ended.stderr[:19])
