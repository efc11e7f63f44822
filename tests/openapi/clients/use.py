"""Uses the client that openapi-python-client made: whatever is read has a type, and no key or address is spelt out."""

import json
import sys

from wad_client import AuthenticatedClient
from wad_client.api.commands import cancel_pairing, pair
from wad_client.api.events import get_events
from wad_client.api.link import get_health, get_qr_png, get_qr_text, get_status
from wad_client.api.messages import get_limits, send_message
from wad_client.api.sandbox import press_button
from wad_client.models import (
    ButtonArguments,
    Draft,
    Error,
    EventPage,
    EventType,
    Health,
    Limits,
    LinkEvent,
    LinkStatus,
    PhoneNumber,
    Pressed,
    State,
    Taken,
)
from wad_client.types import File


def stranger(url: str) -> dict[str, object]:
    """Tell what somebody is told who has another token."""
    client = AuthenticatedClient(base_url=url, token="none-that-is-right")
    status, refused = get_status.sync(client=client), cancel_pairing.sync(client=client)
    assert isinstance(status, LinkStatus)
    assert isinstance(refused, Error)
    return {"code": status.qr_code, "withheld": status.auth_required, "refused": refused.code}


def owner(url: str, token: str) -> dict[str, object]:
    """Tell what the owner is told: of the link, of the code, and of commands."""
    client = AuthenticatedClient(base_url=url, token=token)
    status, health = get_status.sync(client=client), get_health.sync(client=client)
    assert isinstance(status, LinkStatus)
    assert isinstance(health, Health)
    refused = pair.sync(client=client, body=PhoneNumber(phone="8 999 123-45-67"))
    taken = cancel_pairing.sync(client=client)
    assert isinstance(refused, Error)
    assert isinstance(taken, Taken)
    return {
        "state": status.current_state.value,
        "ready": health.whatsapp.ready,
        "refused": refused.code,
        "waits": taken.current_state == State.QR,
        **code(client),
        **phone(client),
        **messages(client),
    }


def code(client: AuthenticatedClient) -> dict[str, object]:
    """Tell of the code's picture, which is bytes, and of its drawing, which is text."""
    picture, drawing = get_qr_png.sync(client=client), get_qr_text.sync(client=client)
    assert isinstance(picture, File)
    assert isinstance(drawing, str)
    return {"picture": picture.payload.read(4)[1:].decode(), "lines": drawing.count("\n") > 9}


def phone(client: AuthenticatedClient) -> dict[str, object]:
    """Press a button, and one that is none."""
    pressed = press_button.sync("stall_sync", client=client, body=ButtonArguments())
    unknown = press_button.sync("dance", client=client)
    assert isinstance(pressed, Pressed)
    assert isinstance(unknown, Error)
    return {"pressed": pressed.success, "unknown": unknown.code}


def messages(client: AuthenticatedClient) -> dict[str, object]:
    """Send a message, which nobody can; tell what is left, and of the first thing that happened."""
    draft = Draft(to="+1 555 123-45-67", text="Hello")
    refused = send_message.sync(client=client, body=draft, idempotency_key="first")
    limits = get_limits.sync(client=client)
    page = get_events.sync(client=client, after=0, types=[EventType.STATE], limit=1, wait=20.0)
    assert isinstance(refused, Error)
    assert isinstance(limits, Limits)
    assert isinstance(page, EventPage)
    event = page.events[0]
    assert isinstance(event, LinkEvent)
    return {"unsent": refused.code, "left": limits.new_chats.left > 0, "happened": event.type_}


if __name__ == "__main__":
    address, secret = sys.argv[1], sys.stdin.readline().strip()
    sys.stdout.write(json.dumps({"stranger": stranger(address), "owner": owner(address, secret)}))
