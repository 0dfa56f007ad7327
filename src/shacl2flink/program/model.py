"""The format of programs, from which its JSON Schema is made.

The compiler writes plain JSON objects, which is faster than making models of thousands
of shapes; tests hold each program against this model, so that the two stay one.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

NonEmpty = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class NodeTerm(_Strict):
    """An IRI, or the label of a blank node (`_:b0`)."""

    id: NonEmpty = Field(alias="@id")


class TypedLiteral(_Strict):
    value: str = Field(alias="@value")
    type: NonEmpty = Field(alias="@type")


class LanguageLiteral(_Strict):
    value: str = Field(alias="@value")
    language: NonEmpty = Field(alias="@language")


Term = NodeTerm | TypedLiteral | LanguageLiteral


class Class(_Strict):
    component: Literal["Class"]
    class_: NonEmpty = Field(alias="class")


class Datatype(_Strict):
    component: Literal["Datatype"]
    datatype: NonEmpty


class NodeKind(_Strict):
    component: Literal["NodeKind"]
    node_kind: Literal[
        "BlankNode", "IRI", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"
    ] = Field(alias="nodeKind")


class MinCount(_Strict):
    component: Literal["MinCount"]
    min_count: Count = Field(alias="minCount")


class MaxCount(_Strict):
    component: Literal["MaxCount"]
    max_count: Count = Field(alias="maxCount")


class Range(_Strict):
    component: Literal["MinExclusive", "MinInclusive", "MaxExclusive", "MaxInclusive"]
    value: TypedLiteral | LanguageLiteral


class MinLength(_Strict):
    component: Literal["MinLength"]
    min_length: Count = Field(alias="minLength")


class MaxLength(_Strict):
    component: Literal["MaxLength"]
    max_length: Count = Field(alias="maxLength")


class Pattern(_Strict):
    """`pattern` and `flags` as the author wrote them, `regex` for the engine that matches."""

    component: Literal["Pattern"]
    pattern: str
    flags: str
    regex: str


class HasValue(_Strict):
    component: Literal["HasValue"]
    value: Term


class In(_Strict):
    component: Literal["In"]
    members: list[Term] = Field(alias="in")


Constraint = Annotated[
    Class
    | Datatype
    | NodeKind
    | MinCount
    | MaxCount
    | Range
    | MinLength
    | MaxLength
    | Pattern
    | HasValue
    | In,
    Field(discriminator="component"),
]


class Path(_Strict):
    predicate: NonEmpty


class Target(_Strict):
    class_: NonEmpty = Field(alias="class")


class Message(_Strict):
    value: str = Field(alias="@value")
    language: NonEmpty | None = Field(None, alias="@language")


class Shape(_Strict):
    """`iri` only when the shape has a name, `path` only when it is a property shape."""

    iri: NonEmpty | None = None
    path: Path | None = None
    targets: list[Target] | None = None
    severity: NonEmpty
    messages: list[Message]
    constraints: list[Constraint]
    property: list[NonEmpty]


class Unit(_Strict):
    """What is evaluated at once, and what it reads of its entity."""

    root: NonEmpty
    shape: NonEmpty
    attributes: list[NonEmpty]
    types: bool


class Knowledge(_Strict):
    super_classes: dict[str, list[NonEmpty]] = Field(alias="superClasses")
    triples: list[Annotated[list[str | Term], Field(min_length=3, max_length=3)]]


class TermDefinition(_Strict):
    id: NonEmpty = Field(alias="@id")
    type: NonEmpty | None = Field(None, alias="@type")
    container: NonEmpty | list[NonEmpty] | None = Field(None, alias="@container")


class Context(_Strict):
    vocab: NonEmpty | None = None
    terms: dict[str, TermDefinition]


class Program(_Strict):
    format_version: Literal[1] = Field(alias="formatVersion")
    numbers: Literal["declared", "json-ld", "double"]
    shapes: dict[str, Shape]
    units: list[Unit]
    knowledge: Knowledge
    contexts: dict[str, Context]
    default_context: NonEmpty = Field(alias="defaultContext")


def json_schema() -> dict[str, Any]:
    schema = TypeAdapter(Program).json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
