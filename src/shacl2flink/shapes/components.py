"""The constraint components, one class each, under their W3C names and in W3C order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from shacl2flink.rdf.terms import document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shacl2flink.rdf.terms import Iri, Literal, Node, Term

    Name = Callable[[Node, str], str]


@dataclass(frozen=True, kw_only=True)
class Component:
    """One constraint. `name` is the component's, without its suffix ConstraintComponent."""

    name: ClassVar[str]

    def parameters(self, name: Name) -> dict[str, Any]:
        raise NotImplementedError

    def shapes(self) -> Iterable[Node]:
        """The shapes that the constraint is about."""
        return ()

    def document(self, name: Name) -> dict[str, Any]:
        """As the program writes it; `name` says what it calls the shapes."""
        return {"component": self.name, **self.parameters(name)}


@dataclass(frozen=True, kw_only=True)
class Class(Component):
    name = "Class"
    class_: Iri

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"class": str(self.class_)}


@dataclass(frozen=True, kw_only=True)
class Datatype(Component):
    name = "Datatype"
    datatype: Iri

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"datatype": str(self.datatype)}


@dataclass(frozen=True, kw_only=True)
class NodeKind(Component):
    name = "NodeKind"
    node_kind: str

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"nodeKind": self.node_kind}


@dataclass(frozen=True, kw_only=True)
class MinCount(Component):
    name = "MinCount"
    min_count: int

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"minCount": self.min_count}


@dataclass(frozen=True, kw_only=True)
class MaxCount(Component):
    name = "MaxCount"
    max_count: int

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"maxCount": self.max_count}


@dataclass(frozen=True, kw_only=True)
class Range(Component):
    """What the four components that compare with a literal have in common."""

    value: Literal

    def parameters(self, _: Name) -> dict[str, Any]:
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

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"minLength": self.min_length}


@dataclass(frozen=True, kw_only=True)
class MaxLength(Component):
    name = "MaxLength"
    max_length: int

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"maxLength": self.max_length}


@dataclass(frozen=True, kw_only=True)
class Pattern(Component):
    """`regex` says the same as pattern and flags, in the syntax of the engine that matches."""

    name = "Pattern"
    pattern: str
    flags: str
    regex: str

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"pattern": self.pattern, "flags": self.flags, "regex": self.regex}


@dataclass(frozen=True, kw_only=True)
class LanguageIn(Component):
    name = "LanguageIn"
    ranges: tuple[str, ...]

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"languageIn": list(self.ranges)}


@dataclass(frozen=True, kw_only=True)
class UniqueLang(Component):
    name = "UniqueLang"

    def parameters(self, _: Name) -> dict[str, Any]:
        return {}


@dataclass(frozen=True, kw_only=True)
class Pair(Component):
    """What the four components that compare with another property have in common."""

    predicate: Iri
    parameter: ClassVar[str]

    def parameters(self, _: Name) -> dict[str, Any]:
        return {self.parameter: str(self.predicate)}


@dataclass(frozen=True, kw_only=True)
class Equals(Pair):
    name = "Equals"
    parameter = "equals"


@dataclass(frozen=True, kw_only=True)
class Disjoint(Pair):
    name = "Disjoint"
    parameter = "disjoint"


@dataclass(frozen=True, kw_only=True)
class LessThan(Pair):
    name = "LessThan"
    parameter = "lessThan"


@dataclass(frozen=True, kw_only=True)
class LessThanOrEquals(Pair):
    name = "LessThanOrEquals"
    parameter = "lessThanOrEquals"


@dataclass(frozen=True, kw_only=True)
class OneShape(Component):
    """What the components with one shape have in common."""

    shape: Node
    parameter: ClassVar[str]

    def parameters(self, name: Name) -> dict[str, Any]:
        return {self.parameter: name(self.shape, self.parameter)}

    def shapes(self) -> Iterable[Node]:
        return (self.shape,)


@dataclass(frozen=True, kw_only=True)
class ShapeList(Component):
    """What the components with a list of shapes have in common."""

    members: tuple[Node, ...]
    parameter: ClassVar[str]

    def parameters(self, name: Name) -> dict[str, Any]:
        return {self.parameter: [name(member, self.parameter) for member in self.members]}

    def shapes(self) -> Iterable[Node]:
        return self.members


@dataclass(frozen=True, kw_only=True)
class Not(OneShape):
    name = "Not"
    parameter = "not"


@dataclass(frozen=True, kw_only=True)
class And(ShapeList):
    name = "And"
    parameter = "and"


@dataclass(frozen=True, kw_only=True)
class Or(ShapeList):
    name = "Or"
    parameter = "or"


@dataclass(frozen=True, kw_only=True)
class Xone(ShapeList):
    name = "Xone"
    parameter = "xone"


@dataclass(frozen=True, kw_only=True)
class NodeShape(OneShape):
    name = "Node"
    parameter = "node"


@dataclass(frozen=True, kw_only=True)
class Qualified(Component):
    """`siblings` are the shapes that a value must not conform to if it is to count."""

    shape: Node
    siblings: tuple[Node, ...]
    count: int
    parameter: ClassVar[str]

    def parameters(self, name: Name) -> dict[str, Any]:
        return {
            "qualifiedValueShape": name(self.shape, "qualifiedValueShape"),
            "siblings": sorted(name(sibling, "sibling") for sibling in self.siblings),
            self.parameter: self.count,
        }

    def shapes(self) -> Iterable[Node]:
        return (self.shape, *self.siblings)


@dataclass(frozen=True, kw_only=True)
class QualifiedMinCount(Qualified):
    name = "QualifiedMinCount"
    parameter = "qualifiedMinCount"


@dataclass(frozen=True, kw_only=True)
class QualifiedMaxCount(Qualified):
    name = "QualifiedMaxCount"
    parameter = "qualifiedMaxCount"


@dataclass(frozen=True, kw_only=True)
class Closed(Component):
    """`allowed`: the paths of the shape's property shapes, and the ignored properties."""

    name = "Closed"
    allowed: tuple[Iri, ...]

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"allowed": sorted(map(str, self.allowed))}


@dataclass(frozen=True, kw_only=True)
class HasValue(Component):
    name = "HasValue"
    value: Term

    def parameters(self, _: Name) -> dict[str, Any]:
        return {"value": document(self.value)}


@dataclass(frozen=True, kw_only=True)
class In(Component):
    name = "In"
    members: tuple[Term, ...]

    def parameters(self, _: Name) -> dict[str, Any]:
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
    LanguageIn,
    UniqueLang,
    Equals,
    Disjoint,
    LessThan,
    LessThanOrEquals,
    Not,
    And,
    Or,
    Xone,
    NodeShape,
    QualifiedMinCount,
    QualifiedMaxCount,
    Closed,
    HasValue,
    In,
)
ORDER = {component.name: place for place, component in enumerate(W3C_ORDER)}
