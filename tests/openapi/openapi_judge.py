"""A strict reader of the description: it knows each operation, and says what is wrong with an answer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from wad.web.openapi.document import openapi_document
from wad.web.routes import Route

Document = dict[str, Any]
METHODS = ("get", "post", "put", "delete")
# For the open segments of paths: a chat, and what there is not.
SEGMENTS = {
    "chat": "15550001111@c.us",
    "group": "15550001111@c.us",
    "id": "scan",
    "name": "scan",
    "sha256": "0" * 64,
}
_NAME = "urn:openapi"
# They belong to every answer of HTTP, so nobody describes them.
_PLAIN = {"connection", "content-length", "content-type", "date"}


@dataclass(frozen=True)
class Cell:
    """One method of one path, with every value of the path's parameter put in."""

    path: str
    template: str
    method: str
    operation: Document


class Description:
    """The document of a route table, or one that was fetched."""

    def __init__(self, document: Document) -> None:
        self.document = document
        resource = Resource.from_contents(document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_NAME, resource)
        self._validators: dict[str, Draft202012Validator] = {}

    def look_up(self, found: Document) -> Document:
        """Follow a reference, if it is one."""
        while "$ref" in found:
            target: Any = self.document
            for step in found["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            found = target
        return found

    def cells(self, button: str = "state") -> Iterator[Cell]:
        """Give every operation on every path; `button` stands for a parameter that is open."""
        for template, item in self.document["paths"].items():
            for path in self._spelt(template, item, {"button": button} | SEGMENTS):
                for method in METHODS:
                    if method in item:
                        yield Cell(path, template, method, item[method])

    def _spelt(self, template: str, item: Document, segments: Mapping[str, str]) -> Iterator[str]:
        named = [found for found in map(self.look_up, item["parameters"]) if found["in"] == "path"]
        if not named:
            yield template
        for each in named:
            yield template.replace(f"{{{each['name']}}}", segments[each["name"]])

    def complaints(self, value: Any, schema: Document) -> list[str]:
        """Say where `value` is not what the schema wants."""
        return [f"{error.json_path}: {error.message}" for error in self._validator(schema).iter_errors(value)]

    def judge(self, response: Document, headers: Mapping[str, str], body: bytes, *, head: bool) -> list[str]:
        """Say what is wrong with an answer for which `response` is the description."""
        known = self.look_up(response)
        wrong = list(self._judge_headers(known, headers))
        content = known.get("content", {})
        if head or not content:
            return wrong + ([f"a body: {body!r}"] if body else [])
        kind = headers["Content-Type"].partition(";")[0]
        if kind not in content and "*/*" not in content:
            return [*wrong, f"the content type {kind!r}"]
        if kind == "application/json":
            wrong += self.complaints(json.loads(body), content[kind]["schema"])
        if "x-codes" in known and json.loads(body).get("code") not in known["x-codes"]:
            wrong.append(f"the code is not described: {body!r}")
        return wrong

    def _judge_headers(self, known: Document, headers: Mapping[str, str]) -> Iterator[str]:
        sent = {name.lower(): text for name, text in headers.items()}
        for name, described in known["headers"].items():
            header = self.look_up(described)
            if name.lower() in sent:
                text = sent.pop(name.lower())
                yield from (f"{name}: {each}" for each in self._judge_text(text, header["schema"]))
            elif header.get("required"):
                yield f"the header {name} is not there"
        yield from (f"the header {name} is not described" for name in sent.keys() - _PLAIN)

    def _judge_text(self, text: str, schema: Document) -> list[str]:
        return self.complaints(int(text) if schema["type"] == "integer" else text, schema)

    def _validator(self, schema: Document) -> Draft202012Validator:
        text = json.dumps(schema).replace('"#/', f'"{_NAME}#/')
        if text not in self._validators:
            self._validators[text] = Draft202012Validator(
                json.loads(text), registry=self._registry, format_checker=FormatChecker()
            )
        return self._validators[text]


def described(routes: list[Route]) -> Description:
    """Describe routes."""
    return Description(openapi_document(routes))
