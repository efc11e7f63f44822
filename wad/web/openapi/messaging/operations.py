"""What each route of messages, events and webhooks does, in words, and what it answers."""

from wad.web.openapi.operations import Operation

_STORE = ("StoreTrouble", "DiskFull")
# Of what the page is asked to do with a message that was sent.
_ON_PAGE = ("NoMessage", "WrongState", "PageRefused", "StoreOrLinkTrouble", "DiskFull")
_ON_CHAT = ("NoJson", "ChatRefused", "NotLinked", "PageRefused", "LinkTrouble")
_ON_WEBHOOK = ("NoJson", "NoWebhook", *_STORE)


def _message(
    name: str,
    summary: str,
    answer: str,
    description: str = "",
    *,
    refusals: tuple[str, ...],
    body: str | None = None,
) -> Operation:
    return Operation(name, "messages", summary, answer, description, refusals=refusals, body=body)


def _webhook(
    name: str,
    summary: str,
    answer: str,
    description: str = "",
    *,
    refusals: tuple[str, ...],
    body: str | None = None,
) -> Operation:
    return Operation(name, "webhooks", summary, answer, description, refusals=refusals, body=body)


# By the method and the path, in the longer one of its spellings.
MESSAGING_OPERATIONS: dict[str, Operation] = {
    "POST /api/whatsapp/messages": Operation(
        "sendMessage",
        "messages",
        "Accept a text to be sent",
        "Sent",
        "Taken in every state in which there is a session: what is accepted while the link is down goes out "
        "when it is back. Those of one chat go out in their order. The same reference with the same content "
        "gives the same message again (200); with other content it is refused.",
        refusals=("NoJson", "MessageRefused", "NotLinked", "Limited", "NotSent", *_STORE),
        body="Draft",
        accepted="Accepted",
        parameters=("IdempotencyKey", "WaitUntil", "Timeout"),
    ),
    "GET /api/whatsapp/messages/{id}": _message(
        "getMessage",
        "A message, sent or received",
        "Message",
        refusals=("QuestionRefused", "NoMessage", *_STORE),
    ),
    "PUT /api/whatsapp/messages/{id}": _message(
        "editMessage",
        "Give a message that was sent another text",
        "Edited",
        refusals=("NoJson", "TextRefused", *_ON_PAGE),
        body="NewText",
    ),
    "DELETE /api/whatsapp/messages/{id}": _message(
        "deleteMessage",
        "Cancel a message that waits, or take one that was sent back",
        "Withdrawn",
        "One that was sent is taken back for everyone.",
        refusals=("QuestionRefused", *_ON_PAGE),
    ),
    "PUT /api/whatsapp/messages/{id}/reaction": _message(
        "reactToMessage",
        "React to a message, or take that back",
        "Reacted",
        refusals=("NoJson", "QuestionRefused", *_ON_PAGE),
        body="ReactionText",
    ),
    "POST /api/whatsapp/chats/{chat}/seen": _message(
        "markChatSeen", "Mark a chat as read", "Done", refusals=_ON_CHAT
    ),
    "POST /api/whatsapp/chats/{chat}/typing": _message(
        "showTyping",
        "Show that somebody types, or no longer",
        "Done",
        refusals=_ON_CHAT,
        body="TypingState",
    ),
    "GET /api/whatsapp/events": Operation(
        "getEvents",
        "events",
        "Events behind a number",
        "Events",
        "Keep `next`, and ask with it as `after` the next time. With `wait` the answer comes as soon as "
        "there is an event.",
        refusals=("QuestionRefused", *_STORE),
        parameters=("After", "Types", "Limit", "WaitFor"),
    ),
    "GET /api/whatsapp/events/stream": Operation(
        "streamEvents",
        "events",
        "Events as they come",
        "Stream",
        "Server-Sent Events; with `Last-Event-ID`, or `after`, what came since is replayed. "
        "A HEAD is answered without waiting.",
        refusals=("QuestionRefused", "Crowded"),
        parameters=("AfterNewest", "Types", "LastEventId"),
    ),
    "GET /api/whatsapp/outbox": _message(
        "getOutbox", "What waits to be sent, and since when", "Outbox", refusals=("QuestionRefused", *_STORE)
    ),
    "GET /api/whatsapp/limits": _message(
        "getLimits", "What is left of the budgets", "Limits", refusals=("QuestionRefused", *_STORE)
    ),
    "GET /api/whatsapp/webhooks": _webhook(
        "getWebhooks", "The webhooks, and how far each one is", "Webhooks", refusals=_STORE
    ),
    "PUT /api/whatsapp/webhooks/{name}": _webhook(
        "setWebhook",
        "Set a webhook, or change one",
        "WebhookSet",
        "It begins behind the newest event, or `after` another one, and goes on where it was if it is "
        "changed. Requests are signed as Standard Webhooks says; the body is an Event.",
        refusals=("NoJson", "WebhookRefused", "WebhookConfigured", *_STORE),
        body="WebhookSettings",
    ),
    "DELETE /api/whatsapp/webhooks/{name}": _webhook(
        "deleteWebhook",
        "Forget a webhook",
        "Done",
        refusals=("NoWebhook", "WebhookConfigured", *_STORE),
    ),
    "POST /api/whatsapp/webhooks/{name}/replay": _webhook(
        "replayWebhook",
        "Switch a webhook on, and bring again what was put aside",
        "WebhookMoved",
        refusals=_ON_WEBHOOK,
    ),
    "POST /api/whatsapp/webhooks/{name}/skip": _webhook(
        "skipWebhookEvent",
        "Give up the event a webhook is at, for good",
        "WebhookMoved",
        refusals=_ON_WEBHOOK,
    ),
}
