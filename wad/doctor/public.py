"""`public_url`, asked as a page asks: whether answers come through whatever stands in front, and whole."""

import socket
import ssl
from collections.abc import Iterator
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from wad.doctor.case import Case
from wad.doctor.client import Answer, get, open_tls
from wad.doctor.cors import judge_public
from wad.doctor.finding import Finding, fail, ok, skipped
from wad.doctor.machine import QUICK
from wad.doctor.nginx import RELOAD

_OK: Final = 200
_HTTPS: Final = 443
_HTTP: Final = 80


def check_public(case: Case) -> Iterator[Finding]:
    """GET /health where people do, as a page of an allowed origin."""
    url = case.config.http.public_url
    if url is None:
        yield skipped("[http] public_url is not set")
    elif case.would_start:
        yield skipped("asking could start wad, which does not run")
    else:
        yield from _through(case, url, listed_origin(case, url))


def listed_origin(case: Case, url: str) -> str:
    """Give an origin whose pages may ask at this address: a listed one, else the address's own."""
    parts = urlsplit(url)
    listed = [each for each in case.config.http.allowed_origins if "*" not in each]
    return listed[0] if listed else f"{parts.scheme}://{parts.netloc}"


def _through(case: Case, url: str, origin: str) -> Iterator[Finding]:
    try:
        answer = _ask(url, "GET", "/health", {"Origin": origin})
        document = answer.document() if answer.status == _OK else {}
    except ssl.SSLCertVerificationError as exc:
        yield fail(f"{url}: the certificate is refused ({exc.verify_message})", "Mend nginx's certificate.")
    except socket.gaierror as exc:
        yield fail(f"{url}: the name cannot be resolved ({exc.strerror})", "Mend the name's DNS entry.")
    except OSError as exc:
        yield fail(f"{url}: {exc.strerror or exc}", "Is nginx there? See: systemctl status nginx.")
    else:
        yield _health(url, answer.status, document)
        if answer.status == _OK:
            yield from judge_public(case, origin, partial(_ask, url))


def _ask(url: str, method: str, below: str, headers: dict[str, str]) -> Answer:
    """Ask where people do. Raises OSError."""
    connection, host, path = open_url(url, below)
    return get(connection, host, path, headers, method)


def open_url(url: str, below: str) -> tuple[socket.socket, str, str]:
    """Connect to where people ask; give the connection, the Host and the path. Raises OSError."""
    parts = urlsplit(url)
    name, path = str(parts.hostname), f"{parts.path}{below}"
    if parts.scheme == "https":
        return open_tls(name, parts.port or _HTTPS, QUICK), parts.netloc, path
    return socket.create_connection((name, parts.port or _HTTP), QUICK), parts.netloc, path


def _health(url: str, status: int, document: dict[str, object]) -> Finding:
    server = document.get("server")
    if status != _OK:
        return fail(f"{url}/health answers {status}", f"Compare the site with etc/nginx/wad.conf; {RELOAD}")
    if not isinstance(server, dict):
        return fail(f"{url}/health is not wad's answer", "Mend the site's upstream, or [http] public_url.")
    if not server.get("ready"):
        return fail(
            f"{url}: nginx answers in wad's place, for it does not reach it",
            "Start wad; mend the upstream in nginx's site, or let www-data into wad's http.sock.",
        )
    return ok(f"{url}/health answers 200")
