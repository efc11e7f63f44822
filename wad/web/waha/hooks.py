"""A session's configuration as WAHA has it, kept as webhooks of wad's.

Theory of operation. WAHA's clients set the whole list of webhooks at once, often at each of their starts.
Each becomes a webhook of wad's, named by its URL, so that one which is set again goes on where it was. Keys
are not shown: `hmac` without its key stands for one that is there, and keeps it when it comes back so.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from wad.core.errors import WebhookError
from wad.waha.ids import Document
from wad.web.waha.asking import House, unsupported
from wad.webhooks.settings import WAHA, Webhook

_PREFIX: Final = "waha-"
_NAME: Final = 16
_MOST: Final = 20


def config_document(house: House) -> Document:
    """Give the configuration as it is kept."""
    hooks = house.webhooks.of_form(WAHA)
    metadata = next((each.notes["metadata"] for each in hooks if each.notes.get("metadata")), None)
    return {"metadata": metadata, "webhooks": [_document(each) for each in hooks]}


def _document(hook: Webhook) -> Document:
    return {
        "url": hook.url,
        "events": sorted(hook.events),
        "hmac": {"key": None} if hook.secrets else None,
        "retries": hook.notes.get("retries"),
        "customHeaders": [{"name": name, "value": value} for name, value in hook.headers.items()] or None,
    }


async def configure(house: House, given: object) -> None:
    """Have a configuration in force in the place of the one there is.

    Raises Refusal for one that asks for what wad does not have, WebhookError, and as `Database.run`.
    """
    if given is None:
        return
    if not isinstance(given, Mapping):
        raise WebhookError("config is an object")
    if given.get("proxy"):
        raise unsupported("a proxy of the session's; set [browser] proxy in wad's configuration")
    hooks = given.get("webhooks") or []
    if (
        not isinstance(hooks, list)
        or len(hooks) > _MOST
        or not all(isinstance(each, Mapping) for each in hooks)
    ):
        raise WebhookError(f"config.webhooks is a list of at most {_MOST} objects")
    named = {_name(each): each for each in hooks}
    if len(named) < len(hooks):
        raise WebhookError("config.webhooks names one URL twice: put their events together")
    known = {each.name: each for each in house.webhooks.of_form(WAHA)}
    settings = {name: _settings(each, known.get(name), given.get("metadata")) for name, each in named.items()}
    house.webhooks.check(settings)
    for name, each in settings.items():
        await house.webhooks.put(name, each)
    for name in known.keys() - named.keys():
        await house.webhooks.delete(name)


def _name(hook: Mapping[str, Any]) -> str:
    return _PREFIX + sha256(str(hook.get("url")).encode("utf-8", "replace")).hexdigest()[:_NAME]


def _settings(given: Mapping[str, Any], known: Webhook | None, metadata: object) -> dict[str, Any]:
    hmac = given.get("hmac")
    key = hmac.get("key") if isinstance(hmac, Mapping) else None
    kept = list(known.secrets) if known is not None and isinstance(hmac, Mapping) else []
    notes = {"metadata": metadata, "retries": given.get("retries")}
    return {
        "url": given.get("url"),
        "format": WAHA,
        "secrets": [key] if key else kept,
        "events": given.get("events"),
        "headers": _headers(given.get("customHeaders")),
        "notes": {name: value for name, value in notes.items() if isinstance(value, Mapping) and value},
    }


def _headers(given: object) -> dict[str, Any]:
    listed = given or []
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise WebhookError("customHeaders is a list, of which each has name and value")
    return {str(each.get("name")): each.get("value") for each in listed}
