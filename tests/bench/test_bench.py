"""The bench itself, with a single round: it must not rot between the times somebody looks at its numbers."""

import re
import subprocess
import sys
from pathlib import Path


def test_every_contestant_is_measured():
    """One round gives a time and a weight for each contestant, as ratios to wad."""
    script = Path(__file__).with_name("compare.py")
    printed = subprocess.run(
        [sys.executable, script, "--rounds", "1"], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    rows = re.findall(r"^(.+?) +[\d.]+ s +[\d.]+ +\d+ MiB +[\d.]+$", printed, re.MULTILINE)

    assert ["wad, chromium", "wad, chromium-headless-shell", "whatsapp-web.js 1.34.7, chromium"] == rows
