"""Reloading: whatever goes wrong is one line, and the next one works."""

import threading

import pytest
from structlog.testing import capture_logs

from wad.config import load
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
