"""Killing the daemon, or its browser, at moments of chance while messages are accepted, sent and received.

`script/kill-messages` runs this for long; the suite runs a few rounds of it.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from daemon_client import until
from daemon_harness import HASTY, Daemon

# So that twenty messages do not take the minutes that are due to people.
BRISK = {
    **HASTY,
    "WAD_MESSAGES_CHAT_INTERVAL": "0.01",
    "WAD_MESSAGES_CHAT_BURST": "1000",
    "WAD_MESSAGES_NEW_CHATS_PER_DAY": "1000",
    "WAD_LINK_OUTBOX_LOOK": "1",
    "WAD_LINK_OUTBOX_RETRY": "0.2",
    "WAD_LINK_INBOX_POLL": "1",
}
# Accepted, and received, between two kills.
EACH = 20
# After so many kills all that waits is waited for: between them less can be sent than is accepted.
SETTLED_EACH = 10
PEOPLE = tuple(f"+1555000111{number}" for number in range(4))


@dataclass
class Tally:
    """What was accepted, by reference, and what the phone was asked to receive."""

    accepted: dict[str, str] = field(default_factory=dict)
    received: int = 0
    kills: Counter[str] = field(default_factory=Counter)


async def accept(daemon: Daemon, tally: Tally, chance: random.Random) -> None:
    """Have messages accepted one after the other."""
    for _ in range(EACH):
        await accept_next(daemon, tally)
        await asyncio.sleep(chance.uniform(0, 0.1))


async def accept_next(daemon: Daemon, tally: Tally) -> None:
    """Have the next one accepted, which is the last one again where its answer was lost."""
    number = len(tally.accepted)
    ref, to, text = f"ref-{number}", PEOPLE[number % len(PEOPLE)], f"out {number}"
    answer = await daemon.fetch("POST", "/api/whatsapp/messages", {"to": to, "text": text, "clientRef": ref})
    if answer.code in {200, 202}:
        tally.accepted[ref] = text


async def receive(daemon: Daemon, tally: Tally, chance: random.Random) -> None:
    """Have the phone receive messages; one whose answer was lost may have come or not, the phone knows."""
    for _ in range(EACH):
        tally.received += 1
        text, sender = f"in {tally.received}", PEOPLE[tally.received % len(PEOPLE)]
        await daemon.fetch("POST", "/sandbox/phone/receive", {"from": sender, "text": text})
        await asyncio.sleep(chance.uniform(0, 0.1))


async def disturbed(daemon: Daemon, tally: Tally, chance: random.Random, *, browser: bool) -> None:
    """Run for a time of chance, then kill."""
    works = [asyncio.create_task(work(daemon, tally, chance)) for work in (accept, receive)]
    # Some moments of chance lie in the start, most behind it.
    if chance.random() < 0.7:
        with suppress(AssertionError):
            await daemon.wait(currentState="ready")
    await asyncio.sleep(chance.uniform(0, 1.5))
    if browser:
        pid = (await daemon.get("/health")).json["browser"].get("pid") or _browser(daemon)
        if pid:
            os.kill(pid, signal.SIGKILL)
            tally.kills["browser"] += 1
    else:
        assert daemon.process is not None
        daemon.process.kill()
        daemon.process.wait()
        tally.kills["daemon"] += 1
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)


def _browser(daemon: Daemon) -> int | None:
    for line in reversed(daemon.lines()):
        if line["event"] == "browser_started":
            return int(line["pid"])
    return None


async def survive(state, rounds: int, seed: int) -> tuple[Tally, dict]:
    """Kill so often; then let everything settle. Gives what was done, and what the phone and the log hold."""
    chance, tally = random.Random(seed), Tally()
    daemon = Daemon(state, env=BRISK)
    try:
        for number in range(rounds):
            browser = number % 4 == 3
            if daemon.process is None or daemon.process.poll() is not None:
                await daemon.start()
            await disturbed(daemon, tally, chance, browser=browser)
            if number % SETTLED_EACH == SETTLED_EACH - 1:
                await up(daemon)
                await settled(daemon)
                print(f"{number + 1} kills, {len(tally.accepted)} accepted", flush=True)
        await up(daemon)
        # Whoever heard no answer asks again; this one may have been accepted before the last kill.
        await accept_next(daemon, tally)
        await settled(daemon)
        return tally, await _found(daemon)
    finally:
        daemon.kill()
        daemon.close()


async def up(daemon: Daemon) -> None:
    """Have the daemon run, and linked."""
    if daemon.process is None or daemon.process.poll() is not None:
        await daemon.start()
    await daemon.wait(currentState="ready")


async def settled(daemon: Daemon) -> None:
    """Return when nothing waits, and all that the phone received is told; what is left is said when it does not end."""
    left: dict[str, object] = {}

    async def look() -> bool:
        outbox = (await daemon.get("/api/whatsapp/outbox")).json
        if outbox["depth"]:
            left.update(outbox=outbox)
            return False
        told = {each["data"]["id"] for each in await _events(daemon, "message")}
        received = {each["id"] for each in await _marks(daemon) if each["id"].startswith("false")}
        left.update(outbox=outbox, not_told=sorted(received - told))
        return not left["not_told"]

    try:
        await until(look, "the end of all that waits", within=300)
    except AssertionError as error:
        raise AssertionError(f"still waiting: {left}; see {daemon.log}") from error


async def _marks(daemon: Daemon) -> list[dict]:
    return (await daemon.phone("marks"))["marks"]


async def _events(daemon: Daemon, kind: str) -> list[dict]:
    found, after = [], 0
    while True:
        page = (await daemon.get(f"/api/whatsapp/events?after={after}&types={kind}&limit=1000")).json
        found += page["events"]
        if len(page["events"]) < 1000:
            return found
        after = page["next"]


async def _found(daemon: Daemon) -> dict:
    return {
        "sent": (await daemon.get("/sandbox/phone/messages")).json["messages"],
        "received": [each for each in await _marks(daemon) if each["id"].startswith("false")],
        "messages": await _events(daemon, "message"),
        "own": await _events(daemon, "message.own"),
        "failed": await _events(daemon, "message.failed"),
    }


def judge(tally: Tally, found: dict) -> None:
    """Hold what was found against what was promised."""
    texts = [each["text"] for each in found["sent"]]
    # Each accepted message is with the phone exactly once, and nothing else is.
    assert sorted(texts) == sorted(tally.accepted.values())
    assert found["failed"] == []
    # Each is one event, and in each chat they went out as they were accepted.
    assert sorted(each["data"]["text"] for each in found["own"]) == sorted(texts)
    for person in PEOPLE:
        order = [int(each["text"].split()[1]) for each in found["sent"] if each["to"] == person]
        assert order == sorted(order)
    # Each received message is one event, in its chat's order.
    told = [each["data"]["text"] for each in found["messages"]]
    assert sorted(told) == sorted(each["text"] for each in found["received"])
    for person in PEOPLE:
        chat = f"{person[1:]}@c.us"
        order = [
            int(each["data"]["text"].split()[1])
            for each in found["messages"]
            if each["data"]["chat"]["pn"] == chat
        ]
        assert order == sorted(order)
