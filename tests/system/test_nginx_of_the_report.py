"""For those who come from the old server: their nginx snippet as it stands, and the commands they type."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nginx_front import short_folder, wad
from nginx_harness import CONF, Answer, Nginx, until

from wad.config import load
from wad.doctor.case import Case, Told
from wad.doctor.machine import Machine
from wad.doctor.public import check_public

# The site of the old server's frontend, in nginx's configuration and in wad's.
ORIGIN = "https://2wix.ru"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
    "Origin": ORIGIN,
}
PROXY = "# ... proxy settings ..."
BLOCK = """\
    # Handle preflight requests
    if ($request_method = OPTIONS) {
        add_header Content-Length 0;
        add_header Content-Type text/plain;
        return 204;
    }
"""
HEADERS = """\
    # CORS headers for health endpoint
    add_header Access-Control-Allow-Origin "https://2wix.ru" always;
    add_header Access-Control-Allow-Methods "GET, OPTIONS" always;
    add_header Access-Control-Allow-Headers "Authorization, Content-Type" always;
    add_header Access-Control-Allow-Credentials true always;

"""
SNIPPET = f"""\
location = /health {{
    {PROXY}

{HEADERS}{BLOCK}}}
"""
FRONT = """\
server {{
    listen 127.0.0.1:{port} {tls};
    {snippet}
    location / {{ {proxy} }}
}}
"""


class ReportNginx(Nginx):
    """An nginx with the report's snippet, in the place of the origins, for /health; all else is passed on."""

    tls = ""

    def _settle(self, upstream: str, origins: str) -> None:
        proxy = f"proxy_pass http://{upstream}:;"
        site = self.prefix / "site.conf"
        site.write_text(
            FRONT.format(port=self.port, tls=self.tls, snippet=origins.replace(PROXY, proxy), proxy=proxy)
        )
        (self.prefix / "nginx.conf").write_text(CONF.format(site=site))


@contextmanager
def front(snippet: str, cors: str) -> Iterator[tuple[Nginx, list[str]]]:
    """Give nginx with the snippet before a wad with that setting, and what doctor says of the two."""
    with (
        short_folder() as folder,
        wad(folder / "wad", WAD_HTTP_ALLOWED_ORIGINS=ORIGIN, WAD_HTTP_CORS=cors) as path,
    ):
        nginx = ReportNginx(folder, f"unix:{path}", snippet)
        nginx.start()
        try:
            yield nginx, _doctor(folder, nginx.port, cors)
        finally:
            nginx.stop()


def _doctor(folder: Path, port: int, cors: str) -> list[str]:
    """Give what doctor says of the public address: each verdict with what was found, then what is to be done."""
    http = {"PUBLIC_URL": f"http://localhost:{port}", "ALLOWED_ORIGINS": ORIGIN, "CORS": cors}
    config = load({}, {f"WAD_HTTP_{name}": text for name, text in http.items()}, default_file=folder / "none")
    case = Case(Machine(), folder / "control.sock", None, Told(), config)
    found = list(check_public(case))
    return [*(f"{each.verdict}: {each.said}" for each in found), *(each.action or "" for each in found)]


def allowed(answer: Answer) -> list[str]:
    """Give each Access-Control-Allow-Origin of an answer."""
    return answer.headers.get_all("Access-Control-Allow-Origin", [])


def test_as_it_stands() -> None:
    """Two authors, so browsers refuse; and the preflight has none. Doctor finds both, and says what to change."""
    with front(SNIPPET, "true") as (nginx, found):
        assert [ORIGIN] * 2 == allowed(nginx.ask("GET", "/health", {"Origin": ORIGIN}))
        assert [] == allowed(nginx.ask("OPTIONS", "/health", PREFLIGHT))

    assert f"fail: {ORIGIN}: GET /health: 2 headers" in found[1]
    assert f"fail: {ORIGIN}: the preflight of /health: no header" in found[2]
    assert "[http] cors = false" in found[4]
    assert "if ($request_method = OPTIONS)" in found[5]


