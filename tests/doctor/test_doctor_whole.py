"""The command itself, asked as a person would, about real daemons in the sandbox."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from doctor_harness import on_unix

import wad
from wad.webhooks.signing import make_secret

ROOT = str(Path(wad.__file__).parents[1])
CODE = "2@Jq0mT8cB7XyZ1s4vWk9uLrAeHfGdPnC3oIiKj5t6Nb2Vx"


def environment(**settings):
    """Give this environment without settings of wad's."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("WAD_", "XDG_"))}
    return {**kept, "PYTHONPATH": ROOT, "WAD_LOG_FORMAT": "json", **settings}


def wadctl(socket, *words, env=None, prefix=()):
    """Run wadctl to its end."""
    argv = [*prefix, sys.executable, "-m", "wad.ctl", "--socket", str(socket), *words]
    return subprocess.run(argv, env=env or environment(), capture_output=True, text=True, check=False)


def findings(socket, words=(), **options):
    """Run the doctor; give what it found by check, and its exit code."""
    ended = wadctl(socket, "--json", "doctor", *words, **options)
    found = {}
    for line in ended.stdout.splitlines():
        each = json.loads(line)
        found.setdefault(each["check"], []).append(each)
    assert "" == ended.stderr
    return found, ended.returncode


@contextmanager
def running(folder, *flags, **settings):
    """Run a daemon until it serves, and end it behind the test; give its control socket."""
    argv = [sys.executable, "-m", "wad", "--state-dir", str(folder / "state"), *flags]
    with subprocess.Popen(argv, env=environment(**settings), stderr=subprocess.PIPE, text=True) as process:
        try:
            assert any("wad_ready" in line for line in iter(process.stderr.readline, ""))
            yield folder / "state" / "run" / "control.sock"
        finally:
            process.terminate()
            process.stderr.read()


IDLE = ("--sandbox", "--no-autostart", "--listen")


def test_sandbox(folder):
    """A sandbox that does well: the daemon's own flags are found, and nothing fails."""
    address = f"unix:{folder}/http.sock"
    with running(folder, *IDLE, address) as socket:
        found, code = findings(socket)
        people = wadctl(socket, "doctor")

    verdicts = {name: [each["verdict"] for each in all_] for name, all_ in found.items()}
    assert 0 == code == people.returncode
    assert "fail" not in {verdict for all_ in verdicts.values() for verdict in all_}
    assert f"{address}: /health answers 200" == found["http"][0]["said"]
    assert f"{address}: a websocket opens" == found["socketio"][0]["said"]
    assert f"{folder}/state/sandbox" in found["disk"][0]["said"]
    assert "wad 0.1.0 answers, sandbox" == found["daemon"][0]["said"]
    assert found["messages"][0]["said"].startswith(f"{folder}/state/sandbox/messages.sqlite, 0600 ")
    assert ["0 waiting", "there are none"] == [found[name][0]["said"] for name in ("outbox", "webhooks")]
    assert found["chromium"][0]["said"].startswith("Chromium ")
    assert f"ok      socket     {socket}" in people.stdout
    assert "\x1b" not in people.stdout


def test_page(folder):
    """A page that lacks what a new build took away: told on its own, afresh, with what it costs."""
    with running(
        folder, "--sandbox", "--listen", f"unix:{folder}/http.sock", WAD_LINK_NAMES_SETTLE="0.001"
    ) as socket:
        assert 0 == wadctl(socket, "start", "--wait").returncode
        whole = wadctl(socket, "doctor", "--page")
        wadctl(socket, "sandbox", "rename", "name=WAWebSocketModel.Socket.logout")
        found, code = findings(socket, words=["--page"])

    assert 0 == whole.returncode
    assert {"daemon", "page"} == set(found)
    assert "it has what wad relies upon (build 2.3000." in whole.stdout
    assert [1, "fail"] == [code, found["page"][0]["verdict"]]
    assert found["page"][0]["said"].endswith(": WAWebSocketModel.Socket.logout() is missing")


def until_tried(socket, name):
    """Ask until a delivery has failed: what happens while the sandbox starts is delivered."""
    for _ in range(200):
        told = json.loads(wadctl(socket, "--json", "webhooks").stdout)
        if next(each for each in told["webhooks"] if each["name"] == name)["state"] == "retrying":
            return
    raise AssertionError(told)


