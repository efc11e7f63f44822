"""Names of files as strangers give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wad.media.names import LONGEST, clean_name, disposition, named_in


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a.pdf", "a.pdf"),
        ("Отчёт за год.pdf", "Отчёт за год.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\evil.exe", "evil.exe"),
        ("/etc/passwd", "passwd"),
        ("..", None),
        (".bashrc", "bashrc"),
        ("", None),
        ("   ", None),
        (None, None),
        (b"bytes", None),
        (7, None),
        ("a\x00b.txt", "ab.txt"),
        ("a\r\nX-Header: 1.txt", "aX-Header: 1.txt"),
        ("\x1b[2Jevil.txt", "[2Jevil.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("zero\u200bwidth.txt", "zerowidth.txt"),
        ("half \ud800 a letter", "half ? a letter"),
        ("dir/", None),
    ],
)
def test_hostile_names(name, kept):
    """No path, nothing that a terminal runs, nothing hidden."""
    assert clean_name(name) == kept


def test_long_names_keep_their_end():
    """By it people, and programs, see what it is."""
    assert clean_name("x" * 500 + ".tar") == "x" * (LONGEST - 4) + ".tar"
    assert clean_name("x" * 500) == "x" * LONGEST
    assert len(clean_name("x." + "y" * 500)) == LONGEST


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text(text):
    """Whatever it is, what is left is short, printable, no path, and stays as it is."""
    kept = clean_name(text)

    assert kept is None or (
        kept.isprintable()
        and 0 < len(kept) <= LONGEST
        and not set(kept) & set("/\\")
        and not kept.startswith(".")
        and clean_name(kept) == kept
    )


@given(st.text())
def test_a_header_holds_any_name(text):
    """One line of ASCII, and whoever reads it as RFC 6266 says has the name again."""
    name = clean_name(text)
    header = disposition(name, inline=False)

    assert header.isascii()
    assert header.isprintable()
    assert named_in(header) == name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("", None),
        ("attachment", None),
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename*=UTF-8''%D0%B6.pdf", "ж.pdf"),
        ('inline; filename="../../x"', "x"),
        ("attachment; filename*=nonsense", "nonsense"),
        ('attachment; filename="a\r\nb"', "a  b"),
    ],
)
def test_names_in_headers(header, name):
    """As servers write them, and as nobody should."""
    assert named_in(header) == name


def test_a_plain_header_for_old_clients():
    """What is no ASCII is a line there."""
    assert disposition("ж.pdf", inline=True) == "inline; filename=\"_.pdf\"; filename*=UTF-8''%D0%B6.pdf"
    assert disposition(None, inline=False) == "attachment"
