"""As much of JSON Schema as schemas made by pydantic use; an unknown keyword fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, Any]
_TYPES = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
    "null": type(None),
}  # fmt: skip
_KNOWN = {
    "$schema", "$defs", "title", "description", "default", "discriminator", "type", "const",
    "enum", "anyOf", "oneOf", "properties", "required", "additionalProperties", "items",
    "minLength", "minItems", "maxItems", "minimum", "maximum",
}  # fmt: skip


def violations(schema: Schema, value: Any, root: Schema) -> list[str]:
    """What is wrong with a value, in words; nothing when it is valid."""
    if "$ref" in schema:
        return violations(root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], value, root)
    assert set(schema) <= _KNOWN, set(schema) - _KNOWN
    for several in ("anyOf", "oneOf"):
        if several in schema:
            tried = [violations(option, value, root) for option in schema[several]]
            return [] if [] in tried else min(tried, key=len)
    if "type" in schema and not isinstance(value, _TYPES[schema["type"]]):
        return [f"{value!r:.60} is no {schema['type']}"]
    if isinstance(value, dict):
        return list(_of_object(schema, value, root))
    if isinstance(value, list):
        return list(_of_array(schema, value, root))
    return list(_of_scalar(schema, value))


def _of_scalar(schema: Schema, value: Any) -> Iterator[str]:
    if "const" in schema and value != schema["const"]:
        yield f"{value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{value!r} is none of {schema['enum']}"
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        yield f"{value!r} is too short"
    if isinstance(value, int) and not (
        schema.get("minimum", value) <= value <= schema.get("maximum", value)
    ):
        yield f"{value} is out of range"


def _of_object(schema: Schema, value: dict[str, Any], root: Schema) -> Iterator[str]:
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{key} is missing"
    for key, inner in value.items():
        rule = schema.get("properties", {}).get(key, schema.get("additionalProperties", True))
        if rule is False:
            yield f"{key} is unknown"
        elif isinstance(rule, dict):
            yield from violations(rule, inner, root)


def _of_array(schema: Schema, value: list[Any], root: Schema) -> Iterator[str]:
    for inner in value:
        yield from violations(schema.get("items", {}), inner, root)
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"there are {len(value)} items"
