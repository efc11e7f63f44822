"""Accepted means kept: what becomes of messages whatever the page does."""

import pytest
from fake_message_page import FakeMessagePage
from messages_harness import WITHIN, opened

from wad.core.deadlines import Deadlines
from wad.core.errors import (
    BudgetError,
    IdempotencyError,
    NoSuchMessageError,
    NotLinkedError,
    ReachoutLockedError,
    RecipientError,
)
from wad.core.message import SendEnded
from wad.store import addresses

TO = "15551110000@c.us"


async def test_nothing_is_accepted_without_a_session(tmp_path):
    """Without an account there is nobody to send."""
    async with opened(tmp_path) as house:
        with pytest.raises(NotLinkedError):
            await house.send("hello")


async def test_a_message_is_sent_and_told(tmp_path):
    """Accepted, it is queued; then the server has it, and the log says so once."""
    async with opened(tmp_path) as house:
        await house.link()
        accepted = await house.send("hello", clientRef="a")
        own = await house.event("message.own")
        ack = await house.event("message.ack")
        assert accepted["state"] == "queued"
        told = own.data
        assert (told["state"], told["text"], told["clientRef"]) == ("sent", "hello", "a")
        assert (ack.data["ack"], ack.data["id"]) == (1, told["id"])
        assert house.page.arrived == {(TO, "hello"): 1}
        assert (await house.messages.message("a"))["state"] == "sent"


async def test_the_same_reference_is_the_same_message(tmp_path):
    """A repeated request is answered with the message there is; another text under it is refused."""
    async with opened(tmp_path) as house:
        await house.link()
        first = await house.messages.send({"to": TO, "text": "hello", "clientRef": "a"})
        again = await house.messages.send({"to": "+1 555 111-0000", "text": "hello", "clientRef": "a"})
        assert (first[1], again[1]) == (True, False)
        assert first[0]["id"] == again[0]["id"]
        with pytest.raises(IdempotencyError):
            await house.send("other", clientRef="a")


async def test_receipts_only_go_up(tmp_path):
    """Read, then a late delivery: it stays read."""
    async with opened(tmp_path) as house:
        await house.link()
        await house.send("hello", clientRef="a")
        own = await house.event("message.own")
        house.page.acknowledge(own.data["id"], 3)
        await house.event("message.ack", lambda data: data["ack"] == 3)
        house.page.acknowledge(own.data["id"], 2)
        house.page.receive("a later one")
        await house.event("message")
        assert (await house.messages.message("a"))["state"] == "read"
        assert [event.data["ack"] for event in await house.events("message.ack")] == [1, 2, 3]


async def test_an_answer_that_was_lost_is_looked_up_and_not_sent_again(tmp_path):
    """The page did it and did not say so: its own store is asked, and the message arrives once."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.lost = 1
        await house.send("hello", clientRef="a")
        await house.event("message.own")
        assert house.page.arrived == {(TO, "hello"): 1}
        assert house.page.asked["send"] == 1


async def test_a_silent_server_and_a_new_document(tmp_path):
    """What another document had begun to send is sent on by this one, once."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.outcome = "silent"
        house.page.lost = 1
        await house.send("hello")
        while not house.page.pending or not house.page.asked["look"]:
            assert not await house.journal.wait(house.journal.newest, 0.01)
        house.page.outcome = "sent"
        house.lose()
        house.page.reload()
        house.ready()
        await house.event("message.own")
        assert house.page.arrived == {(TO, "hello"): 1}
        assert house.page.asked["send_on"] == 1


async def test_a_living_socket_that_never_answers(tmp_path):
    """What the page has waited for too long is sent on under the same key, and not before."""
    deadlines = Deadlines(save=WITHIN, outbox_retry=0.01, outbox_look=0.01, outbox_stuck=60)
    async with opened(tmp_path, deadlines=deadlines) as house:
        await house.link()
        house.page.outcome = "silent"
        await house.send("hello")
        looked = house.page.asked["look"] + 3
        while not house.page.pending or house.page.asked["look"] < looked:
            assert not await house.journal.wait(house.journal.newest, 0.01)
        assert house.page.asked["send_on"] == 0
        house.page.outcome = "sent"
        house.page.pending = dict.fromkeys(house.page.pending, 60.0)
        await house.event("message.own")
        assert house.page.arrived == {(TO, "hello"): 1}
        assert house.page.asked["send_on"] == 1


