"""``python -m wad``: the daemon."""

import sys

from wad.cli import main

sys.exit(main())
