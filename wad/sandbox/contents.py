"""What a message can be beside a text, in the page's own words: a type, and the fields that go with it."""

import base64
import binascii
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

from wad.sandbox import samples
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.mediafiles import LARGEST, SEAL, MediaFile, MediaFiles
from wad.sandbox.people import person

# By kind: the message's type, and the MIME type where none is named. A GIF is a video that repeats.
KINDS = {
    "image": ("image", "image/png"),
    "video": ("video", "video/mp4"),
    "gif": ("video", "video/mp4"),
    "voice": ("ptt", "audio/ogg; codecs=opus"),
    "audio": ("audio", "audio/mpeg"),
    "document": ("document", "application/octet-stream"),
    "sticker": ("sticker", "image/webp"),
}
_SAMPLE_BYTES = 4096
_SAMPLE_SIDE = 64
_KEY_BYTES = 32
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MEDIUM = {
    "kind": str, "mimetype": str, "filename": str, "data": str, "size": int, "seconds": int, "width": int,
    "height": int, "sha256": str, "viewOnce": bool,
}  # fmt: skip
_LOCATION = {"lat": (int, float), "lng": (int, float), "name": str, "address": str, "url": str}
_CONTACT = {"name": str, "number": str}
_POLL = {"name": str, "options": list, "multiple": bool}
# Options of a poll, or contacts in a message.
_MOST = 30
_TYPES = frozenset(
    [*(type_ for type_, _ in KINDS.values()), "location", "vcard", "multi_vcard", "poll_creation", "album"]
)


def described(content: dict[str, Any]) -> dict[str, Any]:
    """Return what was sent beside text and media, in the words of the command that receives the like."""
    type_, fields = content["type"], content["fields"]
    match type_:
        case "location":
            name, _, address = str(fields.get("loc") or "").partition("\n")
            place = {"lat": fields.get("lat"), "lng": fields.get("lng"), "name": name, "address": address}
            return {"kind": "location", **place, "url": fields.get("clientUrl") or ""}
        case "vcard":
            card = {"name": fields.get("vcardFormattedName"), "vcard": fields.get("body")}
            return {"kind": "contacts", "contacts": [card]}
        case "multi_vcard":
            cards = fields.get("vcardList") or []
            named = [{"name": each.get("displayName"), "vcard": each.get("vcard")} for each in cards]
            return {"kind": "contacts", "contacts": named}
        case "poll_creation":
            options = [each.get("name") for each in fields.get("pollOptions") or []]
            several = fields.get("pollSelectableOptionsCount") != 1
            return {"kind": "poll", "name": fields.get("pollName"), "options": options, "multiple": several}
    counts = {"images": fields.get("expectedImageCount"), "videos": fields.get("expectedVideoCount")}
    return {"kind": "album", **counts}


