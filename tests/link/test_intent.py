"""Whether the link is wanted, over restarts."""

import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from wad.link.intent import Intent


def test_at_first_it_is_wanted(tmp_path):
    """A daemon that was never told anything links."""
    assert Intent(tmp_path / "stopped").wanted()


def test_the_last_word_counts(tmp_path):
    """A later daemon knows the operator's last word, however often it was said."""
    path = tmp_path / "stopped"
    seen = []
    for word in (False, False, True, True, False):
        Intent(path).remember(wanted=word)
        seen.append(Intent(path).wanted())

    assert [False, False, True, True, False] == seen


def test_the_file_is_ours(tmp_path):
    """Nobody else reads it or writes it."""
    path = tmp_path / "stopped"
    Intent(path).remember(wanted=False)

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("word", [True, False])
def test_what_cannot_be_written(tmp_path, word):
    """A word that cannot be kept is raised, and errs towards linking."""
    (tmp_path / "file").touch()
    intent = Intent(tmp_path / "file" / "stopped")
    with pytest.raises(NotADirectoryError):
        intent.remember(wanted=word)
    with capture_logs():
        wanted = intent.wanted()

    assert wanted


def test_whatever_lies_there_is_a_stop(tmp_path):
    """A folder in the file's place, or a link to nowhere, says stop, and a start takes it away."""
    path = tmp_path / "stopped"
    seen = []
    for make in (Path.mkdir, lambda path: path.symlink_to("/nowhere")):
        make(path)
        seen.append(Intent(path).wanted())
        Intent(path).remember(wanted=True)
        seen.append(Intent(path).wanted())

    assert [False, True, False, True] == seen


def test_what_cannot_be_read(tmp_path):
    """A path that cannot even be looked at errs towards linking, too."""
    with capture_logs() as logs:
        wanted = Intent(tmp_path / ("x" * 300)).wanted()

    assert wanted
    assert ["intent_not_read"] == [entry["event"] for entry in logs]
