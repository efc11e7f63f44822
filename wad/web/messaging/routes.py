"""The routes of messages."""

from collections.abc import Mapping
from functools import partial

from wad.messages import operations
from wad.messages.service import Messages
from wad.web.messaging.downloads import MediaHandler, PictureHandler
from wad.web.messaging.handlers import OperationHandler
from wad.web.messaging.stream import Followers, StreamHandler
from wad.web.messaging.uploads import Patience, SendHandler, UploadHandler
from wad.web.routes import Protection, Route
from wad.webhooks import operations as webhook_operations
from wad.webhooks.service import Webhooks

_API = "(?:/api)?/whatsapp"
# By the path behind the prefix: which operation each method stands for, and what the path's open segment is.
_ROWS: Mapping[str, tuple[Mapping[str, str], str | None]] = {
    "/messages/([^/]+)": ({"GET": "message", "PUT": "edit", "DELETE": "withdraw"}, "id"),
    "/messages/([^/]+)/reaction": ({"PUT": "react"}, "id"),
    "/chats": ({"GET": "chats"}, None),
    "/chats/([^/]+)": ({"GET": "chat"}, "chat"),
    "/chats/([^/]+)/messages": ({"GET": "messages"}, "chat"),
    "/contacts": ({"GET": "contacts"}, None),
    "/contacts/check": ({"GET": "check"}, None),
    "/groups/([^/]+)": ({"GET": "group"}, "chat"),
    "/chats/([^/]+)/seen": ({"POST": "seen"}, "chat"),
    "/chats/([^/]+)/typing": ({"POST": "typing"}, "chat"),
    "/events": ({"GET": "events"}, None),
    "/outbox": ({"GET": "outbox"}, None),
    "/limits": ({"GET": "limits"}, None),
}
_WEBHOOKS: Mapping[str, tuple[Mapping[str, str], str | None]] = {
    "/webhooks": ({"GET": "webhooks"}, None),
    "/webhooks/([^/]+)": ({"PUT": "webhook_put", "DELETE": "webhook_delete"}, "name"),
    "/webhooks/([^/]+)/replay": ({"POST": "webhook_replay"}, "name"),
    "/webhooks/([^/]+)/skip": ({"POST": "webhook_skip"}, "name"),
}


def message_routes(messages: Messages, webhooks: Webhooks, followers: Followers) -> list[Route]:
    """Give them all; nothing of it is for anybody without the token."""
    rows = [
        Route(
            _API + path,
            " ".join(methods),
            OperationHandler,
            Protection.TOKEN,
            {"run": run, "operations": methods, "named": named},
        )
        for table, run in (
            (_ROWS, partial(operations.begin, messages)),
            (_WEBHOOKS, partial(webhook_operations.run, webhooks)),
        )
        for path, (methods, named) in table.items()
    ]
    deadlines = messages.desk.deadlines
    patience = Patience(deadlines.http_file, deadlines.http_file_pause)
    send = Route(
        f"{_API}/messages",
        "POST",
        SendHandler,
        Protection.TOKEN,
        {
            "run": partial(operations.begin, messages),
            "media": messages.media,
            "patience": patience,
        },
    )
    upload = Route(
        f"{_API}/media",
        "POST",
        UploadHandler,
        Protection.TOKEN,
        {"media": messages.media, "patience": patience},
    )
    give = Route(f"{_API}/media/([^/]+)", "GET", MediaHandler, Protection.TOKEN, {"media": messages.media})
    stream = Route(
        f"{_API}/events/stream",
        "GET",
        StreamHandler,
        Protection.TOKEN,
        {"messages": messages, "followers": followers},
    )
    picture = Route(
        f"{_API}/chats/([^/]+)/picture", "GET", PictureHandler, Protection.TOKEN, {"people": messages.people}
    )
    return [send, upload, give, picture, *rows, stream]
