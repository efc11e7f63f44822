"""The headers that let another site's page read: wad's own, and those that come through a proxy."""

import re

import pytest
from doctor_harness import http, lines, make_case, on_tcp, the

from wad.doctor.cors import check_cors
from wad.doctor.public import check_public

ORIGIN = "https://a.example.org"
ORIGINS = f'allowed_origins = ["{ORIGIN}", "https://*.b.example.org"]\n'


def at(folder, server, more=""):
    """Give a case whose HTTP is this server's."""
    return make_case(folder, f'[http]\nlisten = ["127.0.0.1:{server.port}"]\n{more}')


def echoing(request):
    """Answer as wad does: the listed origins are echoed."""
    match = re.search(r"^Origin: (https://(?:a|\w+\.b)\.example\.org)\r$", request, re.MULTILINE)
    return http(*([f"Access-Control-Allow-Origin: {match[1]}"] if match else []))(request)


def test_cors(folder):
    """Listed origins are allowed, one for a wildcard as well, and strangers are not."""
    with on_tcp(echoing) as server:
        found = lines(check_cors(at(folder, server, ORIGINS)))

    assert ["ok: https://a.example.org may ask", "ok: https://doctor.b.example.org may ask"] == found[:2]
    assert "ok: strangers' origins are refused; allowed beside wad's own: 2" == found[2]


ALLOW = "Access-Control-Allow-Origin: "
WRONG = [
    ([], "no header"),
    ([f"{ALLOW}https://else.example.org"], "another origin"),
    ([f"{ALLOW}https://a.example.org"] * 2, "2 headers"),
]


@pytest.mark.parametrize(("headers", "said"), WRONG)
def test_wrong_cors(folder, headers, said):
    """No header, another origin's, or two of them: browsers refuse the answer."""
    with on_tcp(http(*headers)) as server:
        first = next(check_cors(at(folder, server, ORIGINS)))

    assert "fail" == first.verdict
    assert said in first.said


def test_everybody_allowed(folder):
    """A server that allows whoever asks is a failure."""
    with on_tcp(http(f"{ALLOW}*")) as server:
        found = the(check_cors(at(folder, server)))

    assert ("fail", "a stranger's origin is allowed") == (found.verdict, found.said)


def test_a_proxy_writes_them(folder):
    """Where wad is told not to write them, that it does not is no fault."""
    with on_tcp(http()) as server:
        found = the(check_cors(at(folder, server, f"{ORIGINS}cors = false\n")))

    assert "skipped: [http] cors = false: the proxy in front writes the headers" == lines([found])[0]


ALLOWED = f"{ALLOW}{ORIGIN}"
HEADERS = "Access-Control-Allow-Headers: content-type"


def by_method(get, options, status="204 No Content"):
    """Give a front that writes these headers on answers, and those on preflights."""

    def reply(request):
        if request.startswith("OPTIONS"):
            return http(*options, status=status, body="")(request)
        return http(*get)(request)

    return reply


def public(folder, reply, more=""):
    """Check a public address that answers like this: the findings on answers and on preflights."""
    with on_tcp(reply) as server:
        toml = f'[http]\npublic_url = "http://localhost:{server.port}"\n{ORIGINS}{more}'
        return list(check_public(make_case(folder, toml)))[1:]


ANSWERS = [
    ([ALLOWED] * 2, "", "2 headers", "[http] cors = false"),
    ([ALLOWED] * 2, "cors = false\n", "2 headers", "take the second add_header out"),
    ([], "", "no header", "wad config --nginx"),
    ([], "cors = false\n", "no header", "or say true"),
    ([f"{ALLOW}https://else.example.org"], "", "another origin", "wad config --nginx"),
]


@pytest.mark.parametrize(("headers", "more", "said", "action"), ANSWERS)
def test_answers(folder, headers, more, said, action):
    """Doubled, missing and another origin's headers are told with what to change, and where."""
    found, _ = public(folder, by_method(headers, [ALLOWED, HEADERS]), more)

    assert "fail" == found.verdict
    assert said in found.said
    assert action in found.action


PREFLIGHTS = [
    ([], "no header", "inside an if block"),
    ([ALLOWED] * 2, "2 headers", "proxy_hide_header"),
    ([ALLOWED], "does not name Content-Type", "if ($request_method = OPTIONS)"),
]


@pytest.mark.parametrize(("headers", "said", "action"), PREFLIGHTS)
def test_preflights(folder, headers, said, action):
    """A preflight that a proxy answers by itself, and not as a browser wants it, is told with its cause."""
    answers, found = public(folder, by_method([ALLOWED], headers))

    assert ["ok", "fail"] == [answers.verdict, found.verdict]
    assert said in found.said
    assert action in found.action


def test_refused_preflight(folder):
    """The status counts too: browsers want a 2xx."""
    _, found = public(folder, by_method([ALLOWED], [ALLOWED, HEADERS], "405 Method Not Allowed"))

    assert "answered with 405" in found.said


def test_gone_meanwhile(folder):
    """An address that stops answering in between is no fault of the headers."""
    asked = []

    def reply(request):
        asked.append(request)
        return by_method([ALLOWED], [])(request) if len(asked) < 3 else b""

    assert ["skipped"] == [each.verdict for each in public(folder, reply)]
