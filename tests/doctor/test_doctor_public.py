"""`public_url` asked as people's browsers do, each time wrong in one way."""

import pytest
from doctor_harness import HEALTH, http, make_case, make_certificate, on_tcp, the

from wad.doctor.case import Told, WouldStartError
from wad.doctor.public import check_public

ORIGIN = "https://a.example.org"
LISTED = f'[http]\nallowed_origins = ["{ORIGIN}"]\n'
ALLOW = (
    f"Access-Control-Allow-Origin: {ORIGIN}",
    "Access-Control-Allow-Headers: Authorization, Content-Type",
)


def public(folder, reply, tls=None, more=""):
    """Check a public address that answers like this."""
    with on_tcp(reply, tls) as server:
        url = f"http{'s' if tls else ''}://localhost:{server.port}"
        return list(check_public(make_case(folder, f'{LISTED}public_url = "{url}"\n{more}')))


def test_public(folder):
    """An answer that comes through whole is right."""
    health, cors, preflight = public(folder, http(*ALLOW))

    assert ["ok"] * 3 == [each.verdict for each in (health, cors, preflight)]
    assert [f"{ORIGIN} may ask", f"{ORIGIN} may send JSON and a token"] == [cors.said, preflight.said]


BROKEN = [
    (http(status="502 Bad Gateway", body="<html>"), "answers 502"),
    (http(status="404 Not Found"), "answers 404"),
    (http(*ALLOW, body=HEALTH.replace('"ready": true', '"ready": false')), "does not reach it"),
    (http(*ALLOW, body="{}"), "not wad's answer"),
    (lambda _: b"", "does not speak HTTP"),
]


@pytest.mark.parametrize(("reply", "said"), BROKEN)
def test_broken_front(folder, reply, said):
    """The gateway's errors, and nginx answering in wad's place, are failures."""
    found = public(folder, reply)[0]

    assert "fail" == found.verdict
    assert said in found.said


def test_certificate(folder):
    """A certificate that browsers refuse is nginx's to mend."""
    tls, _ = make_certificate(folder)
    found = the(public(folder, http(*ALLOW), tls))

    assert "fail" == found.verdict
    assert "Mend nginx's certificate." == found.action


def test_public_certificate(folder, monkeypatch):
    """The address is asked over TLS if it says so."""
    tls, certificate = make_certificate(folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert ["ok"] * 3 == [each.verdict for each in public(folder, http(*ALLOW), tls)]


def test_public_unreachable(folder):
    """A name that leads nowhere, and an address nobody listens on, are told apart."""
    name = the(check_public(make_case(folder, '[http]\npublic_url = "http://wad.invalid"\n')))
    with on_tcp(http()) as server:
        toml = f'[http]\npublic_url = "http://localhost:{server.port}"\n'
    port = the(check_public(make_case(folder, toml)))

    assert "the name cannot be resolved" in name.said
    assert "Connection refused" in port.said


def test_public_not_asked(folder):
    """Without an address there is nothing to ask, and a stopped wad is not started."""
    toml = '[http]\npublic_url = "http://wad.invalid"\n'
    none = the(check_public(make_case(folder)))
    stopped = the(check_public(make_case(folder, toml, told=Told(error=WouldStartError()))))

    assert ("skipped", "skipped") == (none.verdict, stopped.verdict)
