"""The command line of wadctl: made from the table of commands, and what completion is made from."""

from argparse import SUPPRESS, ArgumentParser

from wad import __version__
from wad.ctl.commands import TASKS
from wad.ctl.task import Task

# In seconds. A link comes up in ten; a slow disk and a poor line take the daemon's own 20 + 60 + 60.
_TIMEOUT = 150.0
# In seconds. To weigh a browser takes 50 ms of its processors' time.
_INTERVAL = 2.0


def make() -> tuple[ArgumentParser, dict[str, ArgumentParser]]:
    """Give the parser, and those of the commands by their names."""
    parser = ArgumentParser(
        "wadctl",
        description="Ask a running wad. Without a command: how the link is, and what to do next.",
        parents=[_common()],
    )
    parser.add_argument("--version", action="version", version=f"wadctl {__version__}")
    parser.set_defaults(socket=None, instance=None, json=False)
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND")
    commands = {}
    for name, task in TASKS.items():
        commands[name] = verbs.add_parser(name, help=task.help, description=task.help, parents=[_common()])
        _add_options(commands[name], task)
    return parser, commands


def _add_options(about: ArgumentParser, task: Task) -> None:
    """Give a command the options of its row."""
    if task.waits:
        about.add_argument("--wait", action="store_true", help="until it is done")
    if task.watches:
        about.add_argument("--watch", action="store_true", help="draw it anew until the phone scanned it")
        about.add_argument("--small", action="store_true", help="draw it with fewer lines")
        about.add_argument("--output", metavar="FILE", help="write it as a PNG file instead")
    if task.waits or task.watches:
        timeout = _TIMEOUT if task.waits else None
        about.add_argument(
            "--timeout", type=seconds, default=timeout, metavar="S", help="give up after S seconds"
        )
    if task.lives:
        about.add_argument("--once", action="store_true", help="print it once instead")
        about.add_argument(
            "--interval", type=seconds, default=_INTERVAL, metavar="S", help="look every S seconds"
        )
    if task.checks:
        about.add_argument("--page", action="store_true", help="only whether the page is as wad knows it")
    if task.follows:
        about.add_argument("--follow", action="store_true", help="go on with those that come")
        about.add_argument("--after", type=int, metavar="SEQ", help="only those behind this number")
    if task.cancels:
        about.add_argument("--cancel", action="store_true", help="show the QR code again instead")
    if task.forgets:
        about.add_argument("--yes", action="store_true", help="do not ask first, on a terminal")
    if task.words:
        about.add_argument("words", nargs=task.count, metavar=task.words)


def _common() -> ArgumentParser:
    """Give the options that may stand before the command and behind it."""
    common = ArgumentParser(add_help=False, argument_default=SUPPRESS)
    where = common.add_mutually_exclusive_group()
    where.add_argument("--socket", metavar="PATH", help="the control socket to ask")
    where.add_argument("--instance", metavar="NAME", help="ask wad@NAME: /run/wad-NAME/control.sock")
    common.add_argument("--json", action="store_true", help="print the daemon's line as it came")
    return common


def seconds(text: str) -> float:
    """Read a span for argparse, which names this function in its complaint."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value
