"""Messages as users of the real daemon meet them: over HTTP, as a stream, over Socket.IO, and by wadctl."""

import asyncio
import json

import socketio
from daemon_client import until
from daemon_harness import Daemon
from daemon_messages import BRISK, NUMBER, SECRET, event, events, linked, send, wadctl
from tornado.httpclient import AsyncHTTPClient, HTTPRequest


async def test_a_message_from_acceptance_to_read(linked_state):
    """202 once it is kept, 200 once WhatsApp has it; the same key is the same message; receipts are events."""
    async with linked(linked_state) as daemon:
        accepted = await send(daemon, "hello", clientRef="a")
        again = await send(daemon, "hello", headers={"Idempotency-Key": "a"})
        other = await send(daemon, "other", clientRef="a")
        both = await send(daemon, "hello", clientRef="a", headers={"Idempotency-Key": "b"})
        waited = await send(daemon, "second", query="?wait=sent&timeout=30", clientRef="b")
        await daemon.phone("read")
        await event(daemon, "message.ack", lambda data: data["clientRef"] == "b" and data["ack"] == 3)
        known = (await daemon.get("/whatsapp/messages/b")).json["message"]
        absent = await daemon.get("/whatsapp/messages/c")
        out = (await daemon.get("/sandbox/phone/messages")).json["messages"]

    assert (accepted.code, accepted.json["message"]["state"]) == (202, "queued")
    assert (again.code, again.json["message"]["id"]) == (200, accepted.json["message"]["id"])
    assert (other.code, other.json["code"]) == (422, "idempotency_conflict")
    assert (both.code, both.json["code"]) == (422, "invalid_message")
    assert (waited.code, waited.json["message"]["state"]) in {(200, "sent"), (200, "delivered")}
    assert known["state"] == "read"
    assert (absent.code, absent.json["code"]) == (404, "message_not_found")
    assert [(each["text"], each["times"]) for each in out] == [("hello", 1), ("second", 1)]


async def test_failures_have_codes(linked_state):
    """What is wrong is refused at once; what WhatsApp refuses is told to whoever waits."""
    async with linked(linked_state) as daemon:
        nobody = await daemon.fetch("POST", "/api/whatsapp/messages", {"to": "nobody", "text": "x"})
        blank = await send(daemon, "  ")
        long = await send(daemon, "x" * 65_537)
        whole = await send(daemon, "ж" * 65_536, query="?wait=sent&timeout=30")
        await daemon.phone("nack", code=463)
        refused = await send(daemon, "hello", query="?wait=sent&timeout=30")
        locked = await daemon.fetch(
            "POST", "/api/whatsapp/messages", {"to": "+15559990000", "text": "to a stranger"}
        )

    assert (nobody.code, nobody.json["code"]) == (422, "invalid_recipient")
    assert (blank.code, blank.json["code"]) == (422, "invalid_message")
    assert (long.code, long.json["code"]) == (422, "too_large")
    assert whole.code == 200
    assert (refused.code, refused.json["code"]) == (429, "reachout_locked")
    assert refused.json["message"]["error"]["whatsappCode"] == 463
    assert (locked.code, locked.json["code"]) == (429, "reachout_locked")
    assert int(locked.headers["Retry-After"]) > 80_000


async def test_without_a_session_there_is_nobody_to_send(folder):
    """409 before anybody has scanned, and a reset makes it so again."""
    async with Daemon(folder / "state", env=BRISK) as daemon:
        await daemon.new_code()
        before = await send(daemon, "hello")
        await daemon.link()
        await event(daemon, "state", lambda data: data["state"] == "ready")
        await send(daemon, SECRET, query="?wait=sent&timeout=30")
        await daemon.post("/api/whatsapp/reset")
        await daemon.new_code()
        after = await send(daemon, "hello")
        left = await events(daemon, "message.own")
        file = (daemon.folder / "messages.sqlite").read_bytes()

    assert (before.code, before.json["code"]) == (409, "not_linked")
    assert (after.code, after.json["code"]) == (409, "not_linked")
    assert left == []
    assert SECRET.encode() not in file


async def test_what_came_while_wad_was_stopped(linked_state):
    """It waits at the server, and is told at the next start, once and in order."""
    async with linked(linked_state) as daemon:
        await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "before"})
        await event(daemon, "message")
        await daemon.post("/api/whatsapp/stop")
        await daemon.wait(phase="stopped")
        for text in ("one", "two"):
            await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": text})
        await daemon.stop()
        await daemon.start()
        await daemon.post("/api/whatsapp/start")
        await event(daemon, "message", lambda data: data["text"] == "two")
        told = [each["data"]["text"] for each in await events(daemon, "message")]

    assert told == ["before", "one", "two"]


