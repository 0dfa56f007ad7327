"""`/docs`: the description of the interface as a page, without any script or foreign file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_REF = "#/components/schemas/"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A parameter, or a member of a schema."""

    name: str
    place: str
    required: bool
    kind: str
    schema: str | None
    description: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """A body as it may be sent or answered; `schema` names one of the page's schemas."""

    media_type: str
    kind: str
    schema: str | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: str
    description: str
    contents: tuple[Content, ...]


@dataclass(frozen=True, kw_only=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Field, ...]
    bodies: tuple[Content, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, kw_only=True)
class Schema:
    name: str
    description: str
    fields: tuple[Field, ...]
    values: tuple[str, ...]


def groups(document: Mapping[str, Any]) -> list[Group]:
    """Every operation, by the first of its tags, in the order of the document."""
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document.get("tags", ())}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            tag = operation.get("tags", ["other"])[0]
            found.setdefault(tag, []).append(_operation(method, path, operation))
    return [Group(name=name, operations=tuple(several)) for name, several in found.items()]


def schemas(document: Mapping[str, Any]) -> list[Schema]:
    return [
        Schema(
            name=name,
            description=schema.get("description", ""),
            fields=tuple(_members(schema)),
            values=tuple(str(value) for value in schema.get("enum", ())),
        )
        for name, schema in sorted(document["components"]["schemas"].items())
    ]


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    return Operation(
        anchor=re.sub(r"[^a-zA-Z0-9]+", "-", f"{method}{path}").strip("-"),
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=tuple(
            Field(
                name=one["name"],
                place=one["in"],
                required=one.get("required", False),
                kind=kind_of(one["schema"]),
                schema=_named(one["schema"]),
                description=one.get("description", ""),
            )
            for one in operation.get("parameters", ())
        ),
        bodies=tuple(_contents(operation.get("requestBody", {}))),
        answers=tuple(
            Answer(
                status=status,
                description=answer["description"],
                contents=tuple(_contents(answer)),
            )
            for status, answer in operation["responses"].items()
        ),
    )


def _contents(body: Mapping[str, Any]) -> Iterator[Content]:
    for media_type, media in body.get("content", {}).items():
        schema = media["schema"]
        yield Content(media_type=media_type, kind=kind_of(schema), schema=_named(schema))


def _members(schema: Mapping[str, Any]) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield Field(
            name=name,
            place="",
            required=name in required,
            kind=kind_of(member),
            schema=_named(member),
            description=member.get("description", ""),
        )


def kind_of(schema: Mapping[str, Any]) -> str:
    """What a value may be, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(kind_of(one) for one in schema[several]))
    if "const" in schema:
        return repr(schema["const"])
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    return _bounded(schema)


def _bounded(schema: Mapping[str, Any]) -> str:
    words = [str(schema.get("type", "anything"))]
    if "pattern" in schema:
        words.append(f"matching {schema['pattern']}")
    if "minimum" in schema and "maximum" in schema:
        words.append(f"from {schema['minimum']:g} to {schema['maximum']:g}")
    if "maxLength" in schema:
        words.append(f"of at most {schema['maxLength']} characters")
    if schema.get("default") is not None:
        words.append(f"(default {schema['default']})")
    return " ".join(words)


def _named(schema: Mapping[str, Any]) -> str | None:
    """The first schema with a name that this one is made of."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    inner = [schema[key] for key in ("items", "additionalProperties") if key in schema]
    for key in ("anyOf", "oneOf", "allOf"):
        inner.extend(schema.get(key, ()))
    found = (_named(one) for one in inner if isinstance(one, dict))
    return next((name for name in found if name), None)
