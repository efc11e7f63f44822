"""nginx in front: its configuration and its log, each wrong in one way."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from doctor_harness import lines, make_case, put, put_program, the

from wad.config import render_nginx
from wad.doctor.nginx import check_nginx, check_nginx_log
from wad.doctor.units import Unit

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin")
SHIPPED = Path(__file__).parents[2] / "etc/nginx/snippets"
ORIGIN = "https://a.example.org"
LISTED = f'[http]\nallowed_origins = ["{ORIGIN}"]\n'


def site(folder, text="include snippets/wad-routes.conf;"):
    """Enable a site of these lines."""
    return put(folder / "nginx" / "sites-enabled" / "wad", f"server {{\n{text}\n}}\n")


def with_nginx(folder, toml=LISTED, script="exit 0", **others):
    """Give a machine with an nginx and wad's site, whose list of origins is wad's."""
    case = make_case(folder, toml, **others)
    put_program(folder, "nginx", script)
    site(folder)
    put(folder / "nginx" / "snippets" / "wad-origins.conf", f"# Written by\n\n{render_nginx(case.config)}")
    for name in ("wad-routes.conf", "wad-down.conf", "wad-down.html"):
        put(folder / "nginx" / "snippets" / name, (SHIPPED / name).read_text())
    return case


def test_right(folder):
    """Configuration, site and list are right; comments and blank lines mean nothing."""
    expected = ["its configuration is valid", f"its site {folder}/nginx/sites-enabled/wad serves wad"]

    expected += [
        "wad-origins.conf is wad's list",
        f"while wad is down people are shown {folder}/nginx/snippets/wad-down.html",
    ]
    case = with_nginx(folder)
    folder.chmod(0o755)

    assert [f"ok: {said}" for said in expected] == lines(check_nginx(case))


def test_none(folder):
    """Without nginx, or with one that serves others only, there is nothing to look at."""
    missing = the(check_nginx(make_case(folder)))
    put_program(folder, "nginx", "exit 0")
    site(folder, "# include snippets/wad-routes.conf;")
    others = the(check_nginx(make_case(folder)))

    assert ("skipped", "skipped") == (missing.verdict, others.verdict)
    assert "etc/nginx/wad.conf" in others.action


def test_not_enabled(folder):
    """A public address without an enabled site is warned of."""
    case = with_nginx(folder, '[http]\npublic_url = "http://wad.example.org"\n')
    (folder / "nginx" / "sites-enabled" / "wad").unlink()
    found = list(check_nginx(case))

    assert "warn" == found[-1].verdict
    assert "ln -s ../sites-available/wad" in found[-1].action


@pytest.mark.skipif(NGINX is None, reason="there is no nginx")
@pytest.mark.parametrize(("conf", "verdict"), [("events {}\nhttp {}\n", "ok"), ("evnts {}\n", "fail")])
def test_real_nginx(folder, conf, verdict):
    """The real nginx judges its configuration; a mistake is told with its place."""
    file = put(folder / "nginx" / "nginx.conf", f"pid {folder}/pid;\nerror_log stderr;\n{conf}")
    found = next(check_nginx(with_nginx(folder, script=f'exec {NGINX} "$@"')))

    assert verdict == found.verdict
    assert verdict == "ok" or f'nginx -t says: "unknown directive "evnts" in {file}:3"' == found.said


def test_not_yours(folder):
    """Who may not read the certificates' keys cannot have it judged; that is no fault of nginx's."""
    script = 'echo "nginx: [emerg] cannot load key: Permission denied" >&2; exit 1'
    found = next(check_nginx(with_nginx(folder, script=script)))

    assert "skipped" == found.verdict
    assert "as root" in found.action


@pytest.mark.parametrize("text", [None, 'map $http_origin $wad_cors_origin {\n    default "";\n}\n'])
def test_origins(folder, text):
    """A list that is missing, or older than wad's, is told with the command that writes it."""
    case = with_nginx(folder)
    path = folder / "nginx" / "snippets" / "wad-origins.conf"
    path.unlink()
    if text is not None:
        path.write_text(text)
    found = list(check_nginx(case))[-2]

    assert "fail" == found.verdict
    assert found.action.endswith("systemctl reload nginx")
    assert "wad config --nginx" in found.action


