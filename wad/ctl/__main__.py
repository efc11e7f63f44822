"""``python -m wad.ctl``."""

import sys

from wad.ctl.main import main

sys.exit(main())
