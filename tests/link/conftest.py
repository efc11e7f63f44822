"""What the tests of the link share with those of the core and the page: samples, drivers and their harness."""

import sys
from pathlib import Path

for folder in ("browser", "core", "page"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))
