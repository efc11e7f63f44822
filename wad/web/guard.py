"""Who may ask: judges a request by its Host, its Origin, its token and the way it came.

Rules of this file:

* On TCP the host must be one of ours: a page elsewhere that rebinds its name to our address gets nothing.
  An address of ours that is named as such is one (`wad.web.literals`).
  On the Unix socket the proxy's own configuration has decided that already.
* Forwarded headers are believed only from the Unix socket and from the proxies that are trusted by address.
* A page of another site may read only if its origin is listed, and change something only then. What always
  answers is answered to it all the same, and its browser keeps the answer from it.
* Tokens are compared in constant time. Whoever listens, and was let in by one that no longer holds, is ended.
"""

import hashlib
import hmac
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from tornado.httputil import HTTPServerRequest

from wad.config import Address
from wad.config.model import Config
from wad.core.values import dataclass
from wad.web.errors import Refusal, misdirected, origin_refused, sibling_refused, unauthorized
from wad.web.lasting import Lasting
from wad.web.literals import Listening, read_ip
from wad.web.origins import host_allowed, origin_allowed, own_origin
from wad.web.refused import Refused
from wad.web.site_family import same_family

_SAFE = ("GET", "HEAD", "OPTIONS")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_BEARER = "bearer"


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request came from, as far as it can be believed. `host` is empty if none was named."""

    local: bool
    address: str
    scheme: str
    host: str


class Guard:
    """Judges requests by the configuration in force; `token` is None if none is configured."""

    def __init__(self, config: Config, token: str | None) -> None:
        self._listening = Listening()
        self._refused = Refused()
        self.lasting = Lasting()
        self._token: bytes | None = None
        self.adopt(config, token)

    def listens(self, addresses: Iterable[Address]) -> None:
        """Learn where wad listens: an address of these may be named as the host."""
        self._listening = Listening(addresses)

    def adopt(self, config: Config, token: str | None) -> bool:
        """Judge by another configuration from now on, as after a reload; tell whether the token changed."""
        self._config = config
        self._refused.forget()
        self._public = _origin_of(config.http.public_url)
        before, self._token = self._token, _digest(token.encode()) if token is not None else None
        self.lasting.judge()
        return before != self._token

    def caller(self, request: HTTPServerRequest) -> Caller:
        """Tell where `request` came from."""
        local = _is_local(request)
        host = request.headers.get("Host", "")
        if not (local or self.trusts(request.remote_ip)):
            return Caller(local, request.remote_ip or "", request.protocol, host)
        return Caller(
            local,
            self._client(request),
            _last(request, "X-Forwarded-Proto", request.protocol),
            _last(request, "X-Forwarded-Host", host),
        )

    def refusal(self, request: HTTPServerRequest, *, strict: bool = False) -> Refusal | None:
        """Give the reason not to answer at all; None if there is none.

        Strictly, another site's page is refused even if it only reads: browsers let everybody open a
        WebSocket, and look for no header in the answer.
        """
        caller = self.caller(request)
        if not self._host_accepted(request, caller):
            self._refused.host(caller.host, self._config.http.hosts)
            return misdirected()
        if (strict or request.method not in _SAFE) and not self._may_change(request, caller):
            return self._refuse_origin(request)
        return None

    def _refuse_origin(self, request: HTTPServerRequest) -> Refusal:
        origin, public = request.headers.get("Origin", ""), self._config.http.public_url
        self._refused.origin(origin)
        if public is not None and same_family(origin, public):
            return sibling_refused(public)
        return origin_refused()

    def from_elsewhere(self, request: HTTPServerRequest) -> bool:
        """Tell whether a browser says that another site, which is not listed, had it ask.

        An image or a script is asked for without an Origin: only this header gives it away.
        """
        origin = request.headers.get("Origin")
        listed = origin is not None and self._listed(origin)
        return request.headers.get("Sec-Fetch-Site") == "cross-site" and not listed

    def echo(self, request: HTTPServerRequest) -> str | None:
        """Give the origin that may read the answer; None if there is none, or another one asks.

        None as well where a proxy writes it: of two such headers browsers accept neither.
        """
        origin = request.headers.get("Origin") if self._config.http.cors else None
        if not origin:
            return None
        caller = self.caller(request)
        if self._listed(origin) or self._own(origin, request, caller):
            return origin
        if self._host_accepted(request, caller):  # else the origin may well be the refused host's own
            self._refused.origin(origin)
        return None

    def authorised(self, request: HTTPServerRequest) -> bool:
        """Tell whether the caller may see secrets and send commands."""
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        # Headers are read as Latin-1, so that every byte that was sent comes back.
        right = self.right_token(given.strip().encode("latin-1", "replace"))
        return right and (self._token is None or scheme.lower() == _BEARER)

    @property
    def linked_screenshots(self) -> bool:
        """Whether the picture of a linked account's page may be asked for."""
        return self._config.http.linked_screenshots

    def right_token(self, given: bytes) -> bool:
        """Tell whether `given` is the token; everything is, if none is configured."""
        return self._token is None or hmac.compare_digest(_digest(given), self._token)

    def demand(self, request: HTTPServerRequest) -> None:
        """Raise unless the caller is authorised."""
        if not self.authorised(request):
            raise unauthorized(wrong="Authorization" in request.headers)

    def _may_change(self, request: HTTPServerRequest, caller: Caller) -> bool:
        origin = request.headers.get("Origin")
        if origin is not None and self._listed(origin):
            return True
        if self.from_elsewhere(request):
            return False
        # No origin at all: curl, or a page of ours in an old browser.
        return origin is None or self._own(origin, request, caller)

    def _listed(self, origin: str) -> bool:
        return origin_allowed(self._config, origin)

    def _own(self, origin: str, request: HTTPServerRequest, caller: Caller) -> bool:
        """Tell whether a page we served ourselves asks, under a host we accept."""
        if not self._host_accepted(request, caller) or not caller.host:
            return False
        if origin.lower() == self._public:
            return True
        host = caller.host.removesuffix(_DEFAULT_PORTS.get(caller.scheme, ""))
        return own_origin(caller.scheme, host, origin)

    def _host_accepted(self, request: HTTPServerRequest, caller: Caller) -> bool:
        if caller.local or host_allowed(self._config, caller.host):
            return True
        return self._listening.named(caller.host, request)

    def trusts(self, address: str | None) -> bool:
        """Tell whether an address is that of a proxy whose word counts."""
        found = read_ip(address or "")
        return found is not None and any(found in network for network in self._config.http.trusted_proxies)

    def _client(self, request: HTTPServerRequest) -> str:
        """Give the chain's last address that is no trusted proxy's; anybody could write what precedes it."""
        chain = [entry.strip() for entry in request.headers.get("X-Forwarded-For", "").split(",")]
        for entry in reversed(chain):
            if read_ip(entry) is None:
                break
            if not self.trusts(entry):
                return entry
        # Of a Unix socket's peer Tornado reports an address of its own invention.
        return "unix" if _is_local(request) else request.remote_ip or ""


def is_visit(request: HTTPServerRequest) -> bool:
    """Tell whether somebody followed a link, to see the answer as a page of its own."""
    headers = request.headers
    return (headers.get("Sec-Fetch-Mode"), headers.get("Sec-Fetch-Dest")) == ("navigate", "document")


def _origin_of(url: str | None) -> str | None:
    """Give the origin of a page at `url`."""
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}".lower() if url else None


def _is_local(request: HTTPServerRequest) -> bool:
    """Tell whether a request came over the Unix socket."""
    context = getattr(request.connection, "context", None)
    return getattr(context, "address_family", None) == socket.AF_UNIX


def _digest(secret: bytes) -> bytes:
    """Give bytes of one length: comparing secrets themselves would tell how long ours is."""
    return hashlib.sha256(secret).digest()


def _last(request: HTTPServerRequest, header: str, default: str) -> str:
    """Give a list header's last entry, which is the nearest proxy's; proxies append."""
    return request.headers.get(header, "").rpartition(",")[2].strip() or default