def sent_content(message: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a page sent beside a text, as it said it; None for a text."""
    content = message.get("content")
    if not isinstance(content, dict) or not isinstance(content.get("fields"), dict):
        return None
    return content if content.get("type") in _TYPES else None


def kind_of(content: dict[str, Any] | None) -> str | None:
    """Return the kind of a medium, as `KINDS` has it; None for what is none."""
    if content is None or "directPath" not in content["fields"]:
        return None
    if content["type"] == "video" and content["fields"].get("isGif"):
        return "gif"
    return {type_: kind for kind, (type_, _) in KINDS.items() if kind != "gif"}.get(content["type"])


def file_name(content: dict[str, Any]) -> str:
    """Return the name under which a medium's file lies at the media server."""
    try:
        return base64.b64decode(str(content["fields"].get("encFilehash"))).hex()
    except (binascii.Error, ValueError):
        return ""


async def medium(files: MediaFiles, told: dict[str, Any]) -> tuple[dict[str, Any], MediaFile]:
    """Upload what somebody else sends, and return what a message says of it, or `PhoneRefusedError`."""
    _check("media", told, _MEDIUM)
    kind = told.get("kind")
    if kind not in KINDS:
        raise PhoneRefusedError(f"media: kind must be one of {', '.join(KINDS)}")
    if not _SHA256.fullmatch(told.get("sha256", "0" * 64)):
        raise PhoneRefusedError("media: sha256 is 64 hexadecimal digits")
    key = secrets.token_bytes(_KEY_BYTES)
    file = await files.make(key, _pieces(kind, told))
    type_, mimetype = KINDS[kind]
    claimed = told.get("sha256", file.sha256)
    fields = {
        "mimetype": told.get("mimetype", mimetype),
        "filename": told.get("filename", "file" if kind == "document" else None),
        "size": file.size,
        "filehash": _b64(bytes.fromhex(claimed)),
        "encFilehash": _b64(bytes.fromhex(file.name)),
        "mediaKey": _b64(key),
        "mediaKeyTimestamp": int(time.time()),
        "directPath": file.direct_path,
        "isGif": kind == "gif" or None,
        "isViewOnce": told.get("viewOnce"),
        # In the place of a text stands a small picture (read in peers).
        "body": samples.THUMBNAIL if type_ in ("image", "video") else None,
        **_measures(kind, told),
    }
    return {"type": type_, "fields": {name: each for name, each in fields.items() if each is not None}}, file


def _measures(kind: str, told: dict[str, Any]) -> dict[str, Any]:
    sample = "data" not in told and "size" not in told
    side = {"image": _SAMPLE_SIDE, "sticker": 1}.get(kind) if sample else None
    seconds = told.get("seconds", 1 if kind in ("voice", "audio", "video", "gif") else None)
    width, height = told.get("width", side), told.get("height", side)
    # Of what comes the page has the span as text (read in a peer).
    return {"width": width, "height": height, "duration": None if seconds is None else str(seconds)}


def _pieces(kind: str, told: dict[str, Any]) -> Callable[[], Iterable[bytes]]:
    if "data" in told and "size" in told:
        raise PhoneRefusedError("media: data or size, not both")
    if "size" in told:
        size = told["size"]
        if not 0 <= size <= LARGEST - SEAL:
            raise PhoneRefusedError(f"media: size must be 0 to {LARGEST - SEAL}")
        return lambda: samples.noise(size)
    data = _sample(kind, told) if "data" not in told else _decoded(told["data"])
    return lambda: (data,)


def _sample(kind: str, told: dict[str, Any]) -> bytes:
    if kind == "sticker":
        return samples.DOT
    if kind == "image":
        return samples.picture(kind, _SAMPLE_SIDE)
    if kind == "voice":
        return samples.voice(max(1, min(told.get("seconds", 1), 60)))
    return b"".join(samples.noise(_SAMPLE_BYTES))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise PhoneRefusedError("media: data must be base64") from exc


def location(told: dict[str, Any]) -> dict[str, Any]:
    """Return what a message says of a place; `PhoneRefusedError` for nonsense."""
    _check("location", told, _LOCATION)
    if not ("lat" in told and "lng" in told and abs(told["lat"]) <= 90 and abs(told["lng"]) <= 180):  # noqa: PLR2004
        raise PhoneRefusedError("location: lat is -90 to 90 and lng -180 to 180, in degrees")
    words = "\n".join(each for each in (told.get("name"), told.get("address")) if each)
    return {
        "type": "location",
        "fields": {"lat": told["lat"], "lng": told["lng"], "loc": words, "clientUrl": told.get("url", "")},
    }


def contacts(told: list[Any]) -> dict[str, Any]:
    """Return what a message says of people: of one, or of several; `PhoneRefusedError` for nonsense."""
    if not 0 < len(told) <= _MOST or not all(isinstance(each, dict) for each in told):
        raise PhoneRefusedError(f"contacts: 1 to {_MOST} objects with name and number")
    cards = [_card(each) for each in told]
    if len(cards) > 1:
        return {"type": "multi_vcard", "fields": {"vcardList": cards}}
    return {
        "type": "vcard",
        "fields": {"body": cards[0]["vcard"], "vcardFormattedName": cards[0]["displayName"]},
    }


def _card(told: dict[str, Any]) -> dict[str, str]:
    _check("contacts", told, _CONTACT)
    name, someone = told.get("name", "Somebody"), person(told.get("number", ""))
    line = f"TEL;type=CELL;waid={someone.number}:+{someone.number}"
    card = f"BEGIN:VCARD\nVERSION:3.0\nN:;{name};;;\nFN:{name}\n{line}\nEND:VCARD"
    return {"displayName": name, "vcard": card}


def poll(told: dict[str, Any]) -> dict[str, Any]:
    """Return what a message says of a poll; `PhoneRefusedError` for nonsense."""
    _check("poll", told, _POLL)
    options = told.get("options", ["Yes", "No"])
    if not 1 < len(options) <= _MOST or not all(isinstance(each, str) for each in options):
        raise PhoneRefusedError(f"poll: options are 2 to {_MOST} texts")
    return {
        "type": "poll_creation",
        "fields": {
            "pollName": told.get("name", "Yes or no?"),
            "pollOptions": [{"name": each, "localId": number} for number, each in enumerate(options)],
            "pollSelectableOptionsCount": 0 if told.get("multiple") else 1,
            "kind": "pollCreation",
        },
    }


# What has no file, by the name of the argument that describes it.
MAKERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "location": location,
    "contacts": contacts,
    "poll": poll,
}


def album(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the message says under which several media stand."""
    types = [each["type"] for each in items]
    counts = {"expectedImageCount": types.count("image"), "expectedVideoCount": types.count("video")}
    return {"type": "album", "fields": counts}


def _check(name: str, told: dict[str, Any], known: dict[str, Any]) -> None:
    for key, value in told.items():
        if key not in known:
            raise PhoneRefusedError(f"{name} takes {', '.join(known)}")
        if not isinstance(value, known[key]) or (isinstance(value, bool) and known[key] is not bool):
            raise PhoneRefusedError(f"{name}: {key} is of the wrong kind")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
