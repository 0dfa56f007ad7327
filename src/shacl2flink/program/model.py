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


class LanguageIn(_Strict):
    component: Literal["LanguageIn"]
    language_in: list[str] = Field(alias="languageIn")


class UniqueLang(_Strict):
    component: Literal["UniqueLang"]


class Equals(_Strict):
    component: Literal["Equals"]
    equals: NonEmpty


class Disjoint(_Strict):
    component: Literal["Disjoint"]
    disjoint: NonEmpty


class LessThan(_Strict):
    component: Literal["LessThan"]
    less_than: NonEmpty = Field(alias="lessThan")


class LessThanOrEquals(_Strict):
    component: Literal["LessThanOrEquals"]
    less_than_or_equals: NonEmpty = Field(alias="lessThanOrEquals")


class Not(_Strict):
    """Here and below, shapes are named by their labels."""

    component: Literal["Not"]
    not_: NonEmpty = Field(alias="not")


class And(_Strict):
    component: Literal["And"]
    and_: list[NonEmpty] = Field(alias="and")


class Or(_Strict):
    component: Literal["Or"]
    or_: list[NonEmpty] = Field(alias="or")


class Xone(_Strict):
    component: Literal["Xone"]
    xone: list[NonEmpty]


class NodeShape(_Strict):
    component: Literal["Node"]
    node: NonEmpty


class QualifiedMinCount(_Strict):
    """A value that conforms to a sibling does not count."""

    component: Literal["QualifiedMinCount"]
    qualified_value_shape: NonEmpty = Field(alias="qualifiedValueShape")
    siblings: list[NonEmpty]
    qualified_min_count: Count = Field(alias="qualifiedMinCount")


class QualifiedMaxCount(_Strict):
    component: Literal["QualifiedMaxCount"]
    qualified_value_shape: NonEmpty = Field(alias="qualifiedValueShape")
    siblings: list[NonEmpty]
    qualified_max_count: Count = Field(alias="qualifiedMaxCount")


class Closed(_Strict):
    component: Literal["Closed"]
    allowed: list[NonEmpty]


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
    | LanguageIn
    | UniqueLang
    | Equals
    | Disjoint
    | LessThan
    | LessThanOrEquals
    | Not
    | And
    | Or
    | Xone
    | NodeShape
    | QualifiedMinCount
    | QualifiedMaxCount
    | Closed
    | HasValue
    | In,
    Field(discriminator="component"),
]


class Predicate(_Strict):
    predicate: NonEmpty


class Inverse(_Strict):
    inverse: Path


class Sequence(_Strict):
    sequence: Annotated[list[Path], Field(min_length=2)]


class Alternative(_Strict):
    alternative: Annotated[list[Path], Field(min_length=2)]


class ZeroOrMore(_Strict):
    zero_or_more: Path = Field(alias="zeroOrMore")


class OneOrMore(_Strict):
    one_or_more: Path = Field(alias="oneOrMore")


class ZeroOrOne(_Strict):
    zero_or_one: Path = Field(alias="zeroOrOne")


Path = Predicate | Inverse | Sequence | Alternative | ZeroOrMore | OneOrMore | ZeroOrOne


class TargetClass(_Strict):
    class_: NonEmpty = Field(alias="class")


class TargetNode(_Strict):
    node: Term


class TargetSubjectsOf(_Strict):
    subjects_of: NonEmpty = Field(alias="subjectsOf")


class TargetObjectsOf(_Strict):
    objects_of: NonEmpty = Field(alias="objectsOf")


Target = TargetClass | TargetNode | TargetSubjectsOf | TargetObjectsOf


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
    all_attributes: Literal[True] | None = Field(None, alias="allAttributes")
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
