"""What each of wadctl's commands does, and the table of them."""

import shlex
import time
from collections.abc import Callable
from pathlib import Path

from wad import __version__
from wad.ctl import diagnosis, messaging, overview, words
from wad.ctl.client import connect
from wad.ctl.code import show, show_until_scanned
from wad.ctl.drawing import Drawing
from wad.ctl.exit_codes import CtlError, Exit, TooLateError, UsageError
from wad.ctl.pairing import pair
from wad.ctl.task import Context, Task
from wad.ctl.waiting import carry_out


def _status(context: Context) -> int:
    line = context.ask("status")
    if context.options.json:
        context.screen.say(line.text)
    elif "currentState" not in line.document:
        raise CtlError(str(line.document.get("error")))
    else:
        context.screen.status(line.document["currentState"], words.status(line.document, context.place.call))
    return Exit.DONE


def _overview(context: Context) -> int:
    line = context.ask("status")
    if context.options.json or "currentState" not in line.document:
        return context.tell(line)
    context.screen.status(line.document["currentState"], overview.lines(line.document, context.place.call))
    return Exit.DONE


def _help(context: Context) -> int:
    # Imported late: it needs the table below.
    from wad.ctl.parser import make  # noqa: PLC0415

    whole, commands = make()
    name = context.options.words
    if name is not None and name not in commands:
        raise UsageError(f"there is no command {name}; there are {', '.join(commands)}")
    (whole if name is None else commands[name]).print_help()
    return Exit.DONE


def _is_linked(context: Context) -> int:
    line = context.ask("status")
    if context.options.json:
        context.screen.say(line.text)
    return Exit.DONE if line.document.get("isReady") else Exit.FAILED


def _command(verb: str) -> Callable[[Context], int]:
    """Give the task that sends a command and, if that is wanted, waits for what it leads to."""

    def run(context: Context) -> int:
        _require_consent(context)
        if not context.options.wait:
            line = context.ask(verb)
            return context.tell(line, str(line.document.get("message")))
        line, is_status = carry_out(context.path, verb, context.options.timeout, context.screen)
        if context.options.json or not is_status:
            return context.tell(line, str(line.document.get("message")))
        context.screen.status(line.document["currentState"], words.status(line.document, context.place.call))
        return Exit.DONE

    return run


def _require_consent(context: Context) -> None:
    """Ask a person before a session is forgotten. Raises CtlError if that was not meant."""
    question = TASKS[context.options.verb].forgets
    if not question or context.options.yes or context.options.json:
        return
    if not context.screen.consents(f"{question} ({context.place.path})"):
        raise CtlError("nothing was done")


def _reload(context: Context) -> int:
    if not context.options.wait:
        line = context.ask("reload")
    else:
        with connect(context.path) as client:
            client.send("reload wait")
            try:
                line = client.next(time.monotonic() + context.options.timeout)
            except TooLateError as exc:
                raise TooLateError("waited too long; the reload goes on") from exc
    return context.tell(line, str(line.document.get("message")), *words.reloaded(line.document))


def _qr(context: Context) -> int:
    options = context.options
    output = None if options.output is None else Path(options.output)
    drawing = Drawing(context.place, context.screen, json=options.json, small=options.small, output=output)
    if not options.watch:
        return show(context.screen, drawing)
    return show_until_scanned(context.screen, drawing, options.timeout)


def _pair(context: Context) -> int:
    options = context.options
    number = " ".join(options.words)
    if options.cancel == bool(number) or not number.isprintable():
        raise UsageError("give a phone number with its country code, or --cancel")
    if options.cancel:
        line = context.ask("pair cancel")
        return context.tell(line, str(line.document.get("message")))
    return pair(
        context.place, number, context.screen, timeout=options.timeout, json=options.json, wait=options.wait
    )