async def test_a_stream_is_taken_up_where_it_was_left(linked_state):
    """Server-Sent Events with the number as id; Last-Event-ID replays what came meanwhile."""
    async with linked(linked_state) as daemon:
        await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "one"})
        first = await event(daemon, "message")
        await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "two"})
        frames = []
        done = asyncio.Event()

        def take(chunk):
            frames.append(chunk.decode())
            if '"text":"three"' in "".join(frames):
                done.set()

        client = AsyncHTTPClient(force_instance=True)
        request = HTTPRequest(
            f"http://127.0.0.1:{daemon.port}/api/whatsapp/events/stream?types=message",
            headers={"Last-Event-ID": str(first["seq"])},
            streaming_callback=take,
            request_timeout=60,
        )
        following = asyncio.ensure_future(client.fetch(request, raise_error=False))
        await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "three"})
        async with asyncio.timeout(40):
            await done.wait()
        client.close()
        following.cancel()

    data = [json.loads(line[6:]) for line in "".join(frames).splitlines() if line.startswith("data: ")]

    assert [each["data"]["text"] for each in data] == ["two", "three"]
    assert f"id: {data[0]['seq']}\nevent: message\n" in "".join(frames)


async def test_socket_io_replays_and_sends(linked_state):
    """A client that says how far it has read gets the rest, and the earlier server's names work both ways."""
    async with linked(linked_state) as daemon:
        await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "one"})
        first = await event(daemon, "message")
        client, heard, sent = socketio.AsyncClient(), [], asyncio.Event()
        for name in ("wa:event", "wa:message", "whatsapp-message", "chat-updated", "message-ack-updated"):
            client.on(name, lambda argument, name=name: heard.append((name, argument)))
        client.on("message-sent", lambda argument: (heard.append(("message-sent", argument)), sent.set()))
        await client.connect(f"http://127.0.0.1:{daemon.port}", auth={"after": first["seq"] - 1})
        await client.emit("send_message", {"phoneNumber": NUMBER, "message": "an answer"})
        async with asyncio.timeout(40):
            await sent.wait()
        file = {
            "mediaUrl": "data:text/plain;base64,aGVsbG8=",
            "fileName": "hello.txt",
            "mediaType": "document",
        }
        await client.emit("send_message", {"phoneNumber": NUMBER, "message": "a file", **file})
        await until(lambda: len([1 for name, _ in heard if name == "message-sent"]) == 2, "the file")
        odd = {"mediaUrl": "ftp://x/y", "mediaType": "document"}
        await client.emit("send_message", {"phoneNumber": NUMBER, "message": "x", **odd})
        await until(lambda: len([1 for name, _ in heard if name == "message-sent"]) == 3, "the refusal")
        arrived = (await daemon.get("/sandbox/phone/media")).json["media"]
        await until(lambda: any(name == "message-ack-updated" for name, _ in heard), "a receipt")
        await client.disconnect()

    by_name = {name: [argument for each, argument in heard if each == name] for name, _ in heard}

    assert by_name["wa:event"][0]["seq"] == first["seq"]
    assert by_name["wa:message"][0]["text"] == "one"
    assert by_name["whatsapp-message"][0]["chatId"] == f"{NUMBER}@c.us"
    assert by_name["chat-updated"][0]["chatPn"] == f"{NUMBER}@c.us"
    assert [each["success"] for each in by_name["message-sent"]] == [True, True, False]
    assert by_name["message-sent"][0]["message"]["text"] == "an answer"
    assert by_name["message-sent"][1]["message"]["media"]["filename"] == "hello.txt"
    assert by_name["message-sent"][2]["error"] == "invalid_message"
    assert [(each["filename"], each["size"], each["caption"]) for each in arrived] == [
        ("hello.txt", 5, "a file")
    ]
    assert by_name["message-ack-updated"][0]["ack"] >= 1


