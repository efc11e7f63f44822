"""Voice notes, made by the real ffmpeg of any sound; what is none makes no trouble but an error."""

import asyncio
import json
import os
import shutil
import stat
import subprocess
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from wad.core.errors import UnsupportedMediaError
from wad.media import kinds, voice
from wad.media.files import MediaFiles

WITHIN = 60
SINE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=2")
SOUNDS = {
    "wav": ("audio/wav", ()),
    "mp3": ("audio/mpeg", ("-c:a", "libmp3lame")),
    "m4a": ("audio/mp4", ("-c:a", "aac")),
    "flac": ("audio/flac", ()),
    "aac": ("audio/aac", ("-c:a", "aac")),
    "ogg": (kinds.OPUS, ("-c:a", "libopus", "-ac", "2")),
}


def sound(folder, ending):
    """Have ffmpeg make a sound of two seconds; gives its content."""
    path = folder / f"sound.{ending}"
    command = ("ffmpeg", "-loglevel", "error", *SINE, *SOUNDS[ending][1], str(path))
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return path.read_bytes()


async def kept(folder, content):
    """Give files, and one of them with this content."""
    files = MediaFiles(folder / "media", most=64 << 20, quota=256 << 20, patience=WITHIN)
    await files.open()
    async with await files.begin() as incoming:
        await incoming.write(content)
        return files, await incoming.keep()


def probed(path):
    """Tell what ffprobe finds in a file."""
    wanted = ("-show_entries", "stream=codec_name,channels,sample_rate:format=duration,format_name")
    said = subprocess.run(
        ("ffprobe", "-loglevel", "error", *wanted, "-of", "json", str(path)), check=True, capture_output=True
    )
    return json.loads(said.stdout)


@pytest.mark.parametrize("ending", SOUNDS)
async def test_any_sound_becomes_a_voice_note(tmp_path, ending):
    """Opus in Ogg with one channel, as long as the sound was; one that is so already is told as such."""
    files, source = await kept(tmp_path, sound(tmp_path, ending))
    mimetype = kinds.mimetype_of(source.head)
    made = await voice.make_voice(files, source, mimetype, WITHIN)
    found = probed(files.path(made.sha256))

    assert mimetype == SOUNDS[ending][0]
    assert not voice.is_voice(source.head)
    assert voice.is_voice(made.head)
    assert kinds.mimetype_of(made.head) == kinds.OPUS
    assert found["streams"] == [{"codec_name": "opus", "sample_rate": "48000", "channels": 1}]
    assert found["format"]["format_name"] == "ogg"
    assert 1.9 < float(found["format"]["duration"]) < 2.2


PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{}\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    "mimetype", ["audio/wav", "audio/mpeg", "audio/mp4", "audio/aac", "audio/flac", "video/webm"]
)
@pytest.mark.parametrize("what", ["playlist", "garbage", "nothing much", "cut off"])
async def test_hostile_input(tmp_path, mimetype, what):
    """A playlist that names another file, noise, a byte, half a file: an error, and nothing is left of it."""
    wav = sound(tmp_path, "wav")
    content = {
        "playlist": PLAYLIST.format(tmp_path / "sound.wav").encode(),
        "garbage": os.urandom(100_000),
        "nothing much": b"x",
        "cut off": wav[:30],
    }[what]
    files, source = await kept(tmp_path, content)
    try:
        made = await voice.make_voice(files, source, mimetype, WITHIN)
    except UnsupportedMediaError as error:
        made = None
        assert "ffmpeg" in str(error)  # noqa: PT017 - noise may hold a sound: then it was one

    assert made is None or what == "garbage"
    assert list((tmp_path / "media/incoming").iterdir()) == []
    assert await files.names() == {source.sha256} | ({made.sha256} if made else set())


async def test_an_archive_that_unpacks_to_a_thousand_times_itself(tmp_path):
    """Nothing of it is unpacked."""
    bomb = zlib.compress(bytes(50 << 20), 9)
    files, source = await kept(tmp_path, b"PK\x03\x04" + bomb)
    with pytest.raises(UnsupportedMediaError):
        await voice.make_voice(files, source, "audio/mpeg", WITHIN)

    assert files.used == source.size


def program(folder, text):
    """Put a program named ffmpeg into a folder."""
    path = folder / "ffmpeg"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def only(tmp_path, monkeypatch):
    """Give a folder, and have ffmpeg be looked for there first."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


async def test_without_ffmpeg(tmp_path, monkeypatch):
    """The sentence says what would be needed."""
    files, source = await kept(tmp_path, sound(tmp_path, "wav"))
    monkeypatch.setenv("PATH", str(tmp_path))
    available = voice.available()
    with pytest.raises(UnsupportedMediaError, match="with ffmpeg, any sound"):
        await voice.make_voice(files, source, "audio/wav", WITHIN)

    assert not available


async def test_one_that_never_ends(tmp_path, only):
    """It was waited for no longer than the deadline."""
    program(only, "exec sleep 1000")
    files, source = await kept(tmp_path, b"sound")
    with pytest.raises(UnsupportedMediaError, match="in time"):
        await voice.make_voice(files, source, "audio/wav", 0.5)


async def test_what_it_has_started_ends_with_it(tmp_path, only):
    """When nobody wants the note any more, all of its group is killed."""
    mark = f"1000.{os.getpid()}"
    program(only, f"sleep {mark} & wait")
    files, source = await kept(tmp_path, b"sound")
    making = asyncio.create_task(voice.make_voice(files, source, "audio/wav", WITHIN))
    async with asyncio.timeout(WITHIN):
        while not running(mark):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)
        making.cancel()
        await asyncio.gather(making, return_exceptions=True)
        while running(mark):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)

    assert making.cancelled()


def running(mark):
    """Tell whether a process with this argument runs."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if mark.encode() in path.read_bytes().split(b"\0"):
                return True
    return False


async def test_one_that_writes_without_end(tmp_path, only):
    """A file has its limit, whoever makes it."""
    program(only, "exec cat /dev/zero")
    files, source = await kept(tmp_path, b"sound")
    with pytest.raises(Exception, match="at most 64 MiB"):
        await voice.make_voice(files, source, "audio/wav", WITHIN)

    assert list((tmp_path / "media/incoming").iterdir()) == []


async def test_one_that_fails_behind_half_a_note(tmp_path, only):
    """What it wrote by then is no voice note."""
    program(only, "echo OggS; exit 3")
    files, source = await kept(tmp_path, b"sound")
    with pytest.raises(UnsupportedMediaError, match="could make no"):
        await voice.make_voice(files, source, "audio/wav", WITHIN)

    assert await files.names() == {source.sha256}


async def test_it_has_no_more_of_the_environment_than_it_needs(tmp_path, only, monkeypatch):
    """Tokens may be there."""
    monkeypatch.setenv("WAD_SECRET", "a-secret")
    program(only, "exec env")
    files, source = await kept(tmp_path, b"sound")
    made = await voice.make_voice(files, source, "audio/wav", WITHIN)
    names = {line.partition("=")[0] for line in files.path(made.sha256).read_text().splitlines()}

    assert names == {"PATH", "LC_ALL", "PWD"} | names & {"SHLVL", "_", "OLDPWD"}


def test_ffmpeg_is_here():
    """The tests above are about the real one."""
    assert shutil.which("ffmpeg")
