"""Where a shape leads in the graph of an NGSI-LD entity, found without any data.

A walk goes through a shape and all that it is evaluated with, and keeps in mind what
kind of node it may have come to. What it meets on the way it tells a visitor: what an
update can affect and what a stream cannot decide are both found so.
"""

from __future__ import annotations

from enum import Flag
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Protocol

from shacl2flink.rdf.vocab import NGSI_LD, RDF_FIRST, RDF_REST, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    ShapeDocument = dict[str, Any]


class Place(Flag):
    """The kinds of node that a focus node or a value node may be."""

    NOWHERE = 0
    ENTITY = 1
    # An attribute, or a sub-attribute.
    ATTRIBUTE = 2
    # A literal, a node inside of a value, or an IRI: of the knowledge, but by chance also
    # of the entity itself.
    VALUE = 4
    # The entity at the end of a Relationship, and the cells of a list of them.
    OTHER = 8
    OTHERS = 16


# Whoever reads here may read an attribute of the entity.
AT_ENTITY = Place.ENTITY | Place.VALUE | Place.OTHER

_OBJECT = NGSI_LD + "hasObject"
_OBJECT_LIST = NGSI_LD + "hasObjectList"
_TO_VALUES = {
    str(RDF_TYPE),
    str(RDF_FIRST),
    str(RDF_REST),
    *(
        NGSI_LD + name
        for name in (
            "hasValue",
            "hasVocab",
            "hasValueList",
            "hasLanguageMap",
            "hasJSON",
            "hasObjectType",
            "observedAt",
            "createdAt",
            "modifiedAt",
            "deletedAt",
            "expiresAt",
            "unitCode",
            "datasetId",
            "scope",
        )
    ),
}
PAIRS = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
_ONE = ("not", "node", "qualifiedValueShape")
_MANY = ("and", "or", "xone", "siblings")


class Visitor(Protocol):
    """`label` is always the shape that is to blame, `term` the local name of its parameter."""

    def reads(self, label: str, term: str, predicate: str, at: Place) -> None: ...

    def reads_backwards(self, label: str, term: str, predicate: str) -> None: ...

    def reads_all(self, label: str, at: Place) -> None: ...

    def asks_class(self, label: str, class_: str, at: Place) -> None: ...


class Walk:
    def __init__(self, documents: Mapping[str, ShapeDocument], visitor: Visitor) -> None:
        self._documents = documents
        self._visitor = visitor
        self._seen: set[tuple[str, Place]] = set()

    def own(self, label: str, focus: Place) -> None:
        """What a node shape asks by itself, without its property shapes."""
        for constraint in self._documents[label]["constraints"]:
            self._constraint(label, constraint, focus, focus)

    def whole(self, label: str, focus: Place) -> None:
        if focus is Place.NOWHERE or (label, focus) in self._seen:
            return
        self._seen.add((label, focus))
        document = self._documents[label]
        values = self._values(label, document, focus)
        for constraint in document["constraints"]:
            self._constraint(label, constraint, focus, values)
        for nested in document["property"]:
            self.whole(nested, values)

    def _values(self, label: str, document: ShapeDocument, focus: Place) -> Place:
        if "path" not in document:
            return focus
        return self._path(label, document["path"], focus, backwards=False)

    def _constraint(
        self, label: str, constraint: dict[str, Any], focus: Place, values: Place
    ) -> None:
        if "class" in constraint:
            self._visitor.asks_class(label, constraint["class"], values)
        if "allowed" in constraint:
            self._visitor.reads_all(label, values)
        for term in PAIRS:
            if term in constraint:
                self._forward(label, term, constraint[term], focus)
        for shape in inner_shapes(constraint):
            self.whole(shape, values)

    def _path(self, label: str, path: dict[str, Any], at: Place, *, backwards: bool) -> Place:
        ((form, inside),) = path.items()
        if at is Place.NOWHERE:
            return at
        if form == "predicate":
            step = self._backward if backwards else self._forward
            return step(label, "path", inside, at)
        if form == "inverse":
            return self._path(label, inside, at, backwards=not backwards)
        if form == "sequence":
            for part in reversed(inside) if backwards else inside:
                at = self._path(label, part, at, backwards=backwards)
            return at
        if form == "alternative":
            ends = (self._path(label, part, at, backwards=backwards) for part in inside)
            return reduce(or_, ends)
        return self._repeated(label, form, inside, at, backwards=backwards)

    def _repeated(
        self, label: str, form: str, path: dict[str, Any], at: Place, *, backwards: bool
    ) -> Place:
        reached = self._path(label, path, at, backwards=backwards)
        if form == "zeroOrOne":
            return at | reached
        before = Place.NOWHERE
        while reached != before:
            before = reached
            reached |= self._path(label, path, reached, backwards=backwards)
        return reached if form == "oneOrMore" else at | reached

    def _forward(self, label: str, term: str, predicate: str, at: Place) -> Place:
        self._visitor.reads(label, term, predicate, at)
        ends = (_step(predicate, place) for place in at)
        return reduce(or_, ends, Place.NOWHERE)

    def _backward(self, label: str, term: str, predicate: str, at: Place) -> Place:
        """Only an attribute has one owner; whatever else may be named by any entity."""
        if at is Place.ATTRIBUTE:
            return Place.ENTITY | Place.ATTRIBUTE
        self._visitor.reads_backwards(label, term, predicate)
        return Place.NOWHERE


def inner_shapes(constraint: Mapping[str, Any]) -> Iterator[str]:
    """The labels of the shapes that a constraint is about."""
    for name in _ONE:
        if name in constraint:
            yield constraint[name]
    for name in _MANY:
        yield from constraint.get(name, ())


def _step(predicate: str, place: Place) -> Place:
    if place is Place.OTHER:
        return Place.NOWHERE
    if predicate == _OBJECT_LIST or (place is Place.OTHERS and predicate == RDF_REST):
        return Place.OTHERS
    if predicate == _OBJECT or (place is Place.OTHERS and predicate == RDF_FIRST):
        return Place.OTHER
    if place is Place.VALUE or predicate in _TO_VALUES:
        return Place.VALUE
    return Place.ATTRIBUTE


def focus_of(document: ShapeDocument) -> Place:
    """What the focus nodes of a shape with targets may be, in the stream."""
    kinds = {kind for target in document["targets"] for kind in target}
    if kinds <= {"class"} or kinds <= {"node"}:
        return Place.ENTITY
    return Place.ENTITY | Place.ATTRIBUTE | Place.VALUE
