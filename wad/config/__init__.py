"""The configuration of the daemon: defaults < TOML file < environment < flags.

Rules of this package:

* `wad.config.schema` is the one table; parsing, names, printing and manual follow from it.
* What `load` returns is checked and typed: nobody parses a setting a second time.
* An error is one sentence with the place, the value and what would be right.

Whoever is configured imports this package; it knows the core alone. Nothing here acts upon a setting.
"""

from wad.config.addresses import Address, TcpAddress, UnixAddress, parse_address
from wad.config.flags import add_flags, overrides
from wad.config.load import DEFAULT, load, load_from
from wad.config.model import (
    BrowserConfig,
    Config,
    ControlConfig,
    HttpConfig,
    LinkConfig,
    LogConfig,
    SandboxConfig,
)
from wad.config.render import render, render_example, render_nginx
from wad.config.safety import read_proxy_credentials, read_token, read_webhook_secrets, require_safe

__all__ = [
    "DEFAULT",
    "Address",
    "BrowserConfig",
    "Config",
    "ControlConfig",
    "HttpConfig",
    "LinkConfig",
    "LogConfig",
    "SandboxConfig",
    "TcpAddress",
    "UnixAddress",
    "add_flags",
    "load",
    "load_from",
    "overrides",
    "parse_address",
    "read_proxy_credentials",
    "read_token",
    "read_webhook_secrets",
    "render",
    "render_example",
    "render_nginx",
    "require_safe",
]
