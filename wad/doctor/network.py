"""The way to WhatsApp: names, connections, certificates, and the clock they are judged by."""

import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Final

from wad.doctor.background import Aside
from wad.doctor.case import Case
from wad.doctor.client import get, open_tls
from wad.doctor.finding import Finding, fail, ok, skipped, warn
from wad.doctor.machine import NETWORK, Host

_PROXIES: Final = ("https_proxy", "all_proxy")
_IN_SANDBOX: Final = "the sandbox needs no network"
# Certificates are judged by the day; two minutes is what WhatsApp's own messages bear.
_OFF: Final = 120
# X509_V_ERR_CERT_NOT_YET_VALID and …_HAS_EXPIRED (OpenSSL, x509_vfy.h).
_NOT_YET: Final = 9
_EXPIRED: Final = 10
_ALLOW: Final = "Allow web.whatsapp.com, *.whatsapp.net and *.whatsapp.com in the firewall, proxy or filter."


def check_hosts(case: Case) -> Iterator[Finding]:
    """Resolve each host's name, connect, and verify its certificate."""
    reason = _not_tried(case)
    if reason is not None:
        yield skipped(reason)
        return
    until = time.monotonic() + NETWORK
    for host, aside in [(host, Aside(partial(_reached, host))) for host in case.machine.hosts]:
        yield from aside.result(until, _silent(host))


def _not_tried(case: Case) -> str | None:
    """Say why the network is not this machine's to try."""
    if case.sandbox:
        return _IN_SANDBOX
    arguments = case.config.browser.arguments
    named = case.config.browser.proxy is not None or any("--proxy" in each for each in arguments)
    if named or any(name in (case.env or {}) for name in _PROXIES):
        return "wad's browser goes through a proxy; try it from there"
    return None


def _silent(host: Host) -> Finding:
    bad = fail if host.vital else warn
    return bad(f"{host.name}: no answer within {NETWORK:g} s", f"Dropped on the way. {_ALLOW}")


def _reached(host: Host) -> Iterator[Finding]:
    """Try one host. The resolver has no deadline of its own, so it is the caller who gives up."""
    yield _tried(host)


def _tried(host: Host) -> Finding:
    bad = fail if host.vital else warn
    try:
        socket.getaddrinfo(host.name, host.port, type=socket.SOCK_STREAM)
        with open_tls(host.name, host.port, NETWORK):
            return ok(f"{host.name}: resolved, reached, certificate verified")
    except socket.gaierror as exc:
        return bad(
            f"{host.name}: the name cannot be resolved ({exc.strerror})",
            f"Check the network and /etc/resolv.conf: getent hosts {host.name}",
        )
    except ssl.SSLCertVerificationError as exc:
        return bad(f"{host.name}: {_certificate(exc)}", _trust(exc))
    except ssl.SSLError as exc:
        return bad(f"{host.name}: no TLS ({exc.reason})", f"Something answers in its place. {_ALLOW}")
    except TimeoutError:
        return _silent(host)
    except OSError as exc:
        return bad(f"{host.name}: {exc.strerror or exc}", f"Check the route: ip route. {_ALLOW}")


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    return f"its certificate is refused ({error.verify_message})"


def _trust(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in (_NOT_YET, _EXPIRED):
        return "Check the clock first: timedatectl. If it is right, something answers in the host's place."
    return (
        "A proxy or filter opens the connection: have it let WhatsApp's hosts pass, "
        "or check: apt install ca-certificates."
    )


def check_clock(case: Case) -> Iterator[Finding]:
    """Compare the clock with the Date header of WhatsApp's server (RFC 9110, 6.6.1)."""
    reason = _not_tried(case)
    if reason is not None:
        yield skipped(reason)
        return
    host = next(host for host in case.machine.hosts if host.vital)
    try:
        yield _compared(_date(host), datetime.now(UTC))
    except ssl.SSLCertVerificationError as exc:
        if exc.verify_code in (_NOT_YET, _EXPIRED):
            yield warn(f"by the clock {host.name}'s {_certificate(exc)}", _trust(exc))
        else:
            yield skipped(f"{host.name} is not who answers; no time to compare with")
    except (OSError, IndexError, ValueError):
        yield skipped(f"{host.name} tells no time to compare with", "See: timedatectl.")


def _date(host: Host) -> datetime:
    answer = get(open_tls(host.name, host.port, NETWORK), host.name, "/")
    return parsedate_to_datetime(answer.header("Date")[0])


def _compared(theirs: datetime, ours: datetime) -> Finding:
    off = round((ours - theirs).total_seconds())
    if abs(off) <= _OFF:
        return ok("agrees with WhatsApp's")
    way = "ahead of" if off > 0 else "behind"
    return fail(f"{abs(off)} s {way} WhatsApp's", "Have it set: timedatectl set-ntp true.")
