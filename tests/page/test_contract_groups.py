"""Groups in the page: what every page that wad drives keeps to, on a real Chromium and the stand-in."""

import pytest
from messages_ear import FROM, Ear, linked, reloaded, sent, sent_in_vain

from wad.core.errors import BrowserHungError, MessageRefusedError, PageError
from wad.core.events import Ready
from wad.core.message import (
    FIRST_NEW_ROW,
    AckSeen,
    ChatKind,
    Edited,
    Message,
    Order,
    Reacted,
    Revoked,
    SendEnded,
    participant_of,
)
from wad.core.page_names import Use
from wad.sandbox.people import Person

OTHER = "+15550002222"
ME = "15551234567@c.us"
NOWHERE = "120363000000000000@g.us"
by_number_and_by_lid = pytest.mark.parametrize("by_lid", [False, True], ids=["by number", "by LID"])


def address(number, *, by_lid):
    """Give how a group names somebody."""
    return Person(number.strip("+")).address(migrated=by_lid)


async def made(world, *, by_lid=False, **more):
    """Make a group that the page knows; gives its id."""
    group = (await world.act("group", people=f"{FROM},{OTHER}", lid=by_lid, **more))["id"]
    await world.until_true(f"require('WAWebCollections').Chat.get('{group}')?.t")
    return group


def messages(items):
    """Give the messages among what was told."""
    return [item for item in items if isinstance(item, Message)]


@by_number_and_by_lid
async def test_a_text_goes_out_and_its_receipts_come(by_lid):
    """The key is wad's, and behind it is the account as the group names it; what is read by all is read."""
    async with linked() as (world, page, ear):
        group = await made(world, by_lid=by_lid, subject="Team")
        found = await page.resolve(group)
        ref = await sent(page, to=group)
        ended = await ear.until(SendEnded)
        await ear.until(AckSeen, lambda item: item.ack == 2)
        await world.act("read", by=FROM)
        await world.act("read", by=OTHER)
        await ear.until(AckSeen, lambda item: item.ack == 3)
        bare = f"true_{group}_3EB0AA"
        kept = await page.look([ref, bare])
        out = (await world.act("messages"))["messages"]

    assert (found.chat.id, found.chat.name, found.chat.kind) == (group, "Team", ChatKind.GROUP)
    assert (found.chat.pn, found.chat.lid) == (None, None)
    assert found.warm
    assert ref == f"{bare}_{found.participant}"
    assert found.participant.endswith("@lid" if by_lid else ME)
    assert (ended.key, ended.sent) == ("3EB0AA", True)
    assert [(item.id, item.ack) for item in ear.items if isinstance(item, AckSeen)] == [
        (ref, ack) for ack in (1, 2, 3)
    ]
    assert [(each.id, each.ack) for each in kept.values()] == [(ref, 3), (ref, 3)]
    assert [(each["id"], each["to"], each["times"]) for each in out] == [(ref, group, 1)]


@by_number_and_by_lid
async def test_messages_have_their_authors(by_lid):
    """Two people write, and the account on its phone: each message once, in order, with its author and no system's rows."""
    async with linked() as (world, _, ear):
        group = await made(world, by_lid=by_lid, subject="Team")
        await world.act("receive", from_=FROM, text="one", name="Anna", group=group)
        await world.act("receive", from_=OTHER, text="two", name="Boris", group=group)
        await world.act("write", to=group, text="three")
        await ear.until(Message, lambda item: item.text == "three")

    told = messages(ear.items)
    own = participant_of(told[2].id)

    assert [(item.text, item.name, item.from_me) for item in told[:2]] == [
        ("one", "Anna", False),
        ("two", "Boris", False),
    ]
    assert [item.author for item in told] == [
        address(FROM, by_lid=by_lid),
        address(OTHER, by_lid=by_lid),
        own,
    ]
    assert own.endswith("@lid" if by_lid else ME)
    assert [participant_of(item.id) for item in told] == [item.author for item in told]
    assert {(item.chat.id, item.chat.kind, item.chat.name) for item in told} == {
        (group, ChatKind.GROUP, "Team")
    }


async def test_what_came_while_there_was_no_document_is_found_by_a_scan():
    """In order and with the authors; in a group that came meanwhile, too."""
    async with linked() as (world, page, ear):
        known = await made(world)
        await world.act("receive", from_=FROM, text="before", group=known)
        await ear.until(Message)
        cursor = (await page.scan(FIRST_NEW_ROW - 1, 100)).last
        await world.driver.stop()
        new = (await world.act("group", people=f"{FROM},{OTHER}", lid=True))["id"]
        await world.act("receive", from_=OTHER, text="one", group=known)
        await world.act("receive", from_=OTHER, text="two", group=new)
        await world.act("receive", from_=FROM, text="three", group=new)
        world.told.forget()
        await world.start()
        await world.told.next(Ready)
        await Ear(page).settle()
        rows = messages((await page.scan(cursor, 100)).items)

    assert [(item.text, item.chat.id, item.author) for item in rows] == [
        ("one", known, address(OTHER, by_lid=False)),
        ("two", new, address(OTHER, by_lid=True)),
        ("three", new, address(FROM, by_lid=True)),
    ]


