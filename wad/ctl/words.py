"""The status in short lines for people. The reason's sentence, and what to do, are the daemon's own words."""

import json
from datetime import datetime
from typing import Any

Document = dict[str, Any]

# The states in which there is an account. The daemon's own set would have every command load its tables.
LINKED = frozenset({"authenticated", "ready"})
# The states in which the phase tells something that the state does not.
_VAGUE = frozenset({"idle", "disconnected", "blocked"})


def printable(text: str) -> str:
    """Take out what could command a terminal: names of files and of accounts are anybody's."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def clock(timestamp: str) -> str:
    """Give a timestamp of the daemon's as local time of day."""
    return datetime.fromisoformat(timestamp).astimezone().strftime("%H:%M:%S")


def state(document: Document) -> str:
    """Give the state, with the phase where that says more."""
    name, phase = str(document["currentState"]), str(document["phase"]).replace("_", " ")
    return f"{name} ({phase})" if name in _VAGUE and phase != name else name


def headline(document: Document) -> str:
    """Tell the status in one line."""
    said = _sentence(document)
    return f"{state(document)}: {said}" if said else state(document)


def _sentence(document: Document) -> str:
    if document["isReady"]:
        return _account(document.get("accountInfo") or {})
    if document["hasQr"]:
        return f"a code waits for the phone until {clock(document['qrExpiresAt'])}"
    if document["pairingCode"]:
        return f"a pairing code waits to be entered until {clock(document['pairingCodeExpiresAt'])}"
    if document["currentState"] == "authenticated":
        return _progress(document.get("progress"))
    # The reason's sentence stands behind the colon.
    return str(document["message"]).partition(": ")[2]


def _account(account: Document) -> str:
    number = str(account.get("phoneNumber") or "").partition("@")[0]
    about = ", ".join(printable(str(account[key])) for key in ("name", "platform") if account.get(key))
    return f"linked as +{number}" + (f" ({about})" if about else "")


def _progress(progress: float | None) -> str:
    return "the chats are loading" + ("" if progress is None else f", {progress} %")


def status(document: Document, call: str) -> list[str]:
    """Tell the whole status in a few lines; `call` is how wadctl is called for this wad."""
    lines = [headline(document)]
    if document.get("blockedUntil"):
        lines.append(f"  blocked until: {printable(document['blockedUntil'])}")
    if document.get("blockedUrl"):
        lines.append(f"  blocked: {printable(document['blockedUrl'])} ({document.get('blockedReason')})")
    action = f"Show the code with: {call} qr" if document["hasQr"] else document.get("action")
    if action:
        lines.append(f"  what to do: {action}")
    since = datetime.fromisoformat(document["since"]).astimezone()
    lines.append(f"  since {since:%Y-%m-%d %H:%M:%S}")
    if document.get("sandbox"):
        lines.append("  sandbox: no real account is touched")
    return lines


def reloaded(document: Document) -> list[str]:
    """Tell what a reload has changed; nothing, where it goes on still."""
    known = [name for name in ("applied", "restartNeeded") if name in document]
    if known and not any(document[name] for name in known):
        return ["Nothing has changed: what was read is what is in force."]
    return [each for each in facts(document) if not each.endswith(": []")]


def facts(document: Document) -> list[str]:
    """Tell whatever else an answer holds, one fact a line."""
    told = [
        (name, value) for name, value in document.items() if name not in ("success", "message", "accepted")
    ]
    return [f"{name}: {_plain(value)}" for name, value in told]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
