"""Chats, contacts, groups and pictures, as a real Chromium with the stand-in gives them."""

import pytest
from driver_harness import on_both
from messages_ear import FROM, linked

from wad.core.errors import MessageError, MessageRefusedError
from wad.core.message import FIRST_NEW_ROW, GroupChanged, Message

OTHERS = tuple(f"+1555000{number}" for number in range(2001, 2006))


async def talk(world, ear, *numbers):
    """Have each of them write, one after the other."""
    for number in numbers:
        await world.act("receive", from_=number, text=f"from {number}", name=f"Name {number}")
        await ear.until(Message, lambda item, number=number: item.text == f"from {number}")


@on_both
async def test_chats_are_listed_in_parts_the_newest_first(kind):
    """Each once, though one moves up in between; with how many nobody has read, and the last message."""
    async with linked(kind) as (world, page, ear):
        await talk(world, ear, *OTHERS)
        first = await page.chats(None, 2)
        await talk(world, ear, f"+{first.items[0].chat.pn.partition('@')[0]}")
        second = await page.chats(first.following, 2)
        third = await page.chats(second.following, 2)

    listed = [seen.chat.pn for part in (first, second, third) for seen in part.items]
    newest = first.items[0]

    assert sorted(f"{number[1:]}@c.us" for number in OTHERS) == sorted(listed)
    assert (newest.unread, newest.archived) == (1, False)
    assert newest.last.text == f"from +{newest.chat.pn.partition('@')[0]}"
    assert newest.timestamp == newest.last.timestamp
    assert None is third.following


@on_both
async def test_a_place_that_no_answer_gave(kind):
    """It is refused with what to do."""
    async with linked(kind) as (_, page, _):
        for odd in ("x", "[1]", '["a"]', "{}", "[1,2]"):
            with pytest.raises(MessageError, match="next"):
                await page.chats(odd, 2)


@on_both
async def test_one_chat(kind):
    """By number; and one that is not there."""
    async with linked(kind) as (world, page, ear):
        await talk(world, ear, FROM)
        found = await page.chat(f"{FROM[1:]}@c.us")
        with pytest.raises(MessageRefusedError, match="absent"):
            await page.chat("15559998877@c.us")

    assert found.chat.pn == f"{FROM[1:]}@c.us"
    assert found.last.text == f"from {FROM}"


@on_both
async def test_contacts_are_listed_by_name(kind):
    """Those who wrote are among them; a search finds by name and by number."""
    async with linked(kind) as (world, page, ear):
        await talk(world, ear, *OTHERS[:2])
        everybody = await page.contacts(None, 200, "")
        found = await page.contacts(None, 10, OTHERS[1][1:])
        nobody = await page.contacts(None, 10, "nobody is called so")

    numbers = [each.chat.pn for each in everybody.items]

    assert {f"{number[1:]}@c.us" for number in OTHERS[:2]} <= set(numbers)
    assert len(numbers) == len(set(numbers))
    assert [each.chat.pn for each in found.items] == [f"{OTHERS[1][1:]}@c.us"]
    assert () == nobody.items


@on_both
async def test_a_number_is_checked(kind):
    """Not on WhatsApp only where WhatsApp says so."""
    async with linked(kind) as (world, page, _):
        there = await page.check("15550002001@c.us")
        await world.act("lookup", answer="absent")
        absent = await page.check("15550002002@c.us")

    assert there.pn == "15550002001@c.us"
    assert None is absent


@on_both
async def test_a_chats_messages_newest_first(kind):
    """In parts, back to the first one."""
    async with linked(kind) as (world, page, ear):
        for number in range(7):
            await world.act("receive", from_=FROM, text=f"number {number}")
        await ear.until(Message, lambda item: item.text == "number 6")
        chat = f"{FROM[1:]}@c.us"
        first = await page.history(chat, None, 3)
        second = await page.history(chat, first.following, 3)
        third = await page.history(chat, second.following, 3)
        with pytest.raises(MessageRefusedError, match="absent"):
            await page.history("15559998877@c.us", None, 3)

    texts = [each.text for part in (first, second, third) for each in part.items]

    assert [f"number {number}" for number in range(6, -1, -1)] == texts
    assert None is third.following


async def test_a_group_and_its_picture():
    """Who is in it and who may write; 404 where there is none."""
    async with linked() as (world, page, _):
        group = (await world.act("group", subject="Club", people=",".join(OTHERS[:2])))["id"]
        found = await page.group(group)
        pieces = []

        async def take(piece):
            pieces.append(piece)

        await page.picture(group, take)
        await world.act("picture", of=group, there=False)
        with pytest.raises(MessageRefusedError, match="absent"):
            await page.picture(group, take)
        with pytest.raises(MessageRefusedError, match="absent"):
            await page.group("120363000000000000@g.us")

    members = {each.chat.pn for each in found.members}

    assert found.chat.name == "Club"
    assert {f"{number[1:]}@c.us" for number in OTHERS[:2]} < members
    assert any(each.is_admin for each in found.members)
    assert b"".join(pieces).startswith(b"\x89PNG")


async def test_what_happens_to_a_group_is_told_once():
    """Somebody joins, somebody leaves: by whom, and about whom."""
    async with linked() as (world, page, ear):
        group = (await world.act("group", subject="Club", people=OTHERS[0]))["id"]
        await ear.until(GroupChanged, lambda item: item.action == "create")
        await world.act("group", id=group, join=OTHERS[1])
        joined = await ear.until(GroupChanged, lambda item: item.action == "invite")
        await world.act("group", id=group, leave=OTHERS[0])
        left = await ear.until(GroupChanged, lambda item: item.action == "leave")
        rows = await page.scan(FIRST_NEW_ROW - 1, 100)

    told = [item.action for item in rows.items if isinstance(item, GroupChanged)]

    assert (joined.chat.id, left.chat.id) == (group, group)
    assert joined.people == (f"{OTHERS[1][1:]}@c.us",)
    assert left.people == (f"{OTHERS[0][1:]}@c.us",)
    assert told == ["create", "invite", "leave"]
