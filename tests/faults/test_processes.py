"""Each of Chromium's processes, killed and stopped, and a page gone mad, while an account is linked.

The configuration is wad's own, but for a browser that ends at once: waiting for it ten times takes minutes.

`pytest -s` shows how long each took: nobody may be held to a time on a machine that others use. That the deadlines
add up to what is promised is held in `tests/core/test_deadlines.py`.
"""

import os
import signal
import time

import pytest
from daemon_client import until
from daemon_harness import HASTY, Daemon
from daemon_messages import event
from daemon_processes import browsers_of, helpers_of, renderers_of

HELPERS = {
    "gpu": b"--type=gpu-process",
    "network": b"network.mojom.NetworkService",
    "storage": b"storage.mojom.StorageService",
}
# Debian's launcher asks for the version first, in a way of its own: only a browser with a profile counts.
ENDS_TEN_TIMES = """\
#!/bin/sh
case "$*" in
*--user-data-dir=*) ;;
*) exec chromium "$@" ;;
esac
if [ "$(cat {marks} 2>/dev/null | wc -c)" -lt 10 ]; then
    printf x >>{marks}
    exit 1
fi
exec chromium "$@"
"""
SIGNALS = [signal.SIGKILL, signal.SIGSTOP]


def strike(pids, number):
    """Send a signal to each; there has to be one."""
    assert pids
    for pid in pids:
        os.kill(pid, number)


def succeeded(state, mark, old):
    """Tell whether there is such a helper, and none of the old ones."""
    now = helpers_of(state, mark)
    return bool(now) and not {*old} & {*now}


def tell(what, began, watch):
    """Print what was measured."""
    seconds = time.monotonic() - began
    print(f"\n{what}: ready after {seconds:.1f} s, slowest answer {1000 * watch.slowest:.0f} ms")


def opened(state, folder):
    """Give a daemon on the state whose temporary files would lie in a folder of the test's own."""
    (folder / "tmp").mkdir()
    return Daemon(state, env={"TMPDIR": str(folder / "tmp")})


async def looked_after(daemon):
    """Wait until a linked page was looked at: only where once something was drawn is it missed."""
    before = await looks(daemon)

    async def twice_more():
        return await looks(daemon) >= before + 2

    await until(twice_more, "two looks at the page")


async def looks(daemon):
    """Count how often the page answered."""
    lines = (await daemon.get("/metrics")).body.decode().splitlines()
    return sum(
        float(line.split()[-1])
        for line in lines
        if line.startswith("wad_heartbeats_total") and "answered" in line
    )


async def judge_the_end(daemon, folder):
    """End the daemon, and require that nothing is left of it: no process, nothing in the temporary folder."""
    assert 0 == await daemon.stop()
    assert [] == await daemon.gone()
    assert [] == os.listdir(folder / "tmp")


async def lost_and_found(daemon, harm):
    """Do harm to a linked daemon, and wait until it is linked again; give what was seen, and since when."""
    account = (await daemon.wait(currentState="ready"))["accountInfo"]
    async with daemon.watched() as watch:
        began = time.monotonic()
        await harm()
        await daemon.wait(currentState="disconnected")
        again = (await daemon.wait(currentState="ready"))["accountInfo"]

    assert account["phoneNumber"] == again["phoneNumber"]
    assert {200} == watch.codes
    assert "qr" not in watch.states
    return watch, began


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize(
    ("victims", "killed"),
    [(browsers_of, "browser_crashed"), (renderers_of, "page_crashed")],
    ids=["browser", "renderer"],
)
async def test_the_link_comes_back(linked_state, folder, victims, killed, number):
    """Without the browser or the page's renderer, or with one that stands still, the same account is linked again."""

    async def harm():
        strike(victims(linked_state), number)

    async with opened(linked_state, folder) as daemon:
        watch, began = await lost_and_found(daemon, harm)
        tell(f"{victims.__name__} {number.name}", began, watch)
        restarts = (await daemon.get("/health")).json["browser"]["restarts"]
        await judge_the_end(daemon, folder)

    assert {killed if number is signal.SIGKILL else "browser_hung"} == watch.reasons
    assert 1 == restarts


