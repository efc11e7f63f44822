"""What a live daemon loads: each module costs start-up time and memory for as long as it runs."""

import subprocess
import sys

PRINT = "import sys, wad.main; print(*sys.modules)"


def test_what_others_need_is_not_loaded():
    """Neither the sandbox, nor what belongs to wadctl alone."""
    printed = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True).stdout
    rooms = {name.split(".")[1] for name in printed.split() if name.startswith("wad.")}

    assert "daemon" in rooms
    assert set() == rooms & {"sandbox", "ctl", "doctor"}
