"""What each verb does: one call, one document. The same commands as over HTTP, told in the same documents.

Rules of this file:

* An answer comes within the deadline for commands (0.2 s); where the work takes longer it says
  ``"accepted": true``, and its end is seen in the status. Four exceptions: the sandbox's phone answers when
  it has pressed the button, ``reload wait`` says itself that it waits, ``vitals`` waits for the kernel, and
  ``page`` for the page.
* Whoever may open the socket may do everything, so nothing is blanked.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from wad.control.looking import page_look
from wad.control.message_verbs import message_verbs
from wad.control.protocol import INVALID_PARAMS, Refusal, dump
from wad.control.reloads import Facts, Reloads
from wad.control.showing import live_code
from wad.control.verbs import Call, Phone, Verb, Verbs, button, flags, number
from wad.core.deadlines import Deadlines
from wad.core.errors import AlreadyLinkedError, PhoneNumberError
from wad.core.status import Status
from wad.link.commands import Commands
from wad.messages.service import Messages
from wad.reports.documents import (
    Document,
    logout_document,
    pair_cancel_document,
    pair_document,
    reset_document,
    stop_document,
    timestamp,
)
from wad.reports.presenter import Presenter, render
from wad.reports.selfcheck import SelfCheck
from wad.reports.vitals import Vitals
from wad.webhooks.service import Webhooks


class Answers:
    """The verbs' handlers. Without `phone` or `reload` the verbs that need them do not exist."""

    def __init__(
        self,
        commands: Commands,
        presenter: Presenter,
        deadlines: Deadlines,
        *,
        vitals: Vitals,
        selfcheck: SelfCheck,
        phone: Phone | None,
        reloads: Reloads | None,
        messages: tuple[Messages, Webhooks] | None = None,
    ) -> None:
        self._messages = messages
        self._commands = commands
        self._presenter = presenter
        self._deadlines = deadlines
        self._vitals = vitals
        self._selfcheck = selfcheck
        self._phone = phone
        self._reloads = reloads
        self.verbs = Verbs(self._rows())

    def _rows(self) -> list[Verb]:
        """Give the table."""
        run = self._commands
        rows = [
            Verb("status", self.status, "the whole status, as GET /whatsapp/status"),
            Verb("start", self._command(run.start, self._presenter.started), "link", changes=True),
            Verb(
                "stop",
                self._command(run.stop, stop_document),
                "close the browser, keep the session",
                changes=True,
            ),
            Verb(
                "reset",
                self._command(run.reset, reset_document),
                "forget the session, start afresh",
                changes=True,
            ),
            Verb(
                "logout",
                self._command(run.logout, logout_document),
                "tell WhatsApp, then do what reset does",
                changes=True,
            ),
            Verb(
                "pair",
                self.pair,
                "ask for a code to type on the phone of that number; with cancel, show the QR code again",
                "PHONE | cancel",
                changes=True,
                read=number,
            ),
            Verb(
                "qr",
                live_code(self._commands, self._presenter),
                "the live code: its picture, its drawing for a terminal, its end",
                "[small]",
                read=flags("small"),
            ),
            Verb(
                "watch",
                self.watch,
                "the status, then a line for each change; with qr you count as waiting for a code",
                "[qr]",
                read=flags("qr"),
            ),
            Verb("history", self.history, "the last changes of phase or reason, the oldest first"),
            Verb("vitals", self.vitals, "what wad and its browser take, what waits, how webhooks stand"),
            Verb("page", page_look(self._selfcheck), "look whether the page has all that wad relies upon"),
            Verb("version", self.version, "which wad this is"),
            Verb("help", self.help, "this list"),
        ]
        messages = message_verbs(*self._messages) if self._messages is not None else []
        return rows + messages + self._optional_rows()

    def _optional_rows(self) -> list[Verb]:
        rows = []
        if self._reloads is not None:
            text = "read the configuration again; with wait the answer comes when that is done"
            rows.append(Verb("reload", self.reload, text, "[wait]", changes=True, read=flags("wait")))
        if self._phone is not None:
            rows.append(
                Verb(
                    "sandbox",
                    self.sandbox,
                    "press a button of the sandbox's phone",
                    "NAME [key=value… | JSON]",
                    changes=True,
                    read=button(self._phone),
                )
            )
        return rows

    async def status(self, _: Call) -> bytes:
        """Give the body that was rendered for the present; without the picture if that is late."""
        try:
            async with asyncio.timeout(self._deadlines.command):
                return (await self._presenter.status(authorised=True)).body.rstrip()
        except TimeoutError:
            return render(self._presenter.document()).body.rstrip()

    async def pair(self, call: Call) -> bytes:
        """Hand the number over, or take it back. Raises Refusal for what is no number, or while linked."""
        phone = call.arguments["phone"]
        if phone is None:
            return await self._command(self._commands.cancel_pairing, pair_cancel_document)(call)
        try:
            return await self._command(lambda: self._commands.pair(phone), pair_document)(call)
        except PhoneNumberError as exc:
            raise Refusal(exc.code, str(exc), INVALID_PARAMS) from exc
        except AlreadyLinkedError as exc:
            raise Refusal(exc.code, str(exc)) from exc

    async def watch(self, call: Call) -> None:
        """Begin to tell of changes."""
        await call.channel.watch(call.form, viewer=call.arguments["qr"])

    async def history(self, _: Call) -> bytes:
        """Tell how the link came to where it is."""
        return dump(self._presenter.history())

    async def vitals(self, _: Call) -> bytes:
        """Tell what wad and its browser take."""
        return dump(await self._vitals.document())

    async def version(self, _: Call) -> bytes:
        """Tell which daemon this is."""
        who = self._presenter.daemon
        return dump(
            {
                "success": True,
                "version": who.version,
                "instance": who.instance,
                "started": timestamp(who.started),
                "sandbox": who.sandbox,
            }
        )

    async def help(self, _: Call) -> bytes:
        """List the verbs."""
        rows = [
            {"verb": row.name, "arguments": row.arguments, "changes": row.changes, "help": row.help}
            for row in self.verbs
        ]
        return dump({"success": True, "verbs": rows})

    async def reload(self, call: Call) -> bytes:
        """Reload; give up waiting, not the reload, after the deadline, unless the caller wants to wait."""
        assert self._reloads is not None  # noqa: S101 - the verb does not exist otherwise
        task = self._reloads.ask()
        await asyncio.wait([task], timeout=None if call.arguments["wait"] else self._deadlines.command)
        if not task.done():
            return dump({"success": True, "accepted": True, "message": "Reloading the configuration"})
        if task.cancelled():
            raise Refusal("not_accepted", "wad is stopping")
        return dump(_reloaded(task.result()))

    async def sandbox(self, call: Call) -> bytes:
        """Press a button, and tell what the phone says of it."""
        assert self._phone is not None  # noqa: S101 - the verb does not exist otherwise
        try:
            async with asyncio.timeout(self._deadlines.evaluate):
                answer = await self._phone.command(call.arguments["name"], call.arguments["arguments"])
        except TimeoutError as exc:
            raise Refusal("too_late", "the phone did not answer in time") from exc
        return dump({"success": True, **answer})

    def _command(
        self, run: Callable[[], Awaitable[Status]], tell: Callable[[Status], Document]
    ) -> Callable[[Call], Awaitable[bytes]]:
        """Give the handler that hands a command over and tells what it has led to so far."""

        async def handle(_: Call) -> bytes:
            status = await run()
            more = {"accepted": True, "phase": status.phase, "seq": status.seq}
            return dump(tell(status) | more)

        return handle


def _reloaded(facts: Facts) -> dict[str, Any]:
    return {"success": True, "message": "The configuration is reloaded", **(facts or {})}
