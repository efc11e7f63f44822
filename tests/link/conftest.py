"""What the tests of the link share with those of the page: the fake driver, and the harness of both drivers."""

import sys
from pathlib import Path

for folder in ("browser", "page"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))
