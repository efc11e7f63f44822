"""The few forms of which the schemas are made."""

from collections.abc import Iterable
from itertools import combinations
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
YES: Schema = {"type": "boolean", "const": True}
NO: Schema = {"type": "boolean", "const": False}
COUNT: Schema = {"type": "integer", "minimum": 0}
TIME: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
    "description": "UTC, with milliseconds, as JavaScript's `toISOString` writes it",
}


def record(properties: dict[str, Schema], optional: Iterable[str] = (), description: str = "") -> Schema:
    """Give an object with these keys and no other; all are there, except for the `optional` ones."""
    left_out = set(optional)
    schema: Schema = {"type": "object", "description": description} if description else {"type": "object"}
    return schema | {
        "properties": properties,
        "required": [name for name in properties if name not in left_out],
        "additionalProperties": False,
    }


def nullable(schema: Schema) -> Schema:
    """Let a value be null as well."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    wider = schema | {"type": [schema["type"], "null"]}
    return wider | {"enum": [*schema["enum"], None]} if "enum" in schema else wider


def words(values: Iterable[str], description: str = "") -> Schema:
    """Give a text that is one of these."""
    schema: Schema = {"type": "string", "enum": [str(value) for value in values]}
    return schema | {"description": description} if description else schema


def constant(value: str) -> Schema:
    """Give a text that never differs; of an enumeration of one, generators would make a class of its own."""
    return {"type": "string", "const": value}


def about(schema: Schema, description: str) -> Schema:
    """Say what a value means."""
    return schema | {"description": description}


def ref(kind: str, name: str) -> Schema:
    """Point to one of the document's components."""
    return {"$ref": f"#/components/{kind}/{name}"}


def one_of(names: Iterable[str], together: Iterable[tuple[str, str]] = ()) -> Schema:
    """Demand one of these keys, and no two of them but those that may go together.

    Said by ``not`` alone: of a choice at the top generators make several classes, or none.
    """
    named, allowed = tuple(names), set(together)
    pairs = [{"required": [*pair]} for pair in combinations(named, 2) if pair not in allowed]
    none: Schema = {"not": {"anyOf": [{"required": [name]} for name in named]}}
    return {"not": {"anyOf": [*pairs, none]}}
