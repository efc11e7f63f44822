"""A token changed by a reload: the new one holds at once, the old one for nobody, and a bad one for nobody."""

import asyncio
import json
import subprocess
import sys

import aiohttp
import pytest
import socketio
from daemon_client import until
from daemon_harness import Daemon, environment
from daemon_messages import event, send
from reloading import hup
from tornado.websocket import websocket_connect

OLD, NEW = "a-token-of-decent-length", "another-token-of-length"
PLACES = ("token_file", "credential")


def bearer(token):
    """Give the header that brings a token."""
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def token(folder):
    """Give the token's file, with the old token in it."""
    path = folder / "api-token"
    path.write_text(OLD)
    path.chmod(0o600)
    return path


def locked(folder, place="token_file"):
    """Give a daemon that reads the token's file as one that is configured, or as systemd's credential."""
    file = folder / "wad.toml"
    named = place == "token_file"
    file.write_text(f'[http]\ntoken_file = "{folder / "api-token"}"\n' if named else "")
    env = {} if named else {"CREDENTIALS_DIRECTORY": str(folder)}
    return Daemon(folder / "state", "--sandbox", "--no-autostart", "--config", str(file), env=env)


async def codes(daemon):
    """Give what a command gets that brings the old token, and one that brings the new one."""
    asked = [await daemon.fetch("POST", "/api/whatsapp/stop", headers=bearer(each)) for each in (OLD, NEW)]
    return [answer.code for answer in asked]


def wadctl(daemon):
    """Ask for a reload by wadctl, and give its code and what it says."""
    socket = str(daemon.state / "run/control.sock")
    run = [sys.executable, "-m", "wad.ctl", "--socket", socket, "reload", "--wait"]
    done = subprocess.run(run, env=environment({}), capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", ["signal", "wadctl"])
async def test_a_changed_token_is_taken_over(folder, token, place, way):
    """By SIGHUP and by wadctl, from either place: the old one gets 401 then, and the change is told by name."""
    async with locked(folder, place) as daemon:
        before = await codes(daemon)
        token.write_text(NEW)
        if way == "signal":
            said = str((await hup(daemon, "config_reloaded"))["applied"])
        else:
            code, said = await asyncio.to_thread(wadctl, daemon)
            assert 0 == code
        after = await codes(daemon)
        again = await hup(daemon, "config_reloaded")
        text = daemon.text()

    assert ([200, 401], [401, 200]) == (before, after)
    assert "http.token_file" in said
    assert [] == again["applied"]
    assert not any(secret in text for secret in (OLD, NEW))


BAD = {
    "empty": (lambda path: path.write_text("\n"), "fewer than 16"),
    "short": (lambda path: path.write_text("short"), "fewer than 16"),
    "of two lines": (lambda path: path.write_text(f"{NEW}\n{NEW}"), "one line"),
    "open to all": (lambda path: path.chmod(0o604), "every local user"),
    "gone": (lambda path: path.unlink(), "cannot be read"),
    "a folder": (lambda path: (path.unlink(), path.mkdir(0o700)), "cannot be read"),
}


@pytest.mark.parametrize(("spoil", "said"), BAD.values(), ids=BAD)
async def test_a_bad_token_leaves_the_old_one_in_force(folder, token, spoil, said):
    """One line says what is wrong with it, without it; wadctl fails; whoever listens goes on."""
    async with locked(folder) as daemon, aiohttp.ClientSession() as http:
        url = f"http://127.0.0.1:{daemon.port}/whatsapp/events/stream"
        async with http.get(url, headers=bearer(OLD)) as stream:
            await stream.content.readuntil(b"\n\n")
            spoil(token)
            refused = await hup(daemon, "reload_refused")
            code, told = await asyncio.to_thread(wadctl, daemon)
            asked = await codes(daemon)
            open_still = not stream.content.at_eof()

    assert said in refused["error"]
    assert str(token) in refused["error"]
    assert NEW not in refused["error"]
    assert (1, True) == (code, said in told)
    assert ([200, 401], True) == (asked, open_still)


async def entered(daemon, transport, token):
    """Connect by Socket.IO as programs do; give the client, and what it is told by name."""
    client = socketio.AsyncClient(reconnection=False)
    heard = {name: asyncio.Event() for name in ("wa:state", "disconnect")}
    for name, told in heard.items():
        client.on(name, lambda *_, told=told: told.set())
    await client.connect(f"http://127.0.0.1:{daemon.port}", auth={"token": token}, transports=[transport])
    await heard["wa:state"].wait()
    return client, heard


async def test_whoever_listens_with_the_old_one_is_ended(folder, token):
    """Socket.IO by either transport, a stream and a long poll: each ends, and is told why where that can be said."""
    async with locked(folder) as daemon, aiohttp.ClientSession() as http:
        base = f"http://127.0.0.1:{daemon.port}/whatsapp/events"
        clients = [await entered(daemon, each, OLD) for each in ("websocket", "polling")]
        raw = await websocket_connect(f"ws://127.0.0.1:{daemon.port}/socket.io/?EIO=4&transport=websocket")
        await raw.read_message()
        await raw.write_message(f"40{json.dumps({'token': OLD})}")
        while not str(await raw.read_message()).startswith("42"):
            pass
        stream = await http.get(f"{base}/stream", headers=bearer(OLD))
        await stream.content.readuntil(b"\n\n")
        # Behind a number that no event will have: it would wait to its end.
        asking = http.get(f"{base}?wait=50&after={2**62}", headers=bearer(OLD))
        poll = asyncio.create_task(asking)
        await daemon.get("/livez")
        token.write_text(NEW)
        await hup(daemon, "config_reloaded")
        async with asyncio.timeout(30):
            for _, heard in clients:
                await heard["disconnect"].wait()
            while await raw.read_message() is not None:
                pass
            last, polled = await stream.content.read(), await poll
        back, _ = await entered(daemon, "websocket", NEW)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await entered(daemon, "websocket", OLD)
        for client in (back, *(each for each, _ in clients)):
            await client.disconnect()
        raw.close()
        told = await polled.json()

    assert b": this token is no longer the right one\n\n" == last[-42:]
    assert (401, "unauthorized") == (polled.status, told["code"])
    assert (1008, "this token is no longer the right one") == (raw.close_code, raw.close_reason)


async def test_a_message_that_is_waited_for(folder, token, linked_state):
    """Whoever waits for it with the old token is told at once that it was accepted; it goes out all the same."""
    async with locked(folder) as daemon:
        daemon.headers = bearer(OLD)
        await daemon.post("/api/whatsapp/start")
        await daemon.wait(currentState="ready")
        await daemon.phone("offline")
        await daemon.wait(isReady=False)
        waiting = asyncio.create_task(send(daemon, "hello", "?wait=sent&timeout=50"))

        async def accepted():
            return (await daemon.get("/api/whatsapp/outbox")).json["messages"]

        (message,) = await until(accepted, "the message in the outbox")
        token.write_text(NEW)
        await hup(daemon, "config_reloaded")
        answer = await waiting
        daemon.headers = bearer(NEW)
        await daemon.phone("online")
        own = await event(daemon, "message.own")
        # Of what was answered to the old token nothing tells of what came then.
        assert (202, "queued", message["id"]) == (
            answer.code,
            answer.json["message"]["state"],
            answer.json["message"]["id"],
        )

    assert "hello" == own["data"]["text"]
