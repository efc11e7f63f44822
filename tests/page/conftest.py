"""What the tests of the drivers share with those of the browser's process."""

import sys
from pathlib import Path

for folder in ("browser", "messages"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))
