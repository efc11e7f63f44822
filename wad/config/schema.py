"""The schema: every key of the configuration, in one table.

Reading the file, the names in the environment, `wad config` and the manual are all made from it.
A deadline needs no row here: the table in `wad.core.deadlines` brings its own name, default and reason.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from wad.config import default_paths, readers
from wad.config.addresses import MAX_PORT, TcpAddress, parse_address
from wad.config.kinds import Kind, Many, Number, Switch, Text, choice
from wad.config.origin_patterns import parse_origin
from wad.core.deadlines import NAMES, REASONS, Deadlines
from wad.core.values import dataclass

Settings = Mapping[str, Any]
Derived = Callable[[default_paths.Env, Settings], Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: where it stands, what it may be, what it is unless set, and why it exists."""

    section: str
    name: str
    kind: Kind
    # The value itself, or how it follows from the surroundings and the keys above it in the table.
    default: Any
    why: str
    # An error shows no value of a secret key: somebody may have put the secret itself there.
    secret: bool = False

    @property
    def id(self) -> str:
        """``section.key``, as `Config.origins` has it."""
        return f"{self.section}.{self.name}"

    def fallback(self, env: default_paths.Env, settings: Settings) -> Any:
        """Return the value if nobody sets one."""
        return self.default(env, settings) if callable(self.default) else self.default

    @property
    def env(self) -> str:
        """The variable's name."""
        return f"WAD_{self.section}_{self.name}".upper()


ADDRESS = Text('HOST:PORT or "unix:/path"', parse_address)
PORT = Number(f"a port, 0 to {MAX_PORT}; 0 lets the kernel choose", int, most=MAX_PORT, above_least=False)
SECONDS = Number("a positive number of seconds", float)
DAYS = Number("a positive number of days", float)
COUNT = Number("a whole number of at least 1", int)
# Chromium's own arguments contain commas, so only one before the next argument separates.
ARGUMENTS = Many(Text("an argument of Chromium", readers.browser_argument), re.compile(r",(?=\s*--)"))


# A stand-in's codes ask nothing of WhatsApp: they are renewed for as long as the sandbox runs, unless whoever
# wants to see them end says when. A deadline is finite, so this is one that no run lasts.
_UNENDING = ("qr_quiet", "qr_max")
_LONGER_THAN_ANY_RUN = 10 * 365 * 86400.0


def _deadline(name: str) -> Key:
    usual = getattr(Deadlines(), name)
    kind = COUNT if isinstance(usual, int) else SECONDS
    default = partial(_unless_sandbox, usual) if name in _UNENDING else usual
    return Key("link", name, kind, default, REASONS[name])


def _unless_sandbox(usual: float, _: default_paths.Env, settings: Settings) -> float:
    """Return how long codes are shown; times the clock, by which `Config.deadlines` divides."""
    if not settings["sandbox.enabled"]:
        return usual
    return _LONGER_THAN_ANY_RUN * float(settings["sandbox.clock"])


