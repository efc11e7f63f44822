"""What the tests of webhooks share with those of messages: a house with a file, a link and a page."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "messages"))
