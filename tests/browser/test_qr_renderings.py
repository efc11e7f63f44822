"""Every form of the code as people see it, drawn by a real browser and read by a scanner: SVG, PNG, a terminal."""

import html
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from qr_scanner import realistic, scanned

from wad.reports import qr

TEXTS = [realistic(seed) for seed in range(4)]
ROOT = Path(__file__).parents[2]
ALL = pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
BROWSER = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), None)
# Foreground and ground: what a terminal's own colours are.
DARK, LIGHT = ("#e0e0e0", "#101010"), ("#202020", "#fdfdf5")
# The colours wadctl asks a terminal for.
PAINTED = re.compile("\x1b\\[97;40m(.*?)\x1b\\[0m")


def pictured(page: bytes, suffix: str, size: int) -> bytes:
    """Let the browser show a file, and give the screenshot."""
    assert BROWSER, "this test needs Chromium: run script/bootstrap --test"
    with tempfile.TemporaryDirectory() as folder:
        file, shot = Path(folder, f"page.{suffix}"), Path(folder, "shot.png")
        file.write_bytes(page)
        flags = ["--headless", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        size_and_place = [f"--window-size={size},{size}", f"--screenshot={shot}", file.as_uri()]
        subprocess.run([BROWSER, *flags, *size_and_place], capture_output=True, check=True, timeout=60)
        return shot.read_bytes()


def terminal_page(drawing: str, colours: tuple[str, str]) -> bytes:
    """Give a page that shows lines as a terminal of these colours does, cells twice as high as wide."""
    ink, ground = colours
    lines = html.escape(drawing)
    lines = PAINTED.sub(r'<b style="color:#fff;background:#000">\1</b>', lines)
    style = f"margin:0;padding:8px;background:{ground};color:{ink};"
    cells = "font:16px 'DejaVu Sans Mono',monospace;line-height:19px;letter-spacing:-0.13px"
    return f'<meta charset=utf-8><body style="{style}"><pre style="{cells}">{lines}</pre>'.encode()


@ALL
def test_svg(text):
    """The SVG, as large as it says it is."""
    assert text == scanned(pictured(qr.svg(text), "svg", 400))


@ALL
@pytest.mark.parametrize("ground", ["#fff", "#000", "#0b1216"])
def test_png_on_a_page(text, ground):
    """The PNG on grounds of other colours: it brings its own quiet zone."""
    page = f'<body style="margin:40px;background:{ground}"><img src="{qr.data_url(qr.png(text))}">'

    assert text == scanned(pictured(page.encode(), "html", 500))


@ALL
def test_txt_on_a_dark_terminal(text):
    """The bare lines, as the control socket gives them, on a dark terminal: what is light there is light in the code."""
    assert text == scanned(pictured(terminal_page(qr.terminal(text), DARK), "html", 900))


@ALL
def test_txt_on_a_light_terminal(text):
    """What qr.txt holds, on a light terminal: it asks for its own colours."""
    page = terminal_page(qr.painted(qr.terminal(text)), LIGHT)

    assert text == scanned(pictured(page, "html", 900))


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}], ids=["", "NO_COLOR"])
@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=["dark", "light"])
def test_wadctl_on_any_terminal(colours, variables):
    """What `wadctl qr` writes to a terminal is read on a dark one and on a light one, also by who likes no colours."""
    text = TEXTS[0]
    written = drawn_by_wadctl(qr.terminal(text), variables)

    assert text == scanned(pictured(terminal_page(written, colours), "html", 900))


def drawn_by_wadctl(drawing: str, variables: dict[str, str]) -> str:
    """Give what wadctl's screen writes for a code where it has a terminal."""
    program = (
        "import os, sys; from wad.ctl.screen import Screen; Screen(os.environ).code(sys.argv[1], alone=False)"
    )
    ours, theirs = pty.openpty()
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
    } | variables
    with subprocess.Popen([sys.executable, "-c", program, drawing], stdout=theirs, env=env) as process:
        os.close(theirs)
        written = b"".join(pieces(ours))
        os.close(ours)
    assert 0 == process.returncode
    return written.decode().replace("\r\n", "\n")


def pieces(terminal: int) -> Iterator[bytes]:
    """Read until the last writer has gone."""
    with suppress(OSError):
        while piece := os.read(terminal, 65536):
            yield piece
