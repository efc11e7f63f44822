"""The document, put together from the route table and the components."""

import re
from collections.abc import Iterable, Iterator

from wad import __version__
from wad.web.openapi.answers import ANSWERS, BODIES
from wad.web.openapi.headers import HEADERS, PARAMETERS
from wad.web.openapi.health import HEALTH_SCHEMAS
from wad.web.openapi.info import INFO
from wad.web.openapi.operations import OPERATIONS, TAGS, Operation
from wad.web.openapi.paths import Template, templates
from wad.web.openapi.refusals import REFUSALS, STATUS_CODES
from wad.web.openapi.schemas import SCHEMAS
from wad.web.openapi.shapes import Schema, ref, words
from wad.web.routes import Protection, Route

# Of whatever is asked.
_ALWAYS_REFUSED = ("TooLarge", "HostRefused")
# Whoever has no token configured needs none, so the first is "nothing".
_SECURITY: dict[Protection, list[dict[str, list[str]]]] = {
    Protection.OPEN: [{}, {"token": []}],
    Protection.TOKEN: [{}, {"token": []}],
    Protection.PUBLIC: [],
}
_TOKEN = {"type": "http", "scheme": "bearer", "description": "Wanted only if the daemon has one configured."}


def openapi_document(routes: Iterable[Route]) -> Schema:
    """Describe these routes. Raises ValueError if one has no row in `operations`."""
    return {
        "openapi": "3.1.0",
        "info": {**INFO, "version": __version__},
        # Relative to this document's own address, so that it is right below any prefix, too.
        "servers": [{"url": "."}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(_paths(routes)),
        "components": {
            "securitySchemes": {"token": _TOKEN},
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "requestBodies": BODIES,
            "responses": {**ANSWERS, **REFUSALS},
            "schemas": {**SCHEMAS, **HEALTH_SCHEMAS},
        },
    }


def _paths(routes: Iterable[Route]) -> Iterator[tuple[str, Schema]]:
    for route in routes:
        for template in templates(route.pattern):
            yield template.path, _path(route, template)


def _path(route: Route, template: Template) -> Schema:
    row = _row(template.path)
    parameters = [_parameter(template)] if template.parameter else []
    return {
        "parameters": [*parameters, ref("parameters", "RequestId")],
        **{method.lower(): _operation(route, template, row, method) for method in route.methods},
    }


def _row(path: str) -> Operation:
    """Find what a path does, in whichever spelling it is."""
    short = re.sub("^/ui/.*", "/ui/{file}", path.removeprefix("/api"))
    if short not in OPERATIONS:
        raise ValueError(f"the route {path} is not described")
    return OPERATIONS[short]


def _parameter(template: Template) -> Schema:
    values = words(template.choices) if template.choices else {"type": "string", "pattern": "^[^/]+$"}
    return {"name": template.parameter, "in": "path", "required": True, "schema": values}


def _operation(route: Route, template: Template, row: Operation, method: str) -> Schema:
    named = re.sub(r"\W+", "_", f"{method.lower()}{template.path}").strip("_")
    common = {"operationId": named, "tags": [row.tag], **row.extensions}
    if method == "OPTIONS":
        return {
            **common,
            "summary": "The methods there are",
            "security": [],
            "responses": {"204": ref("responses", "Methods"), **_refused(_of_addresses(row))},
        }
    return {
        **common,
        "summary": row.summary if method != "HEAD" else f"{row.summary}: the headers alone",
        **({"description": row.description} if row.description else {}),
        **({"parameters": [ref("parameters", "IfNoneMatch")]} if row.unchanged else {}),
        **({"requestBody": ref("requestBodies", row.body)} if row.body else {}),
        "security": _SECURITY[route.protection],
        "responses": _responses(route, row),
    }


def _responses(route: Route, row: Operation) -> Schema:
    answers = {"200": ref("responses", row.answer)}
    if row.unchanged:
        answers["304"] = ref("responses", row.unchanged)
    answers |= _refused([*row.refusals, *_ALWAYS_REFUSED, *_guarded(route)])
    return dict(sorted(answers.items()))


def _of_addresses(row: Operation) -> Iterator[str]:
    """Give what is refused whatever is to be done with the address: it may not be there."""
    yield from (name for name in row.refusals if name == "NotFound")
    yield from _ALWAYS_REFUSED


def _guarded(route: Route) -> Iterator[str]:
    if route.method == "POST":
        yield "OriginRefused"
    if route.protection is Protection.TOKEN:
        yield "Unauthorized"
    if route.protection is not Protection.OPEN:
        yield "InternalError"


def _refused(names: Iterable[str]) -> Schema:
    return {STATUS_CODES[name]: ref("responses", name) for name in names}
