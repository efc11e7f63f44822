"""The forms of answers and of requests' bodies."""

from collections.abc import Mapping
from typing import Any

from wad.web.openapi.headers import answer_headers
from wad.web.openapi.shapes import TEXT, Schema, ref


def json_answer(
    schema: str, description: str, shown: Mapping[str, Any], headers: Schema | None = None
) -> Schema:
    """Give an answer of JSON; `shown` are its examples by their names."""
    examples = {name: {"value": value} for name, value in shown.items()}
    return {
        "description": description,
        "headers": answer_headers() if headers is None else headers,
        "content": {"application/json": {"schema": ref("schemas", schema), "examples": examples}},
    }


def text_answer(
    description: str, media_type: str = "text/plain", further: Mapping[str, Schema] | None = None
) -> Schema:
    """Give an answer of text, with `further` headers besides those of all answers."""
    content = {media_type: {"schema": TEXT}}
    return {"description": description, "headers": answer_headers() | dict(further or {}), "content": content}


def json_body(schema: str, shown: Schema, limit: int, *, required: bool) -> Schema:
    """Give a request's body of at most `limit` bytes; `shown` is one."""
    content = {"application/json": {"schema": ref("schemas", schema), "example": shown}}
    return {"description": f"At most {limit} bytes.", "required": required, "content": content}
