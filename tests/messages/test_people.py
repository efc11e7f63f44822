"""Chats, contacts and groups as front ends ask for them, over the page in memory."""

import pytest
from messages_harness import opened

from wad.core.errors import (
    MediaUnreachableError,
    NoPictureError,
    NoSuchChatError,
    NotLinkedError,
    NotReadyError,
    RecipientError,
)
from wad.store import media

CHAT = "15551110000@c.us"


async def taken(house, chat=CHAT):
    """Give a picture."""
    pieces = []

    async def take(piece):
        pieces.append(piece)

    await house.messages.people.picture(chat, take)
    return b"".join(pieces)


async def test_without_a_link_nothing_can_be_asked(tmp_path):
    """Before a scan, and while the link is down."""
    async with opened(tmp_path) as house:
        with pytest.raises(NotLinkedError):
            await house.messages.people.chats(None, 10)
        await house.link()
        house.lose()
        with pytest.raises(NotReadyError):
            await house.messages.people.contacts(None, 10, "")


async def test_messages_of_wads_own_are_told_from_those_of_the_phone(tmp_path):
    """In a chat's messages, and as the last one of a chat."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.receive("hello")
        await house.send("answer", to="+15551110000")
        await house.event("message.own")
        people = house.messages.people
        told = (await people.history(CHAT, None, 10))["messages"]
        listed = (await people.chats(None, 10))["chats"]

    assert [("answer", "wad"), ("hello", "other")] == [(each["text"], each["source"]) for each in told]
    assert "wad" == listed[0]["lastMessage"]["source"]


async def test_an_old_files_place_is_known_once_it_was_listed(tmp_path):
    """It is fetched when somebody asks for it, and not before."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.receive("", file=b"old" * 100, offline=True)
        told = (await house.messages.people.history(CHAT, None, 10))["messages"][0]["media"]
        row = await house.messages.desk.read(lambda connection: media.find(connection, told["sha256"]))
        before = house.page.asked["download"]
        found = await house.messages.media.give(told["sha256"], 30)
        content = found.path.read_bytes()

    assert ("remote", "remote", 0) == (told["state"], row.state, before)
    assert b"old" * 100 == content


async def test_numbers_are_checked_and_groups_asked_for_by_their_kind(tmp_path):
    """A group has no number, and a person is no group."""
    async with opened(tmp_path) as house:
        await house.link()
        people = house.messages.people
        there = await people.check("+15551110000")
        house.page.strangers.add(CHAT)
        absent = await people.check("+15551110000")
        for wrong in ("1@lid", "120363000000000001@g.us", None, "x"):
            with pytest.raises(RecipientError):
                await people.check(wrong)
        with pytest.raises(RecipientError):
            await people.group(CHAT)
        with pytest.raises(NoSuchChatError):
            await people.group("120363000000000001@g.us")

    assert (True, CHAT) == (there["exists"], there["chat"]["pn"])
    assert {"exists": False, "chat": None} == absent


async def test_pictures(tmp_path):
    """Given as they are; none is told from one that cannot be had."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.pictures = {CHAT: b"picture", "15551110001@c.us": "HTTP 500"}
        found = await taken(house)
        with pytest.raises(NoPictureError):
            await taken(house, "15551110002@c.us")
        with pytest.raises(MediaUnreachableError):
            await taken(house, "15551110001@c.us")

    assert b"picture" == found