async def test_wadctl_sends_and_tells(linked_state):
    """Words or standard input; events and the outbox as lines, in which nothing can move the cursor."""
    async with linked(linked_state, WAD_CONTROL_SOCKET=str(linked_state / "control.sock")) as daemon:
        sent = await wadctl(daemon, "send", f"+{NUMBER}", "hello", "there", "--wait")
        piped = await wadctl(daemon, "send", f"+{NUMBER}", "-", "--wait", stdin=b"from\na pipe\n")
        wrong = await wadctl(daemon, "send", "nobody", "hello")
        await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "evil \x1b[2J text"})
        await event(daemon, "message")
        told = await wadctl(daemon, "events")
        waiting = await wadctl(daemon, "outbox")
        hooks = await wadctl(daemon, "webhooks")
        out = (await daemon.get("/sandbox/phone/messages")).json["messages"]

    assert sent[0] == piped[0] == told[0] == waiting[0] == hooks[0] == 0
    assert sent[1].startswith(("sent true_", "delivered true_"))
    assert wrong[0] == 1
    assert "country code" in wrong[1]
    assert "\x1b" not in told[1]
    assert "evil" in told[1]
    assert waiting[1] == "0 waiting\n"
    assert [each["text"] for each in out] == ["hello there", "from\na pipe"]


async def test_no_text_and_no_number_is_in_a_log_or_a_metric(linked_state):
    """Whatever happens to messages, at the lowest level of the log, and with all that is refused."""
    async with linked(linked_state) as daemon:
        await send(daemon, SECRET, query="?wait=sent&timeout=30", clientRef=SECRET)
        await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": SECRET})
        ref = (await event(daemon, "message"))["data"]["id"]
        await daemon.fetch("PUT", f"/api/whatsapp/messages/{ref}/reaction", {"text": "👍"})
        await daemon.fetch("PUT", f"/api/whatsapp/messages/{SECRET}", {"text": SECRET + "2"})
        await daemon.fetch("POST", f"/api/whatsapp/chats/{NUMBER}@c.us/seen")
        await daemon.fetch("POST", "/api/whatsapp/messages", {"to": SECRET, "text": SECRET, SECRET: SECRET})
        await daemon.fetch("DELETE", f"/api/whatsapp/messages/{SECRET}")
        await daemon.phone("nack", code=475)
        await send(daemon, SECRET, query="?wait=sent&timeout=30")
        metrics = (await daemon.get("/metrics")).body.decode()
        await daemon.stop()
        written = daemon.text()

    assert "request" in written
    assert SECRET not in written
    assert NUMBER not in written
    assert SECRET not in metrics
    assert NUMBER not in metrics


async def test_a_network_that_is_gone_for_a_while(linked_state):
    """What was on its way is sent by the page itself once it is back, what was accepted meanwhile by wad; once."""
    async with linked(linked_state) as daemon:
        await daemon.phone("silent")
        for number in range(3):
            await send(daemon, f"before {number}")

        async def lost():
            return (await daemon.phone("silent"))["lost"]

        await until(lost, "the first on its way")
        await daemon.phone("offline")
        await daemon.wait(currentState="disconnected")
        for number in range(3):
            await send(daemon, f"meanwhile {number}")
        await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "received meanwhile"})
        await daemon.phone("take_messages")
        await daemon.phone("online")
        await event(daemon, "message.own", lambda data: data["text"] == "meanwhile 2")
        await event(daemon, "message", lambda data: data["text"] == "received meanwhile")
        out = (await daemon.get("/sandbox/phone/messages")).json["messages"]

    wanted = [f"{when} {number}" for when in ("before", "meanwhile") for number in range(3)]

    assert [(each["text"], each["times"]) for each in out] == [(text, 1) for text in wanted]


async def test_a_document_that_is_opened_anew(linked_state):
    """The page forgets what it was sending; wad finds it in the page's store and has it sent on, once."""
    async with linked(linked_state) as daemon:
        await daemon.phone("silent")
        for number in range(3):
            await send(daemon, f"number {number}", to=f"+1555000222{number}")
        await event(daemon, "state")

        async def lost():
            waiting = (await daemon.get("/api/whatsapp/outbox")).json["messages"]
            gone = (await daemon.phone("silent"))["lost"]
            return gone == 3 and [each["state"] for each in waiting] == ["sending"] * 3

        await until(lost, "three on their way")
        await daemon.phone("take_messages")
        await daemon.phone("reload")
        await event(daemon, "message.own", lambda data: data["text"] == "number 2")

        async def done():
            return (await daemon.get("/api/whatsapp/outbox")).json["depth"] == 0

        await until(done, "an empty outbox")
        out = (await daemon.get("/sandbox/phone/messages")).json["messages"]

    assert sorted((each["text"], each["times"]) for each in out) == [(f"number {n}", 1) for n in range(3)]
