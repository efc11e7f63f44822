"""What is counted of messages: each once, whatever the page tells again, and nothing private in it."""

from messages_harness import opened
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from wad.reports.message_metrics import Deliveries, MessageMetrics


def samples(metrics):
    """Scrape, and give every sample by name and labels."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(metrics)
    text = generate_latest(registry).decode()
    assert "hello" not in text
    assert "1555" not in text
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_messages_are_counted(tmp_path):
    """Two sent, one refused, one received, one that waits; times go into buckets once."""
    async with opened(tmp_path) as house:
        metrics = MessageMetrics(house.messages, Deliveries(lambda: {"orders": 3}, lambda: [0.3]))
        await house.link()
        for text in ("hello", "hello again"):
            await house.send(text)
        await house.event("message.own", lambda data: data["text"] == "hello again")
        house.page.outcome = 463
        await house.send("hello, refused")
        await house.event("message.failed")
        house.page.receive("hello, wad")
        await house.event("message")
        house.page.overflow()  # so that it is scanned, and told once more
        house.page.receive("hello, a second time")
        await house.event("message", lambda data: data["text"] == "hello, a second time")
        caught_up = samples(metrics)
        house.lose()
        await house.send("hello, later")
        while house.messages.outbox.depth[0] == 0 or house.messages.inbox.caught_up:
            house.messages.outbox.wake()
            house.messages.inbox.ring()
            await house.journal.wait(house.journal.newest, 0.001)
        lost = samples(metrics)

    assert caught_up["wad_messages_accepted_total",] == 3
    assert caught_up["wad_messages_sent_total",] == 2
    assert caught_up["wad_messages_received_total",] == 2
    assert caught_up["wad_messages_failed_total", "reachout_locked"] == 1
    assert caught_up["wad_messages_failed_total", "expired"] == 0
    assert caught_up["wad_accept_to_sent_seconds_count",] == 2
    assert caught_up["wad_inbox_caught_up",] == 1
    assert caught_up["wad_outbox_messages",] == 0
    assert caught_up["wad_webhook_backlog", "orders"] == 3
    assert lost["wad_accept_to_sent_seconds_count",] == 2
    assert lost["wad_event_to_delivered_seconds_count",] == 2
    assert lost["wad_outbox_messages",] == 1
    assert lost["wad_inbox_caught_up",] == 0


async def test_files_are_counted(tmp_path):
    """One that was fetched, one that has expired, and what they take."""
    async with opened(tmp_path) as house:
        metrics = MessageMetrics(house.messages, Deliveries(dict, list))
        await house.link()
        before = samples(metrics)
        house.page.receive("hello", file=b"content")
        house.page.contents[house.page.receive("hello, lost", file=b"lost")] = None
        while sum(house.messages.desk.tally.media.values()) < 2:
            await house.journal.wait(house.journal.newest, 0.001)
        after = samples(metrics)

    assert before["wad_media_fetched_total", "stored"] == before["wad_media_bytes",] == 0
    assert after["wad_media_fetched_total", "stored"] == 1
    assert after["wad_media_fetched_total", "expired"] == 1
    assert after["wad_media_bytes",] == len(b"content")
    assert after["wad_media_quota_bytes",] == 8 << 20
