"""One attempt to bring an event: resolve, check the addresses, connect to these, send, look at the status.

Rules of this file:

* A name is resolved once for each attempt and what was checked is what is connected to, so no answer that
  changes in between leads elsewhere.
* Redirects are not followed: they could lead to where a webhook may not go.
* What is raised inside is told by its kind; URLs and answers are in no log and no exception.
"""

import asyncio
import re
import ssl
import time
from typing import Final

from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.netutil import Resolver
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from wad import __version__
from wad.core.values import dataclass
from wad.net.addresses import CheckedResolver, ForbiddenAddressError, kind_of
from wad.webhooks.schedule import seconds_of
from wad.webhooks.settings import Webhook

# Of an answer the status alone counts.
_ANSWER: Final = 64 * 1024
_OK: Final = range(200, 300)
_REDIRECT: Final = range(300, 400)
_STATUS_LINE: Final = re.compile(r"HTTP/[\d.]+ (\d{3})\b")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt; `status` is None where there was no answer; `error` is why, in a word."""

    status: int | None = None
    error: str | None = None
    retry_after: float | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and self.status in _OK


class Poster:
    """Brings events to one webhook. `trust` are further certificates, for tests with some of their own."""

    def __init__(
        self, hook: Webhook, resolver: Resolver | None = None, trust: ssl.SSLContext | None = None
    ) -> None:
        self._hook = hook
        self._trust = trust
        self._checked = CheckedResolver(private=hook.private, inner=resolver)
        self._client = SimpleAsyncHTTPClient(
            force_instance=True,
            resolver=self._checked,
            max_clients=1,
            max_body_size=_ANSWER,
            max_header_size=_ANSWER,
        )

    def close(self) -> None:
        """End what is on its way."""
        self._client.close()

    async def post(self, body: bytes, headers: dict[str, str]) -> Outcome:
        """Bring a body once; never raises but where it is cancelled."""
        hook = self._hook
        seen: list[int] = []

        def header(line: str) -> None:
            if found := _STATUS_LINE.match(line):
                seen.append(int(found[1]))

        request = HTTPRequest(
            hook.url,
            method="POST",
            headers={
                **hook.headers,
                **headers,
                "Content-Type": "application/json",
                "User-Agent": f"wad/{__version__}",
            },
            body=body,
            follow_redirects=False,
            connect_timeout=hook.timeout,
            request_timeout=hook.timeout,
            validate_cert=True,
            ssl_options=self._trust,
            decompress_response=False,
            header_callback=header,
        )
        self._checked.until = asyncio.get_running_loop().time() + hook.timeout
        try:
            response = await self._client.fetch(request, raise_error=False)
        except HTTPClientError as error:
            return Outcome(seen[-1]) if seen and seen[-1] in _OK else Outcome(error=kind_of(error))
        except ForbiddenAddressError:
            return Outcome(error="private_address")
        except ssl.SSLError:
            return Outcome(error="certificate")
        except Exception as error:  # noqa: BLE001 - a receiver can break a protocol in any way
            return Outcome(error=kind_of(error))
        if response.code == _NO_ANSWER:
            # It said that it has the event, and then its answer was too long, or broke off.
            return Outcome(seen[-1]) if seen and seen[-1] in _OK else Outcome(error=kind_of(response.error))
        why = "redirect" if response.code in _REDIRECT else None
        return Outcome(response.code, why, seconds_of(response.headers.get("Retry-After"), time.time()))


# Tornado's own, for an answer that did not come.
_NO_ANSWER: Final = 599
