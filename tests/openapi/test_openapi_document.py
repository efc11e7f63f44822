"""The description against the code it is made from: the same routes, the same words, and examples that hold."""

import json
import os
import re
import subprocess
import sys
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
from wad.web.openapi.answers import PHONE
from wad.web.openapi.document import OPERATIONS, openapi_document
from wad.web.routes import Protection, Route

HARNESS = Harness(Path())
DESCRIPTION = described(HARNESS.routes)
DOCUMENT = DESCRIPTION.document
# One of them must be a button of the phone in `web_harness.samples`.
OF_THE_SANDBOX = {
    "/sandbox/phone/{button}": "post",
    "/sandbox/phone/messages": "get",
    "/sandbox/phone/media": "get",
    "/sandbox/phone/contents": "get",
    "/sandbox/phone/presence": "get",
    "/sandbox/phone/media/{id}": "get",
}
CELLS = list(DESCRIPTION.cells(button="scan"))
REFUSED = [400, 401, 403, 404, 409, 410, 413, 416, 421, 422, 429, 500, 502, 503, 507]
NGINX = (Path(__file__).parents[2] / "etc" / "nginx" / "snippets" / "wad-routes.conf").read_text()
RESPONSES = DOCUMENT["components"]["responses"]


def protection(operation):
    """Tell who may use an operation, as the description says it."""
    if not operation["security"]:
        return Protection.PUBLIC
    return Protection.TOKEN if "401" in operation["responses"] else Protection.OPEN


def test_it_is_openapi():
    """The document is what the specification calls one."""
    assert [] == [str(error) for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()]


def test_every_route_and_no_other():
    """Each route for programs is described once, with its method and who may use it, and nothing else is."""
    routed = {
        (cell.path, cell.method.lower()): cell.route.protection
        for cell in cells()
        if cell.route.described and not cell.path.startswith("/whatsapp/")
    }

    assert routed == {(cell.path, cell.method): protection(cell.operation) for cell in CELLS}


def test_what_is_not_described_is_for_people():
    """Of the routes only the pages are left out, and of two spellings the shorter one."""
    left_out = {cell.path for cell in cells()} - {cell.path for cell in CELLS}
    pages = {path for path in left_out if re.match("/(ui/|docs|$)", path)}

    assert {f"/api{path}" for path in left_out - pages} <= {cell.path for cell in CELLS}


def test_refusals_are_of_one_form():
    """Every error is the same component, or a generator would make a class for each; its codes stand beside it."""
    refusals = {name: each for name, each in RESPONSES.items() if "x-codes" in each}
    bodies = {each["content"]["application/json"]["schema"]["$ref"] for each in refusals.values()}
    answered = {name for cell in CELLS for name in cell.operation["responses"] if int(name) >= 400}

    assert {"#/components/schemas/Error"} == bodies
    assert answered == {str(status) for status in REFUSED}
    assert [] == [
        name
        for name, each in refusals.items()
        if not set(each["content"]["application/json"]["examples"]) <= set(each["x-codes"])
    ]


def test_a_live_daemon_has_no_phone():
    """The sandbox's phone is described only where there is one, and is marked."""
    live = openapi_document(Harness(Path(), sandbox=False).routes)
    phone = set(DOCUMENT["paths"]) - set(live["paths"])
    marked = [DOCUMENT["paths"][path][method] for path, method in OF_THE_SANDBOX.items()]

    assert set(OF_THE_SANDBOX) == phone
    assert [True] * 6 == [each["x-sandbox-only"] for each in marked]


def test_names_are_those_of_methods():
    """No two operations share a name, and each is what one would call the method of a client."""
    names = [cell.operation["operationId"] for cell in {(c.template, c.method): c for c in CELLS}.values()]

    assert sorted(set(names)) == sorted(names)
    assert [] == [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name)]
    assert {"getStatus", "start", "pair", "cancelPairing", "getQrPng"} <= set(names)


@pytest.mark.parametrize("words", [State, Phase, Reason])
def test_words(words):
    """States, phases and reasons are those of the code."""
    assert list(words) == DOCUMENT["components"]["schemas"][words.__name__]["enum"]


@pytest.mark.parametrize(
    ("place", "schema"), [("health", "Health"), ("status", "LinkStatus"), ("account", "LinkedAccount")]
)
def test_what_nginx_says_holds(place, schema):
    """What the shipped nginx site answers for a daemon that is down has the form a client of wad knows."""
    found = re.search(rf"location @wad_down_{place} {{.*?return 200 '(.*?)\\n';", NGINX, re.DOTALL)
    told = json.loads(found[1].replace("$wad_now", "2026-11-23T05:10:00.123Z"))

    assert [] == DESCRIPTION.complaints(told, {"$ref": f"#/components/schemas/{schema}"})


def test_nothing_lies_unused():
    """Every component is pointed to, and every row of the operations belongs to a route."""
    text = json.dumps(DOCUMENT)
    named = {
        f"#/components/{kind}/{name}"
        for kind, found in DOCUMENT["components"].items()
        for name in found
        if kind != "securitySchemes"
    }

    assert [] == [name for name in named if f'"{name}"' not in text]
    assert {f"{cell.method.upper()} {cell.template}" for cell in CELLS} == set(OPERATIONS)


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
    for name, response in RESPONSES.items():
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
    json_answers = {name for name in RESPONSES if "application/json" in RESPONSES[name].get("content", {})}

    assert {"Description"} == json_answers - {each.id for each in answers()}


@pytest.mark.parametrize(
    "body",
    [
        each
        for each in DOCUMENT["components"]["requestBodies"].values()
        if "application/json" in each["content"]
    ],
)
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
    refused = DOCUMENT["paths"]["/livez"]["get"]["responses"]["413"]
    error = {"success": False, "error": "no", "code": "another", "requestId": "1"}
    unknown = description.judge(
        refused, {"Content-Type": "application/json"}, json.dumps(error).encode(), head=False
    )

    assert "$.status: 'alive' was expected" in wrong
    assert "the header Cache-Control is not there" in wrong
    assert "the header x-further is not described" in wrong
    assert [] != [each for each in unknown if each.startswith("the code is not described")]


def test_it_is_made_when_it_is_asked_for():
    """A daemon that starts reads nothing of what makes the description."""
    said = subprocess.run(
        [sys.executable, "-c", "import sys, wad.daemon; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert "wad.web.openapi.handler" in said.stdout.split()
    assert "wad.web.openapi.document" not in said.stdout.split()
