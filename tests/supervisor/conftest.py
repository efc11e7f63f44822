"""What the tests of the supervisor share with those of the drivers: the fake one, and the worlds."""

import sys
from pathlib import Path

for folder in ("browser", "driver"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))
