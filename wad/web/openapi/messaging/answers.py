"""The answers about messages, events and webhooks that are no errors."""

from wad.web.openapi.forms import json_answer, text_answer
from wad.web.openapi.messaging.examples import MESSAGING_EXAMPLES
from wad.web.openapi.shapes import Schema, ref

# By the name of the answer: the schema of its body, and what it says.
_ANSWERS = {
    "Accepted": ("MessageAnswer", "The message is on the disk; it is sent, or ends with a named reason"),
    "Sent": ("SentMessage", "WhatsApp's server has it; or the same message was accepted before"),
    "Message": ("MessageAnswer", "The message as it is now"),
    "Withdrawn": ("MessageAnswer", "The message as it is now; one that has failed is left as it is"),
    "Edited": ("MessageAnswer", "The page has taken the new text"),
    "Reacted": ("MessageAnswer", "The page has taken the reaction"),
    "Done": ("Done", "It was done"),
    "Events": ("EventPage", "Events in the order of their numbers; none, if there are none"),
    "Outbox": ("Outbox", "What waits, the first to go first"),
    "Limits": ("Limits", "What is left"),
    "Webhooks": ("WebhookList", "All of them, without their secrets"),
    "WebhookSet": ("WebhookAnswer", "The webhook; with its secret where wad has made one, and never again"),
    "WebhookMoved": ("WebhookAnswer", "The webhook as it is now"),
}
_STREAM = text_answer(
    "Server-Sent Events without end: `id` is the number, `event` the type, `data` an Event in one line; "
    "a line with a colon alone in between says that the connection lives",
    "text/event-stream",
    {"X-Accel-Buffering": ref("headers", "NoBuffering")},
)

MESSAGING_ANSWERS: dict[str, Schema] = {
    **{
        name: json_answer(schema, description, MESSAGING_EXAMPLES[name])
        for name, (schema, description) in _ANSWERS.items()
    },
    "Stream": _STREAM,
}
