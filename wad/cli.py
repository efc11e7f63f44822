"""The command ``wad``: the daemon in the foreground, and ``wad config``.

Exit codes: 0 stopped on request, 1 could not start or failed, 78 the configuration is wrong (EX_CONFIG of
sysexits.h; the unit does not restart on it).
"""

import asyncio
import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from functools import partial

import structlog

from wad import __version__
from wad.config import add_flags, load_from, render, render_nginx
from wad.daemon import run
from wad.errors import ConfigError, WadError
from wad.log import configure, flush

EXIT_CONFIG = 78


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (by default the process's own), and give its exit code."""
    arguments = _parser().parse_args(argv)
    # Session keys, codes and tokens are secrets: whatever file is made, it is the daemon's user's alone.
    os.umask(0o077)
    try:
        config = load_from(arguments)
        if arguments.command == "config":
            sys.stdout.write(render_nginx(config) if arguments.nginx else render(config))
            return 0
        configure(config.log.format, config.log.level)
        asyncio.run(run(config, partial(load_from, arguments)))
    except ConfigError as error:
        sys.stderr.write(f"wad: {error}\n")
        return EXIT_CONFIG
    except WadError as error:
        structlog.get_logger(__name__).error("wad_failed", code=error.code, error=str(error))
        return 1
    finally:
        flush()
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser("wad", description="Keep a WhatsApp account linked through WhatsApp Web.")
    parser.add_argument("--version", action="version", version=f"wad {__version__}")
    add_flags(parser)
    commands = parser.add_subparsers(dest="command", metavar="[config]")
    config = commands.add_parser("config", help="print the configuration in force, secrets masked")
    config.add_argument("--nginx", action="store_true", help="print the list of origins as nginx's map")
    return parser
