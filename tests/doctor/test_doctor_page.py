"""The page's names as the doctor tells of them: what is missing, what it costs, and why nothing can be told."""

import json

import pytest
from doctor_harness import STATUS, lines, make_case, on_unix, the

from wad.core.page_names import COSTS, NEEDS, Use
from wad.doctor.case import Told, WouldStartError
from wad.doctor.page import check_page

LOOK = {
    "success": True,
    "lookedAt": "2026-11-23T05:10:00.123Z",
    "settled": True,
    "build": "2.3000.1",
    "linked": False,
    "needed": 40,
    "unseen": 4,
    "missing": [],
}


def checked(folder, answer):
    """Check a page of which wad answers like this."""
    case = make_case(folder, told=Told(STATUS, "0.1.0"))
    with on_unix(case.socket, lambda _: json.dumps(answer).encode() + b"\n"):
        return list(check_page(case))


def missing(*uses):
    """Give a look at a page that lacks the first name of each use."""
    needs = [next(need for need in NEEDS if need.use is use) for use in uses]
    return LOOK | {"missing": [{"use": need.use, "anyOf": list(need.any_of)} for need in needs]}


def test_whole(folder):
    """A page with all names is told with its build, and how many of them could be looked for."""
    assert ["ok: it has what wad relies upon (build 2.3000.1): 36 of 40 names could be looked for"] == lines(
        checked(folder, LOOK)
    )


@pytest.mark.parametrize("use", Use)
def test_missing(folder, use):
    """Each use that is not met is told with its cost; it is a failure where nothing makes up for it."""
    found = the(checked(folder, missing(use)))

    assert ("fail" if COSTS[use].vital else "warn") == found.verdict
    assert found.said.startswith(f"{COSTS[use].sentence} (build 2.3000.1): WA")
    assert "Update wad" in found.action


def test_several(folder):
    """Names of one use share a line; without a version none is made up."""
    look = missing(Use.PAIRING, Use.VERSION) | {"build": None}
    look["missing"].append({"use": "pairing", "anyOf": ["A.b()", "C.d"]})

    assert [
        "fail: codes to type will not work: WAWebAltDeviceLinkingApi.setPairingType(), A.b() or C.d are missing",
        "warn: the page's version is not told: WAWebBuildConstants.VERSION_STR is missing",
    ] == lines(checked(folder, look))


def test_only_just_loaded(folder):
    """On a page that has just loaded a miss is no failure yet: its modules may still come."""
    found = the(checked(folder, missing(Use.PAIRING) | {"settled": False}))

    assert "warn" == found.verdict
    assert "look again" in found.action


REFUSALS = {
    "no_page": "skipped: the browser does not run: there is no page",
    "page_silent": "fail: the page does not answer",
    "page_unreadable": "warn: the page cannot be looked at now",
    "unknown_command": "skipped: this wad is too old to tell",
    "not_accepted": "skipped: wad does not tell",
}


@pytest.mark.parametrize("code", REFUSALS)
def test_refused(folder, code):
    """Where there was no look the line says why."""
    assert [REFUSALS[code]] == lines(checked(folder, {"success": False, "code": code}))


@pytest.mark.parametrize("answer", [STATUS, {}, {"success": True}])
def test_no_look(folder, answer):
    """An answer that is none tells nothing."""
    assert ["skipped: wad does not tell"] == lines(checked(folder, answer))


@pytest.mark.parametrize("error", [WouldStartError(), FileNotFoundError()])
def test_not_asked(folder, error):
    """Where wad does not run it is not asked: that would start it."""
    assert ["skipped: wad does not tell"] == lines(check_page(make_case(folder, told=Told(error=error))))
