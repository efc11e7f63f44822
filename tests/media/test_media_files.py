"""Files of messages: each is whole or not there, this user's alone, and within its bounds."""

import asyncio
import hashlib
import os
import threading

import pytest

from wad.core.errors import MediaTooLargeError, StoreError, StoreFullError
from wad.media import files as module
from wad.media.files import MediaFiles, open_kept

WITHIN = 30


async def opened(folder, **more):
    """Give files that are open."""
    found = MediaFiles(folder / "media", **{"most": 1 << 20, "quota": 4 << 20, "patience": WITHIN} | more)
    await found.open()
    return found


async def keep(files, content):
    """Keep a file in pieces."""
    async with await files.begin() as incoming:
        for start in range(0, len(content), 1000):
            await incoming.write(content[start : start + 1000])
        return await incoming.keep()


def lying(folder):
    """Give the names of all files in a folder, and below."""
    return sorted(path.name for path in folder.rglob("*") if not path.is_dir())


async def test_a_file_lies_under_its_contents_name(tmp_path):
    """The same content twice is one file; its first bytes are told with it."""
    files = await opened(tmp_path)
    content = bytes(range(256)) * 40
    kept = await keep(files, content)
    again = await keep(files, content)
    other = await keep(files, b"x")
    found = await files.find(kept.sha256)

    assert kept == again == found
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert (kept.size, kept.head) == (len(content), content[: module.HEAD])
    assert files.path(kept.sha256).read_bytes() == content
    assert files.used == len(content) + 1
    assert await files.names() == {kept.sha256, other.sha256}
    assert await files.find("0" * 64) is None


async def test_only_this_user_may_look(tmp_path):
    """0700 and 0600, whatever the mask is, also of folders that were there before."""
    (tmp_path / "media").mkdir()
    (tmp_path / "media").chmod(0o755)
    mask = os.umask(0)
    try:
        files = await opened(tmp_path)
        kept = await keep(files, b"content")
    finally:
        os.umask(mask)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "media").rglob("*") if path.is_dir()}

    assert modes == {0o700}
    assert (tmp_path / "media").stat().st_mode & 0o777 == 0o700
    assert files.path(kept.sha256).stat().st_mode & 0o777 == 0o600


async def test_what_is_cut_off_is_not_there(tmp_path):
    """By whoever leaves the block, by an error and by a cancellation; nothing of it counts any more."""
    files = await opened(tmp_path)
    async with await files.begin() as incoming:
        await incoming.write(b"half")
    with pytest.raises(MediaTooLargeError):
        await keep(files, bytes((1 << 20) + 1))

    async def without_end():
        async with await files.begin() as incoming:
            while True:
                await incoming.write(b"x")
                begun.set()

    begun = asyncio.Event()
    task = asyncio.create_task(without_end())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    left = lying(tmp_path)
    whole = await keep(files, bytes(1 << 20))

    assert task.cancelled()
    assert left == []
    assert lying(tmp_path) == [whole.sha256]
    assert files.used == 1 << 20


async def test_all_that_is_kept_and_comes_counts_against_the_quota(tmp_path):
    """Two at once do not get the room of one twice; what is let go is room again."""
    files = await opened(tmp_path, quota=3000)
    first = await keep(files, b"a" * 1000)
    async with await files.begin() as one, await files.begin() as other:
        await one.write(b"b" * 1500)
        with pytest.raises(StoreFullError, match="media_quota_mib"):
            await other.write(b"c" * 600)
        await other.write(b"c" * 500)
        await one.keep()
    with pytest.raises(StoreFullError):
        await keep(files, b"d" * 1000)
    await files.remove(first.sha256)
    await files.remove(first.sha256)
    await keep(files, b"d" * 1000)

    assert files.used == 2500


async def test_a_restart_counts_and_sweeps(tmp_path):
    """What was cut off goes, what is whole stays, and what nobody put there is left alone."""
    files = await opened(tmp_path)
    kept = await keep(files, b"content")
    cut_off = await files.begin()
    await cut_off.write(b"half")
    (tmp_path / "media/kept/ab").mkdir()
    (tmp_path / "media/kept/ab/note.txt").write_text("mine")
    again = await opened(tmp_path)
    left = lying(tmp_path)
    await cut_off.close()

    assert left == sorted([kept.sha256, "note.txt"])
    assert again.used == len(b"content")


