"""The configuration, Chromium and its sandbox, each broken for real."""

import os

import pytest
from doctor_harness import as_nobody, make_case, make_machine, put, put_program, the

from wad.config import load
from wad.doctor import browser
from wad.doctor.browser import check_chromium, check_config, check_sandbox
from wad.doctor.case import examine


def examined(folder, toml, **env):
    """Examine a wad run by hand with these lines in its file."""
    file = put(folder / "wad.toml", toml)
    return examine(folder / "none.sock", make_machine(folder, env={"WAD_CONFIG": str(file), **env}))


def test_valid(folder):
    """A file that is right is named."""
    found = the(check_config(examined(folder, "[log]\nlevel = 'info'\n")))

    assert ("ok", f"{folder}/wad.toml: valid", None) == (found.verdict, found.said, found.action)


def test_all_comments(folder):
    """A file that is all comments, as the package's is, is there and read."""
    found = the(check_config(examined(folder, "# [log]\n# level = 'info'\n")))

    assert f"{folder}/wad.toml, which sets nothing: valid" == found.said


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[http]\nlissen = []\n", "[http] lissen: there is no such key"),
        ("[log]\nlevel = 'loud'\n", "[log] level"),
        ("[http\n", "is not TOML"),
        ("[http]\nlisten = ['0.0.0.0:1']\n", "no token is set"),
    ],
)
def test_wrong(folder, toml, said):
    """A mistake is named with its place, and the other checks go on with what can be used."""
    case = examined(folder, toml)
    found = the(check_config(case))

    assert "fail" == found.verdict
    assert said in found.said
    assert "restart" in found.action
    assert load({}, {}, default_file=folder / "none").log == case.config.log


def test_wrong_variable(folder):
    """A setting of the environment is named as such."""
    found = the(check_config(examined(folder, "", WAD_HTTP_LISEN="x")))

    assert ("fail", "WAD_HTTP_LISEN") == (found.verdict, found.said.partition(":")[0])


def test_unreadable(folder):
    """A file for other eyes is no fault of the file's."""
    file = put(folder / "wad.toml")
    file.chmod(0)
    machine = make_machine(folder, env={"WAD_CONFIG": str(file)})
    with as_nobody():
        found = the(check_config(examine(folder / "none.sock", machine)))

    assert "skipped" == found.verdict
    assert "sudo" in found.action


SECRET = "hunter2hunter2"


@pytest.mark.parametrize(("mode", "text"), [(0o644, SECRET * 3), (0o600, SECRET), (0o600, f"{SECRET * 2} ü")])
def test_token(folder, mode, text):
    """A token that everybody reads, that is short or odd is found, and not shown."""
    token = put(folder / "token", text)
    token.chmod(mode)
    found = the(check_config(make_case(folder, f'[http]\ntoken_file = "{token}"\n')))

    assert "fail" == found.verdict
    assert str(token) in found.said
    assert SECRET not in found.said + found.action


def test_no_chromium(folder, monkeypatch):
    """Without a browser on PATH it says what to install."""
    monkeypatch.setenv("PATH", str(folder))
    found = the(check_chromium(make_case(folder)))

    assert ("fail", "no Chromium was found: apt install chromium") == (found.verdict, found.said)
    assert "apt install chromium" in found.action


def test_configured_chromium_missing(folder):
    """A configured browser that is not there is named, with its key."""
    found = the(check_chromium(make_case(folder, f'[browser]\nexecutable = "{folder}/none"\n')))

    assert "fail" == found.verdict
    assert f"{folder}/none" in found.said
    assert "[browser] executable" in found.action


def test_small_build_missing(folder, monkeypatch):
    """Where the small build is asked for, its own package is named."""
    monkeypatch.setenv("PATH", str(folder))
    found = the(check_chromium(make_case(folder, '[browser]\nkind = "shell"\n')))

    assert "fail" == found.verdict
    assert found.action.startswith("apt install chromium-headless-shell;")


@pytest.mark.parametrize(
    ("script", "said"),
    [("exit 127", "ended with 127"), ("echo Firefox 3", "told no version"), ("exec sleep 60", "did not end")],
)
def test_broken_chromium(folder, monkeypatch, script, said):
    """A browser that fails, is another program or hangs is found."""
    monkeypatch.setattr(browser, "PROGRAM", 0.5 if "sleep" in script else 20)
    path = put_program(folder, "chromium", f"PATH=/usr/bin:/bin; {script}")
    found = the(check_chromium(make_case(folder, f'[browser]\nexecutable = "{path}"\n')))

    assert "fail" == found.verdict
    assert said in found.said
    assert f"{path} --version" in found.action


