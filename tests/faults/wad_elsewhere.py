"""The command ``wad``, live, but for the address of WhatsApp Web: that is in the environment, as WHATSAPP_WEB.

So a daemon can be measured without a sandbox in its own process, which keeps every message that it has seen.
"""

import os
import sys
from unittest.mock import patch

from wad import cli, daemon

with patch.object(daemon, "WHATSAPP_WEB", os.environ["WHATSAPP_WEB"]):
    sys.exit(cli.main())
