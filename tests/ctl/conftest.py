"""What the tests of wadctl share with those of the control socket: a whole one to talk to."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "control"))

from control_fixtures import folder, harness, open_harness  # found once the path is set

__all__ = ["folder", "harness", "open_harness"]