def test_no_program(folder):
    """A file that is executable and no program is found."""
    path = put(folder / "chromium", "\x7fELF")
    path.chmod(0o755)
    found = the(check_chromium(make_case(folder, f'[browser]\nexecutable = "{path}"\n')))

    assert ("fail", f"{path} cannot be run: Exec format error") == (found.verdict, found.said)


def test_chromium(folder):
    """A browser that runs is named with its version and place."""
    path = put_program(folder, "chromium", "echo Chromium 156.0.8078.79 built on Debian")
    found = the(check_chromium(make_case(folder, f'[browser]\nexecutable = "{path}"\n')))

    assert ("ok", f"Chromium 156.0.8078.79 at {path}") == (found.verdict, found.said)


KERNELS = [
    ({}, "ok", "user namespaces can be used"),
    ({"kernel/unprivileged_userns_clone": "1", "user/max_user_namespaces": "9"}, "ok", "can be used"),
    ({"kernel/unprivileged_userns_clone": "0"}, "fail", "kernel.unprivileged_userns_clone=1"),
    ({"user/max_user_namespaces": "0"}, "fail", "user.max_user_namespaces=15000"),
    ({"kernel/apparmor_restrict_unprivileged_userns": "1"}, "warn", "AppArmor"),
]


def sandbox_of(folder, kernel, monkeypatch, **env):
    """Check the sandbox on a kernel with these settings, for a wad that is not root."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(browser, "_SETUID", folder / "none")
    for name, value in kernel.items():
        put(folder / "proc" / "sys" / name, f"{value}\n")
    return the(check_sandbox(make_case(folder, machine=make_machine(folder, proc=folder / "proc"), env=env)))


@pytest.mark.parametrize(("kernel", "verdict", "said"), KERNELS)
def test_namespaces(folder, monkeypatch, kernel, verdict, said):
    """A kernel that forbids user namespaces is named with the command that allows them."""
    found = sandbox_of(folder, kernel, monkeypatch)

    assert verdict == found.verdict
    assert said in f"{found.said} {found.action}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a helper that is root's")
def test_setuid_helper(folder, monkeypatch):
    """The setuid helper does without namespaces, if it is set up as such."""
    helper = put(folder / "chrome-sandbox")
    kernel = {"user/max_user_namespaces": "0"}
    before = sandbox_of(folder, kernel, monkeypatch, CHROME_DEVEL_SANDBOX=str(helper))
    helper.chmod(0o4755)
    after = sandbox_of(folder, kernel, monkeypatch, CHROME_DEVEL_SANDBOX=str(helper))

    assert ("fail", "ok") == (before.verdict, after.verdict)


def test_root(folder, monkeypatch):
    """Wad as root is warned of: Chromium has no sandbox there."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    found = the(check_sandbox(make_case(folder)))

    assert "warn" == found.verdict
    assert "runs as root" in found.said


REFUSED = [
    ("exit 1", "2", "user namespaces are blocked by seccomp", "etc/seccomp/wad.json"),
    ('test "$3" = true', "2", "chroot in user namespaces is blocked by seccomp", "etc/seccomp/wad.json"),
    ("exit 1", "0", "user namespaces are refused, though", "a security module"),
    ("exit 0", "2", "user namespaces can be used", ""),
]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case[2])
def test_filtered(folder, monkeypatch, case):
    """What a container's filter forbids is found by trying, and named with the filter that allows it."""
    unshare, filtered, said, action = case
    put_program(folder, "unshare", unshare)
    put(folder / "proc" / "self" / "status", f"Name:\twadctl\nSeccomp:\t{filtered}\nSeccomp_filters:\t1\n")
    found = sandbox_of(folder, {}, monkeypatch)

    assert ("fail" if action else "ok") == found.verdict
    assert said in found.said
    assert action in (found.action or "")


def test_sandbox_off_by_its_key(folder, monkeypatch):
    """A sandbox switched off by the configuration is warned of."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    found = the(check_sandbox(make_case(folder, "[browser]\nsandbox = false\n")))

    assert ("warn", "switched off by [browser] sandbox = false") == (found.verdict, found.said)
    assert "restart" in found.action


def test_sandbox_off(folder):
    """A sandbox switched off by an argument is warned of."""
    found = the(check_sandbox(make_case(folder, '[browser]\narguments = ["--no-sandbox"]\n')))

    assert ("warn", "switched off by [browser] arguments") == (found.verdict, found.said)
