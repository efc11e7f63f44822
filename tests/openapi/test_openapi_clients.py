"""Clients that others' generators make from the description: without a warning, few files, and they work."""

import pytest
from daemon_harness import SMALL_BROWSER, Daemon
from openapi_clients import (
    judged_in_python,
    judged_in_typescript,
    made_in_python,
    made_in_typescript,
    used_in_python,
    used_in_typescript,
)

TOKEN = "a-token-of-decent-length"
# One for each method and each form of a body, and little else; it was 653 when each refusal had a form of its own.
# Of these 159 two in three came with messages: 25 methods, and a form for each event, what it tells, files and chats.
FILES = 165
TOLD = {
    "stranger": {"code": None, "withheld": True, "refused": "unauthorized"},
    "owner": {
        "state": "qr",
        "ready": False,
        "refused": "invalid_phone",
        "waits": True,
        "picture": "PNG",
        "lines": True,
        "pressed": True,
        "unknown": "unknown_command",
        "unsent": "not_linked",
        "left": True,
        "happened": "state",
    },
}


@pytest.fixture
def daemon(folder):
    """Give a daemon that has a token, not started yet; its codes last as long as real ones, not some seconds."""
    file = folder / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    settings = {**SMALL_BROWSER, "WAD_SANDBOX_CLOCK": "1", "WAD_HTTP_TOKEN_FILE": str(file)}
    made = Daemon(folder / "state", env=settings)
    made.headers = {"Authorization": f"Bearer {TOKEN}"}
    return made


async def test_a_client_in_python(daemon, folder):
    """openapi-python-client makes a client of few files without a warning; it has right types, and works."""
    async with daemon:
        said = await made_in_python(folder, (await daemon.get("/openapi.json")).body)
        files = [
            path
            for path in (folder / "client").rglob("*")
            if path.is_file() and ".ruff_cache" not in path.parts
        ]
        await judged_in_python(folder)
        await daemon.new_code()
        told = await used_in_python(folder, f"http://127.0.0.1:{daemon.port}", TOKEN)

    assert ["Generating client"] == said.split("\n")[:-1]
    assert len(files) < FILES
    assert TOLD == told


async def test_a_client_in_typescript(daemon, folder):
    """openapi-typescript makes types without a warning; what uses them compiles, and works."""
    async with daemon:
        said = await made_in_typescript(folder, (await daemon.get("/openapi.json")).body)
        await judged_in_typescript(folder)
        await daemon.new_code()
        told = await used_in_typescript(folder, f"http://127.0.0.1:{daemon.port}", TOKEN)

    assert not {"⚠", "warning", "Warning"} & set(said.split())
    assert TOLD == told
