"""The running daemon in each state: whatever can be read is exactly what the description says."""

import json

from daemon_harness import HASTY, SMALL_BROWSER, Daemon
from openapi_judge import Description

TOKEN = "a-token-of-decent-length"
LISTED = "https://app.example.org"
# From another site's page, which gets headers that nobody else gets.
RIGHT = {"Authorization": f"Bearer {TOKEN}", "Origin": LISTED}
WRONG = {"Authorization": "Bearer another-token-of-length"}
NUMBER = {"phone": "+1 555 765-43-21"}


def guarded(folder):
    """Give a daemon that has a token and another site it knows, nothing begun yet."""
    file = folder / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    settings = {
        **HASTY,
        **SMALL_BROWSER,
        "WAD_HTTP_TOKEN_FILE": str(file),
        "WAD_HTTP_ALLOWED_ORIGINS": LISTED,
    }
    daemon = Daemon(folder / "state", "--sandbox", "--no-autostart", env=settings)
    daemon.headers = RIGHT
    return daemon


async def description_of(daemon):
    """Give the description the daemon serves."""
    return Description((await daemon.get("/openapi.json")).json)


async def complaints(daemon, description, cell, headers, method="GET"):
    """Ask for one thing, by HEAD perhaps, and tell what is wrong with the answer."""
    answer = await daemon.fetch(method, cell.path, headers=headers)
    named = f"{method} {cell.path} {answer.code}"
    response = cell.operation["responses"].get(str(answer.code))
    if response is None:
        return [f"{named}: the status is not described"]
    head = method == "HEAD" or answer.code == 304
    wrong = description.judge(response, answer.headers, answer.body, head=head)
    if headers.get("Origin") and "Access-Control-Allow-Origin" not in answer.headers:
        wrong.append("the other site may not read it")
    return [f"{named}: {each}" for each in wrong]


async def all_complaints(daemon, description):
    """Ask for all that can be read, with the token and without, whole and for the headers alone."""
    readable = [cell for cell in description.cells() if cell.method == "get"]
    return [
        each
        for cell in readable
        for headers in (RIGHT, WRONG, {"Authorization": ""})
        for method in methods(cell)
        for each in await complaints(daemon, description, cell, headers, method)
    ]


def methods(cell):
    """Give the methods by which something is read; a stream has no end, so of it the headers alone."""
    return ("HEAD",) if cell.path.endswith("/stream") else ("GET", "HEAD")


async def waits_for_a_scan(daemon):
    """Bring it to a code to scan."""
    await daemon.post("/api/whatsapp/start")
    await daemon.new_code()


async def waits_for_entry(daemon):
    """Bring it to a code to type."""
    await daemon.post("/api/whatsapp/pair", NUMBER)
    await daemon.wait(phase="waiting_for_entry")


async def loads_chats(daemon):
    """Bring it to where the chats come, and stay on the way."""
    await daemon.phone("stall_sync")
    await daemon.phone("enter_code")
    await daemon.wait(currentState="authenticated")


async def is_linked(daemon):
    """Bring it to the end of the way."""
    await daemon.phone("resume_sync")
    await daemon.wait(currentState="ready")


async def is_cut_off(daemon):
    """Take its network away."""
    await daemon.phone("offline")
    await daemon.wait(currentState="disconnected")


async def is_blocked(daemon):
    """Put somebody into the way."""
    await daemon.phone("block_hosts")
    await daemon.phone("online")
    await daemon.wait(reason="hosts_blocked")


async def is_stopped(daemon):
    """Stop it."""
    await daemon.post("/api/whatsapp/stop")
    await daemon.wait(phase="stopped")


STEPS = [waits_for_a_scan, waits_for_entry, loads_chats, is_linked, is_cut_off, is_blocked, is_stopped]


async def test_every_state(folder):
    """In every state each answer is described: its status, headers, type and body, with the token and without.

    HEAD is no operation of its own: as the words say, it has the headers that are described for GET.
    """
    seen = {}
    async with guarded(folder) as daemon:
        description = await description_of(daemon)
        seen["idle"] = await all_complaints(daemon, description)
        for step in STEPS:
            await step(daemon)
            state = (await daemon.status())["currentState"]
            seen.setdefault(state, []).extend(await all_complaints(daemon, description))

    assert {
        state: [] for state in ("idle", "qr", "authenticated", "ready", "disconnected", "blocked")
    } == seen


async def test_what_is_still_the_same(folder):
    """Whatever has an ETag is answered with 304 to whoever has it, as described."""
    wrong, asked = [], set()
    async with guarded(folder) as daemon:
        description = await description_of(daemon)
        for cell in description.cells():
            # There is no file yet; that one has its test with the files.
            if "304" in cell.operation["responses"] and "/media/" not in cell.path:
                tag = {"If-None-Match": (await daemon.get(cell.path)).headers["Etag"]}
                for method in ("GET", "HEAD"):
                    asked.add((await daemon.fetch(method, cell.path, headers=tag)).code)
                    wrong += await complaints(daemon, description, cell, tag, method)

    assert ({304}, []) == (asked, wrong)


async def test_what_is_said_in_words(folder):
    """OPTIONS names the methods to everybody; another method or address is refused in the form of all errors."""
    async with guarded(folder) as daemon:
        description = await description_of(daemon)
        error = description.document["components"]["schemas"]["Error"]
        address = await daemon.get("/nothing")
        for cell in description.cells():
            options = await daemon.fetch("OPTIONS", cell.path, headers=WRONG)
            other = await daemon.fetch("PATCH", cell.path)

            assert (204, b"") == (options.code, options.body)
            assert cell.method.upper() in options.headers["Allow"].split(", ")
            assert (405, options.headers["Allow"]) == (other.code, other.headers["Allow"])
            assert ([], "method_not_allowed") == (
                description.complaints(other.json, error),
                other.json["code"],
            )

    assert ([], "not_found") == (description.complaints(address.json, error), address.json["code"])


async def test_two_spellings(folder):
    """What lies below /api/whatsapp, but for the pictures, is answered alike without /api."""
    async with guarded(folder) as daemon:
        description = await description_of(daemon)
        pairs = {}
        for cell in description.cells():
            if (
                cell.method == "get"
                and cell.path.startswith("/api/")
                and not cell.path.endswith((".png", ".svg", ".txt", "/scan", "/stream", "/picture"))
            ):
                short = await daemon.get(cell.path.removeprefix("/api"))
                pairs[cell.path] = (short.body == (await daemon.get(cell.path)).body, short.code)

    # What is asked of the page has to wait for a scan, and its refusals have ids of their own.
    same = {path for path, (equal, code) in pairs.items() if equal and code == 200}
    refused = {code for path, (_, code) in pairs.items() if path not in same}

    assert 7 == len(same)
    assert {404, 409, 422} == refused


async def test_the_document_is_the_same_for_everybody(folder):
    """It needs no token, may be kept, and names no state."""
    async with guarded(folder) as daemon:
        first = await daemon.fetch("GET", "/openapi.json", headers={"Authorization": ""})
        await waits_for_a_scan(daemon)
        second = await daemon.get("/openapi.json")

    assert (200, "no-cache") == (first.code, first.headers["Cache-Control"])
    assert first.body == second.body
    assert "3.1.0" == json.loads(first.body)["openapi"]
