"""A profile whose files hold random bytes: a disk that lies, a machine that lost its power.

What is asked for is a state that lasts by itself, a code or the link, without anybody's help: never a browser that is
started again and again. `pytest -s` shows which it was.
"""

import random

import pytest
from daemon_harness import HASTY, Daemon

# By what they are to Chromium; each is below the profile, and there in a profile that was closed properly.
DATABASES = {
    "IndexedDB": "Default/IndexedDB/*/*.l*",
    "the manifest of IndexedDB": "Default/IndexedDB/*/MANIFEST-*",
    "local storage": "Default/Local Storage/leveldb/*.l*",
    "cookies": "Default/Cookies",
    "preferences": "Default/Preferences",
    "local state": "Local State",
    "all of them": "**/*",
}
# A start, and at the most as many more as one damaged file can cost.
STARTS = 3


def spoil(profile, pattern):
    """Write random bytes over each file, which keeps its length; gives how many there were."""
    noise = random.Random(1)
    files = [path for path in profile.glob(pattern) if path.is_file() and not path.is_symlink()]
    for path in files:
        path.write_bytes(noise.randbytes(path.stat().st_size))
    return len(files)


@pytest.mark.parametrize("what", DATABASES)
async def test_a_damaged_profile_comes_to_a_state(linked_state, what):
    """There is a code again, or the link, after few browsers."""
    daemon = Daemon(linked_state, env=HASTY)
    spoiled = spoil(daemon.folder / "profile", DATABASES[what])
    async with daemon:
        status = await daemon.settled()
        starts = daemon.events().count("browser_started")
        print(f"\n{what}: {spoiled} files, {status['currentState']} after {starts} browsers")

    assert spoiled
    assert starts <= STARTS
