"""schemathesis as a process: it makes requests from a description, good ones and bad ones, and judges the answers."""

import asyncio
import json
import os
import sys
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wad.sandbox.phone import COMMANDS

Document = dict[str, Any]
_CONFIG = Path(__file__).parent / "schemathesis.toml"
# A reference stands for one message: with another one it is refused.
_LEFT_OUT = {"WaitUntil", "Timeout", "WaitFor", "IdempotencyKey"}
# For a machine that others share, and many turns; it takes a quarter of a minute else.
_SECONDS = 400


@dataclass(frozen=True)
class Verdict:
    """What came of a run: whether all held, which operations failed and why, and all that was printed."""

    held: bool
    tested: int
    requests: int
    failures: dict[str, list[str]]
    printed: str


def pointed(document: Document) -> Document:
    """Name the phone's buttons, which the daemon does not, and press them without arguments, which all allow."""
    known = deepcopy(document)
    press = known["paths"]["/sandbox/phone/{button}"]["post"]
    # At these ones' addresses there is nothing to press.
    looks = {"messages", "media", "contents", "presence"}
    names = {"type": "string", "enum": [each for each in COMMANDS if each not in looks]}
    press["parameters"] = [{"name": "button", "in": "path", "required": True, "schema": names}]
    content = {"application/json": {"schema": {"type": "object", "additionalProperties": False}}}
    press["requestBody"] = {"content": content}
    return hurried(known)


def hurried(known: Document) -> Document:
    """Leave out what waits, or has no end, and what is rightly refused the second time; let no webhook go out."""
    del known["paths"]["/api/whatsapp/events/stream"]
    left_out = [{"$ref": f"#/components/parameters/{name}"} for name in _LEFT_OUT]
    for item in known["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "parameters" in operation:
                operation["parameters"] = [each for each in operation["parameters"] if each not in left_out]
    schemas = known["components"]["schemas"]
    del schemas["Draft"]["properties"]["clientRef"]
    # Beyond the newest event it is refused.
    del schemas["WebhookSettings"]["properties"]["after"]
    schemas["WebhookSettings"]["properties"]["url"]["pattern"] = r"^https://[a-z]{1,9}\.invalid/[a-z]{0,9}$"
    schemas["MediaToSend"]["properties"]["url"]["pattern"] = r"^https://[a-z]{1,9}\.invalid/[a-z]{0,9}$"
    return known


def locked(document: Document) -> Document:
    """Describe a daemon that has a token: whatever may answer 401 wants it."""
    known = deepcopy(document)
    for item in known["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "401" in operation["responses"]:
                operation["security"] = [{"token": []}]
    return known


async def tried(
    folder: Path, document: Document, port: int, *options: str, token: str | None = None
) -> Verdict:
    """Let schemathesis hold the daemon at `port` against `document`."""
    (folder / "openapi.json").write_text(json.dumps(document))
    config = folder / "schemathesis.toml"
    config.write_text(
        _CONFIG.read_text() + ('\n[auth.openapi.token]\nbearer = "${TOKEN}"\n' if token else "")
    )
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("st")), "--config-file", str(config)),
        *("run", str(folder / "openapi.json"), "--url", f"http://127.0.0.1:{port}"),
        *("--report", "json", "--report-json-path", str(folder / "report.json")),
        *("--no-color", "--warnings", "off", *options),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **({"TOKEN": token} if token else {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    return _verdict(json.loads((folder / "report.json").read_text()), process.returncode, printed.decode())


def _verdict(report: Document, code: int | None, printed: str) -> Verdict:
    failures = {each["title"]: each["operations"] for each in report["failures"]}
    return Verdict(
        held=code == 0 and report["complete"] and not report["errors"],
        tested=report["operations"]["tested"],
        requests=report["test_cases"]["generated"],
        failures=failures,
        printed=printed,
    )
