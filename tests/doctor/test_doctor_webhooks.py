"""Webhooks as the doctor tells of them: those that want somebody by name, and mistakes in the configuration."""

import json
import os

import pytest
from doctor_harness import NOBODY, STATUS, as_nobody, lines, make_case, on_unix, put, the
from test_doctor_browser import examined

from wad.doctor.browser import check_config
from wad.doctor.case import Told, WouldStartError
from wad.doctor.units import Unit
from wad.doctor.webhooks import check_webhooks
from wad.webhooks.signing import make_secret


def checked(folder, *hooks):
    """Check webhooks that stand like this."""
    case = make_case(folder, told=Told(STATUS, "0.1.0"))
    case.socket.unlink(missing_ok=True)
    answer = {"success": True, "outbox": None, "webhooks": list(hooks)}
    with on_unix(case.socket, lambda _: json.dumps(answer).encode() + b"\n"):
        return list(check_webhooks(case))


def hook(name="a", state="active", **facts):
    """Give how a webhook stands."""
    nothing = {"backlog": 0, "failedAttempts": 0, "lastStatus": None, "lastError": None, "deadLetters": 0}
    return {"name": name, "state": state, **nothing, **facts}


def test_none(folder):
    """Where there are none there is nothing to look at."""
    assert ["skipped: there are none"] == lines(checked(folder))


def test_well(folder):
    """Those that do well share a line."""
    assert ["ok: 2 of 2 active, none more than 1 event behind"] == lines(
        checked(folder, hook(backlog=1), hook("b"))
    )


ROWS = [
    (
        hook("o", "disabled", lastStatus=410, lastError="gone", backlog=2, deadLetters=3),
        "fail: o is off (gone), 2 events behind, 3 given up",
        "wadctl webhooks replay o.",
    ),
    (
        hook("o", "disabled", lastStatus=410, lastError="gone"),
        "fail: o is off (gone), 0 events behind",
        "wadctl webhooks replay o.",
    ),
    (
        hook("o", "retrying", failedAttempts=1, lastError="refused", backlog=1),
        "warn: o did not bring an event: tried once, refused; 1 event behind",
        "wadctl webhooks skip o.",
    ),
    (
        hook("o", "retrying", failedAttempts=4, lastStatus=503, backlog=5000),
        "warn: o did not bring an event: tried 4 times, answered 503; 5000 events behind",
        "wad tries again by itself",
    ),
    (hook("o", backlog=1000), "warn: o is 1000 events behind", "answer sooner"),
]


@pytest.mark.parametrize(("standing", "line", "action"), ROWS)
def test_one_that_wants_somebody(folder, standing, line, action):
    """It is named with why, how far it is behind, and what to do; the others do well."""
    first, others = checked(folder, standing, hook("b"))

    assert line == f"{first.verdict}: {first.said}"
    assert action in first.action
    assert "1 of 2 active, none more than 0 events behind" == others.said


def test_given_up(folder):
    """What was given up is told beside how the webhook does now, with the way to have it brought again."""
    failing, lost = checked(folder, hook("o", "retrying", failedAttempts=1, lastStatus=500, deadLetters=2))
    again, well = checked(folder, hook("o", deadLetters=1))

    assert ["warn: o: 2 given up", "warn: o: 1 given up"] == lines([lost, again])
    assert "tried once" in failing.said
    assert all("wadctl webhooks replay o." in each.action for each in (lost, again))
    assert "ok" == well.verdict


@pytest.mark.parametrize("error", [WouldStartError(), FileNotFoundError()])
def test_not_asked(folder, error):
    """Where wad does not run it is not asked: that would start it."""
    assert ["skipped: wad does not tell"] == lines(check_webhooks(make_case(folder, told=Told(error=error))))


