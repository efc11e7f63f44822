"""nginx in front: its configuration, the site, the list of origins, and its log."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from wad.config import render_nginx
from wad.doctor import down_page
from wad.doctor.case import Case
from wad.doctor.finding import Finding, fail, ok, skipped, times, warn
from wad.doctor.machine import QUICK, Machine, call

_SITES: Final = ("nginx.conf", "conf.d/*.conf", "sites-enabled/*")
_OURS: Final = re.compile(r"^[^#]*(?:wad-routes\.conf|/whatsapp/)", re.MULTILINE)
_LOG: Final = re.compile(r"^\s*error_log\s+(?P<path>/[^\s;]+)", re.MULTILINE)
RELOAD: Final = "nginx -t && systemctl reload nginx"
LIST: Final = (
    "wad config --nginx | sudo tee /etc/nginx/snippets/wad-origins.conf && sudo systemctl reload nginx"
)
# There is one map of origins, and it is the first account's.
LIST_OF_ALL: Final = f"add it to /etc/wad/wad.toml, whose list nginx has for all accounts, then: {LIST}"
# Where the message of nginx -t stands: nginx: [emerg] … in FILE:LINE
_EMERGENCY: Final = re.compile(r"\[emerg\] (?:\d+#\d+: )?(?P<said>.*)")
_TAIL: Final = 65536
_RECENT: Final = timedelta(hours=1)
# What nginx's error log says of a wad it does not reach, and what to do.
_SIGNS: Final = {
    "Permission denied) while connecting to upstream": "Let nginx's group into wad's http.sock (www-data).",
    "Connection refused) while connecting to upstream": "Start wad, or mend the upstream's address.",
    "No such file or directory) while connecting to upstream": "Start wad, or mend the upstream's path.",
    "upstream timed out": "wad was too slow or the line to it is down: see wad's log, and load.",
    "no live upstreams": "Start wad, or mend the upstream's address.",
    "worker_connections are not enough": "Raise worker_connections in nginx.conf.",
}


def check_nginx(case: Case) -> Iterator[Finding]:
    """Look at nginx's configuration: valid, wad's site in it, its list of origins and its page wad's own."""
    program = case.machine.which("nginx")
    if program is None:
        yield skipped("not installed on this machine")
        return
    site = _site(case.machine)
    if site is None and case.config.http.public_url is None:
        yield skipped("nginx is here and does not serve wad", "To put it in front: see etc/nginx/wad.conf.")
        return
    yield _valid(case, program)
    if site is None:
        yield warn(
            "no enabled site serves wad, and [http] public_url is set",
            f"ln -s ../sites-available/wad /etc/nginx/sites-enabled/wad; {RELOAD}",
        )
    else:
        yield ok(f"its site {site} serves wad")
        yield _origins(case)
        yield down_page.look(case.machine.nginx)


def _site(machine: Machine) -> Path | None:
    """Find the enabled file that serves wad, by what it includes or routes."""
    for pattern in _SITES:
        for path in sorted(machine.nginx.glob(pattern)):
            if _OURS.search(_text(path) or ""):
                return path
    return None


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return None


def _valid(case: Case, program: str) -> Finding:
    argv = [program, "-t", "-c", str(case.machine.nginx / "nginx.conf")]
    try:
        ended = call(argv, {**case.machine.env, "LC_ALL": "C"}, QUICK)
    except OSError as exc:
        return skipped(f"nginx -t cannot be run: {exc.strerror or exc}")
    if ended.code == 0:
        return ok("its configuration is valid")
    if "Permission denied" in ended.errors:
        return skipped("nginx -t is not yours to run", f"Run it as root: sudo {case.wadctl('doctor')}.")
    match = _EMERGENCY.search(ended.errors)
    said = f'nginx -t says: "{match["said"]}"' if match else f"nginx -t ended with {ended.code}"
    return fail(said, f"Mend nginx's configuration, then: {RELOAD}")


def _origins(case: Case) -> Finding:
    """Compare the map of origins with the one that follows from wad's configuration now."""
    path = case.machine.nginx / "snippets" / "wad-origins.conf"
    if case.unit is not None and case.unit.instance:
        return skipped(f"{path.name} is the first account's")
    text = _text(path)
    if text is None:
        return fail(f"{path} is not there, or not yours to read", f"Write it: {LIST}")
    if _bare(text) != _bare(render_nginx(case.config)):
        return fail(f"{path} is not the list wad has now", f"Write it anew: {LIST}")
    return ok(f"{path.name} is wad's list")


def _bare(text: str) -> list[str]:
    """Give the lines that mean something."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def check_nginx_log(case: Case) -> Iterator[Finding]:
    """Look in the site's error log for what says that wad was not reached. No line of it is shown."""
    site = _site(case.machine)
    match = _LOG.search(_text(site) or "") if site else None
    if match is None:
        yield skipped("no site of wad's names an error log")
        return
    path = Path(match["path"])
    try:
        recent = [line for line in _tail(path) if _is_recent(line, datetime.now())]  # noqa: DTZ005 - as nginx
    except OSError as exc:
        closed = isinstance(exc, PermissionError)
        yield skipped(
            f"nginx's log {path} is {'closed to you' if closed else 'not there'}",
            "Be root, or in the group adm." if closed else None,
        )
        return
    found = {sign: sum(sign in line for line in recent) for sign in _SIGNS}
    for sign, count in found.items():
        if count:
            cause = sign.partition(")")[0]
            yield warn(f'nginx wrote "{cause}" of wad {times(count)} in the last hour ({path})', _SIGNS[sign])
    if not any(found.values()):
        yield ok(f"nginx's log {path} tells of no trouble in the last hour")


def _tail(path: Path) -> list[str]:
    with path.open("rb") as file:
        file.seek(max(file.seek(0, 2) - _TAIL, 0))
        return file.read().decode("utf-8", "replace").splitlines()


def _is_recent(line: str, now: datetime) -> bool:
    """Read the time a line begins with, which is local (ngx_log.c: 2026/11/23 05:10:00)."""
    try:
        return now - datetime.strptime(line[:19], "%Y/%m/%d %H:%M:%S") < _RECENT  # noqa: DTZ007 - local
    except ValueError:
        return False
