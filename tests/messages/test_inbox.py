"""Nothing that came is missed, and nothing is told twice."""

from fake_message_page import FakeMessagePage
from messages_harness import opened

from wad.messages.inbox import AT_ONCE
from wad.store import event_log

A, B = "15551110000@c.us", "15552220000@c.us"


def texts(events):
    """Give what the events say."""
    return [event.data["text"] for event in events]


async def until(house, text):
    """Return once there is an event with that text."""
    await house.event("message", lambda data: data["text"] == text)


async def test_a_message_becomes_one_event(tmp_path):
    """With all that is known of it, and only once, whoever tells it."""
    async with opened(tmp_path) as house:
        await house.link()
        ref = house.page.receive("hello", A)
        house.page.receive("hello", A, key=ref.split("_")[2])
        house.page.receive("more", A)
        await until(house, "more")
        (first, _) = await house.events("message")
        assert first.data["id"] == ref
        assert first.data["chat"]["pn"] == A
        assert (first.data["fromMe"], first.data["source"]) == (False, "other")
        assert texts(await house.events("message")) == ["hello", "more"]


async def test_what_came_while_wad_was_stopped(tmp_path):
    """Found by the scan at the next start, in order, before what is new."""
    page = FakeMessagePage()
    async with opened(tmp_path, page) as house:
        await house.link()
        page.receive("one")
        await until(house, "one")
    page.reload()
    for text in ("two", "three"):
        page.receive(text, offline=True)
    async with opened(tmp_path, page) as house:
        await house.link()
        page.receive("four")
        await until(house, "four")
        assert texts(await house.events("message")) == ["one", "two", "three", "four"]


async def test_what_waits_at_the_server_is_waited_for(tmp_path):
    """Until the page says that all has come nothing that is new is told, or the order would be wrong."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.receive("one")
        await until(house, "one")
        house.lose()
        house.page.reload()
        house.page.settled = False
        house.ready()
        while not house.page.asked["take"] > 3:
            house.messages.inbox.ring()
            await house.journal.wait(house.journal.newest, 0.001)
        house.page.receive("new")
        house.page.receive("late", offline=True)
        house.page.settled = True
        house.messages.inbox.ring()
        await until(house, "late")
        assert texts(await house.events("message")) == ["one", "new", "late"]


async def test_a_batch_that_was_not_acknowledged_is_told_again_and_kept_once(tmp_path):
    """A daemon that died between commit and acknowledgement: the page gives the same items again."""
    page = FakeMessagePage()
    async with opened(tmp_path, page) as house:
        await house.link()
        page.receive("one")
        await until(house, "one")
    # Another daemon over the same document: its queue still has what was not acknowledged.
    page._queue.extend([(1, message) for message in page._rows.values()])
    async with opened(tmp_path, page) as house:
        await house.link()
        page.receive("two")
        await until(house, "two")
        assert texts(await house.events("message")) == ["one", "two"]


async def test_an_overflowed_queue_is_made_up_for_by_a_scan(tmp_path):
    """What was dropped is in the page's store."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.receive("one")
        await until(house, "one")
        for number in range(3):
            house.page.receive(f"dropped {number}", offline=True)
        house.page.overflow()
        await until(house, "dropped 2")
        assert texts(await house.events("message"))[1:] == [f"dropped {number}" for number in range(3)]


async def test_the_first_start_takes_no_history_for_news(tmp_path):
    """An account that was linked before wad had messages: what it has is old."""
    page = FakeMessagePage()
    for number in range(5):
        page.receive(f"old {number}", offline=True)
    async with opened(tmp_path, page) as house:
        # As after a restart: ready without a code before.
        await house.link_again()
        page.receive("new")
        await until(house, "new")
        assert texts(await house.events("message")) == ["new"]


