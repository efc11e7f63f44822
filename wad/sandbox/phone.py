"""The phone: what its owner can do, as methods and by name."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from types import UnionType
from typing import Any, NamedTuple, get_args, get_origin

from wad.sandbox.codes import Code
from wad.sandbox.contentcommands import ContentCommands
from wad.sandbox.errors import PhoneRefusedError, UnknownCommandError
from wad.sandbox.groupcommands import GroupCommands
from wad.sandbox.linkcodes import as_typed
from wad.sandbox.messagetroubles import MessageTroubles
from wad.sandbox.pagecommands import PageCommands
from wad.sandbox.pairtroubles import PairingTroubles
from wad.sandbox.peoplecommands import PeopleCommands
from wad.sandbox.troubles import TroubleCommands


class Phone(
    TroubleCommands,
    PairingTroubles,
    ContentCommands,
    GroupCommands,
    PeopleCommands,
    MessageTroubles,
    PageCommands,
):
    """The phone beside the page, and the hand that makes trouble."""

    async def command(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Carry out a command by its name; `UnknownCommandError` lists the names there are."""
        known = COMMANDS.get(name)
        if known is None:
            raise UnknownCommandError(f"unknown command; the phone knows {', '.join(COMMANDS)}")
        named = _named(known, arguments)
        _check(name, known, named)
        return await known.method(self, **named)

    async def scan(
        self,
        code: str | None = None,
        number: str = "15551234567",
        name: str = "Sandbox Phone",
        platform: str = "android",
    ) -> dict[str, Any]:
        """Scan the code that the page shows, or the text given as `code`, and link its device."""
        if not (number.isascii() and number.isdigit()):
            raise PhoneRefusedError("number must be digits only")
        parsed = Code.parse(await self._stage.look() if code is None else code)
        if parsed is None:
            raise PhoneRefusedError("Couldn't link device: this is no code of WhatsApp Web")
        if self._network.conditions.offline or not self._stage.is_live(parsed.ref):
            raise PhoneRefusedError("Couldn't link device: the code is unknown or has expired")
        device = await self._pairing.link(parsed, number=number, name=name, platform=platform)
        return {"device": device.wid}

    async def enter_code(
        self,
        code: str | None = None,
        number: str | None = None,
        name: str = "Sandbox Phone",
        platform: str = "android",
    ) -> dict[str, Any]:
        """Type the code that the page shows for it, or the one given as `code`, and link its device."""
        typed = as_typed(await self._stage.look_for_link_code() if code is None else code)
        if self._network.conditions.offline:
            raise PhoneRefusedError("Couldn't link device: there is no network")
        found = self._network.link_codes.typed(typed, number)
        device = await self._pairing.link_typed(found, typed, name=name, platform=platform)
        return {"device": device.wid}

    async def logout(self) -> dict[str, Any]:
        """Remove every linked device on the phone: their pages wipe themselves and show a code again."""
        return {"removed": await self._network.unlink_all()}

    async def state(self) -> dict[str, Any]:
        """Tell what the phone knows: devices, pages with the code they show, what is wrong just now."""
        devices = [
            {"wid": each.wid, "name": each.name, "platform": each.platform, "hasHistory": each.has_history}
            for each in self._network.devices
        ]
        pages = [{k: v for k, v in each.report.items() if k != "type"} for each in self._stage.pages]
        conditions = asdict(self._network.conditions)
        return {"devices": devices, "pages": pages, "conditions": conditions, "clock": self._network.clock}


class Command(NamedTuple):
    """One row of the table."""

    method: Callable[..., Awaitable[dict[str, Any]]]
    summary: str


def _table(*methods: Callable[..., Awaitable[dict[str, Any]]]) -> Mapping[str, Command]:
    return {each.__name__: Command(each, inspect.getdoc(each) or "") for each in methods}


COMMANDS = _table(
    Phone.scan,
    Phone.enter_code,
    Phone.logout,
    Phone.state,
    Phone.receive,
    Phone.write,
    Phone.group,
    Phone.contact,
    Phone.picture,
    Phone.decrypt,
    Phone.messages,
    Phone.media,
    Phone.contents,
    Phone.marks,
    Phone.presence,
    Phone.read,
    Phone.react,
    Phone.vote,
    Phone.edit,
    Phone.revoke,
    Phone.silent,
    Phone.nack,
    Phone.slow,
    Phone.duplicate,
    Phone.lookup,
    Phone.hang_seen,
    Phone.expire,
    Phone.media_server,
    Phone.take_messages,
    Phone.block,
    Phone.unblock,
    Phone.lid,
    Phone.offline,
    Phone.online,
    Phone.refuse_sockets,
    Phone.accept_sockets,
    Phone.ban,
    Phone.unban,
    Phone.service_unavailable,
    Phone.service_restored,
    Phone.update,
    Phone.terms,
    Phone.deprecated,
    Phone.proxy_block,
    Phone.conflict,
    Phone.stream_conflict,
    Phone.block_hosts,
    Phone.unblock_hosts,
    Phone.unregister_models,
    Phone.rename,
    Phone.refuse_pairing,
    Phone.stall_pairing,
    Phone.late_answers,
    Phone.allow_pairing,
    Phone.forge,
    Phone.change_identity,
    Phone.page_logout,
    Phone.stall_sync,
    Phone.fail_sync,
    Phone.resume_sync,
    Phone.sync_progress,
    Phone.recover,
    Phone.next_ref,
    Phone.spend,
    Phone.new_adv_secret,
    Phone.no_ref,
    Phone.replace,
    Phone.storage_error,
    Phone.pending_work,
    Phone.stray,
    Phone.dialogs,
    Phone.flood,
    Phone.reload,
    Phone.crash,
    Phone.hang,
    Phone.clock,
)


def _named(command: Command, arguments: dict[str, Any]) -> dict[str, Any]:
    """Give each argument its parameter's name: what is a word of Python's has "_" behind it there."""
    taken = inspect.signature(command.method).parameters
    return {f"{each}_" if f"{each}_" in taken else each: value for each, value in arguments.items()}


def _check(name: str, command: Command, arguments: dict[str, Any]) -> None:
    """Refuse arguments the command does not take, and values of another kind than its own."""
    parameters = dict(inspect.signature(command.method).parameters)
    parameters.pop("self")
    for each, value in arguments.items():
        if each not in parameters:
            raise PhoneRefusedError(f"{name} takes {_listed(parameters)}")
        if not _fits(value, parameters[each].annotation):
            raise PhoneRefusedError(f"{name}: {each.rstrip('_')} is of the wrong kind")


def _listed(parameters: Mapping[str, object]) -> str:
    return ", ".join(each.rstrip("_") for each in parameters) or "no arguments"


def _fits(value: object, annotation: Any) -> bool:
    # JSON has one kind of number, and in Python a truth value counts as one.
    if annotation in (int, float):
        numbers = (int,) if annotation is int else (int, float)
        return isinstance(value, numbers) and not isinstance(value, bool)
    if isinstance(annotation, UnionType):
        return any(_fits(value, each) for each in get_args(annotation))
    return isinstance(value, get_origin(annotation) or annotation)
