"""The routes of WAHA's dialect, made from its table."""

import re
from collections.abc import Sequence
from typing import Final

from wad.web.messaging.stream import Followers
from wad.web.routes import Protection, Route
from wad.web.waha import absent, chats, sending, server, sessions
from wad.web.waha.asking import House, Row
from wad.web.waha.handler import FileHandler, NowhereHandler, WahaHandler
from wad.web.waha.socket import EventsHandler

PREFIX: Final = "/waha"
# All of WAHA's operations, those that wad does not have among them.
TABLE: Final[Sequence[Row]] = (*server.ROWS, *sessions.ROWS, *sending.ROWS, *chats.ROWS, *absent.ROWS)
_NAME: Final = re.compile(r"{\w+}")
_FILE: Final = r"/api/files/(?:default/)?([0-9a-f]{64})(?:\.[a-z0-9]{1,8})?"


def waha_routes(house: House, followers: Followers) -> list[Route]:
    """Give them all; the description for programs does not speak of them, for it is not wad's own."""
    token = Protection.TOKEN
    return [
        *(_route(house, rows) for rows in _by_path()),
        Route(PREFIX + _FILE, "GET", FileHandler, token, {"media": house.messages.media}, described=False),
        Route(
            f"{PREFIX}/ws",
            "GET",
            EventsHandler,
            token,
            {"house": house, "followers": followers},
            described=False,
        ),
        Route(f"{PREFIX}(?:/.*)?", "GET", NowhereHandler, Protection.PUBLIC, described=False),
    ]


def _by_path() -> list[list[Row]]:
    """Give the rows by their paths; one with a word stands before one that has a name in that place."""
    paths: dict[str, list[Row]] = {}
    for row in TABLE:
        paths.setdefault(pattern(row), []).append(row)
    return [paths[path] for path in sorted(paths, key=lambda path: path.replace("([^/]+)", "~"))]


def pattern(row: Row) -> str:
    """Give the expression for a row's path, below the prefix."""
    return "".join(
        "([^/]+)" if _NAME.fullmatch(part) else re.escape(part) for part in re.split(r"({\w+})", row.path)
    )


def _route(house: House, rows: list[Row]) -> Route:
    public = all(row.public for row in rows)
    return Route(
        PREFIX + pattern(rows[0]),
        " ".join(row.method for row in rows),
        WahaHandler,
        Protection.PUBLIC if public else Protection.TOKEN,
        {"house": house, "rows": {row.method: row for row in rows}},
        described=False,
    )