async def test_what_comes_right_after_the_scan_of_a_code_is_news(tmp_path):
    """A fresh session has no rows but those that are news."""
    page = FakeMessagePage()
    page.receive("early", offline=True)
    async with opened(tmp_path, page) as house:
        await house.link()
        await until(house, "early")


async def test_many_rows_are_scanned_in_pieces(tmp_path):
    """More than one look's worth, in order."""
    page = FakeMessagePage()
    count = 2 * AT_ONCE + 7
    for number in range(count):
        page.receive(f"number {number}", A if number % 2 else B, offline=True)
    async with opened(tmp_path, page) as house:
        await house.link()
        await until(house, f"number {count - 1}")
        assert texts(await house.events("message")) == [f"number {number}" for number in range(count)]


async def test_numbers_that_were_deleted_are_given_again(tmp_path):
    """The page numbers a new row as a deleted one was numbered: it is found all the same."""
    page = FakeMessagePage()
    async with opened(tmp_path, page) as house:
        await house.link()
        for number in range(5):
            page.receive(f"number {number}", offline=True)
        page.overflow()
        await until(house, "number 4")
    page.delete_newest(2)
    page.receive("instead", offline=True, key="CD01")
    page.reload()
    async with opened(tmp_path, page) as house:
        await house.link()
        await until(house, "instead")


async def test_an_old_message_is_not_told_again_once_its_event_is_gone(tmp_path):
    """Events are kept for a while only, and a scan goes back beyond them."""
    page = FakeMessagePage()
    async with opened(tmp_path, page) as house:
        await house.link()
        page.receive("old")
        await until(house, "old")
        nothing = event_log.Keeping(events=0)
        await house.messages.desk.read(lambda connection: event_log.forget(connection, nothing, 0.0))
    page.reload()
    async with opened(tmp_path, page) as house:
        await house.link()
        page.receive("new")
        await until(house, "new")
        assert "old" not in texts(await house.events("message"))


async def test_a_reset_deletes_the_messages_and_says_what_was_not_sent(tmp_path):
    """Events, texts and numbers go with the session; what waited ends with its reason."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.receive("secret")
        await until(house, "secret")
        house.lose()
        await house.send("unsent secret", clientRef="a")
        newest = house.journal.newest
        await house.forget()
        failed = await house.event("message.failed")
        assert failed.seq > newest
        assert failed.data["error"]["code"] == "not_linked"
        assert failed.data["clientRef"] == "a"
        assert await house.events("message") == []
        assert "secret" not in repr([event.data for event in await house.events()])
    assert b"secret" not in (tmp_path / "messages.sqlite").read_bytes()


async def test_a_session_that_was_forgotten_while_nobody_looked(tmp_path):
    """The profile's mark is gone: the messages go at the next start."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.receive("secret")
        await until(house, "secret")
    (tmp_path / "session_mark").unlink()
    async with opened(tmp_path) as house:
        assert await house.events("message") == []
        assert house.messages.desk.linked is False


async def test_an_account_may_keep_its_messages(tmp_path):
    """With the setting the events outlive the session."""
    async with opened(tmp_path, keep=True) as house:
        await house.link()
        house.page.receive("kept")
        await until(house, "kept")
        await house.forget()
        await house.event("state", lambda data: data["state"] == "idle")
        assert texts(await house.events("message")) == ["kept"]


async def test_no_number_is_told_that_was_not_looked_up(tmp_path):
    """What comes while an answer is being made is behind its newest number: whoever keeps that hears of it next."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.receive("one", A)
        await house.event("message")
        span = house.journal.span

        async def late():
            house.page.receive("two", A)
            await house.event("message", lambda data: data["text"] == "two")
            return await span()

        house.journal.span = late
        answer = await house.messages.events(0, 1000, {"message"})
        house.journal.span = span
        later = await house.messages.events(answer["newest"], 1000, {"message"})

    assert [each["data"]["text"] for each in answer["events"]] == ["one"]
    assert [each["data"]["text"] for each in later["events"]] == ["two"]
