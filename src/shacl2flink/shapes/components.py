"""The constraint components, one class each, under their W3C names and in W3C order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from shacl2flink.rdf.terms import document

if TYPE_CHECKING:
    from shacl2flink.rdf.terms import Iri, Literal, Term


@dataclass(frozen=True, kw_only=True)
class Component:
    """One constraint. `name` is the component's, without its suffix ConstraintComponent."""

    name: ClassVar[str]

    def parameters(self) -> dict[str, Any]:
        raise NotImplementedError

    def document(self) -> dict[str, Any]:
        """As the program writes it."""
        return {"component": self.name, **self.parameters()}


@dataclass(frozen=True, kw_only=True)
class Class(Component):
    name = "Class"
    class_: Iri

    def parameters(self) -> dict[str, Any]:
        return {"class": str(self.class_)}


@dataclass(frozen=True, kw_only=True)
class Datatype(Component):
    name = "Datatype"
    datatype: Iri

    def parameters(self) -> dict[str, Any]:
        return {"datatype": str(self.datatype)}


@dataclass(frozen=True, kw_only=True)
class NodeKind(Component):
    name = "NodeKind"
    node_kind: str

    def parameters(self) -> dict[str, Any]:
        return {"nodeKind": self.node_kind}


@dataclass(frozen=True, kw_only=True)
class MinCount(Component):
    name = "MinCount"
    min_count: int

    def parameters(self) -> dict[str, Any]:
        return {"minCount": self.min_count}


@dataclass(frozen=True, kw_only=True)
class MaxCount(Component):
    name = "MaxCount"
    max_count: int

    def parameters(self) -> dict[str, Any]:
        return {"maxCount": self.max_count}


@dataclass(frozen=True, kw_only=True)
class Range(Component):
    """What the four components that compare with a literal have in common."""

    value: Literal

    def parameters(self) -> dict[str, Any]:
        return {"value": document(self.value)}


@dataclass(frozen=True, kw_only=True)
class MinExclusive(Range):
    name = "MinExclusive"


@dataclass(frozen=True, kw_only=True)
class MinInclusive(Range):
    name = "MinInclusive"


@dataclass(frozen=True, kw_only=True)
class MaxExclusive(Range):
    name = "MaxExclusive"


@dataclass(frozen=True, kw_only=True)
class MaxInclusive(Range):
    name = "MaxInclusive"


@dataclass(frozen=True, kw_only=True)
class MinLength(Component):
    name = "MinLength"
    min_length: int

    def parameters(self) -> dict[str, Any]:
        return {"minLength": self.min_length}


@dataclass(frozen=True, kw_only=True)
class MaxLength(Component):
    name = "MaxLength"
    max_length: int

    def parameters(self) -> dict[str, Any]:
        return {"maxLength": self.max_length}


@dataclass(frozen=True, kw_only=True)
class Pattern(Component):
    """`regex` says the same as pattern and flags, in the syntax of the engine that matches."""

    name = "Pattern"
    pattern: str
    flags: str
    regex: str

    def parameters(self) -> dict[str, Any]:
        return {"pattern": self.pattern, "flags": self.flags, "regex": self.regex}


@dataclass(frozen=True, kw_only=True)
class HasValue(Component):
    name = "HasValue"
    value: Term

    def parameters(self) -> dict[str, Any]:
        return {"value": document(self.value)}


@dataclass(frozen=True, kw_only=True)
class In(Component):
    name = "In"
    members: tuple[Term, ...]

    def parameters(self) -> dict[str, Any]:
        return {"in": [document(member) for member in self.members]}


W3C_ORDER: tuple[type[Component], ...] = (
    Class,
    Datatype,
    NodeKind,
    MinCount,
    MaxCount,
    MinExclusive,
    MinInclusive,
    MaxExclusive,
    MaxInclusive,
    MinLength,
    MaxLength,
    Pattern,
    HasValue,
    In,
)
ORDER = {component.name: place for place, component in enumerate(W3C_ORDER)}