def test_a_webhook_whose_receiver_is_gone(folder):
    """What a real daemon cannot deliver is told with why, and what to do; its URL is not."""
    secret = folder / "secret"
    secret.touch(0o600)
    secret.write_text(make_secret())
    hook = f'[[webhooks]]\nname = "orders"\nurl = "http://127.0.0.1:9/"\nsecret_file = "{secret}"\n'
    (folder / "wad.toml").write_text(hook)
    flags = ("--config", str(folder / "wad.toml"), "--sandbox", "--listen", f"unix:{folder}/http.sock")
    with running(folder, *flags) as socket:
        until_tried(socket, "orders")
        found, _ = findings(socket)

    (told,) = found["webhooks"]
    assert "warn" == told["verdict"]
    assert told["said"].startswith("orders did not bring an event: tried once, refused; ")
    assert f"wadctl --socket {socket} webhooks skip orders." in told["action"]
    assert "ok" == found["messages"][0]["verdict"]
    assert "127.0.0.1:9" not in json.dumps(found)


def test_not_running(folder):
    """Without a daemon it says so, and how to start one; the rest is looked at all the same."""
    found, code = findings(folder / "none.sock")

    assert 1 == code
    assert ("fail", "wad is not running") == (found["daemon"][0]["verdict"], found["daemon"][0]["said"])
    assert {"chromium", "disk", "http"} <= set(found)


def test_no_network(folder):
    """A live wad that cannot resolve WhatsApp's names: the check fails with what to look at."""
    env = environment(WAD_CONTROL_SOCKET=str(folder / "none.sock"), LOCALDOMAIN="invalid")
    resolv = ["unshare", "--net", "--"] if os.geteuid() == 0 else []
    found, code = findings(folder / "none.sock", env=env, prefix=resolv)

    assert 1 == code
    assert ["fail", "warn", "warn"] == [each["verdict"] for each in found["hosts"]]
    assert "getent hosts web.whatsapp.com" in found["hosts"][0]["action"]
    assert "skipped" == found["clock"][0]["verdict"]


def test_browser_missing(folder):
    """A daemon that is blocked for want of a browser: the link and Chromium itself both say so."""
    with running(folder, *IDLE, "127.0.0.1:0", WAD_BROWSER_EXECUTABLE="/nonexistent/chromium") as socket:
        wadctl(socket, "start", "--wait")
        found, code = findings(socket)

    assert 1 == code
    assert "blocked" in found["link"][0]["said"]
    assert "(browser_missing)" in found["link"][0]["said"]
    assert "/nonexistent/chromium" in found["chromium"][0]["said"]
    assert "apt install chromium" in found["link"][0]["action"]


@pytest.mark.skipif(os.geteuid() != 0, reason="a socket of one's own is open to oneself")
def test_no_permission(folder):
    """If nothing but the caller's rights is in the way of an answer, the exit code says so."""
    with running(folder, *IDLE, f"unix:{folder}/http.sock") as socket:
        socket.chmod(0)
        found, code = findings(socket, prefix=["setpriv", "--bounding-set=-dac_override"])

    assert "fail" == found["socket"][0]["verdict"]
    assert "adduser" in found["socket"][0]["action"]
    assert "skipped" == found["daemon"][0]["verdict"]
    assert 4 == code or "fail" in {each["verdict"] for name in ("http", "hosts") for each in found[name]}


def test_no_secret(folder):
    """Neither a code nor a token nor a number of the daemon's status is printed."""
    status = {
        "success": True,
        "currentState": "qr",
        "phase": "waiting_for_scan",
        "reason": None,
        "since": "2026-11-23T05:10:00.123Z",
        "sandbox": True,
        "version": "0.1.0",
        "qrCode": CODE,
        "pairingCode": CODE,
        "accountInfo": {"phoneNumber": CODE},
        "message": CODE,
    }
    with on_unix(folder / "control.sock", lambda _: json.dumps(status).encode() + b"\n"):
        ended = wadctl(folder / "control.sock", "doctor", env=environment(WAD_TOKEN=CODE, https_proxy=CODE))

    assert "qr for" in ended.stdout
    assert CODE not in ended.stdout + ended.stderr
