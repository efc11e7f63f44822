"""The Debian package: what is in it, and its life on a booted machine."""

import shutil
import subprocess

import pytest
from boot_harness import BUILDER, facts


@pytest.fixture(scope="module")
def life(package):
    """Give what was found out in one boot."""
    return facts("package.sh", package)


PROMISES = {
    "an upgrade restarts all accounts and keeps their links": {
        "upgrade_exit": "0",
        "upgraded": "first second",
        "codes_after_upgrade": "0 0",
    },
    "removed, it leaves nothing running and keeps the session": {
        "remove_exit": "0",
        "removed_processes": "0",
        "removed_sockets": "0",
        "removed_session": "kept",
    },
    "installed again, it needs no scan": {"codes_after_reinstall": "0"},
    "purged, it leaves no account's session, token, settings or place among what starts": {
        "purge_exit": "0",
        "purged_processes": "0",
        "purged_rest": "",
        "purged_settings": "/etc/wad/notes",
        "purged_folders": "/var/lib/wad-foreign /var/lib/wad-second.tar",
        "purged_units": "0",
    },
    "purged, it leaves alone what is not its own": {"foreign": "foreign foreign foreign"},
}


@pytest.mark.parametrize("promise", PROMISES)
def test_package_keeps_its_promises(life, promise):
    """Whatever is promised of the package holds on a booted machine."""
    expected = PROMISES[promise]

    assert expected == {name: life.get(name) for name in expected}


def test_lintian_has_nothing_to_say(package):
    """Debian's own judge finds neither errors nor warnings."""
    if shutil.which("lintian") is None:
        pytest.skip("lintian is missing: apt install lintian")
    command = ["lintian", "--allow-root", "--fail-on", "error,warning", str(package)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (0, "") == (ran.returncode, ran.stdout)


def test_package_needs_no_compiler(package):
    """It is for every architecture, and small: 1.4 MiB with files of messages, 0.5 MB of it the page for trying the API out."""
    shown = subprocess.run(
        ["dpkg-deb", "-f", str(package), "Architecture"], capture_output=True, text=True, check=True
    )

    assert "all" == shown.stdout.strip()
    assert package.stat().st_size < 1.6 * 1024 * 1024


def test_package_names_its_builder(package):
    """Its maintainer is whoever built it: an address that nobody reads would be worse than none."""
    shown = subprocess.run(
        ["dpkg-deb", "-f", str(package), "Maintainer"], capture_output=True, text=True, check=True
    )

    assert f"{BUILDER['DEBFULLNAME']} <{BUILDER['DEBEMAIL']}>" == shown.stdout.strip()
