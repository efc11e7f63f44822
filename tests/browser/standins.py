"""What the tests of the browser's process share: programs that stand in for one, and views of the kernel's."""

import asyncio
import gc
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wad.browser.procfs import members
from wad.browser.profile import Profile

REAL = [name for name in ("chromium", "chromium-headless-shell") if shutil.which(name)]

PRELUDE = """\
#!{python} -I
import json, os, signal, sys, time
if "--version" in sys.argv:
    print("Chromium 99.0.1.2 of nobody")
    sys.exit()
data = [a.partition("=")[2] for a in sys.argv if a.startswith("--user-data-dir=")][0]
"""

# The same for a program that does not even tell its version.
SILENT_PRELUDE = """\
#!{python} -I
import os, signal, time
"""

# Ignores SIGTERM, has a helper that does so too, and says nothing.
SILENT = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.fork()
while True:
    time.sleep(1000)
"""

# Writes down what it inherited, then answers as little as a start needs, and ends as it is asked.
OBEDIENT = """
fds = {}
for name in os.listdir("/proc/self/fd"):
    try:
        fds[name] = os.readlink("/proc/self/fd/" + name)
    except OSError:
        pass
with open(data + "/inherited.json", "w") as file:
    json.dump({"fds": fds, "env": dict(os.environ), "argv": sys.argv}, file)
reads, writes = open(3, "rb", 0), open(4, "wb", 0)
buffer = b""
while chunk := reads.read(65536):
    *messages, buffer = (buffer + chunk).split(b"\\0")
    for message in map(json.loads, messages):
        version = {"product": "HeadlessChrome/99.0.1.2", "userAgent": "Mozilla HeadlessChrome/99.0.1.2"}
        result = version if message["method"] == "Browser.getVersion" else {}
        writes.write(json.dumps({"id": message["id"], "result": result}).encode() + b"\\0")
        if message["method"] == "Browser.close":
            sys.exit()
"""

FAILING = """
print("a first line", file=sys.stderr)
print("GET https://example.org/x?secret=1 failed", file=sys.stderr)
sys.exit({code})
"""


def standin(folder: Path, body: str, prelude: str = PRELUDE) -> str:
    """Write an executable program and return its path."""
    path = folder / "browser"
    path.write_text(prelude.format(python=sys.executable) + body)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def open_fds() -> set[str]:
    """Return this process' fds, that of the listing itself excluded."""
    return {path.name for path in Path("/proc/self/fd").iterdir() if path.is_symlink()}


def processes_of(profile: Profile) -> list[int]:
    """Return the living processes of any group that were started for this profile, by their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            environ = (entry / "environ").read_bytes().split(b"\0")
        except (OSError, ValueError):
            continue
        if f"HOME={profile.home}".encode() in environ:
            found.append(int(entry.name))
    return found


async def all_gone(profile: Profile) -> list[int]:
    """Return what is left of the browser when nothing more goes: the crash handlers end by themselves."""
    async with asyncio.timeout(10):
        while left := processes_of(profile):  # noqa: ASYNC110 # nothing tells of others' children
            await asyncio.sleep(0.02)
    return left


def listening_sockets(group: int) -> set[str]:
    """Return the inodes of the TCP sockets on which any process of the group listens."""
    listening = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A":
                listening.add(fields[9])
    return listening & {inode for pid in members(group) for inode in _socket_inodes(pid)}


def _socket_inodes(pid: int) -> Iterator[str]:
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(fd.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            yield target[len("socket:[") : -1]


@contextmanager
def loop_complaints() -> Iterator[list[dict[str, Any]]]:
    """Collect what the loop complains of, such as an error that nobody looked at."""
    complaints: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    try:
        yield complaints
        gc.collect()
    finally:
        loop.set_exception_handler(None)
