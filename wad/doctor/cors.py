"""CORS: who may read answers, by the headers that whoever answers writes, wad itself or a proxy in front.

Rules of this file:

* A browser wants each header once: with two of them, even the same ones, it refuses the answer (Fetch, "CORS
  check").
* Every finding that is none of wad's names both ways out: let wad be the only author, or the proxy.
"""

from collections.abc import Iterator
from typing import Final, Protocol

from wad.doctor.case import Case
from wad.doctor.client import Answer
from wad.doctor.finding import Finding, fail, ok, skipped
from wad.doctor.nginx import LIST, LIST_OF_ALL
from wad.doctor.web import ask, first_answer

_ALLOW: Final = "Access-Control-Allow-Origin"
_ALLOW_HEADERS: Final = "Access-Control-Allow-Headers"
# A list may be long; what is wrong with one entry is wrong with all.
_TRIED: Final = 10
_STRANGER: Final = "https://stranger.invalid"
_SUCCESS: Final = range(200, 300)
# What the old server's frontend asks, and what wad's own page sends. None of it changes anything.
_READ: Final = ("/health", "/whatsapp/account")
_ASKED_BEFORE: Final = ("/health", "/api/whatsapp/start")
_PREFLIGHT: Final = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
}


class Asker(Protocol):
    """Asks at the public address; raises OSError."""

    def __call__(self, method: str, below: str, headers: dict[str, str]) -> Answer:
        """Give the answer."""


def check_cors(case: Case) -> Iterator[Finding]:
    """Ask wad itself as a page of each allowed origin would, and as one of a stranger."""
    found = first_answer(case)
    if found is None:
        yield skipped("wad does not answer over HTTP")
        return
    if not case.config.http.cors:
        yield skipped("[http] cors = false: the proxy in front writes the headers")
        return
    for entry in case.config.http.allowed_origins[:_TRIED]:
        origin = entry.replace("*", "doctor")
        yield _judge_own(ask(case, found[0], origin), origin, case.wadctl("reload --wait"))
    if ask(case, found[0], _STRANGER).header(_ALLOW):
        yield fail("a stranger's origin is allowed", "Look for a wildcard in [http] allowed_origins.")
    else:
        count = len(case.config.http.allowed_origins) or "none"
        yield ok(f"strangers' origins are refused; allowed beside wad's own: {count}")


def _judge_own(answer: Answer, origin: str, mend: str) -> Finding:
    fault = _fault(answer, origin)
    if fault is None:
        return ok(f"{origin} may ask")
    return fail(f"{origin}: {fault}", f"Have the list of origins read: {mend}.")


def judge_public(case: Case, origin: str, asks: Asker) -> Iterator[Finding]:
    """Judge what a page at `origin` meets at the public address: answers first, then preflights."""
    try:
        yield _judge_answers(case, origin, asks)
        yield _judge_preflights(case, origin, asks)
    except OSError as exc:
        yield skipped(f"{origin}: not asked to the end ({exc.strerror or exc})", "Try again.")


def _judge_answers(case: Case, origin: str, asks: Asker) -> Finding:
    for path in _READ:
        answer = asks("GET", path, {"Origin": origin})
        fault = _fault(answer, origin)
        if fault is not None:
            doubled = len(answer.header(_ALLOW)) > 1
            return fail(f"{origin}: GET {path}: {fault}", _one_author(case) if doubled else _no_author(case))
    return ok(f"{origin} may ask")


def _judge_preflights(case: Case, origin: str, asks: Asker) -> Finding:
    for path in _ASKED_BEFORE:
        answer = asks("OPTIONS", path, {"Origin": origin, **_PREFLIGHT})
        fault = _fault(answer, origin) or _preflight_fault(answer)
        if fault is not None:
            doubled = len(answer.header(_ALLOW)) > 1
            return fail(
                f"{origin}: the preflight of {path}: {fault}", _one_author(case) if doubled else _DROPPED
            )
    return ok(f"{origin} may send JSON and a token")


def _fault(answer: Answer, origin: str) -> str | None:
    """Say what keeps a browser from letting the page at `origin` read the answer; None if nothing does."""
    values = answer.header(_ALLOW)
    if values == [origin]:
        return None
    if not values:
        return f"no header {_ALLOW}, so browsers refuse the answer"
    if len(values) > 1:
        return f"{len(values)} headers {_ALLOW}, so browsers refuse the answer"
    return "another origin is allowed instead"


def _preflight_fault(answer: Answer) -> str | None:
    """Say what else keeps a browser from sending the request that it asked for before."""
    if answer.status not in _SUCCESS:
        return f"answered with {answer.status}"
    allowed = {name.strip().lower() for value in answer.header(_ALLOW_HEADERS) for name in value.split(",")}
    return None if "content-type" in allowed else f"{_ALLOW_HEADERS} does not name Content-Type"


def _one_author(case: Case) -> str:
    """Say how one of two authors is silenced."""
    if not case.config.http.cors:
        return "wad writes none ([http] cors = false): take the second add_header out of the proxy."
    return (
        "wad and the proxy both write it. Take the proxy's add_header Access-Control-… lines out, or hide"
        " wad's (proxy_hide_header, as in snippets/wad-proxy.conf), or set [http] cors = false in wad."
    )


def _no_author(case: Case) -> str:
    """Say who could write what is missing, or is another's."""
    if not case.config.http.cors:
        return "wad writes none ([http] cors = false): have the proxy write it on every answer, or say true."
    account = case.unit is not None and case.unit.instance
    return f"The proxy hides wad's or has an older list. Write it: {LIST_OF_ALL if account else LIST}"


_DROPPED: Final = (
    "The proxy answers OPTIONS itself and without the headers: in nginx, add_header inside an if block drops"
    " those outside. Take the block if ($request_method = OPTIONS) out, and wad answers."
)