def test_further_account(folder):
    """The list is the first account's; a further one's may differ."""
    unit = Unit("wad@shop.service", booted=True)

    assert "skipped" == list(check_nginx(with_nginx(folder, unit=unit)))[-2].verdict


def spoil(name, old, new):
    """Give what changes a snippet's text."""
    return lambda snippets: (snippets / name).write_text((snippets / name).read_text().replace(old, new))


DOWN = {
    "older": (spoil("wad-routes.conf", "/wad-down-page {", "/other {"), "of an older wad", "Copy wad-routes"),
    "gone": (lambda snippets: (snippets / "wad-down.html").unlink(), "wad-down.html is not there", "Copy"),
    "no policy": (
        lambda snippets: (snippets / "wad-down.conf").unlink(),
        "wad-down.conf is not there",
        "Copy",
    ),
    "elsewhere": (
        spoil("wad-routes.conf", "root /etc/nginx/snippets;", "root /nowhere/wad;"),
        "/nowhere/wad/wad-down.html is not there",
        "Copy",
    ),
    "closed": (
        lambda snippets: (snippets / "wad-down.html").chmod(0o600),
        "wad-down.html is closed to nginx",
        "chmod a+r",
    ),
    "closed folder": (lambda snippets: snippets.chmod(0o700), "snippets is closed to nginx", "chmod a+x"),
    "script": (spoil("wad-down.html", "FIRST_PAUSE = 1000", "FIRST_PAUSE = 9"), "another script", "sha256-"),
    "style": (
        spoil("wad-down.html", "<style>", "<style>b{color:red}"),
        "another style",
        "in the place of style-src",
    ),
}


@pytest.mark.parametrize(("change", "said", "action"), DOWN.values(), ids=DOWN)
def test_the_page_while_wad_is_down(folder, change, said, action):
    """It is there, nginx may read it, and browsers run what is in it; else people are told what to do."""
    case = with_nginx(folder)
    folder.chmod(0o755)
    change(folder / "nginx" / "snippets")
    found = list(check_nginx(case))[-1]

    assert "warn" == found.verdict
    assert said in found.said
    assert action in found.action


SIGNS = [
    (
        "connect() to unix:/run/wad/http.sock failed (13: Permission denied) while connecting to upstream",
        "www-data",
    ),
    ("connect() failed (111: Connection refused) while connecting to upstream", "Start wad"),
    ("upstream timed out (110: Connection timed out) while reading response header", "too slow"),
]


@pytest.mark.parametrize(("line", "action"), SIGNS)
def test_log(folder, line, action):
    """What the log says of the way to wad is counted, and answered with what to do; old lines are not."""
    log = folder / "error.log"
    site(folder, f"error_log {log};\ninclude snippets/wad-routes.conf;")
    now, old = datetime.now(), datetime.now() - timedelta(hours=2)  # noqa: DTZ005 - as nginx writes it
    put(
        log,
        "".join(f"{at:%Y/%m/%d %H:%M:%S} [error] 7#7: *1 {line}, ?key=secret\n" for at in (old, now, now)),
    )
    found = the(check_nginx_log(make_case(folder)))

    assert "warn" == found.verdict
    assert found.said.startswith('nginx wrote "')
    assert f"of wad 2 times in the last hour ({log})" in found.said
    assert action in found.action
    assert "secret" not in found.said


def test_quiet_log(folder):
    """A log without trouble is right; one that is not there is skipped, as is a site that names none."""
    log = put(folder / "error.log", "no line of nginx's\n")
    none = the(check_nginx_log(make_case(folder)))
    site(folder, f"error_log {log};\ninclude snippets/wad-routes.conf;")
    quiet = the(check_nginx_log(make_case(folder)))
    log.unlink()
    gone = the(check_nginx_log(make_case(folder)))

    assert ("skipped", "ok", "skipped") == (none.verdict, quiet.verdict, gone.verdict)
