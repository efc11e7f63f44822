"""The page's words: the same in both languages, and one for whatever the daemon can say."""

import re

import pytest
from ui_node import exported

from wad.core.failures import FAILURES, Failure
from wad.core.reasons import REASONS, Reason, State
from wad.core.sending import Progress
from wad.core.status import Phase

LANGUAGES = ("en", "ru")
SLUGS = [
    ("reasons", Reason),
    ("phases", Phase),
    ("states", State),
    ("failures", Failure),
    ("messageStates", Progress),
]
CYRILLIC = re.compile("[\u0400-\u04ff]")
# As a tree of names; of a function only that it is one, and how much it takes.
SHAPE = """(function shape(each) {
  if (typeof each === 'function') return `function of ${each.length}`;
  if (typeof each === 'object') return Object.fromEntries(Object.entries(each).map(([key, value]) => [key, shape(value)]));
  return typeof each;
})({ ...m })"""


def table(language, name):
    return exported(f"texts/{language}.js", f"m.{name}")


def leaves(value):
    """Give every text of a table."""
    return [text for each in value.values() for text in leaves(each)] if isinstance(value, dict) else [value]


def test_both_languages_have_the_same_texts():
    """What one language has the other has, down to the arguments of those that take some."""
    english, russian = (exported(f"texts/{language}.js", SHAPE) for language in LANGUAGES)

    assert english == russian
    assert len(leaves(english)) > 100


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "slugs"), SLUGS)
def test_every_slug_has_its_words(language, name, slugs):
    """There are words for each reason, failure, phase and state of the daemon's, and for no other."""
    assert {slug.value for slug in slugs} == set(table(language, name))


@pytest.mark.parametrize(
    "name", ["reasons", "phases", "states", "retries", "errors", "texts", "failures", "messageStates"]
)
def test_texts_are_in_their_language(name):
    """English has no Cyrillic letter; Russian has one in each text that is more than a name or a symbol."""
    english = leaves(table("en", name))
    russian = {key: value for key, value in table("ru", name).items() if value is not None}

    assert [] == [text for text in english if CYRILLIC.search(text)]
    assert [] == [
        text for text in leaves(russian) if re.search(r"[a-z] [a-z]", text) and not CYRILLIC.search(text)
    ]


@pytest.mark.parametrize("reason", Reason)
def test_english_reasons_are_the_daemons_own(reason):
    """What people read in the log, in the status and on the page is one sentence."""
    row = REASONS[reason]

    assert {"sentence": row.sentence, "action": row.action} == table("en", "reasons")[reason]


@pytest.mark.parametrize("failure", Failure)
def test_english_failures_are_the_daemons_own(failure):
    """Why a message failed is one sentence in the answers of wad and on the page."""
    row = FAILURES[failure]

    assert {"sentence": row.sentence, "action": row.action} == table("en", "failures")[failure]


@pytest.mark.parametrize("reason", Reason)
def test_how_wad_tries_again_is_told_as_it_is(reason):
    """The page's word about the next try is the table's."""
    row = REASONS[reason]

    assert row.retry.name.lower() == exported(
        "reasons.js", f"m.retryOf('{reason}', '{row.state}', 'stopped')"
    )