def _watch(context: Context) -> int:
    with connect(context.path) as client:
        line = client.demand("watch")
        while True:
            if context.options.json:
                context.screen.say(line.text)
            else:
                said = f"{time.strftime('%H:%M:%S')} {words.headline(line.document)}"
                context.screen.status(line.document["currentState"], [said])
            line = client.next(None)


def _top(context: Context) -> int:
    # Imported late: no other command needs any of it.
    from wad.ctl.top.show import show  # noqa: PLC0415

    options = context.options
    return show(
        context.place, context.screen, interval=options.interval, once=options.once, as_json=options.json
    )


def _doctor(context: Context) -> int:
    options = context.options
    return diagnosis.show(context.place, context.screen, as_json=options.json, page=options.page)


def _version(context: Context) -> int:
    if not context.options.json:
        context.screen.say(f"wadctl {__version__}")
    line = context.ask("version")
    sandbox = ", sandbox" if line.document.get("sandbox") else ""
    return context.tell(line, f"wad {line.document.get('version')}{sandbox}")


def _sandbox(context: Context) -> int:
    name, *arguments = context.options.words
    if not all(word.isprintable() for word in context.options.words):
        raise UsageError("a word holds what does not fit into a line")
    as_json = len(arguments) == 1 and arguments[0].startswith("{")
    line = context.ask(" ".join(["sandbox", name, arguments[0] if as_json else shlex.join(arguments)]))
    return context.tell(line, *(words.facts(line.document) or ["done"]))


TASKS = {
    "start": Task(_command("start"), "link; with --wait until there is a code, or it is ready", waits=True),
    "stop": Task(_command("stop"), "close the browser and keep the session", waits=True),
    "reset": Task(
        _command("reset"),
        "forget the session and start afresh",
        waits=True,
        forgets="Forget the session? The phone has to scan a new code then.",
    ),
    "logout": Task(
        _command("logout"),
        "tell WhatsApp, then do what reset does",
        waits=True,
        forgets="Log this device out? The phone has to scan a new code then.",
    ),
    "pair": Task(
        _pair,
        "show a code to enter on the phone of that number; with --wait until it is linked",
        waits=True,
        words="PHONE",
        count="*",
        cancels=True,
    ),
    "status": Task(
        _status,
        "how the link is; exits 0 if wad runs, 3 if not, 4 if that cannot be told",
        not_running=Exit.STATUS_NOT_RUNNING,
        failed=Exit.STATUS_UNKNOWN,
    ),
    "qr": Task(_qr, "draw the code for the phone", watches=True),
    "watch": Task(_watch, "the status, then a line for each change"),
    "top": Task(_top, "the link, its history, messages, and what wad takes, live; q leaves", lives=True),
    "send": Task(
        messaging.send,
        "send a text, the words or what comes by standard input; with --wait until WhatsApp has it",
        waits=True,
        words="NUMBER TEXT",
    ),
    "events": Task(messaging.events, "what happened: messages, receipts, changes of the link", follows=True),
    "outbox": Task(messaging.outbox, "what waits to be sent"),
    "webhooks": Task(
        messaging.webhooks,
        "the webhooks; replay brings what one gave up again, skip gives up the event it is at",
        words="[replay|skip NAME]",
        count="*",
    ),
    "reload": Task(_reload, "read the configuration again", waits=True),
    "is-linked": Task(
        _is_linked, "exits 0 if the link is ready, else 1", not_running=Exit.FAILED, failed=Exit.FAILED
    ),
    "doctor": Task(_doctor, "look for what may be wrong, and say what to do", checks=True),
    "version": Task(_version, "which wadctl this is, and which wad runs"),
    "sandbox": Task(_sandbox, "press a button of the sandbox's phone", words="NAME [key=value …]"),
    "help": Task(_help, "all commands, or what one of them takes", words="COMMAND", count="?"),
}
# What is done where no command is given.
OVERVIEW = Task(_overview, "how the link is", not_running=Exit.STATUS_NOT_RUNNING, failed=Exit.STATUS_UNKNOWN)
