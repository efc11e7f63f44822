"""The phone's commands about media: what really arrived, and what goes wrong at the media server."""

import re
from pathlib import Path
from typing import Any, NamedTuple, get_args

from wad.sandbox.conditions import Answer
from wad.sandbox.contents import file_name, kind_of
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.mailbox import Received, Sent
from wad.sandbox.mediafiles import MediaFile
from wad.sandbox.messagecommands import MessageCommands
from wad.sandbox.people import bare_id

_LONGEST = 3600.0
_MIMETYPE = re.compile(r"\w[\w.+-]*/[\w.+-]+(;[ -~]{0,100})?", re.ASCII)


class Medium(NamedTuple):
    """A medium that arrived, to be read: so many bytes from the beginning of a file."""

    path: Path
    size: int
    mimetype: str


class MediaCommands(MessageCommands):
    """What the phone has of media is what was uploaded, byte by byte, and not what was said of it."""

    async def media(self) -> dict[str, Any]:
        """Tell which media the pages have sent: their files as they arrived, and what was said of them."""
        return {"media": [self._described(each) for each in self._mail.sent if kind_of(each.content)]}

    def _described(self, sent: Sent) -> dict[str, Any]:
        fields = (sent.content or {})["fields"]
        file = self._file(sent)
        return {
            "id": self._serialized(sent),
            "to": sent.group or f"+{sent.number}",
            "kind": kind_of(sent.content),
            "mimetype": fields.get("mimetype"),
            "filename": fields.get("filename"),
            "size": file.size if file else None,
            "sha256": file.sha256 if file else None,
            "caption": sent.text,
            "album": (sent.content or {}).get("parent"),
            "seconds": _number(fields.get("duration")),
            "width": fields.get("width"),
            "height": fields.get("height"),
        }

    def medium(self, id: str) -> Medium:  # noqa: A002 - the name on the wire
        """Return where the file of a message lies that a page has sent, or `PhoneRefusedError`."""
        found = [each for each in self._mail.sent if each.id == bare_id(id) and kind_of(each.content)]
        file = self._file(found[0]) if found else None
        if file is None:
            raise PhoneRefusedError("no medium that was sent has this id")
        said = str((found[0].content or {})["fields"].get("mimetype"))
        mimetype = said if _MIMETYPE.fullmatch(said) else "application/octet-stream"
        return Medium(self._network.files.path(file), file.size, mimetype)

    async def expire(
        self,
        id: str | None = None,  # noqa: A002 - the name on the wire
        phone: str = "has",
        code: int = 404,
    ) -> dict[str, Any]:
        """Let a medium expire (`code` 404 or 410): the `phone` "has" it still, it is "gone", or "away"."""
        if phone not in ("has", "gone", "away") or code not in (404, 410):
            raise PhoneRefusedError("phone must be has, gone or away, and code 404 or 410")
        known: list[Received | Sent] = [*self._mail.received, *self._mail.sent]
        found = [each for each in known if kind_of(each.content) and (id is None or each.id == bare_id(id))]
        self._must_be_known(found, id)
        if not found:
            return {"id": None}
        target = max(found, key=lambda each: each.t)
        file = self._network.files.found(file_name(target.content or {}))
        file.served, file.expired, file.phone = False, code, phone
        await self._network.files.save()
        return {"id": self._serialized(target)}

    async def media_server(
        self, answer: str = "normal", seconds: float = 10.0, of: str = "both"
    ) -> dict[str, Any]:
        """Let the media server be "slow" or "down", answer an "error", come to no end or break off midway."""
        if answer not in get_args(Answer):
            raise PhoneRefusedError(f"answer must be one of {', '.join(get_args(Answer))}")
        if of not in ("both", "uploads", "downloads") or not 0 <= seconds <= _LONGEST:
            raise PhoneRefusedError(f"of is both, uploads or downloads; seconds 0 to {_LONGEST:.0f}")
        conditions = self._network.conditions
        conditions.media_seconds = seconds
        for each in ("uploads", "downloads") if of == "both" else (of,):
            setattr(conditions, each, answer)
        return {}

    def _file(self, message: Sent | Received) -> MediaFile | None:
        return self._network.files.get(file_name(message.content)) if message.content else None


def _number(text: Any) -> int | None:
    return int(text) if str(text).isdigit() else None
