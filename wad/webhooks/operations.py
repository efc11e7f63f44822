"""What can be asked of webhooks, for all front ends alike."""

from collections.abc import Mapping
from typing import Any, Final

from wad.core.errors import SlowStoreError, WebhookError
from wad.messages.operations import Answer
from wad.webhooks.service import Webhooks

HELP: Final[Mapping[str, str]] = {
    "webhooks": "the webhooks: where each one is, and what was given up",
    "webhook_put": "set a webhook, or change one",
    "webhook_delete": "forget a webhook",
    "webhook_replay": "bring what was given up once more, and switch it on",
    "webhook_skip": "give up the event a webhook is at",
}

_ELSEWHERE: Final = frozenset({"format", "notes"})


async def run(webhooks: Webhooks, name: str, arguments: Mapping[str, Any]) -> Answer:
    """Carry out an operation. Raises WadErrors, and KeyError for one that is none."""
    given = dict(arguments)
    given.pop("idempotencyKey", None)
    which = str(given.pop("name", ""))
    if name != "webhooks" and not which:
        raise WebhookError("name the webhook")
    try:
        match name:
            case "webhooks":
                return Answer({"success": True, "webhooks": await webhooks.listing()})
            case "webhook_put":
                if given.keys() & _ELSEWHERE:
                    raise WebhookError("format is set in the configuration, or in WAHA's own dialect")
                return Answer({"success": True, "webhook": await webhooks.put(which, given)})
            case "webhook_delete":
                await webhooks.delete(which)
                return Answer({"success": True})
            case "webhook_replay":
                return Answer({"success": True, "webhook": await webhooks.replay(which)})
            case "webhook_skip":
                return Answer({"success": True, "webhook": await webhooks.skip(which)})
    except TimeoutError:
        raise SlowStoreError("the disk does not answer; nobody knows whether it was taken") from None
    raise KeyError(name)
