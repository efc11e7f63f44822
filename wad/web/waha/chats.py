"""Chats and their messages, contacts, groups, and which number is which LID."""

from collections.abc import Mapping
from typing import Any, Final

from wad.core.errors import NoSuchChatError
from wad.core.message import PERSON_LID, PERSON_PN
from wad.core.recipient import recipient
from wad.messages.operations import LONGEST_SEARCH
from wad.store import addresses
from wad.waha.ids import Document, ack_of
from wad.waha.messages import wa_message
from wad.waha.people import (
    chat_document,
    contact_document,
    group_document,
    overview_document,
    participants,
)
from wad.web.errors import not_found
from wad.web.waha.asking import Ask, House, Reply, Row, unsupported, wrong
from wad.web.waha.lists import MOST, listed, require_order

# As WAHA's own.
_MESSAGES: Final = 10
_OVERVIEWS: Final = 20
_MOST_IDS: Final = 50
_BY_TIME: Final = ("conversationTimestamp", "messageTimestamp", "timestamp")


async def _chats(house: House, ask: Ask, limit: int = MOST) -> list[Document]:
    require_order(ask, "desc", *_BY_TIME)
    return await listed(ask, house.messages.people.chats, "chats", limit=limit)


async def chats(house: House, ask: Ask) -> Reply:
    """List the chats, the one with the newest message first."""
    return Reply([chat_document(each, house.own, house.base) for each in await _chats(house, ask)])


async def overview(house: House, ask: Ask) -> Reply:
    """List the chats as people see them."""
    ids = [part for text in (ask.query.get("ids") or "").split(",") if (part := text.strip())]
    found = await _named(house, ids) if ids else await _chats(house, ask, _OVERVIEWS)
    return Reply([overview_document(each, house.own, house.base) for each in found])


async def overview_asked(house: House, ask: Ask) -> Reply:
    """List the chats as people see them, asked for by a body."""
    pagination, chosen = ask.body.get("pagination") or {}, ask.body.get("filter") or {}
    ids = chosen.get("ids") if isinstance(chosen, Mapping) else None
    fine = isinstance(pagination, Mapping) and (ids is None or isinstance(ids, list))
    if not fine:
        raise wrong("pagination has limit and offset, filter has ids")
    query = {
        name: str(int(pagination[name])) for name in ("limit", "offset") if _is_number(pagination.get(name))
    }
    if ids:
        query["ids"] = ",".join(map(str, ids))
    return await overview(house, Ask(ask.names, query, {}))


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given <= MOST


async def _named(house: House, ids: list[str]) -> list[Document]:
    """Give chats by their ids; those that are not there are left out, as in WAHA."""
    if len(ids) > _MOST_IDS:
        raise wrong(f"ids may name {_MOST_IDS} chats")
    found = []
    for each in ids:
        try:
            found.append(await house.messages.people.chat(each))
        except NoSuchChatError:
            continue
    return found


async def history(house: House, ask: Ask) -> Reply:
    """List a chat's messages, the newest first, by WAHA's filters."""
    require_order(ask, "desc", "timestamp", "messageTimestamp")
    chat = ask.named("chatId")
    if chat == "all":
        raise unsupported("the messages of all chats; ask for those of each")
    people = house.messages.people
    keep = _filter(ask)
    found = await listed(
        ask, lambda cursor, count: people.history(chat, cursor, count), "messages", limit=_MESSAGES, keep=keep
    )
    download = ask.flag("downloadMedia", default=True)
    return Reply([wa_message(each, house.own, house.base, media=download) for each in found])


def _filter(ask: Ask) -> Any:
    """Give which messages count; None for all."""
    least, most = ask.number("filter.timestamp.gte"), ask.number("filter.timestamp.lte")
    mine = ask.flag("filter.fromMe") if ask.query.get("filter.fromMe") else None
    # By its name in WAHA's description; its number is what clients have in hand.
    ack = ask.query.get("filter.ack") or None
    if least is None and most is None and mine is None and ack is None:
        return None

    def keep(message: Document) -> bool:
        return (
            (least is None or message["timestamp"] >= least)
            and (most is None or message["timestamp"] <= most)
            and (mine is None or message["fromMe"] is mine)
            and (ack is None or ack in map(str, ack_of(message["ack"])))
        )

    return keep


