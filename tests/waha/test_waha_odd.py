"""Whatever is sent to WAHA's dialect is answered: no request is an error of wad's own."""

import json
import re

import pytest
from waha_harness import CHAT, speaking

from wad.web.waha.routes import TABLE

HALF = "\ud800"
# Each value stands in each place, so that every reader meets every type.
VALUES = (None, 1e300, "", HALF, [None], [{}], {"a": 1})
FIELDS = (
    *("chatId", "text", "id", "reply_to", "mentions", "linkPreview", "file", "caption", "asNote"),
    *("latitude", "longitude", "title", "contacts", "poll", "messageId", "reaction", "session", "name"),
    *("config", "start", "phoneNumber", "pagination", "filter"),
)
WHOLE = {
    "session": "default",
    "chatId": CHAT,
    "text": "hello",
    "messageId": f"true_{CHAT}_AB",
    "phoneNumber": "x",
    "start": False,
}
INNER = (
    *({"file": {name: value}} for name in ("url", "data", "mimetype", "filename") for value in VALUES),
    *({"poll": {name: value}} for name in ("name", "options", "multipleAnswers") for value in VALUES),
    *(
        {"contacts": [{name: value}]}
        for name in ("vcard", "fullName", "phoneNumber", "whatsappId")
        for value in VALUES
    ),
    *({"config": {name: value}} for name in ("webhooks", "metadata", "proxy") for value in VALUES),
    *(
        {"config": {"webhooks": [{"url": "http://127.0.0.1:9/", name: value}]}}
        for name in ("url", "events", "hmac", "retries", "customHeaders")
        for value in VALUES
    ),
    *({"pagination": {name: value}} for name in ("limit", "offset") for value in VALUES),
    *({"filter": {"ids": value}} for value in VALUES),
    {"config": {"webhooks": [{"url": "http://127.0.0.1:9/", "hmac": {"key": HALF}}]}},
    {
        "config": {
            "webhooks": [{"url": "http://127.0.0.1:9/", "customHeaders": [{"name": HALF, "value": HALF}]}]
        }
    },
)
BODIES = [*({name: value} for name in FIELDS for value in VALUES), *INNER]
QUERIES = (
    "limit=99999999999999999999",
    "offset=-1",
    "limit=1e9",
    "limit=%C2%B2",
    "format=%00",
    "filter.ack=x",
    "ids=x,,y",
    "all=x",
    "phone=x",
)
NAMES = ("x", "%00", "%F0%9F%98%80", "a" * 300, "true_1@c.us_A", "%ED%A0%80")
SENDING = [row for row in TABLE if row.run and row.method in {"POST", "PUT"} and "{" not in row.path]
ASKING = [row for row in TABLE if row.run and row.method == "GET"]
# They wait for somebody, or begin the link anew: what is in their bodies is tried by tests of their own.
LEFT_OUT = {"/api/sessions/start", "/api/sessions/stop", "/api/sessions/logout"}


def fine(code, answer):
    """Tell whether an answer is one: anything but an error of wad's own, in WAHA's shape where it is refused."""
    return (
        code < 500
        if code < 400
        else code in {404, 409, 413, 422, 400, 501, 503} and answer["statusCode"] == code
    )


@pytest.mark.parametrize(
    "row", [row for row in SENDING if row.path not in LEFT_OUT], ids=lambda row: row.path
)
async def test_bodies(io_loop, tmp_path, row):
    """Of whatever they are made, each is taken or refused."""
    async with speaking(tmp_path) as told:
        found = []
        for body in BODIES:
            text = json.dumps(WHOLE | body).encode("utf-8", "surrogatepass")
            code, answer = await told.ask(row.method, row.path, text)
            if not fine(code, answer):
                found.append((body, code))

    assert found == []


@pytest.mark.parametrize("row", ASKING, ids=lambda row: row.path)
async def test_addresses(io_loop, tmp_path, row):
    """With odd names in them, and odd arguments behind."""
    async with speaking(tmp_path) as told:
        path = re.sub(r"\{session\}", "default", row.path)
        asked = [f"{path}?{query}" for query in QUERIES] + ([path] if "{" in path else [])
        found = []
        for each in asked:
            for name in NAMES:
                address = re.sub(r"\{\w+\}", name, each)
                code, answer = await told.ask(
                    "GET", address + f"{'&' if '?' in address else '?'}contactId={name}&chatId={name}"
                )
                if not fine(code, answer):
                    found.append((address, code))

    assert found == []


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"7", b"null", b'{"a":', b"\xff", b'{"limit": NaN}'])
async def test_what_is_no_object(io_loop, tmp_path, body):
    """Is refused in WAHA's shape."""
    async with speaking(tmp_path) as told:
        code, answer = await told.ask("POST", "/api/sendText", body)

    assert (code, answer["statusCode"]) in {(400, 400), (422, 422)}
