"""The document, put together from the route table and the components."""

from collections.abc import Iterable, Iterator

from wad import __version__
from wad.web.messaging.handlers import OperationHandler
from wad.web.openapi.answers import ANSWERS, BODIES, SENT_SCHEMAS
from wad.web.openapi.headers import HEADERS, PARAMETERS
from wad.web.openapi.health import HEALTH_SCHEMAS
from wad.web.openapi.info import INFO
from wad.web.openapi.messaging.answers import MESSAGING_ANSWERS
from wad.web.openapi.messaging.events import EVENT_SCHEMAS
from wad.web.openapi.messaging.media import MEDIA_ANSWERS, MEDIA_BODIES, MEDIA_OPERATIONS, MEDIA_SCHEMAS
from wad.web.openapi.messaging.operations import MESSAGING_OPERATIONS
from wad.web.openapi.messaging.people import (
    PEOPLE_ANSWERS,
    PEOPLE_OPERATIONS,
    PEOPLE_PARAMETERS,
    PEOPLE_SCHEMAS,
)
from wad.web.openapi.messaging.schemas import MESSAGE_SCHEMAS
from wad.web.openapi.messaging.sent import (
    MESSAGING_BODIES,
    MESSAGING_PARAMETERS,
    MESSAGING_SENT,
    SEGMENTS,
)
from wad.web.openapi.messaging.webhooks import WEBHOOK_SCHEMAS
from wad.web.openapi.operations import LINK_OPERATIONS, TAGS, Operation
from wad.web.openapi.paths import Template, templates
from wad.web.openapi.refusals import ERROR, REFUSALS, STATUS_CODES
from wad.web.openapi.schemas import SCHEMAS
from wad.web.openapi.shapes import Schema, ref
from wad.web.routes import Protection, Route

OPERATIONS = {**LINK_OPERATIONS, **MESSAGING_OPERATIONS, **MEDIA_OPERATIONS, **PEOPLE_OPERATIONS}
_SEGMENT: Schema = {"type": "string", "pattern": "^[^/]+$"}
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
            "parameters": {**PARAMETERS, **MESSAGING_PARAMETERS, **PEOPLE_PARAMETERS},
            "headers": HEADERS,
            "requestBodies": {**BODIES, **MESSAGING_BODIES, **MEDIA_BODIES},
            "responses": {**ANSWERS, **MESSAGING_ANSWERS, **MEDIA_ANSWERS, **PEOPLE_ANSWERS, **REFUSALS},
            "schemas": _schemas(),
        },
    }


def _schemas() -> Schema:
    messaging = {**MESSAGE_SCHEMAS, **EVENT_SCHEMAS, **WEBHOOK_SCHEMAS, **MESSAGING_SENT}
    further = {**MEDIA_SCHEMAS, **PEOPLE_SCHEMAS, "Error": ERROR}
    return {**SCHEMAS, **HEALTH_SCHEMAS, **SENT_SCHEMAS, **messaging, **further}


def _paths(routes: Iterable[Route]) -> Iterator[tuple[str, Schema]]:
    for route in routes:
        for template in templates(route.pattern) if route.described else ():
            yield template.path, _path(route, template)


def _path(route: Route, template: Template) -> Schema:
    parameters = [_parameter(template.parameter)] if template.parameter else []
    rows = {method: _row(method, template.path) for method in route.method.split()}
    return {
        "parameters": [*parameters, ref("parameters", "RequestId")],
        **{method.lower(): _operation(route, method, row) for method, row in rows.items()},
    }


def _row(method: str, path: str) -> Operation:
    row = OPERATIONS.get(f"{method} {path}")
    if row is None:
        raise ValueError(f"the route {method} {path} is not described")
    return row


def _parameter(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": SEGMENTS.get(name, _SEGMENT)}


def _operation(route: Route, method: str, row: Operation) -> Schema:
    parameters = [ref("parameters", each) for each in _parameters(row)]
    return {
        "operationId": row.name,
        "tags": [row.tag],
        **row.extensions,
        "summary": row.summary,
        **({"description": row.description} if row.description else {}),
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": ref("requestBodies", row.body)} if row.body else {}),
        "security": _SECURITY[route.protection],
        "responses": _responses(route, method, row),
    }


def _parameters(row: Operation) -> Iterator[str]:
    yield from row.parameters
    if row.unchanged:
        yield "IfNoneMatch"


def _responses(route: Route, method: str, row: Operation) -> Schema:
    answers = {
        "200": row.answer,
        "201": row.created,
        "202": row.accepted,
        "206": row.part,
        "304": row.unchanged,
    }
    for name in (*row.refusals, *_refused_always(route, method)):
        answers[STATUS_CODES[name]] = name
    return {status: ref("responses", name) for status, name in sorted(answers.items()) if name}


def _refused_always(route: Route, method: str) -> Iterator[str]:
    yield "HostRefused"
    yield "MessageTooLarge" if issubclass(route.handler, OperationHandler) else "TooLarge"
    if method != "GET":
        yield "OriginRefused"
    if route.protection is Protection.TOKEN:
        yield "Unauthorized"
    if route.protection is not Protection.OPEN:
        yield "InternalError"