SCHEMA: tuple[Key, ...] = (
    Key(
        "state",
        "directory",
        Text("an absolute path", readers.path),
        lambda env, _: default_paths.state_directory(env),
        "the session (the browser's profile) and what must outlive a restart",
    ),
    Key(
        "http",
        "listen",
        Many(ADDRESS, least=1),
        (TcpAddress("127.0.0.1", 3002),),
        "where HTTP is served; not used where systemd hands over its sockets",
    ),
    Key(
        "http",
        "public_url",
        Text("a URL", readers.public_url, optional=True),
        None,
        "the address people use; its host is accepted and its origin is wad's own",
    ),
    Key(
        "http",
        "allowed_hosts",
        Many(Text("a host name", readers.host)),
        (),
        "the accepted Host headers on TCP besides wad's own IP addresses; by default the loopback names"
        " and public_url's host",
    ),
    Key(
        "http",
        "allowed_origins",
        Many(Text("an origin", parse_origin)),
        (),
        "the sites whose pages may ask, besides wad's own",
    ),
    Key(
        "http",
        "cors",
        Switch(),
        default=True,
        why="write the CORS headers; false where a proxy in front writes its own on every answer",
    ),
    Key(
        "http",
        "token_file",
        Text("an absolute path", readers.path, optional=True),
        lambda env, _: default_paths.token_file(env),
        "holds the token that requests must bring; unless set, systemd's credential api-token",
        secret=True,
    ),
    Key(
        "http",
        "trusted_proxies",
        Many(Text("an IP address or network", readers.network)),
        (),
        "the proxies whose X-Forwarded headers are believed",
    ),
    Key(
        "http",
        "max_connections",
        COUNT,
        1000,
        "open at once, of one address three quarters of them; fewer where descriptors are scarce",
    ),
    Key(
        "http",
        "linked_screenshots",
        Switch(),
        default=False,
        why="screenshot.png of a linked account, too: whoever may ask reads its chats, names and numbers",
    ),
    Key("http", "insecure", Switch(), default=False, why="serve beyond this machine without a token"),
    Key(
        "browser",
        "executable",
        Text("a path or a name on PATH", readers.executable, optional=True),
        None,
        "the Chromium to use; unless set, the usual names of its kind are looked up",
    ),
    Key(
        "browser",
        "kind",
        choice("auto", "chromium", "shell"),
        "auto",
        "shell is chromium-headless-shell: lighter, but a page can tell it; auto takes it last",
    ),
    Key("browser", "arguments", ARGUMENTS, (), "further arguments of Chromium"),
    Key(
        "browser",
        "proxy",
        Text("a proxy's URL", readers.proxy, optional=True),
        None,
        "the proxy of the browser; unless set, the one of its environment, if there is one",
    ),
    Key(
        "browser",
        "proxy_credentials_file",
        Text("an absolute path", readers.path, optional=True),
        None,
        "holds user:password for the proxy, on one line, in a file of mode 0600",
        secret=True,
    ),
    Key(
        "browser",
        "sandbox",
        Switch(),
        default=True,
        why="Chromium's own sandbox; false runs what strangers send without it, and warns at each start",
    ),
    Key(
        "sandbox",
        "enabled",
        Switch(),
        default=False,
        why="drive a stand-in for WhatsApp Web instead of WhatsApp",
    ),
    Key("sandbox", "port", PORT, 0, "where the stand-in is served on loopback"),
    Key(
        "sandbox",
        "clock",
        Number("a positive number of times", float),
        1.0,
        "how many times faster codes end",
    ),
    Key("sandbox", "modules", choice("normal", "slow", "never"), "normal", "when the page's modules appear"),
    Key(
        "sandbox",
        "debug",
        choice("early", "late", "never"),
        "early",
        "when the page's module registry appears",
    ),
    Key("sandbox", "qr_form", choice("plain", "prefix", "suffix"), "prefix", "how the page spells a code"),
    Key("sandbox", "pairing", choice("inplace", "reload"), "inplace", "what the page does once scanned"),
    Key("sandbox", "language", Text("a language", readers.language), "en", "the language of the stand-in"),
    Key("link", "autostart", Switch(), default=True, why="link at start, unless stopped by hand before"),
    *(_deadline(name) for name in NAMES),
    Key("messages", "chat_interval", SECONDS, 1.0, "in each chat one message goes out every so many seconds"),
    Key("messages", "chat_burst", COUNT, 3, "of a chat that was quiet so many go out at once"),
    Key(
        "messages",
        "new_chats_per_day",
        COUNT,
        20,
        "people never written to before: who writes to many strangers is banned",
    ),
    Key("messages", "outbox_limit", COUNT, 10_000, "so many messages may wait to be sent"),
    Key("messages", "expires_in", SECONDS, 86400.0, "what waited longer fails rather than going out late"),
    Key("messages", "keep_days", DAYS, 7.0, "for how many days events and sent messages are kept"),
    Key("messages", "keep_events", COUNT, 100_000, "how many events are kept"),
    Key("messages", "keep_mib", COUNT, 256, "how many MiB of events are kept"),
    Key(
        "messages",
        "private_webhooks",
        Switch(),
        default=False,
        why="webhooks set over HTTP may reach addresses of this network; otherwise only the file's may",
    ),
    Key(
        "messages",
        "keep",
        Switch(),
        default=False,
        why="messages outlive their session; otherwise a reset or logout deletes them",
    ),
    Key(
        "messages",
        "media",
        choice("eager", "lazy", "never"),
        "eager",
        "when files of messages are fetched: as they come, once somebody asks for them, or not at all",
    ),
    Key("messages", "media_mib", COUNT, 100, "how many MiB one file may have"),
    Key("messages", "media_quota_mib", COUNT, 2048, "how many MiB all files together may take"),
    Key("messages", "media_keep_days", DAYS, 30.0, "a file that nobody used for so many days goes"),
    Key(
        "messages",
        "private_media",
        Switch(),
        default=False,
        why="files may be fetched from addresses of this network, for whoever may send messages",
    ),
    Key(
        "waha",
        "enabled",
        Switch(),
        default=False,
        why="speak WAHA's dialect below /waha/, for clients that were written for it; see docs/waha.md",
    ),
    Key(
        "log", "format", choice("auto", "console", "journal", "json"), "auto", "auto asks where stderr leads"
    ),
    Key("log", "level", choice("debug", "info", "warning", "error"), "info", "what is worth a line"),
    Key(
        "control",
        "socket",
        Text("an absolute path", readers.path),
        lambda env, settings: default_paths.control_socket(env, settings["state.directory"]),
        "where wadctl asks; not used where systemd hands over its sockets",
    ),
)

# An array of tables, in the file alone: neither a variable nor a flag can hold it.
WEBHOOKS = Key("webhooks", "", Text("tables"), (), "where events are brought to, signed; see wad.toml(5)")
BY_ID = {key.id: key for key in SCHEMA}
BY_ENV = {key.env: key for key in SCHEMA}
SECTIONS = tuple(dict.fromkeys(key.section for key in SCHEMA))
