"""The webhooks of the configuration, made and judged: as the daemon starts with them, and as it would."""

from typing import Any

from wad.config import read_webhook_secrets
from wad.config.webhooks import WebhookConfig
from wad.core.errors import ConfigError, WebhookError
from wad.webhooks.settings import Webhook, webhook


def configured(given: WebhookConfig) -> Webhook:
    """Give a webhook of the configuration, which may reach this network. Raises ConfigError with its name."""
    try:
        settings: dict[str, Any] = {
            "url": given.url,
            "secrets": read_webhook_secrets(given),
            "events": list(given.events),
            "headers": dict(given.headers),
            "timeout": given.timeout,
            "format": given.format,
        }
        return webhook(given.name, settings, source="config", private=True)
    except WebhookError as error:
        raise ConfigError(f"webhooks: {given.name}: {error}") from error
    except ConfigError as error:
        # What lies below it tells whether the caller merely may not read the file.
        raise ConfigError(f"webhooks: {given.name}: {error}") from error.__cause__
