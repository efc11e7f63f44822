"""A real nginx with the shipped site, on a prefix, a port and sockets of its own.

The shipped files are used as they are, but for the places below: a place that is no longer in them fails loudly.
"""

import http.client
import itertools
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from free_ports import free_port

ROOT = Path(__file__).parents[2]
HOST = "wad.example.org"
# Debian has it in /usr/sbin, which is not on everybody's path.
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
PATIENCE = 30.0
CORS = "access-control-"
# One address is one visitor to the limits, and all of 127/8 is ours: each request may be somebody else's.
_VISITORS = itertools.count(1)

CONF = """\
user root;
worker_processes 2;
daemon off;
pid nginx.pid;
error_log error.log info;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    types {{ text/html html; text/css css; }}
    include {site};
}}
"""


@dataclass(frozen=True)
class Answer:
    """What a request got."""

    code: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body's document."""
        return json.loads(self.body)

    @property
    def cors(self) -> list[tuple[str, str]]:
        """The CORS headers and Vary: each as often as it was sent, in an order of our own."""
        pairs = ((name.lower(), value) for name, value in self.headers.items())
        return sorted(pair for pair in pairs if pair[0].startswith(CORS) or pair[0] == "vary")


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self._path)


def visitor() -> str:
    """Give the address of somebody who has not asked before."""
    number = next(_VISITORS)
    return f"127.1.{number // 250}.{number % 250 + 1}"


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
) -> Answer:
    """Ask once, and close."""
    with closing(connection):
        connection.request(method, path, body, {"Host": HOST, **headers})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


def ask_unix(path: Path, method: str, target: str, headers: Mapping[str, str]) -> Answer:
    """Ask the daemon itself, as nginx would."""
    forwarded = {"X-Forwarded-Proto": "http", "X-Forwarded-Host": HOST, "X-Forwarded-For": "127.0.0.1"}
    return ask(_UnixConnection(path), method, target, {**forwarded, **headers})


def until(look: Any, what: str) -> Any:
    """Wait for what nothing tells of; give the first true value."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


class Nginx:
    """The shipped site, for a wad on the Unix socket or TCP address `upstream`."""

    def __init__(self, prefix: Path, upstream: str, origins: str) -> None:
        self.port = free_port()
        self.prefix = prefix
        self._settle(upstream, origins)
        self._process: subprocess.Popen[bytes] | None = None

    def _settle(self, upstream: str, origins: str) -> None:
        shutil.copytree(ROOT / "etc" / "nginx" / "snippets", self.prefix / "snippets")
        (self.prefix / "snippets" / "wad-origins.conf").write_text(origins)
        places = {
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "listen [::]:80;": "",
            "server unix:/run/wad/http.sock;": f"server {upstream};",
            "unix:/run/wad-$wad_account/http.sock;": f"unix:{self.prefix}/run-$wad_account/http.sock;",
            "access_log /var/log/nginx/wad-access.log;": "",
            "error_log  /var/log/nginx/wad-error.log;": "",
        }
        site = _replaced(ROOT / "etc" / "nginx" / "wad.conf", places)
        (self.prefix / "wad.conf").write_text(site)
        routes = self.prefix / "snippets" / "wad-routes.conf"
        # A daemon that accepts and says nothing is given up after a second instead of fifteen.
        places = {
            "-d /run/wad-$wad_account": f"-d {self.prefix}/run-$wad_account",
            "root /etc/nginx/snippets;": f"root {self.prefix}/snippets;",
            "proxy_read_timeout   15s;": "proxy_read_timeout 1s;",
        }
        routes.write_text(_replaced(routes, places))
        (self.prefix / "nginx.conf").write_text(CONF.format(site=self.prefix / "wad.conf"))

    def command(self, *arguments: str) -> list[str]:
        """Give nginx's command line."""
        assert NGINX is not None, "nginx is not installed"
        return [NGINX, "-p", str(self.prefix), "-c", str(self.prefix / "nginx.conf"), *arguments]

    def start(self) -> None:
        """Start it, and wait until it accepts."""
        self._process = subprocess.Popen(self.command(), stderr=subprocess.DEVNULL)
        until(self._accepts, "nginx")

    def _accepts(self) -> bool:
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)

    def connection(self, source: str | None = None) -> http.client.HTTPConnection:
        """Give a connection from an address; from a new one unless it is named."""
        address = (source or visitor(), 0)
        return http.client.HTTPConnection("127.0.0.1", self.port, PATIENCE, source_address=address)

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        source: str | None = None,
    ) -> Answer:
        """Ask through nginx."""
        return ask(self.connection(source), method, path, headers or {}, body)

    def raw(self, request: bytes) -> bytes:
        """Send bytes, and give all that comes back."""
        with closing(socket.create_connection(("127.0.0.1", self.port), PATIENCE)) as connection:
            connection.sendall(request)
            return b"".join(_chunks(connection))


def _chunks(connection: socket.socket) -> Iterator[bytes]:
    while chunk := connection.recv(65536):
        yield chunk


def _replaced(path: Path, places: Mapping[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for shipped, ours in places.items():
        assert shipped in text, f"{path.name} no longer says {shipped}"
        text = text.replace(shipped, ours)
    return text
