"""script/audit: a known fault that nobody has answered is a failure; a service that is silent is told, and none."""

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "script/audit"
SILENT = '#!/bin/sh\necho \'{"message": "405 Method Not Allowed - POST"}\'\nexit 1\n'
NPM = """#!/bin/sh
cat <<'JSON'
{"vulnerabilities": {
    "ws": {"via": [{"url": "https://github.com/advisories/GHSA-n", "range": "<8.17.1"}]},
    "engine.io": {"via": ["ws"]}
}}
JSON
exit 1
"""
APT = """#!/bin/sh
echo ' 500 http://deb.debian.org/debian-security bookworm-security/main amd64 Packages'
[ $# = 1 ] || cat <<'TABLE'
chromium:
  Installed: 150.0
  Candidate: 156.0
  Version table:
     156.0 500
        500 http://deb.debian.org/debian-security bookworm-security/main amd64 Packages
 *** 150.0 100
        100 /var/lib/dpkg/status
nginx:
  Installed: 1.22
  Candidate: 1.22
  Version table:
 *** 1.22 500
        500 http://deb.debian.org/debian-security bookworm-security/main amd64 Packages
TABLE
"""
TORNADO = {"id": "PYSEC-1", "fixed_in": ["99"]}
WITHDRAWN = {"id": "PYSEC-2", "withdrawn": "2026-01-01"}
ALL = ("PYSEC-1", "GHSA-n", "chromium-156.0")


@contextmanager
def index(*of_tornado):
    """Give the address of an index that knows of these faults of Tornado's, and of none besides."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"vulnerabilities": of_tornado if "/tornado/" in self.path else []}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def audit(tmp_path):
    """Give what runs the script with programs of these texts, and with answers to some findings."""

    def run(pypi="http://127.0.0.1:1", npm=SILENT, apt="#!/bin/sh\n", answered=()):
        for name, text in {"npm": npm, "apt-cache": apt}.items():
            (tmp_path / name).write_text(text)
            (tmp_path / name).chmod(0o755)
        answers = tmp_path / "answers.toml"
        rows = (f'[[answer]]\nfinding = "{each}"\nreason = "no way in"\n' for each in answered)
        answers.write_text("".join(rows))
        env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "WAD_AUDIT_PYPI": pypi}
        return subprocess.run(
            [sys.executable, str(SCRIPT)],
            env={**env, "WAD_AUDIT_ANSWERS": str(answers)},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    return run


def test_each_finding_wants_an_answer(audit):
    """All three services are asked; a fault without an answer fails, and is told with what mends it."""
    with index(TORNADO, WITHDRAWN) as pypi:
        none = audit(pypi, NPM, APT)
        some = audit(pypi, NPM, APT, ALL[:2])
        all_of_them = audit(pypi, NPM, APT, (*ALL, "PYSEC-0"))

    assert [1, 1, 0] == [each.returncode for each in (none, some, all_of_them)]
    assert not [each for each in ALL if each not in none.stdout]
    assert "mended in 99: NOT ANSWERED" in none.stdout
    assert "PYSEC-2" not in none.stdout
    assert ["debian: chromium-156.0: chromium 150.0, mended in 156.0: NOT ANSWERED"] == [
        line for line in some.stdout.splitlines() if line.endswith("NOT ANSWERED")
    ]
    assert "NOT ANSWERED" not in all_of_them.stdout
    assert "PYSEC-0: no longer found" in all_of_them.stdout


def test_who_is_silent_is_told(audit):
    """Nobody knows then, and that is no failure; what another one told before is not forgotten."""
    nobody = audit()
    one = audit(npm=NPM)

    assert (0, 1) == (nobody.returncode, one.returncode)
    assert 3 == nobody.stdout.count("NOT ASKED")
    assert "405 Method Not Allowed" in nobody.stdout
    assert "GHSA-n" in one.stdout


def test_no_finding_of_today_is_without_an_answer():
    """The services themselves, as far as they can be reached from here."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False, timeout=100
    )
    print(done.stdout)

    assert 0 == done.returncode, done.stdout + done.stderr
