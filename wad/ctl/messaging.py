"""The commands of messages: send one, follow the events, see what waits."""

import json
import sys
import time
from typing import Any

from wad.ctl.client import Line, connect
from wad.ctl.exit_codes import CtlError, Exit, UsageError
from wad.ctl.task import Context

# Between two answers that the daemon gives to a follower, in seconds; below its own longest wait.
_POLL = 30.0
_PAGE = 500


def send(context: Context) -> int:
    """Send a text: the words behind the number, or what comes by standard input."""
    to, *words = context.options.words
    text = " ".join(words) if words and words != ["-"] else sys.stdin.read().rstrip("\n")
    arguments: dict[str, Any] = {"to": to, "text": text}
    if context.options.wait:
        arguments |= {"wait": "sent", "timeout": context.options.timeout}
    line = _asked(context, "send", arguments, context.options.timeout)
    message = line.document.get("message")
    if not isinstance(message, dict):
        return context.tell(line)
    return context.tell(line, f"{message.get('state')} {message.get('id')}")


def events(context: Context) -> int:
    """Show the events behind a number; follow them, if that is wanted."""
    options = context.options
    after = options.after
    if after is None:
        after = _newest(context) if options.follow else 0
    while True:
        wait = _POLL if options.follow else 0
        line = _asked(context, "events", {"after": after, "limit": _PAGE, "wait": wait}, wait)
        if not line.document.get("success"):
            return context.tell(line)
        for event in line.document["events"]:
            context.screen.say(json.dumps(event, ensure_ascii=False) if options.json else _shown(event))
        after = line.document["next"]
        if not options.follow and len(line.document["events"]) < _PAGE:
            return Exit.DONE


def outbox(context: Context) -> int:
    """Show what waits to be sent."""
    line = _asked(context, "outbox", {}, 0)
    document = line.document
    if context.options.json or not document.get("success"):
        return context.tell(line)
    said = [f"{document['depth']} waiting"]
    if document["oldestSeconds"] is not None:
        said[0] += f", the oldest for {document['oldestSeconds']:.0f} s"
    said += [f"{each['state']} {each['id']}" for each in document["messages"]]
    return context.tell(line, *said)


def webhooks(context: Context) -> int:
    """Show the webhooks, or have one bring again what it gave up, or give up what it is at."""
    words = context.options.words
    if words and (len(words) != 2 or words[0] not in {"replay", "skip"}):  # noqa: PLR2004 - action and name
        raise UsageError("give nothing, replay NAME or skip NAME")
    line = context.ask(" ".join(["webhooks", *words]))
    found = line.document.get("webhooks") or [
        line.document[each] for each in ["webhook"] if each in line.document
    ]
    return context.tell(line, *(_hook(each) for each in found))


def _hook(each: dict[str, Any]) -> str:
    more = f", {each['deadLetters']} given up" if each["deadLetters"] else ""
    why = each["lastError"] or each["lastStatus"]
    last = f" ({why})" if why and each["state"] != "active" else ""
    return f"{each['name']} {each['state']}{last}, {each['backlog']} behind{more}: {each['url']}"


def _newest(context: Context) -> int:
    line = _asked(context, "events", {"after": 2**62, "limit": 1}, 0)
    return int(line.document.get("newest") or 0)


def _asked(context: Context, verb: str, arguments: dict[str, Any], within: float) -> Line:
    """Ask with arguments as JSON, whose escapes keep a line a line."""
    if any(not isinstance(value, str) or value for value in arguments.values()) or not arguments:
        spelt = json.dumps(arguments) if arguments else ""
        with connect(context.path) as client:
            client.send(f"{verb} {spelt}".rstrip())
            line = client.next(time.monotonic() + within + 15)
        if "code" in line.document and "message" not in line.document:
            raise CtlError(str(line.document.get("error")))
        return line
    raise UsageError("give a number and a text")


def _shown(event: dict[str, Any]) -> str:
    """Give one line for a person; what a message says is shown, for who may ask may read it."""
    data = event["data"]
    chat = data.get("chat") or {}
    who = chat.get("name") or chat.get("pn") or chat.get("id") or ""
    # A group's name does not say who it was.
    author = (data.get("author") or "") if chat.get("kind") == "group" else ""
    what = data.get("text") or data.get("state") or ""
    parts = (event["seq"], event["at"], event["type"], who, author, what)
    line = " ".join(str(part) for part in parts if part != "")
    # Anybody can write to the account, and a terminal obeys what it is shown.
    return "".join(letter if letter.isprintable() else " " for letter in line)
