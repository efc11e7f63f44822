"""Killed in the middle of a file: what was accepted goes out once and whole, what came is had, nothing half stays."""

import asyncio
import hashlib
import os
import socket
from contextlib import closing

from daemon_client import until
from daemon_harness import SMALL_BROWSER, Daemon
from daemon_media import MARK, arrived, form, post, send_form
from message_kills import BRISK, PEOPLE, settled, up

MIB = 1 << 20
CONTENT = os.urandom(6 * MIB)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SETTINGS = {**BRISK, **SMALL_BROWSER}


def lying(daemon):
    """Give the names of all files, with their sizes."""
    media = daemon.folder / "media"
    return {path.name: path.stat().st_size for path in media.rglob("*") if path.is_file()}


def half(daemon):
    """Give what is there of files that are not whole."""
    incoming = daemon.folder / "media/incoming"
    return [each for each in incoming.iterdir() if each.stat().st_size] if incoming.exists() else []


def kill(daemon):
    """Kill it as the kernel does that needs its memory."""
    daemon.process.kill()
    daemon.process.wait()


async def test_killed_while_a_client_uploads(linked_state):
    """Nothing was accepted and nothing is left; the same request once more is one message."""
    async with Daemon(linked_state, env=SETTINGS) as daemon:
        await daemon.wait(currentState="ready")
        body, headers = form(CONTENT, to=PEOPLE[0], clientRef="a")
        with closing(socket.create_connection(("127.0.0.1", daemon.port), 30)) as client:
            head = "POST /api/whatsapp/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            head += f"Content-Type: {headers['Content-Type']}\r\nContent-Length: {len(body)}\r\n\r\n"
            await asyncio.to_thread(client.sendall, head.encode() + body[: 3 * MIB])
            await until(lambda: half(daemon), "half of it")
            kill(daemon)
        cut_off = len(half(daemon))
        await up(daemon)
        swept = lying(daemon)
        told = (await daemon.get("/api/whatsapp/outbox")).json["depth"]
        again = await post(daemon, "/api/whatsapp/messages", body, headers)
        await settled(daemon)
        got = await arrived(daemon)
        left = lying(daemon)

    assert MARK.encode() not in CONTENT
    assert cut_off == 1
    assert (swept, told) == ({}, 0)
    assert again.code == 202
    assert [each["content"] == CONTENT for each in got] == [True]
    assert left == {SHA256: len(CONTENT)}


async def test_killed_while_the_page_uploads(linked_state):
    """What was accepted goes out after the restart, once, whole, and before what was accepted behind it."""
    async with Daemon(linked_state, env=SETTINGS) as daemon:
        await daemon.wait(currentState="ready")
        await daemon.phone("media_server", answer="endless", of="uploads")
        first = await send_form(daemon, CONTENT, query="", to=PEOPLE[0], clientRef="a", filename="a.bin")
        second = await daemon.fetch(
            "POST", "/api/whatsapp/messages", {"to": PEOPLE[0], "text": "behind", "clientRef": "b"}
        )

        # The server takes it, and never says so; what it has taken lies beside the phone.
        for _ in range(3):
            await until(lambda: list(daemon.folder.glob("phone/**/*.new")), "an upload under way")
            kill(daemon)
            for path in daemon.folder.glob("phone/**/*.new"):
                path.unlink()
            await up(daemon)
            await daemon.phone("media_server", answer="endless", of="uploads")
        await daemon.phone("media_server", answer="normal")
        await settled(daemon)
        got = await arrived(daemon)
        texts = (await daemon.get("/sandbox/phone/messages")).json["messages"]
        own = (await daemon.get("/api/whatsapp/events?types=message.own")).json["events"]
        failed = (await daemon.get("/api/whatsapp/events?types=message.failed")).json["events"]
        left = lying(daemon)

    assert (first.code, second.code) == (202, 202)
    assert [each["content"] == CONTENT for each in got] == [True]
    assert [(each["text"], each["times"]) for each in texts if each["text"]] == [("behind", 1)]
    assert [each["data"]["clientRef"] for each in own] == ["a", "b"]
    assert failed == []
    assert left == {SHA256: len(CONTENT)}


async def test_killed_while_files_come(linked_state):
    """Each is had after the restart, whole, though wad was killed again and again while it fetched them."""
    async with Daemon(linked_state, env=SETTINGS) as daemon:
        await daemon.wait(currentState="ready")
        told = {}
        for number in range(4):
            media = {"kind": "document", "size": 3 * MIB + number}
            answer = await daemon.phone(
                "receive", **{"from": PEOPLE[number], "text": f"{number}", "media": media}
            )
            told[answer["media"]["sha256"]] = 3 * MIB + number
        for _ in range(3):
            await until(lambda: half(daemon) or lying(daemon).keys() >= told.keys(), "a file that comes")
            kill(daemon)
            await up(daemon)

        async def had():
            found = {}
            for sha256 in told:
                answer = await daemon.fetch("GET", f"/api/whatsapp/media/{sha256}", within=60)
                if answer.code != 200:
                    return None
                found[hashlib.sha256(answer.body).hexdigest()] = len(answer.body)
            return found

        found = await until(had, "all files", within=200)
        events = (await daemon.get("/api/whatsapp/events?types=message")).json["events"]
        left = lying(daemon)

    assert found == told
    assert left == told
    assert sorted(each["data"]["text"] for each in events) == ["0", "1", "2", "3"]
