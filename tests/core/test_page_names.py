"""The table of names in the page: it is whole, as the scripts are, and its judgement raises no false alarm."""

import re

import pytest

from wad.core.errors import PageError
from wad.core.page_names import COSTS, NAMES, NEEDS, Need, Use, judge
from wad.page import scripts

SCRIPTS = {
    name: scripts.source(name)
    for name in (
        "diagnose",
        "logout",
        "observe",
        "pair",
        "read",
        "rebuild",
        "refresh",
        "check_names",
        "shows_account",
        "mail_groups",
        "mail_listen",
        "mail_marks",
        "mail_media",
        "mail_people",
        "mail_scan",
        "mail_send",
        "mail_values",
        "mail",
    )
}
CODE = "\n".join(SCRIPTS.values())
# What the scripts call the three models once they have them.
MODELS = {
    "socket": "WAWebSocketModel.Socket",
    "conn": "WAWebConnModel.Conn",
    "stream": "WAWebStreamModel.Stream",
    "api": "WAWebAltDeviceLinkingApi",
    "network": "WAWebNetworkStatus",
}


def bare(name):
    """Give a name without the mark of a function."""
    return name.removesuffix("()")


def found(*gone, unknown=()):
    """Give the page's answer, in which some names are not there, and some cannot be told."""
    told = dict.fromkeys(NAMES, True) | dict.fromkeys(gone, False) | dict.fromkeys(unknown)
    return {"found": told, "linked": False, "version": "2.3000.1"}


def needs_of(use):
    """Give the rows of a use."""
    return {need for need in NEEDS if need.use is use}


def test_every_module_is_in_the_table():
    """No script uses a module that is not looked for, and none is looked for that no script uses."""
    used = set(re.findall(r"(?<!\.)\bWA(?:Web)?[A-Z]\w+", CODE))
    members = set(re.findall(r"\.(WA(?:Web)?[A-Z]\w+)", CODE))

    assert used == {name.partition(".")[0] for name in NAMES}
    assert set() == members - {part for name in NAMES for part in name.split(".")[1:]}


def test_every_member_is_in_the_table():
    """What the scripts take from a module, and from its models, is looked for by its name."""
    used = {f"{module}.{member}" for module, member in re.findall(r"[mM]oduleOf\('(\w+)'\)\??\.(\w+)", CODE)}
    used |= {
        f"{MODELS[model]}.{member}"
        for model, member in re.findall(r"\b(socket|conn|stream|api|network)\??\.(\w+)", CODE)
    }
    known = {bare(name) for name in NAMES}

    assert set() == {each for each in used if not any(f"{name}.".startswith(f"{each}.") for name in known)}


def test_every_event_is_in_the_table():
    """Of what is listened to the emitter is looked for, and of a changing attribute the attribute."""
    listened = re.findall(r"listen\('(\w+)', '(\w+)', \{(.*?)\}\)", SCRIPTS["observe"], re.DOTALL)
    wanted = {f"{module}.{member}.on()" for module, member, _ in listened}
    wanted |= {
        f"{module}.{member}.{attribute}"
        for module, member, events in listened
        for attribute in re.findall(r"change:(\w+)", events)
    }

    assert len(listened) > 5
    assert set() == wanted - {*NAMES}


def test_every_use_has_its_cost():
    """Each use has a row, and words for people that fit into a line."""
    assert {need.use for need in NEEDS} == {*Use} == {*COSTS}
    assert [] == [use for use, cost in COSTS.items() if not 10 < len(cost.sentence) < 90]


def test_names_have_their_form():
    """A module, with at least one member; no row is there twice."""
    assert [] == [name for name in NAMES if not re.fullmatch(r"\w+(\.\w+)+(\(\))?", name)]
    assert len(NEEDS) == len(set(NEEDS))


def test_all_there():
    """Where every name is there nothing is missing."""
    seen = judge(found())

    assert (frozenset(), frozenset(), "2.3000.1", False) == (
        seen.missing,
        seen.unseen,
        seen.version,
        seen.linked,
    )


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.any_of[0])
def test_each_need(need):
    """A need is missing when none of its names is there, and not while one of them is or may be."""
    first, *others = need.any_of
    linked = {"linked": bool(need.linked)}
    unknown = judge(found(*others, unknown=[first]) | linked)

    assert need in judge(found(*need.any_of) | linked).missing
    assert need not in judge(found(first) | linked).missing or not others
    assert need in unknown.unseen
    assert need not in unknown.missing


@pytest.mark.parametrize("linked", [True, None, "yes"])
def test_another_kind_of_page(linked):
    """What only a page without an account must have is not missing on one that is linked, or may be."""
    names = [name for need in needs_of(Use.PAIRING) for name in need.any_of]
    seen = judge(found(*names) | {"linked": linked})

    assert frozenset() == seen.missing
    assert needs_of(Use.PAIRING) == seen.unseen


@pytest.mark.parametrize("told", [None, [], {}, {"found": None}, {"found": ["x"]}, "found"])
def test_an_answer_of_another_form(told):
    """What is no answer is no miss either."""
    with pytest.raises(PageError):
        judge(told)


@pytest.mark.parametrize("version", [None, 7, "", "a b", "x" * 41, "2.3000\n", {"a": 1}])
def test_a_version_that_looks_like_none(version):
    """What is not like a version is not told."""
    assert judge(found() | {"version": version}).version is None


def test_nonsense_about_a_name():
    """An answer that is neither yes nor no tells nothing."""
    odd = dict.fromkeys(NAMES, "false")
    seen = judge({"found": odd})

    assert frozenset() == seen.missing
    assert frozenset[Need](NEEDS) == seen.unseen
