"""Reloading: whatever goes wrong is one line, and the next one works."""

import threading

import pytest
from structlog.testing import capture_logs

from wad.config import load, parse_address
from wad.core.errors import ConfigError
from wad.link.session import Session
from wad.service.reload import Reloader
from wad.service.systemd import Notifier
from wad.web.guard import Guard

CONFIG = load({}, {})
CHANGED = load({}, {"WAD_HTTP_ALLOWED_ORIGINS": "https://app.example.org", "WAD_LINK_READY": "7"})


pytestmark = pytest.mark.usefixtures("restored_log")


def make(read, within=60.0):
    """Give a reloader that reads so."""
    return Reloader(CONFIG, read, Guard(CONFIG, None), Notifier({}), Session(), within=within)


def raising(error):
    """Give a reading that fails once, and then succeeds."""
    errors = [error]

    def read():
        if errors:
            raise errors.pop()
        return CHANGED

    return read


@pytest.mark.parametrize(
    ("error", "event"),
    [(ConfigError("wad.toml: wrong"), "reload_refused"), (RecursionError("deep"), "reload_failed")],
)
async def test_after_any_failure_the_next_reload_works(io_loop, error, event):
    """It is told whose fault it was, in one line, and whoever asked is told as well."""
    reloader = make(raising(error))
    with capture_logs() as logs, pytest.raises(type(error)):
        await reloader.reload()
    done = await reloader.reload()

    assert [(event, "error", 1)] == [(line["event"], line["log_level"], line["number"]) for line in logs]
    assert (("http.allowed_origins",), ("link.ready",)) == (done.applied, done.restart_needed)


async def test_another_token_is_told_under_its_setting(io_loop, tmp_path):
    """The same file with another token is a change; another file with the same token is none."""
    first, second = tmp_path / "first", tmp_path / "second"
    reading = [first, first, second, second]
    reloader = make(lambda: load({}, {"WAD_HTTP_TOKEN_FILE": str(reading.pop(0))}))

    async def reload(text):
        reading[0].write_text(text)
        reading[0].chmod(0o600)
        return (await reloader.reload()).applied

    told = [await reload(text) for text in ("a" * 16, "b" * 16, "b" * 16, "none")]

    assert [("http.token_file",), ("http.token_file",), (), ("http.token_file",)] == told


async def test_a_reload_does_not_open_what_systemd_listens_on(io_loop):
    """Without a token nothing but this machine is served, on the sockets that were handed over, too."""
    guard = Guard(CONFIG, "a" * 16)
    wide = [parse_address("0.0.0.0:3002")]
    reloader = Reloader(CONFIG, lambda: CONFIG, guard, Notifier({}), Session(), listening=wide)

    with pytest.raises(ConfigError, match="no token is set"):
        await reloader.reload()
    assert guard.right_token(b"a" * 16)
    assert not guard.right_token(b"any")


async def test_a_disk_that_does_not_answer(io_loop):
    """Reading is given up, and never done twice at a time; once it has come back the next reload works."""
    may_end, began = threading.Event(), []

    def read():
        began.append(threading.current_thread())
        may_end.wait()
        return CHANGED

    reloader = make(read, within=0.001)
    with pytest.raises(ConfigError, match="could not be read within"):
        await reloader.reload()
    with pytest.raises(ConfigError, match="still being read"):
        await reloader.reload()
    may_end.set()
    await reloader._reading
    reloader._within = 60.0
    done = await reloader.reload()

    assert 2 == len(began)
    assert all(thread.daemon for thread in began)
    assert ("http.allowed_origins",) == done.applied
