"""What a webhook is: where to, what, signed with which secrets; checked, whoever set it."""

import json
import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final
from urllib.parse import urlsplit

from wad.core.errors import MessageError, WebhookError
from wad.core.values import dataclass
from wad.messages.operations import types
from wad.waha.events import ALL, EVENTS, NEVER, chosen, types_of
from wad.webhooks.signing import read_secret

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
_HEADER: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
MOST_HEADERS: Final = 20
LONGEST_URL: Final = 2000
# wad writes these itself.
_OWN_HEADERS: Final = frozenset(
    {"host", "content-length", "content-type", "connection", "transfer-encoding", "expect", "user-agent"}
)
# The forms in which events are told: wad's own, signed as Standard Webhooks says, and WAHA's.
OWN, WAHA = "wad", "waha"
FORMATS: Final = (OWN, WAHA)
LONGEST_KEY: Final = 1000
# In bytes, as JSON: what a client of WAHA wants to have back with each event.
LONGEST_NOTES: Final = 4000
_KEYS: Final = frozenset({"url", "secrets", "events", "headers", "timeout", "format", "notes"})
TIMEOUT: Final = 15.0
LONGEST_TIMEOUT: Final = 60.0
MOST_SECRETS: Final = 2


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook. `events` empty means all; `private` lets it reach addresses of this network.

    In WAHA's `format` the events are named in its words, a secret is any text, and there may be none; `notes`
    are what its configuration has besides.
    """

    name: str
    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    events: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = TIMEOUT
    source: str = "api"
    private: bool = False
    format: str = OWN
    notes: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def types(self) -> frozenset[str]:
        """Which of wad's events it is about; empty means all."""
        return types_of(self.events) if self.format == WAHA else self.events

    @property
    def shown_url(self) -> str:
        """The URL without its query, which may hold a key."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}"

    def plain(self) -> dict[str, Any]:
        """Give it as JSON has it, to be kept."""
        return {
            "url": self.url,
            "secrets": list(self.secrets),
            "events": sorted(self.events),
            "headers": dict(self.headers),
            "timeout": self.timeout,
            **({"format": self.format, "notes": dict(self.notes)} if self.format != OWN else {}),
        }


def webhook(name: str, given: Mapping[str, Any], *, source: str, private: bool) -> Webhook:
    """Give a webhook for what was set. Raises WebhookError, which repeats nothing of it."""
    if not _NAME.fullmatch(name):
        raise WebhookError("a webhook's name has up to 63 letters, digits, dots, dashes and underscores")
    if given.keys() - _KEYS:
        raise WebhookError("a webhook has url, secrets, events, headers, timeout and format")
    form = given.get("format", OWN)
    if form not in FORMATS:
        raise WebhookError(f"format can be {' or '.join(FORMATS)}")
    waha = form == WAHA
    return Webhook(
        name,
        _url(given.get("url")),
        _keys(given.get("secrets")) if waha else _secrets(given.get("secrets")),
        _waha_events(given.get("events")) if waha else _events(given.get("events")),
        _headers(given.get("headers"), "x-webhook-" if waha else "webhook-"),
        _timeout(given.get("timeout")),
        source,
        private,
        form,
        _notes(given.get("notes")) if waha else {},
    )


def _events(given: object) -> frozenset[str]:
    try:
        return types(given)
    except MessageError as error:
        raise WebhookError(str(error)) from error


def _waha_events(given: object) -> frozenset[str]:
    named = [*EVENTS] if given is None or given == [] else given
    known = EVENTS.keys() | NEVER | {ALL}
    if not isinstance(named, list) or not all(isinstance(each, str) and each in known for each in named):
        raise WebhookError(f"events can be {ALL}, {', '.join(EVENTS)}, and others of WAHA's")
    if not chosen(named):
        raise WebhookError(f"of these events none ever comes: name one of {', '.join(EVENTS)}")
    return frozenset(named)


def _keys(given: object) -> tuple[str, ...]:
    """Give WAHA's key: one, or none."""
    if not isinstance(given, list | tuple) or len(given) > 1:
        raise WebhookError("in WAHA's format a webhook has one secret, or none")
    for each in given:
        if not isinstance(each, str) or not 0 < len(each) <= LONGEST_KEY:
            raise WebhookError(f"a key is a text of 1 to {LONGEST_KEY} characters")
        try:
            each.encode()
        except UnicodeEncodeError as error:
            raise WebhookError("a key holds half a character: it is not valid Unicode") from error
    return tuple(given)


def _notes(given: object) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or len(json.dumps(given)) > LONGEST_NOTES:
        raise WebhookError(f"metadata and retries have at most {LONGEST_NOTES} bytes in JSON")
    return dict(given)


def _url(given: object) -> str:
    hint = "url must be an http or https address with a host, without user, password and fragment"
    if not isinstance(given, str) or not given.isprintable() or " " in given or len(given) > LONGEST_URL:
        raise WebhookError(hint)
    try:
        parts = urlsplit(given)
        fine = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise WebhookError(hint) from None
    if not fine or "@" in parts.netloc or parts.fragment:
        raise WebhookError(hint)
    return given


def _secrets(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_SECRETS:
        raise WebhookError("secrets is a list of one secret, or of two while they are changed")
    for each in given:
        read_secret(each)
    return tuple(given)


def _headers(given: object, signing: str) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or len(given) > MOST_HEADERS:
        raise WebhookError(f"headers has at most {MOST_HEADERS} names, each with a text")
    for name, value in given.items():
        if not isinstance(name, str) or not _HEADER.fullmatch(name):
            raise WebhookError("headers has a name that is none")
        if name.lower() in _OWN_HEADERS or name.lower().startswith(signing):
            raise WebhookError("headers names one that wad writes itself")
        if not isinstance(value, str) or not value.isascii() or not value.isprintable():
            raise WebhookError("headers has a value that is no line of ASCII")
    return dict(given)


def _timeout(given: object) -> float:
    if given is None:
        return TIMEOUT
    fine = isinstance(given, int | float) and not isinstance(given, bool) and 0 < given <= LONGEST_TIMEOUT
    if not fine:
        raise WebhookError(
            f"timeout must be a number of seconds, more than 0 and at most {LONGEST_TIMEOUT:g}"
        )
    return float(str(given))
