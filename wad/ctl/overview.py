"""Bare ``wadctl``: how the link is, and what can be asked for next, in less than a screen."""

from typing import Any, Final

from wad.ctl import words

Document = dict[str, Any]

# What is most likely to be wanted in each state, the likeliest first.
_NEXT: Final = {
    "idle": ("start --wait",),
    "qr": ("qr --watch", "pair PHONE"),
    "authenticated": ("watch",),
    "ready": ("top", "watch"),
    "disconnected": ("watch", "doctor"),
    "blocked": ("start --wait", "doctor"),
}
_ABOUT: Final = {
    "start --wait": "link, and wait until there is a code, or it is ready",
    "qr --watch": "draw the code until the phone has scanned it",
    "pair PHONE": "have a code to type on the phone of that number instead",
    "watch": "a line for each change",
    "top": "the link and what it takes, live",
    "doctor": "look for what may be wrong, and say what to do",
    "help": "all commands",
}


def lines(document: Document, call: str) -> list[str]:
    """Give the status in a few lines, and below them the commands that go with it."""
    offered = (*_NEXT.get(str(document["currentState"]), ("doctor",)), "help")
    commands = {f"{call} {name}": _ABOUT[name] for name in offered}
    wide = max(map(len, commands))
    return [
        *words.status(document, call),
        "",
        *(f"  {command:<{wide}}  {about}" for command, about in commands.items()),
    ]
