"""Clients made from the description, as their users make them: by a generator, a compiler and a run of each."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOOLS = HERE / "node_modules"
SETTINGS = ROOT / "examples" / "python" / "openapi-python-client.yaml"
# For each of the programs, on a machine that others share.
_SECONDS = 110


async def ran(*command: str | Path, cwd: Path, sent: str = "", **env: str) -> str:
    """Run a program to its end, which must be a good one; give all it printed, complaints included."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=cwd,
        env={**os.environ, "PATH": path, "NO_COLOR": "1", **env},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            printed, _ = await process.communicate(sent.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert 0 == process.returncode, printed.decode()
    return printed.decode()


async def made_in_python(folder: Path, document: bytes) -> str:
    """Make the Python client with the settings that wad ships; give what the generator said."""
    (folder / "openapi.json").write_bytes(document)
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json"]
    return await ran(*command, "--config", SETTINGS, "--output-path", "client", cwd=folder)


async def judged_in_python(folder: Path) -> None:
    """Have mypy judge the client and what uses it; the client must have no error, but need not be strict."""
    client = folder / "client"
    shutil.copy(HERE / "clients" / "use.py", client)
    await ran(sys.executable, "-m", "mypy", "wad_client", "use.py", cwd=client)


async def used_in_python(folder: Path, url: str, token: str) -> Any:
    """Use the client; give what it was told."""
    return json.loads(await ran(sys.executable, "use.py", url, cwd=folder / "client", sent=f"{token}\n"))


async def made_in_typescript(folder: Path, document: bytes) -> str:
    """Make the types; give what the generator said."""
    (folder / "openapi.json").write_bytes(document)
    (folder / "node_modules").symlink_to(TOOLS)
    (folder / "package.json").write_text('{"type": "module"}')
    shutil.copy(HERE / "clients" / "use.ts", folder)
    return await ran(TOOLS / ".bin" / "openapi-typescript", "openapi.json", "-o", "wad.d.ts", cwd=folder)


async def judged_in_typescript(folder: Path) -> None:
    """Have the compiler judge the types and what uses them, at its strictest."""
    strict = ("--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess")
    target = ("--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler")
    await ran(TOOLS / ".bin" / "tsc", *strict, *target, "use.ts", cwd=folder)


async def used_in_typescript(folder: Path, url: str, token: str) -> Any:
    """Use the types; give what was told."""
    return json.loads(await ran("node", "use.js", url, cwd=folder, TOKEN=token))
