"""Messages in the page: what every page that wad drives keeps to, the fake and a real Chromium with the stand-in."""

import asyncio

import pytest
from driver_harness import on_both
from messages_ear import CHAT, FROM, PATIENCE, Ear, linked, reloaded, sent, sent_in_vain

from wad.core.errors import BrowserHungError, DuplicateKeyError, MessageRefusedError, PageError
from wad.core.events import Ready
from wad.core.message import (
    FIRST_NEW_ROW,
    AckSeen,
    Edited,
    Message,
    Reacted,
    Revoked,
    SendEnded,
)


@on_both
async def test_a_text_goes_out_and_its_receipts_come(kind):
    """Stored under wad's key; the server, the recipient, and the reader are told of in this order."""
    async with linked(kind) as (world, page, ear):
        ref = await sent(page)
        ended = await ear.until(SendEnded)
        await ear.until(AckSeen, lambda item: item.ack == 2)
        await world.act("read")
        await ear.until(AckSeen, lambda item: item.ack == 3)
        kept = await page.look([ref, f"true_{CHAT}_3EB0BB"])
        out = (await world.act("messages"))["messages"]

    assert ref == f"true_{CHAT}_3EB0AA"
    assert (ended.key, ended.sent) == ("3EB0AA", True)
    assert [item.ack for item in ear.items if isinstance(item, AckSeen)] == [1, 2, 3]
    assert list(kept) == [ref]
    assert (kept[ref].ack, kept[ref].pending) == (3, None)
    assert [(each["text"], each["times"]) for each in out] == [("hello", 1)]


@on_both
async def test_a_message_comes_once_with_all_that_is_known(kind):
    """No row of the system's comes with it, though the page takes those for new messages, too."""
    async with linked(kind) as (world, _, ear):
        await world.act("duplicate")
        await world.act("receive", from_=FROM, text="hello", name="Somebody")
        await world.act("receive", from_=FROM, text="more")
        await ear.until(Message, lambda item: item.text == "more")

    first, second = (item for item in ear.items if isinstance(item, Message))

    assert (first.text, second.text) == ("hello", "more")
    assert (first.chat.id, first.chat.pn, first.from_me, first.type) == (CHAT, CHAT, False, "chat")
    assert first.chat.lid.endswith("@lid")
    assert first.name == "Somebody"


@on_both
async def test_what_is_not_acknowledged_is_given_again(kind):
    """A daemon that died before its commit is told again."""
    async with linked(kind) as (world, page, ear):
        await world.act("receive", from_=FROM, text="hello")
        await ear.until(Message)
        document = ear.batch.document
        again = await page.take(document, 0)
        acknowledged = await page.take(document, ear.batch.upto)

    assert [item.text for item in again.items if isinstance(item, Message)] == ["hello"]
    assert acknowledged.items == ()
    assert ear.batch.upto > 0


async def test_what_came_while_there_was_no_document_is_found_by_a_scan():
    """The page adds it without calling it new; its store has it, decrypted, in order."""
    async with linked() as (world, page, ear):
        await world.act("receive", from_=FROM, text="before")
        await ear.until(Message)
        cursor = (await page.scan(FIRST_NEW_ROW - 1, 100)).last
        await world.driver.stop()
        for text in ("one", "two"):
            await world.act("receive", from_=FROM, text=text)
        world.told.forget()
        await world.start()
        await world.told.next(Ready)
        late = Ear(page)
        await late.settle()
        rows = await page.scan(cursor, 100)
        again = await page.scan(FIRST_NEW_ROW - 1, 2)

    assert [item.text for item in rows.items if isinstance(item, Message)] == ["one", "two"]
    assert rows.last == rows.newest > cursor
    assert not rows.more
    assert again.more
    assert [item for item in late.items if isinstance(item, Message)] == []


@on_both
async def test_edits_revocations_and_reactions(kind):
    """Each is one item, about the message's own id."""
    async with linked(kind) as (world, page, ear):
        told = await world.act("receive", from_=FROM, text="hello")
        ref = (await ear.until(Message)).id
        await world.act("react", id=told["id"], emoji="👍")
        reacted = await ear.until(Reacted)
        await world.act("edit", id=told["id"], text="hullo")
        edited = await ear.until(Edited)
        scanned = await page.scan(FIRST_NEW_ROW - 1, 100)
        await world.act("revoke", id=told["id"])
        revoked = await ear.until(Revoked)
        last = await page.scan(FIRST_NEW_ROW - 1, 100)

    kinds = [type(item) for item in scanned.items]

    assert (reacted.id, reacted.text, reacted.from_me) == (ref, "👍", False)
    assert (edited.id, edited.text) == (ref, "hullo")
    assert revoked.id == ref
    assert Message in kinds
    assert Edited in kinds
    assert [type(item) for item in last.items] == [Revoked]
    assert [item for item in ear.items if isinstance(item, AckSeen)] == []


@on_both
async def test_a_text_that_cannot_be_decrypted_yet_is_waited_for(kind):
    """It becomes a message when it has a text."""
    async with linked(kind) as (world, _, ear):
        await world.act("receive", from_=FROM, text="secret", undecryptable=True)
        await world.act("receive", from_=FROM, text="plain")
        await ear.until(Message)
        await world.act("decrypt")
        await ear.until(Message, lambda item: item.text == "secret")

    assert [item.text for item in ear.items if isinstance(item, Message)] == ["plain", "secret"]