async def test_a_daemon_that_was_killed_in_between(tmp_path):
    """Asked, stored and sent, but never heard of: the next daemon finds out and tells it once."""
    page = FakeMessagePage()
    async with opened(tmp_path, page) as house:
        await house.link()
        house.page.outcome = "silent"
        await house.send("one", clientRef="a")
        await house.send("two", clientRef="b")
        while not page.pending:
            assert not await house.journal.wait(house.journal.newest, 0.01)
    page.outcome = "sent"
    page.reload()
    async with opened(tmp_path, page) as house:
        assert (await house.messages.message("a"))["state"] == "sending"
        await house.link()
        await house.event("message.own", lambda data: data["clientRef"] == "b")
        assert page.order == [(TO, "one"), (TO, "two")]
        assert [event.data["text"] for event in await house.events("message.own")] == ["one", "two"]


async def test_what_was_accepted_while_the_link_was_down_goes_out_later(tmp_path):
    """Disconnected is what an outbox is for; the order in a chat is that of acceptance."""
    async with opened(tmp_path) as house:
        await house.link()
        house.lose()
        for number in range(5):
            await house.send(f"number {number}")
        assert house.page.arrived == {}
        house.ready()
        await house.event("message.own", lambda data: data["text"] == "number 4")
        assert [text for _, text in house.page.order] == [f"number {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("outcome", "code", "number"),
    [("blocked", "contact_blocked", None), (463, "reachout_locked", 463), (475, "new_chat_cap", 475)],
)
async def test_a_refusal_has_its_name(tmp_path, outcome, code, number):
    """What WhatsApp refused is failed, with code, action and its number."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.outcome = outcome
        await house.send("hello")
        failed = await house.event("message.failed")
        assert failed.data["state"] == "failed"
        assert failed.data["error"]["code"] == code
        assert failed.data["error"]["whatsappCode"] == number
        assert failed.data["error"]["action"]


async def test_a_refusals_number_is_not_lost_to_the_ack_before_it(tmp_path):
    """The page tells of the failed ack first, and of the number behind it."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.outcome = "silent"
        accepted = await house.send("hello")
        while not house.page.pending:
            assert not await house.journal.wait(house.journal.newest, 0.01)
        (ref,) = house.page.pending
        house.page.acknowledge(ref, -1)
        house.page._put(SendEnded(ref.split("_")[2], sent=False, code=463))
        failed = await house.event("message.failed")
        assert failed.data["id"] == accepted["id"]
        assert failed.data["error"]["code"] == "reachout_locked"


async def test_not_on_whatsapp_is_said_where_the_page_said_so(tmp_path):
    """A question without an answer is asked again; it is no such thing."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.strangers.add(TO)
        await house.send("hello")
        assert (await house.event("message.failed")).data["error"]["code"] == "not_on_whatsapp"


async def test_what_waited_too_long_expires(tmp_path):
    """It fails with its name rather than going out late."""
    now = [1000.0]
    async with opened(tmp_path, now=lambda: now[0]) as house:
        await house.link()
        house.lose()
        await house.send("hello", expiresIn=10)
        now[0] = 1011.0
        house.messages.outbox.wake()
        assert (await house.event("message.failed")).data["error"]["code"] == "expired"
        house.ready()
        await house.send("later")
        await house.event("message.own")
        assert house.page.arrived == {(TO, "later"): 1}


async def test_strangers_are_a_budget_by_the_day(tmp_path):
    """Two may be written to, the third is refused with the time to wait; known people go on."""
    now = [1000.0]
    async with opened(tmp_path, now=lambda: now[0], new_chats=2) as house:
        await house.link()
        for number in (1, 2):
            await house.send("hello", to=f"+1555222000{number}")
        with pytest.raises(BudgetError) as refused:
            await house.send("hello", to="+15552220003")
        assert refused.value.again_in == pytest.approx(86400)
        await house.send("once more", to="+15552220001")
        house.page.receive("hi", "15552220003@c.us")
        await house.event("message")
        await house.send("an answer", to="+15552220003")
        now[0] += 86401
        await house.send("next day", to="+15552220004")


async def test_after_463_strangers_wait_and_answers_go_on(tmp_path):
    """WhatsApp's lock keeps further first messages from being accepted for a day."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.outcome = 463
        await house.send("hello")
        await house.event("message.failed")
        house.page.outcome = "sent"
        with pytest.raises(ReachoutLockedError):
            await house.send("hello", to="+15552220001")
        house.page.receive("hi", "15552220002@c.us")
        await house.event("message")
        await house.send("an answer", to="+15552220002")
        await house.event("message.own")