async def contacts(house: House, ask: Ask) -> Reply:
    """List the contacts, by name."""
    require_order(ask, "asc", "name", "id")
    people = house.messages.people
    found = await listed(ask, lambda cursor, count: people.contacts(cursor, count, ""), "contacts")
    return Reply([contact_document(each, house.own) for each in found])


async def contact(house: House, ask: Ask) -> Reply:
    """Give one contact."""
    wanted = recipient(ask.named("contactId"))
    digits = wanted.partition("@")[0][:LONGEST_SEARCH]
    found = await house.messages.people.contacts(None, _MOST_IDS, digits)
    for each in found["contacts"]:
        if wanted in {each["id"], each["pn"], each["lid"]}:
            return Reply(contact_document(each, house.own))
    raise not_found("the account knows no such contact", "contact_not_found")


async def exists(house: House, ask: Ask) -> Reply:
    """Tell whether a number is on WhatsApp."""
    found = await house.messages.people.check(ask.named("phone"))
    chat = found["chat"] or {}
    return Reply({"numberExists": found["exists"], "chatId": chat.get("id"), "pn": chat.get("pn")})


async def number_of(house: House, ask: Ask) -> Reply:
    """Give the number of a LID; null while nobody has told it."""
    lid = recipient(_with(ask.named("lid"), PERSON_LID))
    pn = await house.messages.desk.read(lambda connection: addresses.pn_of(connection, lid))
    return Reply({"lid": lid, "pn": pn})


async def lid_of(house: House, ask: Ask) -> Reply:
    """Give the LID of a number; WhatsApp is asked where nobody has told it."""
    pn = recipient(_with(ask.named("phoneNumber"), PERSON_PN))
    lid = await house.messages.desk.read(lambda connection: addresses.lid_of(connection, pn))
    if lid is None and house.messages.desk.ready:
        found = (await house.messages.people.check(pn))["chat"]
        lid = found["lid"] if found is not None else None
    return Reply({"lid": lid, "pn": pn})


def _with(text: str, ending: str) -> str:
    return text if "@" in text else text + ending


async def groups(house: House, ask: Ask) -> Reply:
    """List the groups among the chats; who is in one tells `group`."""
    found = await listed(ask, house.messages.people.chats, "chats", keep=lambda each: each["kind"] == "group")
    return Reply([{"id": each["id"], "subject": each["name"]} for each in found])


async def group(house: House, ask: Ask) -> Reply:
    """Give a group."""
    return Reply(group_document(await _group(house, ask)))


async def members(house: House, ask: Ask) -> Reply:
    """Give who is in a group."""
    return Reply(participants(await _group(house, ask)))


async def _group(house: House, ask: Ask) -> Document:
    return await house.messages.people.group(ask.named("id"))


ROWS: Final = (
    Row("GET", "/api/{session}/chats", chats),
    Row("GET", "/api/{session}/chats/overview", overview),
    Row("POST", "/api/{session}/chats/overview", overview_asked),
    Row("GET", "/api/{session}/chats/{chatId}/messages", history),
    Row("GET", "/api/messages", history),
    Row("GET", "/api/contacts/all", contacts),
    Row("GET", "/api/contacts", contact),
    Row("GET", "/api/contacts/check-exists", exists),
    Row("GET", "/api/checkNumberStatus", exists),
    Row("GET", "/api/{session}/contacts/{contactId}", contact),
    Row("GET", "/api/{session}/lids/{lid}", number_of),
    Row("GET", "/api/{session}/lids/pn/{phoneNumber}", lid_of),
    Row("GET", "/api/{session}/groups", groups),
    Row("GET", "/api/{session}/groups/{id}", group),
    Row("GET", "/api/{session}/groups/{id}/participants", members),
    Row("GET", "/api/{session}/groups/{id}/participants/v2", members),
)
