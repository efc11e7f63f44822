"""Every command in README.md, typed as a newcomer would."""

import asyncio
import json
import os
import re
import shlex
import signal
import subprocess
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from free_ports import free_port

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "127.0.0.1:3002"
# Long enough for a cold start of Chromium on a busy machine, short of the tests' own deadline.
PATIENCE = 25


def blocks(language):
    """Give the fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands(index):
    """Give the commands of one of README's console blocks."""
    return [line.removeprefix("$ ") for line in blocks("console")[index].splitlines()]


def left_over(folder):
    """Give the command lines that still name `folder`."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            lines.append(line)
    return lines


async def typed(command, address, folder=None):
    """Run one of README's commands against the server at `address`, or with its state in `folder`."""
    words = shlex.split(command.replace(ADDRESS, address))
    env = {**os.environ, **({"WAD_STATE_DIRECTORY": str(folder / "state")} if folder else {})}
    process = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE, cwd=ROOT, env=env)
    async with asyncio.timeout(PATIENCE):
        out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


async def until(command, address, wanted):
    """Type `command` until its answer is as `wanted`; give the answer."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                answer = json.loads(await typed(command, address))
            except AssertionError:  # it does not listen yet
                answer = None
            if answer is not None and wanted(answer):
                return answer
            await asyncio.sleep(0.1)


@asynccontextmanager
async def server(command, folder):
    """Type a command that serves until Ctrl-C, with a state folder and a port of its own."""
    address = f"127.0.0.1:{free_port()}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: ASYNC220 - forks once, at the beginning
            [*shlex.split(command), "--listen", address, "--state-dir", str(folder / "state")],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "WAD_SANDBOX_CLOCK": "5"},
        )
    try:
        yield process, address
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def interrupt(process):
    """Press Ctrl-C, which a terminal sends to the whole foreground group; give the exit code."""
    os.killpg(process.pid, signal.SIGINT)
    return process.wait(PATIENCE)


def test_commands_are_known():
    """README's shell blocks hold these commands and no other, so a new one cannot go untested."""
    assert blocks("sh") == ["script/server\n", "script/test\n", "script/server --live\n"]


def test_script_test_is_what_ci_runs():
    """`script/test` is tried by CI itself, which runs nothing else."""
    assert "script/test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


async def test_script_server_shows_a_code_and_is_scanned(tmp_path):
    """`script/server` shows a code; README's commands scan it; Ctrl-C leaves nothing running."""
    status, scan, health = commands(0)
    async with server("script/server", tmp_path) as (process, address):
        shown = await until(status, address, lambda answer: answer["hasQr"])
        scanned = json.loads(await typed(scan, address))
        well = await until(health, address, lambda answer: answer["status"] == "ok")
        code = interrupt(process)

    assert shown["qrCode"].startswith("data:image/png;base64,")
    assert scanned["success"] is True
    assert well["whatsapp"]["ready"] is True
    assert code == 0
    assert left_over(tmp_path) == []


async def test_wadctl_shows_the_code(tmp_path):
    """README's wadctl commands wait for a code, draw it, and tell the state."""
    start, draw, status = commands(1)
    async with server("script/server", tmp_path) as (process, address):
        await until(f"curl -s http://{ADDRESS}/livez", address, lambda answer: answer["success"])
        await typed(start, address, tmp_path)
        drawing = await typed(draw, address, tmp_path)
        told = await typed(status, address, tmp_path)
        code = interrupt(process)

    assert drawing.count("\N{UPPER HALF BLOCK}") > 100
    assert told.startswith("qr:")
    assert code == 0


def test_console_blocks_are_known():
    """README has the console blocks that are tested here, and no other."""
    assert len(blocks("console")) == 2


async def test_script_server_live_answers(tmp_path):
    """`script/server --live` serves a daemon that knows no sandbox, and answers whatever the network is."""
    status = f"curl -s http://{ADDRESS}/whatsapp/status"
    async with server("script/server --live", tmp_path) as (process, address):
        answer = await until(status, address, lambda _: True)
        code = interrupt(process)

    assert answer["sandbox"] is False
    assert code == 0
    assert left_over(tmp_path) == []


async def refused(*arguments):
    """Type script/server where one runs; give what it exits with and says."""
    command = [ROOT / "script" / "server", *arguments]
    process = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
    async with asyncio.timeout(PATIENCE):
        _, said = await process.communicate()
    return process.returncode, said.decode()


async def test_a_second_server_says_that_one_runs(tmp_path):
    """Whoever starts a second one on the same account, or the same address, hears where the first one is."""
    async with server("script/server", tmp_path) as (process, address):
        await until(f"curl -s http://{ADDRESS}/livez", address, lambda answer: answer["success"])
        folder = ["--state-dir", str(tmp_path / "state")]
        elsewhere = await refused(*folder, f"--listen=127.0.0.1:{free_port()}")
        live = await refused("--live", *folder, "--listen", address)
        goes_on = process.poll() is None
        interrupt(process)

    for code, said in (elsewhere, live):
        assert code == 1
        assert (
            f"one runs already, on the sandbox account, as process {process.pid}: http://{address}/" in said
        )
    assert goes_on


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_links_lead_somewhere(link):
    """README's links name files of the project."""
    assert (ROOT / link).exists()
