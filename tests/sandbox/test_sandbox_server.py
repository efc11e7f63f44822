"""The sandbox without a browser: its address, its state, who may ask, and the phone's table."""

import ast
import json
import re
import socket
import stat
from pathlib import Path

import pytest
from sandbox_browser import running
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

import wad.sandbox
from wad.sandbox import COMMANDS, PhoneRefusedError, Sandbox, SandboxOptions, UnknownCommandError

ROOT = Path(wad.sandbox.__file__).parent
DOCS = ROOT.parents[1] / "docs" / "sandbox.md"
DAMAGED = ["", "{", "[]", '{"port": 1}', '{"port": 1, "last_device": 0, "devices": [{"wid": 1}]}']


async def fetch(url, **headers):
    return await AsyncHTTPClient().fetch(HTTPRequest(url, headers=headers), raise_error=False)


async def test_address_is_kept(io_loop, tmp_path):
    """The port, part of the origin of every saved session, is the same at the next start."""
    async with running(tmp_path) as sandbox:
        first = sandbox.url
    async with running(tmp_path) as sandbox:
        assert sandbox.url == first
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", first)


async def test_remembered_port_is_taken(io_loop, tmp_path):
    """When somebody else has the remembered port, a free one is taken, and remembered in its place."""
    async with running(tmp_path) as sandbox:
        first = sandbox.url
    with socket.create_server(("127.0.0.1", int(first.split(":")[2].strip("/")))):
        async with running(tmp_path) as sandbox:
            second = sandbox.url
    async with running(tmp_path) as sandbox:
        assert sandbox.url == second != first


async def test_wanted_port_is_taken(io_loop, tmp_path):
    """A port that was asked for and is taken is an error: nothing else was wanted."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        sandbox = Sandbox(tmp_path / "s", SandboxOptions(port=taken.getsockname()[1]))
        with pytest.raises(OSError, match="in use"):
            await sandbox.start()
        await sandbox.stop()


async def test_stop_gives_everything_back(io_loop, tmp_path):
    """Stopping twice, or without a start, is harmless; afterwards nobody listens."""
    sandbox = Sandbox(tmp_path / "s")
    await sandbox.stop()
    await sandbox.start()
    await sandbox.phone.offline()
    await sandbox.stop()
    await sandbox.stop()

    with pytest.raises(ConnectionRefusedError):
        await fetch(sandbox.url)


def test_no_address_before_the_start(tmp_path):
    """There is no address to give before the port is known."""
    with pytest.raises(RuntimeError):
        _ = Sandbox(tmp_path / "s").url


async def test_state_is_private(io_loop, tmp_path):
    """The directory is 0700 and the files 0600, whatever they were."""
    (tmp_path / "sandbox").mkdir(mode=0o755)
    async with running(tmp_path) as sandbox:
        await sandbox.phone.receive()
        found = [tmp_path / "sandbox", *sorted((tmp_path / "sandbox").iterdir())]
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in found}

    assert modes == {"sandbox": 0o700, "media": 0o700, "messages.json": 0o600, "sandbox.json": 0o600}


@pytest.mark.parametrize("content", DAMAGED)
async def test_damaged_state(io_loop, tmp_path, content):
    """A damaged state counts as none."""
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox/sandbox.json").write_text(content)
    async with running(tmp_path) as sandbox:
        assert (await sandbox.phone.state())["devices"] == []


async def test_policy(io_loop, tmp_path):
    """The page comes with a nonce of its own each time; without csp there is no policy."""
    async with running(tmp_path) as sandbox:
        first, second = [(await fetch(sandbox.url)).headers["Content-Security-Policy"] for _ in range(2)]
    async with running(tmp_path, csp=False) as sandbox:
        without = (await fetch(sandbox.url)).headers.get("Content-Security-Policy")

    assert first != second
    assert re.search(r"script-src 'nonce-[\w-]{16}';", first)
    assert without is None


async def test_scripts_of_a_wave_are_one_file(io_loop, tmp_path):
    """Names that a plus joins are their files one after the other; with one that is missing, or no script, none."""
    async with running(tmp_path) as sandbox:
        each = [await fetch(f"{sandbox.url}static/{name}") for name in ("loader.js", "wids.js")]
        both = await fetch(f"{sandbox.url}static/loader.js+wids.js")
        wrong = [
            (await fetch(f"{sandbox.url}static/loader.js{more}")).code
            for more in ("+", "+nothing.js", "+page.css", "+../handlers.py")
        ]

    assert each[0].body + b"\n" + each[1].body == both.body
    assert each[0].headers["Content-Type"] == both.headers["Content-Type"]
    assert [404] * 4 == wrong


async def test_foreign_host(io_loop, tmp_path):
    """A name that was rebound to loopback gets nothing, on any route."""
    async with running(tmp_path) as sandbox:
        for path in ("", "static/app.js", "frame", "favicon.ico", "ws/chat", "sandbox/stage"):
            assert (await fetch(sandbox.url + path, Host="evil.example")).code == 421


@pytest.mark.parametrize("path", ["ws/chat", "sandbox/stage"])
async def test_foreign_origin(io_loop, tmp_path, path):
    """Only the page itself may open its sockets."""
    async with running(tmp_path) as sandbox:
        address = sandbox.url.replace("http", "ws") + path
        for origin in (
            "http://evil.example",
            "null",
            sandbox.url.replace("127.0.0.1", "localhost").rstrip("/"),
        ):
            with pytest.raises(HTTPClientError, match="403"):
                await websocket_connect(HTTPRequest(address, headers={"Origin": origin}))
        own = await websocket_connect(HTTPRequest(address, headers={"Origin": sandbox.url.rstrip("/")}))
        own.close()


@pytest.mark.parametrize("path", ["ws/chat", "sandbox/stage"])
@pytest.mark.parametrize(
    "message", ["", "{", "[]", '{"type": "nope"}', '{"type": "done", "id": 99}', "x" * 70_000]
)
async def test_nonsense_on_a_socket(io_loop, tmp_path, path, message):
    """A message that means nothing changes nothing: the sandbox goes on."""
    async with running(tmp_path) as sandbox:
        own = await websocket_connect(
            HTTPRequest(sandbox.url.replace("http", "ws") + path, headers={"Origin": sandbox.url.rstrip("/")})
        )
        await own.write_message(message)
        await own.write_message(
            '{"type": "hello", "page": "p", "noise": "n", "identity": "i", "device": null}'
        )
        if path == "ws/chat":
            assert json.loads(await own.read_message())["type"] == "refs"
        own.close()
        assert (await fetch(sandbox.url)).code == 200


async def test_unknown_file(io_loop, tmp_path):
    """Only the page's own scripts and its style are files here."""
    async with running(tmp_path) as sandbox:
        codes = [
            (await fetch(f"{sandbox.url}static/{name}")).code for name in ("nope.js", "index.html", "..")
        ]

    assert codes == [404, 404, 404]