@on_both
async def test_a_key_is_taken_once(kind):
    """A second message with it is refused, and nothing goes out."""
    async with linked(kind) as (world, page, ear):
        await sent(page)
        await ear.until(SendEnded)
        with pytest.raises(DuplicateKeyError):
            await sent(page)
        out = (await world.act("messages"))["messages"]

    assert [each["times"] for each in out] == [1]


@on_both
async def test_a_document_that_went_away_while_it_was_sending(kind):
    """The next one has the message at ack 0, sends it only when it is told to, and it arrives once."""
    async with linked(kind) as (world, page, ear):
        ref = await sent_in_vain(world, page)
        before = await page.look([ref])
        await world.act("take_messages")
        await reloaded(world)
        late = Ear(page)
        await late.settle()
        after = await page.look([ref])
        out = (await world.act("messages"))["messages"]
        await page.send_on(ref)
        await late.until(SendEnded)
        finally_out = (await world.act("messages"))["messages"]

    assert before[ref].ack == 0
    assert before[ref].pending >= 0
    assert (after[ref].ack, after[ref].pending) == (0, None)
    assert ear.batch.document != late.batch.document
    assert out == []
    assert [each["times"] for each in finally_out] == [1]


@on_both
async def test_an_answer_that_never_comes_on_a_living_socket(kind):
    """The page waits for it without end; told to, it sends the message on under the same key, and it arrives once."""
    async with linked(kind) as (world, page, ear):
        ref = await sent_in_vain(world, page)
        await world.act("take_messages")
        first, second = [(await page.look([ref]))[ref] for _ in range(2)]
        await page.send_on(ref)
        await ear.until(SendEnded)
        out = (await world.act("messages"))["messages"]

    assert (first.ack, second.ack) == (0, 0)
    assert 0 <= first.pending <= second.pending
    assert [each["times"] for each in out] == [1]


@on_both
async def test_refusals_have_their_numbers(kind):
    """The page's own word has no code; the job beneath has."""
    async with linked(kind) as (world, page, ear):
        await world.act("nack", code=463)
        await sent(page)
        ended = await ear.until(SendEnded)

    assert (ended.sent, ended.code) == (False, 463)


@on_both
async def test_a_blocked_contact(kind):
    """It is told as such; the message stays in the page for ever."""
    async with linked(kind) as (world, page, ear):
        await world.act("block", number=FROM)
        await sent(page)
        ended = await ear.until(SendEnded)

    assert (ended.sent, ended.blocked) == (False, True)


@on_both
async def test_a_number_that_is_not_on_whatsapp(kind):
    """It is said where the servers said so, and never because a question failed or had no answer."""
    async with linked(kind, evaluate=4.0) as (world, page, _):
        await world.act("lookup", answer="absent")
        with pytest.raises(MessageRefusedError) as refused:
            await page.resolve("15552223333@c.us")
        await world.act("lookup", answer="error")
        with pytest.raises(PageError):
            await page.resolve("15552223333@c.us")
        await world.act("lookup", answer="silent")
        with pytest.raises(BrowserHungError):
            await page.resolve("15552223333@c.us")

    assert refused.value.failure == "not_on_whatsapp"


async def test_an_account_whose_chats_go_by_lid():
    """A number leads to the chat under its LID, and both are told."""
    async with linked() as (world, page, ear):
        await world.act("lid")
        await world.act("receive", from_=FROM, text="hello")
        message = await ear.until(Message)
        ref = await sent(page)
        await ear.until(SendEnded)

    assert message.chat.id.endswith("@lid")
    assert message.chat.pn == CHAT
    assert ref.startswith(f"true_{message.chat.id}_")


async def marked(world, wanted):
    """Wait until the phone has been told so of the first message: the page's word is on its way."""
    async with asyncio.timeout(PATIENCE):
        while not wanted(mark := (await world.act("marks"))["marks"][0]):  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # nothing tells of what the phone has heard
    return mark


@on_both
async def test_what_wad_says_of_messages_arrives(kind):
    """An edit, a reaction and a revocation of one's own: the phone has them, and the page tells of each."""
    async with linked(kind) as (world, page, ear):
        ref = await sent(page)
        await ear.until(SendEnded)
        await page.edit(ref, "hullo")
        edited = await ear.until(Edited)
        await page.react(ref, "👍")
        reacted = await ear.until(Reacted)
        before = await marked(world, lambda mark: mark["reaction"] == "👍")
        await page.revoke(ref)
        revoked = await ear.until(Revoked)
        after = await marked(world, lambda mark: mark["revoked"])
        with pytest.raises(MessageRefusedError):
            await page.edit(f"true_{CHAT}_3EB0FF", "nothing")

    assert (edited.id, edited.text, edited.from_me) == (ref, "hullo", True)
    assert (reacted.id, reacted.text, reacted.from_me) == (ref, "👍", True)
    assert (revoked.id, revoked.from_me) == (ref, True)
    assert (before["text"], before["reaction"], before["revoked"]) == ("hullo", "👍", False)
    assert after["revoked"]


async def test_seen_and_typing_are_not_waited_for():
    """The page's own promise to have seen a chat may never be kept."""
    async with linked() as (world, page, ear):
        await world.act("receive", from_=FROM, text="hello")
        await ear.until(Message)
        await world.act("hang_seen")
        await page.seen(CHAT)
        await page.typing(CHAT, on=True)
        await page.typing(CHAT, on=False)
        unread = await world.evaluate(f"require('WAWebCollections').Chat.get('{CHAT}').unreadCount")

    assert unread == 0
