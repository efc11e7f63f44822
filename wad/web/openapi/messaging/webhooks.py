"""What webhooks look like: the keys of what `wad.webhooks.service` makes, once more, with types."""

from wad.web.openapi.messaging.sent import EVENT_TYPES, SECRET
from wad.web.openapi.shapes import COUNT, TEXT, TIME, YES, Schema, about, nullable, record, ref, words

_WEBHOOK = record(
    {
        "name": TEXT,
        "url": about(TEXT, "without its query, which may hold a key"),
        "source": words(["config", "api"], "who set it: the configuration, or somebody over HTTP"),
        "format": words(["wad", "waha"], "whose bodies and signatures it is sent"),
        "events": about(EVENT_TYPES, "none means all"),
        "state": words(["active", "retrying", "disabled"]),
        "cursor": about(COUNT, "the number of the last event it has got"),
        "backlog": about(COUNT, "how many events it is behind"),
        "failedAttempts": about(COUNT, "to bring the event it is at"),
        "nextAttemptAt": nullable(TIME),
        "lastStatus": about(nullable({"type": "integer"}), "what its server answered"),
        "lastError": nullable(TEXT),
        "deadLetters": about(COUNT, "events that were put aside; a replay brings them again"),
        "secret": about(SECRET, "one that wad has made; in this answer alone"),
    },
    optional=("secret",),
)

WEBHOOK_SCHEMAS: dict[str, Schema] = {
    "Webhook": _WEBHOOK,
    "WebhookAnswer": record({"success": YES, "webhook": ref("schemas", "Webhook")}),
    "WebhookList": record(
        {
            "success": YES,
            "webhooks": {"type": "array", "items": ref("schemas", "Webhook")},
        }
    ),
}