async def test_unknown_command(io_loop, tmp_path):
    """An unknown command is refused with the names there are."""
    async with running(tmp_path) as sandbox:
        with pytest.raises(UnknownCommandError, match="scan, enter_code, logout, state") as caught:
            await sandbox.phone.command("dance", {})

    assert caught.value.code == "unknown_command"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("scan", {"codes": "x"}),
        ("scan", {"code": 5}),
        ("scan", {"number": "+49"}),
        ("scan", {"code": "not,a,code"}),
        ("scan", {}),
        ("hang", {"seconds": "5"}),
        ("hang", {"seconds": True}),
        ("hang", {"seconds": 1e9}),
        ("clock", {"factor": 0}),
        ("sync_progress", {"percent": 101}),
        ("block_hosts", {"how": "dog"}),
        ("update", {"forced": 1}),
        ("refuse_pairing", {"code": 200}),
        ("forge", {}),
        ("rename", {"name": "a b"}),
        ("rename", {"name": "a.__b()"}),
    ],
)
async def test_refusals(io_loop, tmp_path, name, arguments):
    """What the phone cannot do it refuses, with a sentence and without harm."""
    async with running(tmp_path) as sandbox:
        with pytest.raises(PhoneRefusedError) as caught:
            await sandbox.phone.command(name, arguments)

    assert caught.value.code == "phone_refused"


async def test_commands_may_be_repeated(io_loop, tmp_path):
    """Every command that links nothing works, twice and with no page open; afterwards all can be well again."""
    async with running(tmp_path) as sandbox:
        for name in COMMANDS:
            if name not in {"scan", "enter_code", "forge"}:
                await sandbox.phone.command(name, {})
                await sandbox.phone.command(name, {})
        await sandbox.phone.recover()

        assert (await fetch(sandbox.url)).code == 200
        conditions = (await sandbox.phone.state())["conditions"]
        assert set(conditions.values()) == {False, None, "normal", ()}


@pytest.mark.parametrize(
    "wrong",
    [{"clock": 0}, {"clock": -1}, {"port": 70000}, {"modules": "fast"}, {"debug": ""}, {"qr_form": "x"}, {"pairing": "x"},
     {"logout": "x"}, {"language": "fr"}, {"sync_seconds": -1}, {"events": "x"}, {"pushname": "x"}],
)  # fmt: skip
def test_wrong_options(wrong):
    """A variant that does not exist is an error, not the default."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SandboxOptions(**wrong)


def test_docs_list_the_commands():
    """The table in the docs is the table in the code."""
    text = DOCS.read_text().partition("## Commands")[2]
    documented = re.findall(r"^\| `(\w+)`[^|]*\| (.+?) \|$", text, flags=re.MULTILINE)

    assert documented == [(name, command.summary) for name, command in COMMANDS.items()]


def test_docs_list_the_variants():
    """Each option is described in the docs."""
    documented = set(re.findall(r"^\| `(\w+)` \|", DOCS.read_text(), flags=re.MULTILINE))

    assert set(SandboxOptions.__dataclass_fields__) <= documented


def test_nothing_of_wad_is_shared():
    """Nothing of wad but its errors and how values are made: a mistake about the page is not made twice."""
    found = set()
    for path in ROOT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                found.add(node.module)
            elif isinstance(node, ast.Import):
                found.update(each.name for each in node.names)

    assert {each for each in found if each.startswith("wad") and not each.startswith("wad.sandbox")} == {
        "wad.core.errors",
        "wad.core.values",
    }
