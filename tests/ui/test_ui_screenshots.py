"""The pictures in the documentation are the ones the script takes, and small."""

from ui_node import ROOT
from ui_screenshots import PICTURES, VIEWS, take_all, take_views

# What a reader on a slow line waits for.
_BYTES = 45_000


async def test_the_pictures_can_be_taken_anew(io_loop, tmp_path):
    """Each is taken, is a picture, and is small; the ones that are kept are these, under the same names."""
    await take_all(tmp_path)
    taken = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert {f"page-{picture.name}.webp" for picture in PICTURES} == set(taken)
    assert [] == [name for name, each in taken.items() if each[8:12] != b"WEBP" or len(each) > _BYTES]
    assert set(taken) == {path.name for path in (ROOT / "docs" / "images").glob("page-*")}


async def test_the_chats_can_be_looked_at(io_loop, tmp_path):
    """A picture of each part of the panel is taken, on a wide screen and on a narrow one."""
    names = ["chats-list-en-light-1280", "chats-open-ru-dark-360", "chats-hidden-en-dark-1280"]
    await take_views(tmp_path, names)
    taken = {path.stem: path.read_bytes() for path in tmp_path.iterdir()}

    assert set(names) == set(taken) <= set(VIEWS)
    assert [] == [name for name, each in taken.items() if each[8:12] != b"WEBP"]
