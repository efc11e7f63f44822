"""Node, for what only the page's own scripts know."""

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
UI = ROOT / "wad" / "web" / "ui"
# Without it the tests fail with this name, which says what is missing.
NODE = shutil.which("node") or shutil.which("nodejs") or "node"


@cache
def exported(module: str, expression: str) -> Any:
    """Give the value of an expression over `m`, the page's module of that name, as JSON can hold it."""
    script = f"import * as m from {json.dumps((UI / 'js' / module).as_uri())};"
    script += f"process.stdout.write(JSON.stringify({expression}));"
    ran = subprocess.run(
        [NODE, "--input-type=module", "--eval", script], capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)
