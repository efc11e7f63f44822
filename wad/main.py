"""The command ``wad``: the daemon in the foreground, and ``wad config``.

Exit codes: 0 stopped on request, 1 could not start or failed, 78 the configuration is wrong (EX_CONFIG of
sysexits.h; the unit does not restart on it).
"""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from functools import partial

import structlog

from wad import __version__
from wad.config import Config, add_flags, load_from, render, render_nginx
from wad.core.errors import ConfigError, WadError
from wad.daemon import run
from wad.log.setup import configure, flush, standard_error
from wad.service.signals import Signals

EXIT_CONFIG = 78


def obey(argv: Sequence[str] | None, signals: Signals) -> int:
    """Run the command with `argv` (by default the process's own), and give its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        config = load_from(arguments)
        if arguments.command == "config":
            return _print(render_nginx(config) if arguments.nginx else render(config))
        _serve(config, arguments, signals)
    except ConfigError as error:
        sys.stderr.write(f"wad: {error}\n")
        return EXIT_CONFIG
    except WadError as error:
        structlog.get_logger(__name__).error("wad_failed", code=error.code, error=str(error))
        return 1
    finally:
        flush()
    return 0


def _serve(config: Config, arguments: Namespace, signals: Signals) -> None:
    configure(config.log.format, config.log.level)
    sys.stderr = standard_error()
    asyncio.run(run(config, partial(load_from, arguments), signals))


def _print(text: str) -> int:
    """Print; whoever reads may leave before the end, as `head` does."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        return 0
    except OSError as error:
        sys.stderr.write(f"wad: the text cannot be written: {error.strerror}\n")
        return 1
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser("wad", description="Keep a WhatsApp account linked through WhatsApp Web.")
    parser.add_argument("--version", action="version", version=f"wad {__version__}")
    add_flags(parser)
    commands = parser.add_subparsers(dest="command", metavar="[config]")
    config = commands.add_parser("config", help="print the configuration in force, secrets masked")
    config.add_argument("--nginx", action="store_true", help="print the list of origins as nginx's map")
    return parser
