"""The files of messages, each thing wrong with them for real where a test can."""

import os

import pytest
from doctor_harness import make_case, the

from wad.doctor.media import check_media


@pytest.fixture
def with_ffmpeg(monkeypatch):
    """Have ffmpeg be found, wherever the tests run."""
    monkeypatch.setattr("wad.doctor.media.shutil.which", lambda _: "/usr/bin/ffmpeg")


def with_files(folder, toml="", size=0):
    """Give a case with one file of that many bytes."""
    case = make_case(folder, toml)
    media = case.folder / "media/kept/ab"
    media.mkdir(parents=True)
    (case.folder / "media").chmod(0o700)
    (media / ("ab" * 32)).write_bytes(bytes(size))
    return case


@pytest.mark.usefixtures("with_ffmpeg")
def test_well(folder):
    """It is told what they take, and what they may."""
    case = with_files(folder, size=3 << 20)
    found = the(check_media(case))

    assert ("ok", f"{case.folder}/media, 3 of 2048 MiB") == (found.verdict, found.said)


@pytest.mark.usefixtures("with_ffmpeg")
def test_before_the_first_start(folder):
    """There is nothing to look at, and nothing wrong."""
    found = the(check_media(make_case(folder, "")))

    assert "ok" == found.verdict
    assert "not there yet" in found.said


def test_without_ffmpeg(folder, monkeypatch):
    """It is told, and nothing is amiss."""
    monkeypatch.setattr("wad.doctor.media.shutil.which", lambda _: None)
    found = list(check_media(with_files(folder)))

    assert ["ok", "ok"] == [each.verdict for each in found]
    assert "ffmpeg is not installed" in found[1].said


@pytest.mark.usefixtures("with_ffmpeg")
def test_nearly_full(folder):
    """Who would send a file is to know before."""
    case = with_files(folder, "[messages]\nmedia_quota_mib = 3\nmedia_mib = 1\n", size=3 << 20)
    found = the(check_media(case))

    assert "warn" == found.verdict
    assert "3 MiB of the 3 they may have" in found.said
    assert "media_quota_mib" in found.action


@pytest.mark.usefixtures("with_ffmpeg")
def test_a_disk_that_is_smaller(folder, monkeypatch):
    """The quota promises what the disk has not."""
    case = with_files(folder)
    real = os.statvfs(folder)
    small = os.statvfs_result((*real[:3], 10, 10, *real[5:]))
    monkeypatch.setattr("wad.doctor.media.os.statvfs", lambda _: small)
    found = the(check_media(case))

    assert "warn" == found.verdict
    assert "may grow to 2048 MiB" in found.said


@pytest.mark.usefixtures("with_ffmpeg")
@pytest.mark.parametrize("wrong", ["mode", "link"])
def test_what_is_not_wads_alone(folder, wrong):
    """Others may look into it, or it leads elsewhere."""
    case = with_files(folder)
    if wrong == "mode":
        (case.folder / "media").chmod(0o755)
    else:
        (case.folder / "media").rename(folder / "elsewhere")
        (case.folder / "media").symlink_to(folder / "elsewhere")
    found = the(check_media(case))

    assert {"mode": "warn", "link": "fail"}[wrong] == found.verdict
    assert found.action
