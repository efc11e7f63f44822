"""Text in a terminal's columns: what there is no room for, and what stays."""

import pytest

from wad.ctl.top.columns import fit, gather, sparkline, unfold


@pytest.mark.parametrize(
    ("written", "columns", "shown"),
    [
        ("plain", 5, "plain"),
        ("plain", 4, "pla…"),
        ("plain", 1, "…"),
        ("plain", 0, ""),
        ("", 0, ""),
        ("张伟", 4, "张伟"),
        ("张伟", 3, "张…"),
        ("张伟", 2, "…"),
        ("e\u0301e\u0301", 2, "e\u0301e\u0301"),
        ("\x1b[2Ja\u202eb", 9, "?[2Ja?b"),
    ],
)
def test_fit(written, columns, shown):
    """A text is cut to columns, not to letters, and cannot command the terminal."""
    assert shown == fit(written, columns)


@pytest.mark.parametrize(
    ("written", "columns", "lines"),
    [
        ("  what to do: wait", 18, ["  what to do: wait"]),
        ("  what to do: wait", 17, ["  what to do:", "    wait"]),
        ("idle (stopped): one: two", 5, ["idle (stopped):", "  one: two"]),
        ("  since 12:00:00", 5, ["  since 12:00:00"]),
        ("张伟: a", 7, ["张伟: a"]),
        ("张伟: a", 6, ["张伟:", "  a"]),
    ],
)
def test_unfold(written, columns, lines):
    """What is too wide goes on below its colon, if it has one."""
    assert lines == unfold(written, columns)


@pytest.mark.parametrize(
    ("columns", "gathered"),
    [
        (30, "wad      0.1, up 2 s, 1 viewer"),
        (29, "wad      0.1, up 2 s"),
        (20, "wad      0.1, up 2 s"),
        (19, "wad      0.1"),
        (0, "wad      0.1"),
    ],
)
def test_gather(columns, gathered):
    """A fact is there whole or not at all, and the first ones stay longest."""
    assert gathered == gather("wad", ["0.1", "up 2 s", "1 viewer"], columns)


@pytest.mark.parametrize(
    ("values", "columns", "least", "drawn"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], 9, 0, "▁▂▃▄▅▆▇██"),
        ([1, 2, 8], 2, 0, "▃█"),
        ([None, 8.0], 9, 0, " █"),
        ([None], 9, 0, " "),
        ([1, 2], 9, 80, "▁▁"),
        ([0, 0], 9, 1, "▁▁"),
        ([5, 5], 0, 1, ""),
        ([5, 5], -3, 1, ""),
        ([], 9, 1, ""),
    ],
)
def test_sparkline(values, columns, least, drawn):
    """The last values are drawn from nothing to the greatest, or to what is more than nothing."""
    assert drawn == sparkline(values, columns, least)
