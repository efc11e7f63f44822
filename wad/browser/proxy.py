"""A proxy that wants credentials: its challenges are answered over the debugging pipe.

Chromium's ``--proxy-server`` takes no credentials (net/docs/proxy.md), and on a command line every local user
could read them in ``ps``. So the browser is told the address alone, and wad answers when the proxy asks.

Rules of this file:

* Only a proxy's challenge is answered. A site that asks for a password gets what it gets without wad.
* Credentials that were refused are not sent again in this browser: some proxies lock an account then.
* To be told of challenges all requests have to be let through one by one (Fetch in the protocol). That is
  asked of the browser and not of the page, whose workers ask for themselves. Websockets are not told of, nor
  need they be: Chromium remembers what the proxy accepted for all of the browser.
"""

from collections import OrderedDict
from dataclasses import field
from typing import Final

import structlog

from wad.browser.cdp import Message, PipeConnection, call
from wad.core.values import dataclass

_log = structlog.get_logger()

# A page loads about a hundred files; the challenges of one request come right behind each other.
_REMEMBERED: Final = 500


@dataclass(frozen=True, slots=True)
class ProxyCredentials:
    """What the proxy wants to hear; neither is ever shown."""

    username: str = field(repr=False)
    password: str = field(repr=False)


class ProxyLogin:
    """Answers the challenges in one browser, until its pipe closes."""

    def __init__(self, connection: PipeConnection, credentials: ProxyCredentials) -> None:
        self._connection = connection
        self._credentials = credentials
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._refused = False

    async def enable(self, within: float) -> None:
        """Begin, before any page is opened; takes `within` seconds at the most. Raises BrowserError."""
        self._connection.on("Fetch.requestPaused", self._let_through)
        self._connection.on("Fetch.authRequired", self._answer)
        await call(self._connection, "Fetch.enable", {"handleAuthRequests": True}, within)

    def _let_through(self, message: Message) -> None:
        self._connection.send("Fetch.continueRequest", {"requestId": message["requestId"]})

    def _answer(self, message: Message) -> None:
        answer = {"requestId": message["requestId"], "authChallengeResponse": self._response(message)}
        self._connection.send("Fetch.continueWithAuth", answer)

    def _response(self, message: Message) -> Message:
        if message.get("authChallenge", {}).get("source") != "Proxy":
            return {"response": "Default"}
        if self._refused or not self._is_first(message["requestId"]):
            self._tell_refused()
            return {"response": "CancelAuth"}
        known = {"username": self._credentials.username, "password": self._credentials.password}
        return {"response": "ProvideCredentials", **known}

    def _is_first(self, request: str) -> bool:
        if request in self._answered:
            return False
        self._answered[request] = None
        if len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
        return True

    def _tell_refused(self) -> None:
        """Say it once in a browser's life: the page tries again and again."""
        if not self._refused:
            self._refused = True
            _log.warning("proxy_refused")
