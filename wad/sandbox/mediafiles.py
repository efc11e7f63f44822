"""What lies at WhatsApp's media server, and on the phone: files in a folder, none ever whole in memory.

A file is what was sent and ten bytes more, the head of its HMAC-SHA256 under the key of the medium. WhatsApp
enciphers it besides (AES-256-CBC); here nothing is enciphered, as nothing else on the way is. So the hash of
the file and that of what is in it differ, both are true, and a wrong key is noticed.
"""

import asyncio
import hashlib
import hmac
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from wad.core.values import dataclass
from wad.sandbox.errors import PhoneRefusedError
from wad.sandbox.jsonfile import JsonFile

SEAL = 10
# What the page itself lets through at most, as a document, in bytes.
LARGEST = 2000 * 1024**2 + SEAL
# Of all files together, in bytes: the oldest ones go first.
MOST = 4 * 1024**3
_MODE = 0o600


@dataclass
class MediaFile:
    """A medium that was uploaded."""

    name: str
    """The SHA-256 of the whole file, in hexadecimal digits."""
    size: int
    """Of what is in it, without the seal, in bytes."""
    sha256: str
    """Of what is in it, in hexadecimal digits."""
    uploads: int = 1
    """How often it was uploaded: each time it is found under another path."""
    served: bool = True
    """Whether the media server still has it."""
    expired: int = 404
    """What the media server answers where it has expired: 404 or 410."""
    phone: str = "has"
    """Whether the phone can upload it again: it "has" it, it is "gone", or the phone is "away"."""

    @property
    def direct_path(self) -> str:
        """Where it is at the media server, in the form of the real one's paths."""
        return f"/v/t62.7118-24/{self.name}.enc?ccb=11-4&oh={self.uploads}&_nc_sid=5e03e0"


class Writing:
    """A file that comes in pieces. Its methods block: call them off the loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        self._stream = os.fdopen(descriptor, "wb")
        self._whole, self._content = hashlib.sha256(), hashlib.sha256()
        self._tail = b""
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Take a piece."""
        self._stream.write(chunk)
        self._whole.update(chunk)
        self.size += len(chunk)
        # The last bytes are the seal, and no part of what is in it.
        held = self._tail + chunk
        self._content.update(held[:-SEAL])
        self._tail = held[-SEAL:]

    def finish(self, folder: Path) -> MediaFile:
        """Close the file and put it into its place."""
        self._stream.close()
        made = MediaFile(self._whole.hexdigest(), max(self.size - SEAL, 0), self._content.hexdigest())
        self._path.rename(folder / made.name)
        return made

    def drop(self) -> None:
        """Throw away what came so far."""
        self._stream.close()
        self._path.unlink(missing_ok=True)


class MediaFiles:
    """Every file there is, and what is known of it."""

    def __init__(self, directory: Path) -> None:
        self._folder = directory / "media"
        self._index = JsonFile(directory / "media.json")
        self._known: dict[str, MediaFile] = {}
        self._numbers = iter(range(2**62))

    async def load(self) -> None:
        """Read what is known of the files; what is no longer there, or was not finished, is forgotten."""
        known = _parse(await self._index.read())
        present = await asyncio.to_thread(_tidy, self._folder, {each.name for each in known})
        self._known = {each.name: each for each in known if each.name in present}

    async def begin(self) -> Writing:
        """Begin a file."""
        path = self._folder / f"{time.time_ns()}-{next(self._numbers)}.new"
        return await asyncio.to_thread(Writing, path)

    async def finish(self, writing: Writing) -> MediaFile:
        """Take a file that is complete; one that was there already is found elsewhere from now on."""
        made = await asyncio.to_thread(writing.finish, self._folder)
        before = self._known.pop(made.name, None)
        made.uploads += before.uploads if before else 0
        self._known[made.name] = made
        await self._make_room()
        await self.save()
        return made

    async def make(self, key: bytes, pieces: Callable[[], Iterable[bytes]]) -> MediaFile:
        """Upload what somebody else sends: `pieces` are made and written in a thread, one after the other."""
        writing = await self.begin()

        def write() -> None:
            seal = hmac.new(key, digestmod="sha256")
            for each in pieces():
                seal.update(each)
                writing.write(each)
            writing.write(seal.digest()[:SEAL])

        try:
            await asyncio.to_thread(write)
        except BaseException:
            await asyncio.to_thread(writing.drop)
            raise
        return await self.finish(writing)

    async def save(self) -> None:
        """Write down what is known now."""
        await self._index.write({"files": list(self._known.values())})

    def get(self, name: str) -> MediaFile | None:
        """Return a file by its name, if there is one."""
        return self._known.get(name)

    def found(self, name: str) -> MediaFile:
        """Return a file by its name, or refuse: `PhoneRefusedError`."""
        found = self._known.get(name)
        if found is None:
            raise PhoneRefusedError("the phone has no such medium")
        return found

    def path(self, file: MediaFile) -> Path:
        """Where a file lies."""
        return self._folder / file.name

    async def _make_room(self) -> None:
        while sum(each.size for each in self._known.values()) > MOST:
            oldest = next(iter(self._known.values()))
            del self._known[oldest.name]
            await asyncio.to_thread(self.path(oldest).unlink, missing_ok=True)


def _parse(data: object) -> list[MediaFile]:
    try:
        return [MediaFile(**each) for each in data["files"]]  # type: ignore[index] # else it is damaged
    except (TypeError, KeyError):
        return []


def _tidy(folder: Path, known: set[str]) -> set[str]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    present = {each.name for each in folder.iterdir()}
    for name in present - known:
        (folder / name).unlink()
    return present & known
