"""Browsers that are not there, do not answer, or die: HTTP goes on, the reason is told, the session is kept."""

import os
import signal
import stat

import pytest
from daemon_client import until
from daemon_harness import HASTY, Daemon
from daemon_processes import browsers_of, renderers_of

# Ignores what it can, as one stuck in the kernel would, and never answers.
HANGING = """\
#!/bin/sh
trap '' TERM INT HUP
while :; do sleep 1000; done
"""
DYING = """\
#!/bin/sh
echo "error while loading shared libraries: libnss3.so" >&2
exit 127
"""


def standin(folder, body):
    """Write a program to be taken for the browser, and return its path."""
    path = folder / "browser"
    path.write_text(body)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def tries_of(daemon):
    """Count how often the log says that the browser is started."""
    return daemon.events().count("[WA] Creating and initializing new WhatsApp client...")


async def test_a_missing_browser_blocks_and_tells_what_to_install(folder):
    """HTTP answers; the status is blocked and says what to do; wad does not try again by itself."""
    settings = {"WAD_BROWSER_EXECUTABLE": "/nonexistent/chromium", **HASTY}
    async with Daemon(folder / "state", env=settings) as daemon, daemon.watched() as watch:
        status = await daemon.wait(currentState="blocked")
        health = await daemon.get("/health")
        answer = await daemon.post("/api/whatsapp/start")
        again = await daemon.wait(phase="held_up")
        tries = await until(lambda: tries_of(daemon) >= 2 and tries_of(daemon), "the second try's line")

    assert ("browser_missing", "held_up") == (status["reason"], status["phase"])
    assert "WhatsApp client not ready: no Chromium was found" == status["message"]
    assert "apt install chromium" in status["action"]
    assert (200, "browser_missing") == (health.code, health.json["whatsapp"]["reason"])
    assert answer["success"]
    assert "browser_missing" == again["reason"]
    assert 2 == tries
    assert {200} == watch.codes


async def test_a_browser_that_is_installed_later_is_used_by_the_next_start(folder):
    """Once it is there, a start is all it takes: no restart of the daemon."""
    path = folder / "chromium"
    async with Daemon(folder / "state", env={"WAD_BROWSER_EXECUTABLE": str(path)}) as daemon:
        await daemon.wait(reason="browser_missing")
        path.symlink_to("/usr/bin/chromium")
        await daemon.post("/api/whatsapp/start")
        status = await daemon.wait(hasQr=True)

    assert ("qr", None) == (status["currentState"], status["reason"])


async def test_a_browser_without_a_sandbox_blocks_and_says_so(folder):
    """What dies for want of a sandbox is not started over and over, and never without: a person has to allow one."""
    path = folder / "chromium"
    path.write_text(
        "#!/bin/sh\necho 'zygote_host_impl_linux.cc:130] No usable sandbox! If this is' >&2\nexit 1\n"
    )
    path.chmod(0o755)
    async with Daemon(folder / "state", env={"WAD_BROWSER_EXECUTABLE": str(path), **HASTY}) as daemon:
        status = await daemon.wait(currentState="blocked")

    assert ("sandbox_forbidden", "held_up") == (status["reason"], status["phase"])
    assert "WhatsApp client not ready: the browser's own sandbox is forbidden here" == status["message"]
    assert "wadctl doctor" in status["action"]
    assert 1 == tries_of(daemon)


async def test_a_browser_that_never_answers_is_replaced_again_and_again(folder):
    """HTTP answers throughout, the reason is told, each try comes later, and nothing is left at the end."""
    settings = {
        **HASTY,
        "WAD_BROWSER_EXECUTABLE": standin(folder, HANGING),
        "WAD_LINK_BROWSER_START": "0.5",
        "WAD_LINK_BACKOFF_MAX": "60",
    }
    async with Daemon(folder / "state", env=settings) as daemon:

        async def third_failure() -> bool:
            whatsapp = (await daemon.get("/health")).json["whatsapp"]
            return whatsapp["reconnectAttempts"] >= 3

        async with daemon.watched() as watch:
            await daemon.wait(reason="browser_hung")
            await until(third_failure, "the third failure")
            await daemon.post("/api/whatsapp/stop")
            stopped = await daemon.wait(phase="stopped")
        left = browsers_of(daemon.state)
        code = await daemon.stop()
        gone = await daemon.gone()

    assert ("idle", "stopped") == (stopped["currentState"], stopped["reason"])
    assert ["idle", "disconnected"] == watch.states[:2]
    assert {"browser_hung", "stopped"} >= watch.reasons
    assert {200} == watch.codes
    assert ([], 0, []) == (left, code, gone)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