@by_number_and_by_lid
async def test_edits_revocations_and_reactions(by_lid):
    """Each is one item about the message's own id; a reaction has whose it is, and an admin's revocation is one."""
    async with linked() as (world, _, ear):
        group = await made(world, by_lid=by_lid)
        first, second = [
            (await world.act("receive", from_=OTHER, text=text, group=group))["id"] for text in ("one", "two")
        ]
        await world.act("react", id=first, emoji="👍", from_=FROM)
        reacted = await ear.until(Reacted)
        await world.act("edit", id=first, text="uno")
        edited = await ear.until(Edited)
        await world.act("revoke", id=first)
        await ear.until(Revoked)
        await world.act("revoke", id=second, from_=FROM)
        await ear.until(Revoked, lambda item: item.id == second)

    assert (reacted.id, reacted.author, reacted.text) == (first, address(FROM, by_lid=by_lid), "👍")
    assert (edited.id, edited.text, edited.chat.id) == (first, "uno", group)
    # The page tells of one in two ways; that it is one event is the inbox's matter.
    assert {item.id for item in ear.items if isinstance(item, Revoked)} == {first, second}


@by_number_and_by_lid
async def test_what_wad_says_of_messages_arrives(by_lid):
    """An edit, a reaction and a revocation of one's own, and an answer to somebody, which names whom."""
    async with linked() as (world, page, ear):
        group = await made(world, by_lid=by_lid)
        asked = (await world.act("receive", from_=OTHER, text="what?", group=group))["id"]
        await ear.until(Message)
        ref = await sent(page, to=group, reply_to=asked)
        await ear.until(SendEnded)
        await page.edit(ref, "hullo")
        edited = await ear.until(Edited)
        await page.react(asked, "👍")
        reacted = await ear.until(Reacted)
        answer = next(
            item for item in messages((await page.scan(FIRST_NEW_ROW - 1, 100)).items) if item.from_me
        )
        await page.revoke(ref)
        revoked = await ear.until(Revoked)

    assert (edited.id, edited.text, edited.from_me) == (ref, "hullo", True)
    assert (reacted.id, reacted.text, reacted.from_me) == (asked, "👍", True)
    assert (answer.id, answer.reply_to, answer.author) == (ref, asked, participant_of(ref))
    assert (revoked.id, revoked.from_me) == (ref, True)


async def test_a_document_that_went_away_while_it_was_sending():
    """The next one has the message at ack 0, under its whole id and the bare one, and sends it on."""
    async with linked() as (world, page, _):
        group = await made(world, by_lid=True)
        ref = await sent_in_vain(world, page, to=group)
        await reloaded(world)
        late = Ear(page)
        await late.settle()
        kept = await page.look([f"true_{group}_3EB0AA"])
        await world.act("take_messages")
        await page.send_on(ref)
        await late.until(SendEnded)
        out = (await world.act("messages"))["messages"]

    assert [(each.id, each.ack, each.pending) for each in kept.values()] == [(ref, 0, None)]
    assert [(each["id"], each["times"]) for each in out] == [(ref, 1)]


async def test_groups_that_one_may_not_write_to():
    """They are refused before anything is stored: `rejected` where one may not, `invalid_recipient` where there is none."""
    async with linked() as (world, page, _):
        groups = {
            "admins alone": await made(world, announce=True),
            "left": await made(world, member=False),
            "an admin": await made(world, announce=True, admin=True),
        }
        refused = {}
        for name, group in {**groups, "nowhere": NOWHERE}.items():
            try:
                await page.resolve(group)
            except MessageRefusedError as error:
                refused[name] = error.failure

    assert refused == {"admins alone": "rejected", "left": "rejected", "nowhere": "invalid_recipient"}


async def test_a_group_that_nobody_tells_of():
    """A question that failed, or has no answer, refuses nothing."""
    async with linked(evaluate=4.0) as (world, page, _):
        await world.act("lookup", answer="error")
        with pytest.raises(PageError):
            await page.resolve(NOWHERE)
        await world.act("lookup", answer="silent")
        with pytest.raises(BrowserHungError):
            await page.resolve(NOWHERE)


async def test_a_group_that_is_closed_while_a_message_is_under_way():
    """The servers' number is told."""
    async with linked() as (world, page, ear):
        group = await made(world)
        await page.resolve(group)
        await world.act("group", id=group, announce=True)
        await page.send(Order("3EB0AA", group, "hello"))
        ended = await ear.until(SendEnded)

    assert (ended.sent, ended.code, ended.blocked) == (False, 420, False)


async def test_a_build_without_what_it_knows_of_groups():
    """A chat knows its group, too: names are right, and what the servers refuse is told late; it is said that names miss."""
    async with linked() as (world, page, _):
        group = await made(world, by_lid=True, subject="Team")
        closed = await made(world, announce=True)
        await world.act("rename", name="WAWebCollections.WAWebGroupMetadataCollection")
        await reloaded(world)
        ear = Ear(page)
        await ear.settle()
        missing = (await world.driver.check_names()).missing
        ref = await sent(page, to=group)
        ended = await ear.until(SendEnded)
        with pytest.raises(MessageRefusedError):
            await page.resolve(closed)
        unknown = await page.resolve(NOWHERE)

    assert {need.use for need in missing} == {Use.GROUPS}
    assert participant_of(ref).endswith("@lid")
    assert ended.sent
    assert (unknown.chat.id, unknown.chat.kind) == (NOWHERE, ChatKind.GROUP)
