"""What the tests of the system share: a real nginx before real daemons, one before nobody, and the package."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from boot_harness import BUILDER, missing_packages, required
from nginx_front import LISTED, LONG, TOKEN, Harness, running, short_folder, wad
from nginx_harness import ROOT


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the booted machines out where nobody can boot one: that takes root."""
    if os.geteuid() == 0:
        return
    left_out = [item for item in items if item.path.name.startswith("test_boot_")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def up() -> Iterator[Harness]:
    """Give nginx before a daemon, and before a second account whose daemon wants a token."""
    with ExitStack() as stack:
        folder = stack.enter_context(short_folder())
        secret = folder / "token"
        secret.write_text(TOKEN)
        secret.chmod(0o600)
        listed = ",".join((*LISTED, LONG))
        main = {"WAD_HTTP_ALLOWED_ORIGINS": listed, "WAD_WAHA_ENABLED": "true"}
        path = stack.enter_context(wad(folder / "run-main", **main))
        settings = {"WAD_HTTP_ALLOWED_ORIGINS": listed, "WAD_HTTP_TOKEN_FILE": str(secret)}
        stack.enter_context(wad(folder / "run-second", **settings))
        # An account whose daemon is down: systemd leaves the folder.
        (folder / "run-down").mkdir()
        yield Harness(stack.enter_context(running(folder, f"unix:{path}")), path)


@pytest.fixture(scope="session")
def down() -> Iterator[Harness]:
    """Give nginx before nobody."""
    with short_folder() as folder:
        path = folder / "nobody.sock"
        with running(folder, f"unix:{path}") as nginx:
            yield Harness(nginx, path)


@pytest.fixture
def free_folder() -> Iterator[Path]:
    """Give a folder with a short path, for one test."""
    with short_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package, once."""
    required()
    missing = missing_packages()
    assert missing == [], f"type: apt install {' '.join(missing)}"
    folder = tmp_path_factory.mktemp("deb")
    command = [str(ROOT / "script" / "deb"), "--output", str(folder)]
    env = {**os.environ, **BUILDER}
    built = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return Path(built.stdout.strip())