async def test_a_daemon_whose_browser_hangs_ends_at_once(folder, number):
    """A signal while such a browser starts does not wait for it."""
    settings = {"WAD_BROWSER_EXECUTABLE": standin(folder, HANGING)}
    async with Daemon(folder / "state", env=settings) as daemon:
        await until(lambda: browsers_of(daemon.state), "the browser's process")
        code = await daemon.stop(number)
        gone = await daemon.gone()
        events = daemon.events()

    assert (0, []) == (code, gone)
    assert "shutdown_overdue" not in events


async def test_a_browser_that_dies_at_its_start_is_told(folder):
    """The reason is told, wad tries again, and the log holds the browser's last words."""
    settings = {**HASTY, "WAD_BROWSER_EXECUTABLE": standin(folder, DYING)}
    async with Daemon(folder / "state", env=settings) as daemon, daemon.watched() as watch:
        status = await daemon.wait(reason="browser_crashed")
        await until(
            lambda: tries_of(daemon) >= 3,
            "two further tries",
        )
        line = await daemon.wait_line("link_trouble")

    assert "disconnected" == status["currentState"]
    assert "libnss3.so" in line["error"]
    assert {"browser_crashed"} == watch.reasons
    assert {200} == watch.codes


@pytest.mark.parametrize(
    ("victims", "reason"),
    [(browsers_of, "browser_crashed"), (renderers_of, "page_crashed")],
    ids=["browser", "renderer"],
)
async def test_a_killed_browser_comes_back_with_the_session(linked_state, victims, reason):
    """The state leaves ready and returns without a scan; HTTP does not notice."""
    async with Daemon(linked_state, env=HASTY) as daemon:
        await daemon.wait(currentState="ready")
        async with daemon.watched() as watch:
            for pid in victims(linked_state):
                os.kill(pid, signal.SIGKILL)
            await daemon.wait(currentState="disconnected")
            await daemon.wait(currentState="ready")
        states = await daemon.states()
        restarts = (await daemon.get("/health")).json["browser"]["restarts"]

    assert {200} == watch.codes
    assert {reason} == watch.reasons
    assert ["ready -> disconnected", "disconnected -> authenticated", "authenticated -> ready"] == states[2:]
    assert 1 == restarts


@pytest.mark.parametrize("victims", [browsers_of, renderers_of], ids=["browser", "renderer"])
async def test_a_browser_killed_while_a_code_is_shown_brings_another(folder, victims):
    """The old code is withdrawn with its browser, and a new one follows."""
    async with Daemon(folder / "state", env={**HASTY, "WAD_SANDBOX_CLOCK": "4"}) as daemon:
        before = await daemon.new_code()
        for pid in victims(daemon.state):
            os.kill(pid, signal.SIGKILL)
        without = await daemon.wait(currentState="disconnected")
        after = await daemon.new_code()

    assert (False, None) == (without["hasQr"], without["qrCode"])
    assert before["qrCode"] != after["qrCode"]


async def test_a_browser_that_stands_still_is_replaced(linked_state):
    """A browser that lives and does not answer is found by its silence; the session is kept."""
    settings = {**HASTY, "WAD_LINK_HEARTBEAT_INTERVAL": "0.5", "WAD_LINK_HEARTBEAT_ANSWER": "1"}
    async with Daemon(linked_state, env=settings) as daemon:
        await daemon.wait(currentState="ready")
        async with daemon.watched() as watch:
            for pid in browsers_of(linked_state):
                os.kill(pid, signal.SIGSTOP)
            await daemon.wait(currentState="disconnected", reason="browser_hung")
            await daemon.wait(currentState="ready")

    assert {"browser_hung"} == watch.reasons
    assert {200} == watch.codes
