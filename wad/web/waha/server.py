"""What answers: that it is there, what it is, since when."""

from datetime import UTC, datetime
from typing import Final

from wad.waha.people import environment
from wad.web.waha.asking import Ask, House, Reply, Row


async def ping(_: House, __: Ask) -> Reply:
    """Answer."""
    return Reply({"message": "pong"})


async def health(_: House, __: Ask) -> Reply:
    """Tell that the daemon is there; how the link is, the session tells."""
    return Reply({"status": "ok", "info": {}, "error": {}, "details": {}})


async def version(house: House, _: Ask) -> Reply:
    """Tell which edition of WAHA's is spoken, and which wad speaks it."""
    return Reply(environment(house.version))


async def status(house: House, _: Ask) -> Reply:
    """Tell since when the daemon runs; times are in ms."""
    started = house.started.timestamp()
    return Reply(
        {
            "startTimestamp": round(started * 1000),
            "uptime": round((datetime.now(UTC).timestamp() - started) * 1000),
            "worker": {"id": None},
        }
    )


ROWS: Final = (
    Row("GET", "/ping", ping, public=True),
    Row("GET", "/health", health, public=True),
    Row("GET", "/api/version", version),
    Row("GET", "/api/server/version", version),
    Row("GET", "/api/server/status", status),
)
