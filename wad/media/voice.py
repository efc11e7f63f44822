"""Voice notes: any sound, made into the one form that WhatsApp's are in, by ffmpeg.

Theory of operation. A voice note is Opus in Ogg with one channel. ffmpeg reads files from strangers, so it is
told which form a file has: it guesses no playlist, which could name other files. It runs in a group of its
own at a low priority, with bounds on its time, its memory and what it writes.
"""

import asyncio
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from wad.core.errors import UnsupportedMediaError
from wad.media.files import KeptFile, MediaFiles
from wad.media.kinds import OPUS

# ffmpeg's names of the forms that are given to it.
_FORMS: Final[Mapping[str, str]] = {
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/ogg": "ogg",
    OPUS: "ogg",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "video/mp4": "mov",
    "video/3gpp": "mov",
    "video/webm": "matroska",
}
_MEMORY: Final = 1 << 30
_CHUNK: Final = 64 * 1024
_FAREWELL: Final = 5.0
_CHANNELS_AT: Final = 9


def is_voice(head: bytes) -> bool:
    """Tell whether a file is a voice note, by its first bytes: Opus in Ogg, one channel (RFC 7845)."""
    at = head.find(b"OpusHead")
    return head.startswith(b"OggS") and at > 0 and head[at + _CHANNELS_AT : at + _CHANNELS_AT + 1] == b"\x01"


def available() -> bool:
    """Tell whether ffmpeg is installed."""
    return shutil.which("ffmpeg") is not None


async def make_voice(files: MediaFiles, source: KeptFile, mimetype: str, patience: float) -> KeptFile:
    """Give the voice note for a sound, within `patience` seconds.

    Raises UnsupportedMediaError where there is no ffmpeg or it can make nothing of the sound, StoreError.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        raise UnsupportedMediaError(
            "a voice note must be Opus in Ogg with one channel; with ffmpeg, any sound"
        )
    async with await files.begin() as incoming:
        process = await _started(program, files.path(source.sha256), _FORMS[mimetype])
        assert process.stdout is not None  # noqa: S101 - it was asked for
        try:
            async with asyncio.timeout(patience):
                while piece := await process.stdout.read(_CHUNK):
                    await incoming.write(piece)
                status = await process.wait()
        except TimeoutError as error:
            raise UnsupportedMediaError("ffmpeg did not finish the voice note in time") from error
        finally:
            await _end(process)
        if status != 0 or incoming.size == 0:
            raise UnsupportedMediaError("ffmpeg could make no voice note of the sound")
        return await incoming.keep()


async def _started(program: str, source: Path, form: str) -> Process:
    """Give ffmpeg at work. Whoever is cancelled meanwhile leaves nothing that runs."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *("prlimit", f"--as={_MEMORY}", "--core=0", "--fsize=0", "--", "nice", program),
            *("-nostdin", "-hide_banner", "-loglevel", "quiet", "-protocol_whitelist", "file,pipe"),
            *("-f", form, "-i", f"file:{source}"),
            *("-map", "0:a:0", "-map_metadata", "-1", "-ac", "1", "-ar", "48000"),
            *("-c:a", "libopus", "-b:a", "32k", "-application", "voip", "-threads", "1"),
            *("-f", "ogg", "pipe:1"),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            start_new_session=True,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await _end(await starting)
        raise


async def _end(process: Process) -> None:
    """Kill it with all that it has started."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        # Its end is told behind that of its output, which is read no further while nobody wants it.
        with suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                while process.stdout is not None and await process.stdout.read(_CHUNK):
                    pass
                await process.wait()
