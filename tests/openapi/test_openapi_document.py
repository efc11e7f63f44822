"""The description against the code it is made from: the same routes, the same words, and examples that hold."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_judge import Description, described
from openapi_spec_validator import OpenAPIV31SpecValidator
from web_harness import Harness, cells

from wad.core.errors import PhoneNumberError
from wad.core.phone import phone_number
from wad.core.reasons import Reason, State
from wad.core.status import Phase
from wad.web.openapi import openapi_document
from wad.web.openapi.answers import PHONE
from wad.web.openapi.operations import OPERATIONS
from wad.web.routes import Protection, Route

HARNESS = Harness(Path())
DESCRIPTION = described(HARNESS.routes)
DOCUMENT = DESCRIPTION.document
# One of them must be a button of the phone in `web_harness.samples`.
OF_THE_SANDBOX = {"/sandbox/phone/{button}": "post", "/sandbox/phone/messages": "get"}
CELLS = list(DESCRIPTION.cells(button="scan"))


def protection(operation):
    """Tell who may use an operation, as the description says it."""
    if not operation["security"]:
        return Protection.PUBLIC
    return Protection.TOKEN if "401" in operation["responses"] else Protection.OPEN


def test_it_is_openapi():
    """The document is what the specification calls one."""
    assert [] == [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()]


def test_every_route_and_no_other():
    """Each route of the table is described with its methods and who may use it, and nothing else is."""
    routed = {(path, method.lower()) for route, path in cells() for method in route.methods}
    guarded = {(path, route.method.lower()): route.protection for route, path in cells()}

    assert routed == {(cell.path, cell.method) for cell in CELLS}
    assert guarded == {
        (cell.path, cell.method): protection(cell.operation)
        for cell in CELLS
        if cell.method in ("get", "post")
    }


def test_head_is_described_as_get():
    """Where GET goes HEAD goes, with the same answers."""
    asked = {(cell.path, cell.method): cell.operation["responses"] for cell in CELLS}

    assert [] == [
        path for path, method in asked if method == "get" and asked[path, "head"] != asked[path, method]
    ]


def test_a_live_daemon_has_no_phone():
    """The sandbox's phone is described only where there is one, and is marked."""
    live = openapi_document(Harness(Path(), sandbox=False).routes)
    phone = set(DOCUMENT["paths"]) - set(live["paths"])
    marked = [DOCUMENT["paths"][path][method] for path, method in OF_THE_SANDBOX.items()]

    assert set(OF_THE_SANDBOX) == phone
    assert [True, True] == [each["x-sandbox-only"] for each in marked]


def test_names_are_unique():
    """No two operations share a name, and each is a word that a program can be made of."""
    names = [cell.operation["operationId"] for cell in {(c.template, c.method): c for c in CELLS}.values()]

    assert sorted(set(names)) == sorted(names)
    assert [] == [name for name in names if not re.fullmatch(r"[a-z]\w+", name)]


@pytest.mark.parametrize("words", [State, Phase, Reason])
def test_words(words):
    """States, phases and reasons are those of the code."""
    assert list(words) == DOCUMENT["components"]["schemas"][words.__name__]["enum"]


def test_nothing_lies_unused():
    """Every component is pointed to, and every row of the operations belongs to a route."""
    text = json.dumps(DOCUMENT)
    named = {
        f"#/components/{kind}/{name}"
        for kind, found in DOCUMENT["components"].items()
        for name in found
        if kind != "securitySchemes"
    }
    shortened = {re.sub("^/ui/.*", "/ui/{file}", path.removeprefix("/api")) for path in DOCUMENT["paths"]}

    # It belongs to no operation, since a method that is answered so is none.
    assert {"#/components/responses/MethodNotAllowed"} == {name for name in named if f'"{name}"' not in text}
    assert shortened == set(OPERATIONS)


def test_a_route_that_is_not_described():
    """A new route must be described before it can be served."""
    forgotten = Route("/new", "GET", HARNESS.routes[0].handler, Protection.PUBLIC)

    with pytest.raises(ValueError, match="/new is not described"):
        openapi_document([forgotten])


def test_the_same_document_again():
    """Nothing of the running daemon is in it."""
    assert json.dumps(DOCUMENT) == json.dumps(openapi_document(Harness(Path()).routes))


def test_addresses_are_relative():
    """The server is named relatively to the document, which is right below any prefix."""
    assert [{"url": "."}] == DOCUMENT["servers"]


def answers():
    """Give each answer of JSON that has examples."""
    for name, response in DOCUMENT["components"]["responses"].items():
        content = response.get("content", {}).get("application/json", {})
        if "examples" in content:
            yield pytest.param(content, id=name)


@pytest.mark.parametrize("content", answers())
def test_examples_hold(content):
    """Each example is what its schema wants; without any one of its keys, or with another, it is not."""
    optional = {"authRequired", "blockedReason", "blockedUrl"}
    for example in content["examples"].values():
        shown = example["value"]
        fewer = [{key: shown[key] for key in shown if key != left_out} for left_out in set(shown) - optional]

        assert [] == DESCRIPTION.complaints(shown, content["schema"])
        assert all(DESCRIPTION.complaints(each, content["schema"]) for each in fewer if "device" not in shown)
        assert "device" in shown or DESCRIPTION.complaints({**shown, "further": 1}, content["schema"])


def test_every_answer_has_its_example():
    """Answers of JSON are shown, the description itself apart."""
    responses = DOCUMENT["components"]["responses"]
    json_answers = {name for name in responses if "application/json" in responses[name].get("content", {})}

    assert {"Description"} == json_answers - {each.id for each in answers()}


@pytest.mark.parametrize("body", DOCUMENT["components"]["requestBodies"].values())
def test_bodies_hold(body):
    """What is shown as a request's body is one."""
    content = body["content"]["application/json"]

    assert [] == DESCRIPTION.complaints(content["example"], content["schema"])


@given(st.from_regex(PHONE, fullmatch=True))
def test_numbers_as_described_are_taken(number):
    """Whatever the description calls a phone number is one."""
    assert phone_number(number)


@given(st.text("0123456789+ ().-/", min_size=5, max_size=20))
def test_other_numbers_are_not(number):
    """Of what people type, nothing else is."""
    try:
        taken = bool(phone_number(number))
    except PhoneNumberError:
        taken = False

    assert taken == bool(re.search(PHONE, number))


def test_the_judge_is_strict():
    """The reader of the description that other tests rely on finds what is wrong."""
    description = Description(DOCUMENT)
    alive = DOCUMENT["paths"]["/livez"]["get"]["responses"]["200"]
    headers = {"Content-Type": "application/json", "X-Further": "1"}

    wrong = description.judge(alive, headers, b'{"success": true, "status": "dead"}', head=False)

    assert "$.status: 'dead' is not one of ['alive']" in wrong
    assert "the header Cache-Control is not there" in wrong
    assert "the header x-further is not described" in wrong