def test_an_older_wad(folder):
    """One that does not know is left alone."""
    case = make_case(folder, told=Told(STATUS, "0.1.0"))
    with on_unix(case.socket, lambda _: b'{"success": true}\n'):
        assert ["skipped: this wad is too old to tell"] == lines(check_webhooks(case))


def table(secret, name="o", url="https://example.org/hook?key=hidden", more=""):
    """Give a webhook's table."""
    return f'[[webhooks]]\nname = "{name}"\nurl = "{url}"\nsecret_file = "{secret}"\n{more}'


@pytest.fixture
def secret(folder):
    """Give a file with a secret, for its owner alone."""
    path = put(folder / "secret", make_secret())
    path.chmod(0o600)
    return path


def test_a_configuration_that_is_right(folder, secret):
    """A webhook that the daemon would start with costs no line."""
    assert ["ok"] == [each.verdict for each in check_config(make_case(folder, table(secret)))]


def wrong(secret, kind):
    """Give a table with a mistake, and what is said of it."""
    other = put(secret.parent / "other", make_secret())
    return {
        "url": (table(secret, url="ftp://hidden"), "url must be"),
        "name": (table(secret, name="a b"), "a webhook's name"),
        "events": (table(secret, more='events = ["hidden"]\n'), "types can be"),
        "no file": (table("/nonexistent/secret"), "cannot be read: No such file"),
        "for all": (table(other), f"type chmod o-rwx {other}"),
        "no secret": (table(put(secret.parent / "short", "hidden")), ""),
    }[kind]


@pytest.mark.parametrize("kind", ["url", "name", "events", "no file", "for all", "no secret"])
def test_a_configuration_that_is_wrong(folder, secret, kind):
    """What the daemon would refuse at its start is named, without what it says."""
    toml, said = wrong(secret, kind)
    if kind == "no secret":
        (folder / "short").chmod(0o600)
    found = the(check_config(make_case(folder, toml)))

    assert "fail" == found.verdict
    assert found.said.startswith("webhooks: ")
    assert said in found.said
    assert "hidden" not in found.said
    assert "restart" in found.action


def test_each_mistake_has_a_line(folder, secret):
    """Webhooks are judged one by one, and beside all else that is wrong."""
    toml = table(secret, "a", "ftp://x") + table(secret, "b") + table("/nonexistent/s", "c")
    toml += '[http]\ntoken_file = "/nonexistent/token"\n'
    said = [each.said for each in check_config(make_case(folder, toml))]

    assert 3 == len(said)
    assert "token" in said[0]
    assert ["webhooks: a:", "webhooks: c:"] == [each[:12] for each in said[1:]]


@pytest.mark.skipif(os.geteuid() != 0, reason="one's own file is open to oneself")
def test_a_secret_that_the_caller_may_not_read(folder, secret):
    """That is no mistake."""
    case = make_case(folder, table(secret))
    with as_nobody():
        found = the(check_config(case))

    assert "skipped" == found.verdict
    assert "sudo" in found.action


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can read what the daemon cannot")
def test_a_secret_that_the_daemon_cannot_read(folder, secret):
    """Root sees that the daemon's user does not."""
    unit = Unit("wad.service", booted=True, facts={"User": "nobody", "ActiveState": "failed"})
    case = make_case(folder, table(secret), unit=unit)
    closed = the(check_config(case))
    os.chown(secret, NOBODY, -1)
    opened = the(check_config(case))

    assert ("fail", "ok") == (closed.verdict, opened.verdict)
    assert f"type chown nobody {secret}" in closed.said


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[messages]\nchat_interval = -1\n", "[messages] chat_interval"),
        ("[messages]\nkeep_mob = 1\n", "[messages] keep_mob"),
        ('[[webhooks]]\nname = "a"\n', "webhooks[0].url"),
    ],
)
def test_keys_of_messages(folder, toml, said):
    """A wrong key is named with its place."""
    found = the(check_config(examined(folder, toml)))

    assert "fail" == found.verdict
    assert said in found.said
