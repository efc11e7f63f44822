"""The daemon over HTTP, asked directly: as nginx and the frontends do, without nginx between."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from wad.config import Address, TcpAddress, UnixAddress
from wad.doctor.case import Case
from wad.doctor.client import EVERYWHERE, Answer, NonsenseError, get, open_address
from wad.doctor.finding import Finding, fail, ok, skipped, times, warn
from wad.doctor.machine import QUICK

_OK: Final = 200
_MISDIRECTED: Final = 421
# So many, and more often than once in so many seconds, is no accident any more.
_DEATHS: Final = 3
_SELDOM: Final = 86400
_NOT_ASKED: Final = "asking would start wad, which does not run"


def addresses(case: Case) -> tuple[Address, ...]:
    """Give where HTTP is served: on systemd's sockets if there are any, else as configured."""
    held = case.unit.addresses() if case.unit else ()
    return held or case.config.http.listen


def host_for(case: Case, address: Address) -> str:
    """Give a Host header wad accepts at this address."""
    host = case.config.http.hosts[0]
    if isinstance(address, UnixAddress) or urlsplit(f"//{host}").port:
        return host
    return f"{host}:{address.port}"


def check_http(case: Case) -> Iterator[Finding]:
    """GET /health at every address."""
    if case.would_start:
        yield skipped(_NOT_ASKED)
        return
    for address in addresses(case):
        yield _health(case, address)


def _health(case: Case, address: Address) -> Finding:
    if isinstance(address, TcpAddress) and address.port == 0:
        return skipped(f"{address}: the kernel has chosen the port; wad's log names it")
    try:
        answer = ask(case, address)
        answer.document()
    except NonsenseError as exc:
        return fail(f"{address}: {exc.args[0]}", _whose(address))
    except OSError as exc:
        return _unreachable(case, address, exc)
    return _judge(case, address, answer)


def ask(case: Case, address: Address, origin: str | None = None) -> Answer:
    """GET /health as a frontend on `origin` would. Raises OSError."""
    more = {"Origin": origin} if origin else None
    return get(open_address(address, QUICK), host_for(case, address), "/health", more)


def _unreachable(case: Case, address: Address, error: OSError) -> Finding:
    said = f"{address}: {error.strerror or error}"
    if isinstance(error, PermissionError):
        return skipped(said, "Only the socket's group may (www-data, for nginx). Be root.")
    if isinstance(error, TimeoutError):
        return fail(f"{address}: no answer within {QUICK:g} s", f"See wad's log; {case.how('restart')}.")
    if case.told.error is not None:
        return fail(said, case.start)
    return fail(said, f"wad runs and does not listen there: see its log; {case.how('restart')}.")


def _judge(case: Case, address: Address, answer: Answer) -> Finding:
    if answer.status == _MISDIRECTED:
        return fail(
            f"{address}: refuses the Host {host_for(case, address)}",
            f"Add it to [http] allowed_hosts, or {case.how('restart')} if it is there.",
        )
    if answer.status != _OK or "whatsapp" not in answer.document():
        return fail(f"{address}: /health answers {answer.status}, not wad's 200", _whose(address))
    return ok(f"{address}: /health answers 200")


def _whose(address: Address) -> str:
    what = "-xlp" if isinstance(address, UnixAddress) else "-tlp"
    return f"Another program holds the address: see ss {what}; stop it, or change [http] listen."


def first_answer(case: Case) -> tuple[Address, Answer] | None:
    """Give the first address that answers as wad does."""
    for address in () if case.would_start else addresses(case):
        try:
            answer = ask(case, address)
            if answer.status == _OK and "whatsapp" in answer.document():
                return address, answer
        except OSError:
            continue
    return None


def page_of(case: Case) -> str | None:
    """Give the address of the page of this wad: the public one, else one on this machine, or None."""
    if case.config.http.public_url is not None:
        return f"{case.config.http.public_url.rstrip('/')}/"
    found = first_answer(case)
    if found is None or not isinstance(found[0], TcpAddress):
        return None
    host = EVERYWHERE.get(found[0].host, found[0].host)
    return f"http://{TcpAddress(host, found[0].port)}/"


def check_browser(case: Case) -> Iterator[Finding]:
    """Tell whether the browser runs, and how often it died."""
    found = first_answer(case)
    if found is None:
        yield skipped("wad does not answer over HTTP")
        return
    document = found[1].document()
    browser, attempts = document["browser"], document["whatsapp"]["reconnectAttempts"]
    running, deaths = browser["running"], browser["restarts"]
    said = f"Chromium {browser['version']} runs" if running else "no browser runs"
    said += f", it died or hung {times(deaths)}" if deaths else ""
    said += f", {attempts} failure{'' if attempts == 1 else 's'} in a row" if attempts else ""
    if deaths >= _DEATHS and document["uptime"] < deaths * _SELDOM:
        yield warn(said, "It dies too often: check memory (dmesg, MemoryMax) and wad's log.")
    elif not running and (case.told.status or {}).get("isReady"):
        yield warn(said, f"The link needs one: {case.how('restart')}.")
    elif not running and attempts:
        yield warn(said, f"What failed, and what to do, says: {case.wadctl('status')}.")
    else:
        yield ok(said if running else f"{said}, and none is wanted now")
