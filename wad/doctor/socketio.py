"""Socket.IO: whether a page would be told of a code, asked directly and through nginx.

Only the handshake is made (RFC 6455, 4): no namespace is entered, so nobody counts as looking at a code.
"""

import socket
from collections.abc import Iterator
from typing import Final

from wad.doctor.case import Case
from wad.doctor.client import get, open_address
from wad.doctor.finding import Finding, fail, ok, skipped
from wad.doctor.machine import QUICK
from wad.doctor.public import listed_origin, open_url
from wad.doctor.web import first_answer, host_for

_SWITCHING: Final = 101
_UNREACHED: Final = (502, 503, 504)
_PATH: Final = "/socket.io/?EIO=4&transport=websocket"
_UPGRADE: Final = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "d2FkY3RsIGRvY3RvciEhIQ==",  # any 16 bytes
}


def check_socketio(case: Case) -> Iterator[Finding]:
    """Open a websocket as a page does, and leave at once."""
    found = first_answer(case)
    if found is None:
        yield skipped("wad does not answer over HTTP")
    else:
        address, _ = found
        mend = f"See wad's log; {case.how('restart')}."
        opened = open_address(address, QUICK), host_for(case, address), _PATH
        yield _upgraded(str(address), opened, mend)
    url = case.config.http.public_url
    if url is not None and not case.would_start:
        yield _through(case, url)


def _through(case: Case, url: str) -> Finding:
    mend = "Pass the upgrade on in nginx, as snippets/wad-proxy.conf does for /socket.io/."
    try:
        opened = open_url(url, _PATH)
    except OSError as exc:
        return skipped(f"{url}: {exc.strerror or exc}")
    return _upgraded(url, opened, mend, {"Origin": listed_origin(case, url)})


def _upgraded(
    where: str, opened: tuple[socket.socket, str, str], mend: str, more: dict[str, str] | None = None
) -> Finding:
    try:
        answer = get(*opened, {**_UPGRADE, **(more or {})})
    except OSError as exc:
        return fail(f"{where}: no websocket ({exc.strerror or exc})", mend)
    if answer.status in _UNREACHED:
        return skipped(f"{where}: nginx does not reach wad")
    if answer.status != _SWITCHING:
        return fail(f"{where}: a websocket is answered with {answer.status} instead of 101", mend)
    return ok(f"{where}: a websocket opens")