@pytest.mark.parametrize(
    ("command", "arguments", "reason"),
    [
        ("hang", {"seconds": 300}, "browser_hung"),
        ("stray", {}, "page_crashed"),
        ("flood", {}, "page_crashed"),
    ],
    ids=["never answers", "leaves", "never stops"],
)
async def test_a_page_gone_mad_is_opened_anew(linked_state, folder, command, arguments, reason):
    """An endless loop, another site in the page's place, and changes without end cost the page, and nothing else."""
    async with opened(linked_state, folder) as daemon:
        watch, began = await lost_and_found(daemon, lambda: daemon.phone(command, **arguments))
        tell(command, began, watch)
        await judge_the_end(daemon, folder)

    assert {reason} == watch.reasons


async def test_a_page_that_comes_back_as_something_else(linked_state, folder):
    """A document of the right address that never becomes WhatsApp Web is noticed once it had its time to load.

    That time is shortened here; the default is in `wad/core/deadlines.py`.
    """
    (folder / "tmp").mkdir()
    settings = {**HASTY, "WAD_LINK_PAGE_LOAD": "6", "TMPDIR": str(folder / "tmp")}
    async with Daemon(linked_state, env=settings) as daemon:
        await daemon.wait(currentState="ready")
        async with daemon.watched() as watch:
            began = time.monotonic()
            await daemon.phone("unregister_models")
            await daemon.phone("reload")
            await daemon.wait(currentState="disconnected")
            await daemon.phone("recover")
            await daemon.post("/api/whatsapp/start")
            await daemon.wait(currentState="ready")
            tell("another document", began, watch)
        await judge_the_end(daemon, folder)

    assert {200} == watch.codes
    assert "qr" not in watch.states
    assert "load_timeout" in watch.reasons


async def test_a_page_that_opens_dialogs(linked_state, folder):
    """Each is answered at once, so that the page goes on, and hears."""
    async with opened(linked_state, folder) as daemon:
        await daemon.wait(currentState="ready")
        async with daemon.watched() as watch:
            began = time.monotonic()
            await daemon.phone("dialogs")
            await daemon.phone("receive", **{"from": "+15550001111"}, text="among dialogs")
            await event(daemon, "message", lambda data: data["text"] == "among dialogs")
            tell("dialogs", began, watch)
        await judge_the_end(daemon, folder)

    assert {200} == watch.codes
    assert {"ready"} == set(watch.states)


async def test_a_browser_that_ends_at_once_ten_times(linked_state, folder):
    """Each end is told, and the eleventh browser is linked without anybody's help."""
    program = folder / "browser"
    program.write_text(ENDS_TEN_TIMES.format(marks=folder / "marks"))
    program.chmod(0o700)
    (folder / "tmp").mkdir()
    settings = {**HASTY, "WAD_BROWSER_EXECUTABLE": str(program), "TMPDIR": str(folder / "tmp")}
    async with Daemon(linked_state, env=settings) as daemon:
        async with daemon.watched() as watch:
            began = time.monotonic()
            await daemon.wait(currentState="ready")
            tell("ten browsers that ended", began, watch)
        ends = len((folder / "marks").read_text())
        await judge_the_end(daemon, folder)

    assert 10 == ends
    assert {"browser_crashed"} == watch.reasons
    assert "qr" not in watch.states


async def test_helpers_are_replaced_under_the_page(linked_state, folder):
    """A GPU process, network or storage service that is killed, or stands still, gets a successor; the page stays, and hears.

    One test for all of them: each leaves the browser as the next one needs it.
    """
    async with opened(linked_state, folder) as daemon:
        await daemon.wait(currentState="ready")
        await looked_after(daemon)
        for number in SIGNALS:
            for name, mark in HELPERS.items():
                async with daemon.watched() as watch:
                    began = time.monotonic()
                    old = helpers_of(linked_state, mark)
                    strike(old, number)
                    await until(
                        lambda mark=mark, old=old: succeeded(linked_state, mark, old), f"another {name}"
                    )
                    await daemon.wait(currentState="ready")
                    text = f"{name} {number.name}"
                    await daemon.phone("receive", **{"from": "+15550001111"}, text=text)
                    await event(daemon, "message", lambda data, text=text: data["text"] == text)
                    tell(text, began, watch)

                assert {200} == watch.codes
        restarts = (await daemon.get("/health")).json["browser"]["restarts"]
        await judge_the_end(daemon, folder)

    assert 0 == restarts
