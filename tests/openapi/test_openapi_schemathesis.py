"""The running daemon against hundreds of requests made from its description, among them all that destroy."""

from collections import Counter
from copy import deepcopy

import pytest
from daemon_harness import HASTY, SMALL_BROWSER, Daemon
from openapi_tester import locked, pointed, tried

from wad.sandbox.phone import COMMANDS

TOKEN = "a-token-of-decent-length"
EVERY_COMMAND = {
    f"/api/whatsapp/{name}" for name in ("start", "stop", "reset", "logout", "pair", "pair/cancel")
}
# Every operation is asked for; fewer would mean that some were left out.
OPERATIONS = 35
REQUESTS = 600
# Made at random for each operation in a turn, beside those that stand at the edges of what is allowed.
EXAMPLES = 2


def guarded(folder, token, *flags):
    """Give a daemon whose log holds each request, with the token if there is one."""
    settings = {**HASTY, **SMALL_BROWSER, "WAD_LOG_LEVEL": "debug"}
    if token is not None:
        file = folder / "token"
        file.write_text(token)
        file.chmod(0o600)
        settings["WAD_HTTP_TOKEN_FILE"] = str(file)
    daemon = Daemon(folder / "state", *flags, env=settings)
    daemon.headers = {"Authorization": f"Bearer {token}"} if token else {}
    return daemon


def answered(daemon):
    """Count the answers by path and status, as the log has them."""
    return Counter((line["path"], line["status"]) for line in daemon.lines() if line["event"] == "request")


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_every_operation(folder, turns, token):
    """Whatever is asked, and in whatever order, each answer is described; bad requests and strangers are refused."""
    async with guarded(folder, token) as daemon:
        await daemon.new_code()
        document = pointed((await daemon.get("/openapi.json")).json)
        document = locked(document) if token else document
        examples = "--max-examples", str(turns * EXAMPLES)
        verdict = await tried(folder, document, daemon.port, *examples, token=token)
        alive = await daemon.get("/livez")
        answers, broken = answered(daemon), [line for line in daemon.lines() if line["level"] == "error"]

    assert (True, {}) == (verdict.held, verdict.failures), verdict.printed
    assert verdict.tested >= OPERATIONS
    assert verdict.requests >= REQUESTS
    assert 200 == alive.code
    assert set() == EVERY_COMMAND - {path for path, status in answers if status == 200}
    assert set() == {f"/sandbox/phone/{name}" for name in COMMANDS} - {path for path, _ in answers}
    assert not {500, 503} & {status for path, status in answers if path != "/readyz"}
    assert [] == broken


LIES = {
    "Response violates schema": lambda get: get["responses"]["200"]["content"]["application/json"].update(
        schema={"type": "object", "required": ["nothing"]}
    ),
    "Undocumented status code": lambda get: get["responses"].update({"201": get["responses"].pop("200")}),
    "Missing required response headers": lambda get: get["responses"]["200"]["headers"].update(
        {"X-Nothing": {"required": True, "schema": {"type": "string"}}}
    ),
    "API accepts requests without authentication": lambda get: get.update(security=[{"token": []}]),
}


@pytest.mark.parametrize("title", LIES)
async def test_a_lie_is_found(folder, title):
    """What the description says wrongly of an operation is found there, so finding nothing means something."""
    async with guarded(folder, TOKEN, "--sandbox", "--no-autostart") as daemon:
        document = (await daemon.get("/openapi.json")).json
        get = document["paths"]["/livez"]["get"]
        get["responses"] = {"200": deepcopy(document["components"]["responses"]["Alive"])}
        LIES[title](get)
        verdict = await tried(folder, document, daemon.port, "--include-name", "GET /livez", token=TOKEN)

    assert (False, 1) == (verdict.held, verdict.tested)
    assert {title: ["GET /livez"]} == verdict.failures, verdict.printed
