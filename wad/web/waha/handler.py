"""The dialect's handler: a key in a header of WAHA's, one call, and errors in its shape.

Rules of this file: who may ask is judged before a long body is taken in. wad's own code and the request's id
stand in each error, besides what WAHA has.
"""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from wad.core.errors import WadError
from wad.messages.media import Media
from wad.reports.documents import Document
from wad.web.base_handler import BaseHandler
from wad.web.body import LIMIT, Body, exceeds
from wad.web.errors import JSON, Refusal
from wad.web.guard import Guard
from wad.web.messaging.downloads import MediaHandler
from wad.web.messaging.handlers import refusal
from wad.web.routes import Route
from wad.web.waha.asking import Ask, House, Reply, Row, unsupported

KEY: Final = "X-Api-Key"
# A file in base64 is a third longer than it is; larger ones come by their address.
LONGEST: Final = 8 * 1024 * 1024
# Behind these stands a number, or a client's word.
_PRIVATE: Final = re.compile(r"(/(?:chats|messages|contacts|groups|lids|pn)/)[^/]+")


class KeyedHandler(BaseHandler):
    """Base of the dialect's handlers: the token comes as WAHA's key, and errors are told as WAHA does."""

    @property
    def authorised(self) -> bool:
        """Whether the caller has the key."""
        given = self.request.headers.get(KEY, "")
        return self.guard.right_token(given.encode("latin-1", "replace"))

    def demand(self) -> None:
        """Raise unless the caller has the key."""
        if not self.authorised:
            sentence = f"this needs a key: {KEY}: …"
            raise Refusal(HTTPStatus.UNAUTHORIZED, "unauthorized", sentence)

    @property
    def shown_path(self) -> str:
        """The path without whom or what it names."""
        return _PRIVATE.sub(r"\1…", self.request.path)

    def told(self, refused: Refusal) -> Document:
        """Give an error's document."""
        return error_document(refused) | {"requestId": self.request_id}


def error_document(refused: Refusal) -> Document:
    """Give an error as WAHA tells it, with wad's own code."""
    return {
        "statusCode": refused.status_code,
        "message": refused.message,
        "error": refused.reason,
        "code": refused.code,
    }


class WahaHandler(KeyedHandler):
    """One path: its operations by their methods."""

    limit = LONGEST

    def initialize(self, route: Route, guard: Guard, house: House, rows: Mapping[str, Row]) -> None:
        """Need the operations, and whom they ask."""
        self.admit(route, guard)
        self._house = house
        self._rows = rows

    def prepare(self) -> None:
        """Judge a request with a long body before that comes."""
        super().prepare()
        headers = self.request.headers
        long = "Transfer-Encoding" in headers or exceeds(headers.get("Content-Length", "0"), LIMIT)
        if self._answered or not long:
            return
        try:
            self.judge()
        except Refusal as raised:
            # From here on it is counted, and thrown away.
            self.body = Body(0)
            self.refuse_early(raised)

    async def answer(self) -> None:
        """Carry out what the method stands for."""
        method = "GET" if self.request.method == "HEAD" else str(self.request.method)
        row = self._rows[method]
        if row.run is None:
            raise unsupported(f"{row.method} {row.path}")
        ask = self._ask(row, method)
        ask.require_session()
        work = row.run(self._house, ask)
        try:
            # Whoever has only asked hears nothing that comes once his key no longer holds.
            reply = await (self.while_admitted(work) if method == "GET" and not row.public else work)
        except WadError as error:
            raise refusal(error) from error
        self._reply(reply)

    def _ask(self, row: Row, method: str) -> Ask:
        names = dict(zip(re.findall(r"{(\w+)}", row.path), self.path_args, strict=True))
        query = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        body = self.body.arguments() if method in {"POST", "PUT"} else {}
        return Ask(names, query, body, self.request.headers.get("Accept", ""))

    def _reply(self, reply: Reply) -> None:
        self.set_status(reply.status)
        if reply.content is not None:
            self.send_file(reply.content, reply.mimetype)
        else:
            self.send_file(json.dumps(reply.document, ensure_ascii=False).encode(), JSON)


class FileHandler(KeyedHandler, MediaHandler):
    """Gives a message's file, at the address that its message names."""

    def initialize(self, route: Route, guard: Guard, media: Media) -> None:
        """Need the files."""
        MediaHandler.initialize(self, route, guard, media)


class NowhereHandler(KeyedHandler):
    """Every other address below the dialect's."""

    def initialize(self, route: Route, guard: Guard) -> None:
        """Need nothing more."""
        self.admit(route, guard)

    def method_refusal(self) -> Refusal:
        """Say that there is nothing, whatever is asked of it."""
        return Refusal(
            HTTPStatus.NOT_FOUND, "not_found", "WAHA has nothing at this address that wad knows of"
        )
