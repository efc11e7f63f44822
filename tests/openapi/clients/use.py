"""Uses the client that openapi-python-client made: whatever is read has a type, and no key or address is spelt out."""

import json
import sys

from wad_client import AuthenticatedClient
from wad_client.api.commands import cancel_pairing, pair
from wad_client.api.link import get_health, get_qr_png, get_qr_text, get_status
from wad_client.api.sandbox import press_button
from wad_client.models import ButtonArguments, Error, Health, LinkStatus, PhoneNumber, Pressed, State, Taken
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


if __name__ == "__main__":
    address, secret = sys.argv[1], sys.stdin.readline().strip()
    sys.stdout.write(json.dumps({"stranger": stranger(address), "owner": owner(address, secret)}))
