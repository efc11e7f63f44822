"""The configuration as text: what is in force, what could be set, and nginx's share of it.

Both TOML texts can be loaded again. No text holds a secret: the token stays in its file, and the password of
a URL is masked.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from wad.config.model import Config
from wad.config.origin_patterns import pattern
from wad.config.schema import SCHEMA, Key
from wad.config.sources import mask
from wad.config.webhooks import WebhookConfig
from wad.core.deadlines import NAMES

# nginx's map hashes plain strings into buckets of 64 bytes, two pointers included; a longer one needs a
# directive of its own or, simpler, stands as a regular expression.
_NGINX_PLAIN = 40


def render(config: Config) -> str:
    """Return what is in force as TOML; a comment says where each value came from."""
    return _sections(_in_force(config, key) for key in SCHEMA) + "".join(map(_webhook, config.webhooks))


def _webhook(hook: WebhookConfig) -> str:
    """Write a table; what a header says may be a secret, and a URL's query as well."""
    rows: dict[str, object] = {
        "name": hook.name,
        "url": hook.url.partition("?")[0] + ("?…" if "?" in hook.url else ""),
        "secret_file": str(hook.secret_file),
        "events": list(hook.events),
    }
    if hook.timeout is not None:
        rows["timeout"] = hook.timeout
    if hook.format != "wad":
        rows["format"] = hook.format
    lines = [f"{name} = {_toml(value)}" for name, value in rows.items()]
    if hook.headers:
        names = ", ".join(f'{json.dumps(name)} = "…"' for name in hook.headers)
        lines.append(f"headers = {{ {names} }}")
    return "\n".join(["", "[[webhooks]]", *lines, ""])


def render_example(config: Config) -> str:
    """Return every key with its reason and its value, commented out: the file to start from."""
    return _sections(_example(config, key) for key in SCHEMA) + _WEBHOOK_EXAMPLE


_WEBHOOK_EXAMPLE = """
# A server that events are brought to, signed as Standard Webhooks says; as many of these tables as wanted.
# secret_file holds one secret a line (whsec_ and base64), two while they are changed; events, headers,
# timeout (seconds) and format may be left out. With format = "waha" bodies, signatures and the names of
# events are WAHA's, and the secret is any word.
#[[webhooks]]
#name = "orders"
#url = "https://example.org/hook"
#secret_file = "/etc/wad/orders-secret"
#events = ["message"]
#headers = { "X-Shop" = "7" }
#timeout = 15
"""


def render_nginx(config: Config) -> str:
    """Return nginx's map from the Origin header to the origin to echo, empty for all others."""
    rows = [f"    {_quoted(entry)} $http_origin;" for entry in config.http.allowed_origins]
    return "\n".join(["map $http_origin $wad_cors_origin {", '    default "";', *rows, "}", ""])


def _quoted(entry: str) -> str:
    plain = "*" not in entry and len(entry) <= _NGINX_PLAIN
    return f'"{entry}"' if plain else f'"~*{pattern(entry)}"'


def _sections(lines: Iterable[tuple[Key, str]]) -> str:
    return "\n".join(_section(name, group) for name, group in groupby(lines, lambda line: line[0].section))


def _section(name: str, lines: Iterator[tuple[Key, str]]) -> str:
    return "".join([f"[{name}]\n", *(f"{line}\n" for _, line in lines)])


def _in_force(config: Config, key: Key) -> tuple[Key, str]:
    return key, f"{_assignment(config, key)}  # {config.origins.get(key.id, '')}".rstrip(" #")


def _example(config: Config, key: Key) -> tuple[Key, str]:
    return key, f"# {key.why}\n#{_assignment(config, key)}"


def _assignment(config: Config, key: Key) -> str:
    return f"{key.name} = {_toml(key.kind.plain(_value(config, key)))}"


def _value(config: Config, key: Key) -> Any:
    """Return a key's value; two keys do not lie where their section says."""
    if key.id == "state.directory":
        return config.state_dir
    if key.section == "link" and key.name in NAMES:
        return getattr(config.link.deadlines, key.name)
    return getattr(getattr(config, key.section), key.name)


def _toml(plain: object) -> str:
    """Write a string, number, boolean or list of strings: JSON's spelling is TOML's for these."""
    return mask(json.dumps(plain, ensure_ascii=False))
