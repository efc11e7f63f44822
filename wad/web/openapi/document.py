"""The document, put together from the route table and the components."""

from collections.abc import Iterable, Iterator

from wad import __version__
from wad.web.openapi.answers import ANSWERS, BODIES, SENT_SCHEMAS
from wad.web.openapi.headers import HEADERS, PARAMETERS
from wad.web.openapi.health import HEALTH_SCHEMAS
from wad.web.openapi.info import INFO
from wad.web.openapi.operations import OPERATIONS, TAGS, Operation
from wad.web.openapi.paths import Template, templates
from wad.web.openapi.refusals import ERROR, REFUSALS, STATUS_CODES
from wad.web.openapi.schemas import SCHEMAS
from wad.web.openapi.shapes import Schema, ref
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
            "schemas": {**SCHEMAS, **HEALTH_SCHEMAS, **SENT_SCHEMAS, "Error": ERROR},
        },
    }


def _paths(routes: Iterable[Route]) -> Iterator[tuple[str, Schema]]:
    for route in routes:
        for template in templates(route.pattern) if route.described else ():
            yield template.path, _path(route, template)


def _path(route: Route, template: Template) -> Schema:
    if template.path not in OPERATIONS:
        raise ValueError(f"the route {template.path} is not described")
    parameters = [_parameter(template.parameter)] if template.parameter else []
    return {
        "parameters": [*parameters, ref("parameters", "RequestId")],
        route.method.lower(): _operation(route, OPERATIONS[template.path]),
    }


def _parameter(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[^/]+$"}}


def _operation(route: Route, row: Operation) -> Schema:
    return {
        "operationId": row.name,
        "tags": [row.tag],
        **row.extensions,
        "summary": row.summary,
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
    for name in (*row.refusals, *_ALWAYS_REFUSED, *_guarded(route)):
        answers[STATUS_CODES[name]] = ref("responses", name)
    return dict(sorted(answers.items()))


def _guarded(route: Route) -> Iterator[str]:
    if route.method == "POST":
        yield "OriginRefused"
    if route.protection is Protection.TOKEN:
        yield "Unauthorized"
    if route.protection is not Protection.OPEN:
        yield "InternalError"
