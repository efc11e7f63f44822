"""One handler for all operations: arguments in, one call, its document out."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from wad.core.errors import WadError
from wad.messages.operations import Answer, told
from wad.web.base_handler import BaseHandler
from wad.web.errors import Refusal
from wad.web.guard import Guard
from wad.web.lasting import RevokedError
from wad.web.routes import Route

# The longest text of WhatsApp's has 65,536 characters, of which JSON may make six bytes each.
LIMIT = 512 * 1024


Run = Callable[[str, Mapping[str, Any]], Awaitable[Answer]]


class OperationHandler(BaseHandler):
    """Carries out the operation that the request's method stands for.

    `operations` are their names by the methods; what the path holds is the argument `named`.
    """

    limit = LIMIT

    def initialize(
        self,
        route: Route,
        guard: Guard,
        run: Run,
        operations: Mapping[str, str],
        named: str | None = None,
    ) -> None:
        """Need what carries operations out."""
        self.admit(route, guard)
        self._run = run
        self._operations = operations
        self._named = named

    @property
    def shown_path(self) -> str:
        """The path without the message or chat it names: there is a number in it, or a client's word."""
        parts = self.request.path.split("/")
        hidden = {number + 1 for number, part in enumerate(parts) if part in {"messages", "chats", "groups"}}
        return "/".join("…" if number in hidden else part for number, part in enumerate(parts))

    async def answer(self) -> None:
        """Carry it out."""
        method = "GET" if self.request.method == "HEAD" else str(self.request.method)
        try:
            work = self._run(self._operations[method], await self.arguments())
            # Whoever has only asked, and waits, hears nothing that comes once his token no longer holds.
            found = await (self.while_admitted(work) if method == "GET" else work)
            if found.later is not None:
                found = await self._awaited(found, found.later())
        except WadError as error:
            raise refusal(error) from error
        self.set_status(found.status)
        failed = found.document["success"] is False
        # A message that failed while it was waited for is told as all errors are, with the request's id.
        self.send(found.document | {"requestId": self.request_id} if failed else found.document)

    async def _awaited(self, accepted: Answer, work: Awaitable[Answer]) -> Answer:
        """Wait for what came of what was accepted; no longer than the caller's token holds.

        Then the answer is the one that the acceptance alone would have had: nobody is to send again what was
        taken from them, and of what happened since they hear nothing.
        """
        try:
            async with self.guard.lasting.during(lambda: self.authorised):
                return await work
        except RevokedError:
            return accepted

    async def arguments(self) -> dict[str, Any]:
        """Give what was sent. Raises Refusal, and WadErrors where it has to be taken in first."""
        given = self.body.arguments() if self.request.method in {"POST", "PUT"} else {}
        return {**self.query(), **given, **self.beside()}

    def query(self) -> dict[str, Any]:
        """Give what the address says."""
        return {name: self.get_query_argument(name) for name in self.request.query_arguments}

    def beside(self) -> dict[str, Any]:
        """Give what a header and the path say."""
        arguments: dict[str, Any] = {}
        if key := self.request.headers.get("Idempotency-Key"):
            arguments["idempotencyKey"] = key
        if self._named is not None:
            arguments[self._named] = self.path_args[0]
        return arguments


def refusal(error: WadError) -> Refusal:
    """Give how an error is told over HTTP; raises it again where it is a fault of wad's own."""
    row = told(error)
    if row is None:
        raise error
    headers = {"Retry-After": str(row.retry_after)} if row.retry_after is not None else {}
    return Refusal(row.status, str(error.code), str(error), headers)
