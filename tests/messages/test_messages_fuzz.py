"""Whatever is given: an answer or an error that says what to do, and nothing of what was given in it."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wad.core.errors import MessageError, PageError, WadError
from wad.core.message import Message, Reacted
from wad.core.recipient import recipient
from wad.messages import drafts
from wad.messages.operations import number, position, types
from wad.page import mail_reading
from wad.webhooks.settings import webhook

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
quick = settings(max_examples=300)

DRAFT = {
    "to": JSON | st.just("+15550001111"),
    "text": JSON | st.text(min_size=1),
    "replyTo": JSON,
    "mentions": JSON,
    "linkPreview": JSON,
    "clientRef": JSON,
    "expiresIn": JSON,
}


def refused(call):
    """Give the result, None where it was refused in words; any other error fails the test."""
    result = None
    with suppress(WadError):
        result = call()
    return result


@quick
@given(st.fixed_dictionaries({}, optional=DRAFT) | st.dictionaries(st.text(), JSON))
def test_any_message(given_):
    """A draft has an address of WhatsApp's, a text that can be written down, and an end."""
    draft = refused(lambda: drafts.draft(given_, 1000.0, 60.0))
    if draft is not None:
        assert draft.recipient.endswith(("@c.us", "@lid", "@g.us"))
        assert draft.content["text"].encode()
        assert draft.expires_at > 1000.0
        assert draft.fingerprint


@quick
@given(JSON | st.from_regex(r"\+?[0-9 ()-]{1,20}(@[a-z.]{1,8})?", fullmatch=True))
def test_any_recipient(text):
    """What is taken stays what it is when it is given again."""
    found = refused(lambda: recipient(text))
    if found is not None:
        assert recipient(found) == found


@quick
@given(JSON, JSON, JSON)
def test_any_question_for_events(after, limit, kinds):
    """Numbers are not negative, and types are known ones."""
    place = refused(lambda: position(after))
    assert place is None or place >= 0
    assert (refused(lambda: number(limit, 1.0, "limit")) or 0) >= 0
    assert refused(lambda: types(kinds)) is not False


@quick
@given(st.text(), st.dictionaries(st.sampled_from(["url", "secrets", "events", "headers", "timeout"]), JSON))
def test_any_webhook(name, given_):
    """One that is taken has a host and a secret."""
    found = refused(lambda: webhook(name, given_, source="api", private=False))
    if found is not None:
        assert found.url.startswith("http")
        assert found.secrets


FIELDS = (
    *("id", "chat", "sender", "fromMe", "type", "text", "timestamp", "ack", "author"),
    *("replyTo", "mentions", "edit", "name", "row", "key", "sent", "code"),
)
ITEM = st.fixed_dictionaries(
    {"kind": st.sampled_from(["message", "ack", "edited", "revoked", "reacted", "ended", "other"])},
    optional=dict.fromkeys(FIELDS, JSON),
)


@quick
@given(
    st.fixed_dictionaries(
        {}, optional={"document": JSON, "items": st.lists(ITEM | JSON) | JSON, "upto": JSON, "settled": JSON}
    )
    | JSON
)
def test_anything_from_the_page(told):
    """What a page tells is read or refused; an odd item is left out, and a text can be written down."""
    try:
        batch = mail_reading.batch(told)
    except PageError:
        return
    assert batch.upto >= 0
    for item in batch.items:
        if isinstance(item, Message | Reacted) and item.text is not None:
            assert item.text.encode() is not None


@quick
@given(JSON)
def test_any_other_answer_of_the_page(told):
    """The same for a scan, a chat, and what the store has."""
    for read in (mail_reading.rows, mail_reading.recipient, mail_reading.kept):
        try:
            read(told)
        except PageError:
            continue


def test_a_whole_item_is_read():
    """So that the fuzzer's silence means something."""
    chat = {"id": "15550001111@c.us", "pn": "15550001111@c.us", "lid": None, "name": None, "kind": "person"}
    item = {
        "kind": "message",
        "id": "false_15550001111@c.us_AB",
        "chat": chat,
        "sender": "15550001111@c.us",
        "fromMe": False,
        "type": "chat",
        "text": "half \ud83d a character",
        "timestamp": 1,
        "ack": 1,
    }
    batch = mail_reading.batch({"document": "d", "items": [item, {"kind": "message"}], "upto": 2})

    (message,) = batch.items

    assert message.text == "half ? a character"
    assert message.chat.kind == "person"


@pytest.mark.parametrize("nothing", ["", 0, False, {}])
def test_what_is_empty_is_no_list(nothing):
    """Only null and what is left out stand for nothing; an empty value of another kind is a mistake."""
    draft = {"to": "+15550001111", "text": "hello", "mentions": nothing}

    with pytest.raises(MessageError):
        drafts.draft(draft, 1000.0, 60.0)
    if nothing != "":
        with pytest.raises(MessageError):
            types(nothing)


@pytest.mark.parametrize("given_", [0.5, "0.5", "1e-3"])
def test_numbers_of_events_are_whole(given_):
    """A fraction is refused and not cut off."""
    with pytest.raises(MessageError, match="whole number"):
        position(given_)