ANSWERED = {
    ("GET", "/socket.io/?EIO=4&transport=polling"): 0,
    ("GET", "/health"): 1,
    ("GET", "/whatsapp/status"): 0,
    ("POST", "/api/whatsapp/start"): 0,
    ("POST", "/nowhere"): 0,
}


def test_wad_told_not_to() -> None:
    """With `cors = false` no answer of wad's has the headers, Socket.IO's neither; the snippet's stand alone."""
    with front(SNIPPET, "false") as (nginx, _):
        found = {asked: allowed(nginx.ask(*asked, {"Origin": ORIGIN})) for asked in ANSWERED}

    assert {asked: [ORIGIN] * count for asked, count in ANSWERED.items()} == found


MENDED = {
    "wad writes them": (SNIPPET.replace(HEADERS, "").replace(BLOCK, ""), "true"),
    "nginx writes them": (SNIPPET.replace(BLOCK, "").replace("location = /health", "location ~ ^/"), "false"),
}


@pytest.mark.parametrize("way", MENDED)
def test_as_doctor_says(way: str) -> None:
    """Either way that doctor names leads to one author, and doctor is content."""
    snippet, cors = MENDED[way]
    with front(snippet, cors) as (nginx, found):
        assert [ORIGIN] == allowed(nginx.ask("GET", "/health", {"Origin": ORIGIN}))
        assert [ORIGIN] == allowed(nginx.ask("OPTIONS", "/health", PREFLIGHT))

    assert ["ok", "ok", "ok"] == [each.partition(":")[0] for each in found[:3]]


# The report's commands as they stand. curl finds the site by what `.curlrc` says of its name.
READ = ("/health", "/whatsapp/status", "/api/whatsapp/status")
START = "curl -k -X POST https://api.2wix.ru/api/whatsapp/start"
START_AS_PAGE = """curl -k -i -X POST https://api.2wix.ru/api/whatsapp/start \\
  -H "Content-Type: application/json" \\
  -H "Origin: https://2wix.ru\""""
HAS_QR = "curl -k https://api.2wix.ru/api/whatsapp/status | jq .hasQr"
STATUS = "curl -k https://api.2wix.ru/api/whatsapp/status | jq ."
RESET = "curl -k -X POST https://api.2wix.ru/api/whatsapp/reset"


def test_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request of the report, typed as it stands there, is answered as it says."""
    with short_folder() as folder:
        monkeypatch.setenv("HOME", str(folder))
        certify(folder)
        tls = f"ssl; ssl_certificate {folder}/c.pem; ssl_certificate_key {folder}/k.pem"
        monkeypatch.setattr(ReportNginx, "tls", tls)
        public = {"WAD_HTTP_PUBLIC_URL": "https://api.2wix.ru", "WAD_HTTP_ALLOWED_ORIGINS": ORIGIN}
        with wad(folder / "wad", **public) as path:
            nginx = ReportNginx(folder, f"unix:{path}", SNIPPET)
            (folder / ".curlrc").write_text(
                f'silent\nconnect-to = "api.2wix.ru:443:127.0.0.1:{nginx.port}"\n'
            )
            nginx.start()
            try:
                all_as_the_report_says()
            finally:
                nginx.stop()


def all_as_the_report_says() -> None:
    for path in READ:
        assert "200" == typed(f"curl -k -i https://api.2wix.ru{path}").split()[1]
    assert True is json.loads(typed(START))["success"]
    assert "200" == typed(START_AS_PAGE).split()[1]
    until(lambda: typed(HAS_QR) == "true\n", "a code")
    status = json.loads(typed(STATUS))
    assert ("qr", True, "qr") == (status["status"], status["hasQr"], status["currentState"])
    assert status["qrCode"].startswith("data:image/png;base64,")
    assert True is json.loads(typed(RESET))["success"]


def typed(command: str) -> str:
    """Type a command in a shell, and give what it prints."""
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout


def certify(folder: Path) -> None:
    """Make a certificate that nobody signed, which is why the report's curl says -k."""
    made = ["-subj", "/CN=api.2wix.ru", "-keyout", str(folder / "k.pem"), "-out", str(folder / "c.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *made]
    subprocess.run(command, check=True, capture_output=True)