async def test_one_that_waits_can_be_withdrawn(tmp_path):
    """It is cancelled, never sent, and the log says so."""
    async with opened(tmp_path) as house:
        await house.link()
        house.lose()
        await house.send("hello", clientRef="a")
        assert (await house.messages.withdraw("a"))["state"] == "cancelled"
        await house.event("message.failed")
        house.ready()
        await house.send("another")
        await house.event("message.own")
        assert house.page.arrived == {(TO, "another"): 1}


async def test_a_sent_one_is_edited_reacted_to_and_taken_back(tmp_path):
    """Each is asked of the page, and comes back as one event."""
    async with opened(tmp_path) as house:
        await house.link()
        await house.send("hello", clientRef="a")
        await house.event("message.own")
        assert (await house.messages.edit("a", {"text": "hullo"}))["text"] == "hullo"
        await house.messages.react("a", {"text": "👍"})
        await house.messages.withdraw("a")
        assert (await house.event("message.edited")).data["text"] == "hullo"
        assert (await house.event("message.reaction")).data["text"] == "👍"
        assert (await house.event("message.revoked")).data["fromMe"] is True


async def test_a_hidden_id_written_as_a_number_is_the_mistake_it_is(tmp_path):
    """Once the pair is known, the LID with @c.us behind it is refused, and with @lid it is the person."""
    async with opened(tmp_path) as house:
        await house.link()
        lid = "123456789012345@lid"
        await house.messages.desk.read(lambda connection: addresses.learn(connection, TO, lid))
        with pytest.raises(RecipientError):
            await house.send("hello", to="123456789012345@c.us")
        assert (await house.send("hello", to="123456789012345@lid"))["chat"]["pn"] == TO


async def test_waiting_for_the_server_ends_with_what_it_said(tmp_path):
    """`settled` gives the message once it was sent."""
    async with opened(tmp_path) as house:
        await house.link()
        accepted = await house.send("hello")
        assert (await house.messages.settled(accepted, WITHIN))["state"] == "sent"
        house.lose()
        accepted = await house.send("hello again")
        assert (await house.messages.settled(accepted, 0.001))["state"] == "queued"


GROUP = "120363012345678901@g.us"
LID = "100000000000009@lid"


async def test_a_group_is_nobody_new_and_its_messages_name_the_account(tmp_path):
    """No budget is touched; the whole id, and the author, are told once the page knows who the account is there."""
    async with opened(tmp_path, new_chats=1) as house:
        await house.link()
        house.page.me_in[GROUP] = LID
        accepted = [await house.send(text, to=GROUP, clientRef=text) for text in ("one", "two")]
        own = (await house.event("message.own", lambda data: data["text"] == "two")).data
        ack = (await house.event("message.ack", lambda data: data["clientRef"] == "two")).data
        by_the_first_id = await house.messages.message(accepted[1]["id"])

    assert [(each["chat"]["kind"], each["author"]) for each in accepted] == [("group", None)] * 2
    assert own["id"] == ack["id"] == by_the_first_id["id"] == f"{accepted[1]['id']}_{LID}"
    assert (own["author"], own["chat"]["kind"]) == (LID, "group")


@pytest.mark.parametrize("lost", [0, 1])
async def test_a_group_that_has_changed_how_it_names_people(tmp_path, lost):
    """The page's own id of a message is the one that is told, whether its answer came or was lost."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.me_in[GROUP], house.page.told_me_in[GROUP] = LID, "15550009999@c.us"
        house.page.lost = lost
        await house.send("hello", to=GROUP, clientRef="a")
        own = (await house.event("message.own")).data
        known = await house.messages.message("a")
        await house.messages.edit("a", {"text": "hullo"})
        edited = (await house.event("message.edited")).data

    assert known["author"] == LID
    assert known["id"].endswith(f"_{LID}")
    assert own["id"] == edited["id"] == known["id"]
    assert house.page.arrived == {(GROUP, "hello"): 1}


@pytest.mark.parametrize("failure", ["rejected", "invalid_recipient"])
async def test_a_group_that_does_not_let_one_write(tmp_path, failure):
    """The message fails at once with the page's word, and the page is not asked to send it."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.closed[GROUP] = failure
        await house.send("hello", to=GROUP)
        failed = (await house.event("message.failed")).data

    assert (failed["error"]["code"], failed["error"]["again"]) == (failure, False)
    assert house.page.asked["send"] == 0


async def test_what_nobody_knows_is_not_found(tmp_path):
    """An id that was never given."""
    async with opened(tmp_path) as house:
        with pytest.raises(NoSuchMessageError):
            await house.messages.message("true_15551110000@c.us_3EB0AAAA")