async def test_nothing_is_reached_through_a_link(tmp_path):
    """Neither a file nor a folder: what it leads to is not read, not listed, not changed."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    secret = elsewhere / ("a" * 64)
    secret.write_bytes(b"secret")
    files = await opened(tmp_path)
    (tmp_path / "media/kept/aa").symlink_to(elsewhere)
    (tmp_path / "media/kept/bb").mkdir()
    files.path("b" * 64).symlink_to(secret)
    names = await files.names()
    with pytest.raises(StoreError):
        await files.find("b" * 64)
    with pytest.raises(OSError, match="symbolic links"):
        open_kept(files.path("b" * 64))
    await files.remove("b" * 64)
    await files.wipe()
    other = tmp_path / "other"
    other.mkdir()
    (other / "media").symlink_to(elsewhere)
    await opened(other)

    assert names == {"b" * 64}
    assert secret.read_bytes() == b"secret"
    assert not (other / "media").is_symlink()


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n"]
)
async def test_what_is_no_name_is_nowhere(tmp_path, name):
    """No path comes of it."""
    files = await opened(tmp_path)
    with pytest.raises(ValueError, match="SHA-256"):
        files.path(name)


async def test_wiping_while_a_file_comes(tmp_path):
    """What was kept goes; what comes meanwhile finds its place all the same, and is counted right."""
    files = await opened(tmp_path)
    await keep(files, b"before")
    async with await files.begin() as incoming:
        await incoming.write(b"meanwhile")
        await files.wipe()
        meanwhile = await incoming.keep()
    after = await keep(files, b"after")

    assert sorted(lying(tmp_path)) == sorted([meanwhile.sha256, after.sha256])
    assert files.used == len(b"meanwhile") + len(b"after")


async def test_a_write_that_is_given_up_goes_nowhere_else(tmp_path, monkeypatch):
    """The thread may still be at it: its descriptor is not closed before, to become another file's."""
    files = await opened(tmp_path)
    inside, leave = threading.Event(), threading.Event()
    write = os.write

    def slow(fd, piece):
        inside.set()
        assert leave.wait(WITHIN)
        return write(fd, piece[:3])

    incoming = await files.begin()
    monkeypatch.setattr(module.os, "write", slow)
    writing = asyncio.create_task(incoming.write(b"123456789"))
    await asyncio.to_thread(inside.wait, WITHIN)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    closing = asyncio.create_task(incoming.close())
    monkeypatch.setattr(module.os, "write", write)
    other = asyncio.create_task(keep(files, b"another"))
    kept = await other
    closed_before = closing.done()
    leave.set()
    await closing

    assert not closed_before
    assert files.path(kept.sha256).read_bytes() == b"another"
    assert lying(tmp_path) == [kept.sha256]


async def test_who_is_cancelled_while_a_file_begins_leaves_none(tmp_path, monkeypatch):
    """Neither a descriptor nor a name, though the thread opened it."""
    files = await opened(tmp_path)
    inside, leave = threading.Event(), threading.Event()
    statvfs = os.statvfs

    def slow(path):
        inside.set()
        assert leave.wait(WITHIN)
        return statvfs(path)

    monkeypatch.setattr(module.os, "statvfs", slow)
    before = len(os.listdir("/proc/self/fd"))
    beginning = asyncio.create_task(files.begin())
    await asyncio.to_thread(inside.wait, WITHIN)
    beginning.cancel()
    leave.set()
    await asyncio.gather(beginning, return_exceptions=True)

    assert beginning.cancelled()
    assert lying(tmp_path) == []
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(("number", "raised"), [(28, StoreFullError), (122, StoreFullError), (5, StoreError)])
async def test_a_disk_in_trouble(tmp_path, monkeypatch, number, raised):
    """Full, over quota, broken: an error with a name, and nothing half is left."""
    files = await opened(tmp_path)

    def fails(fd, piece):
        raise OSError(number, "no")

    monkeypatch.setattr(module.os, "write", fails)
    with pytest.raises(raised):
        await keep(files, b"content")
    monkeypatch.undo()
    monkeypatch.setattr(module.os, "fsync", lambda fd: fails(fd, b""))
    with pytest.raises(raised):
        await keep(files, b"content")
    monkeypatch.undo()
    left = lying(tmp_path)
    await keep(files, b"content")

    assert left == []
    assert files.used == len(b"content")


async def test_a_disk_that_does_not_answer(tmp_path, monkeypatch):
    """Nobody waits for it longer than the deadline."""
    files = await opened(tmp_path, patience=0.05)
    leave = threading.Event()
    monkeypatch.setattr(module, "_look", lambda _: leave.wait(WITHIN))
    with pytest.raises(StoreError, match="does not answer"):
        await files.find("a" * 64)
    leave.set()


async def test_a_nearly_full_disk_takes_no_file(tmp_path, monkeypatch):
    """The session, which is worth more, has the rest."""
    files = await opened(tmp_path)
    monkeypatch.setattr(module, "_SPARE", 1 << 62)
    with pytest.raises(StoreFullError):
        await files.begin()
