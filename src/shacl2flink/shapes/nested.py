"""Reads the parameters that are about several properties, or about other shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from shacl2flink.diagnostics import Severity
from shacl2flink.rdf.terms import Iri, Literal
from shacl2flink.rdf.vocab import XSD_BOOLEAN, XSD_STRING, sh, short
from shacl2flink.shapes import components as c
from shacl2flink.shapes.lists import read_list
from shacl2flink.shapes.references import PROPERTY

if TYPE_CHECKING:
    from shacl2flink.rdf.terms import Node, Term
    from shacl2flink.shapes.parameters import Parameter
    from shacl2flink.shapes.reader import Reader

_QUALIFIED = sh("qualifiedValueShape")
_DISJOINT = sh("qualifiedValueShapesDisjoint")
QUALIFIED = (_QUALIFIED, _DISJOINT)
_IGNORED = sh("ignoredProperties")
_PATH = sh("path")


def language_in(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    members = read_list(reader, value, parameter.term)
    if members is None:
        return None
    ranges = [
        member.lexical
        for member in members
        if isinstance(member, Literal) and member.datatype == XSD_STRING
    ]
    if len(ranges) != len(members):
        expected = "a list of language tags without language or datatype"
        reader.wrong(parameter.term, value, expected, parameter.section, 'write ( "en" "de" )')
        return None
    return c.LanguageIn(ranges=tuple(ranges))


def unique_lang(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    """Only the literal `true` switches it on, so `"1"^^xsd:boolean` does not."""
    if isinstance(value, Literal) and value.datatype == XSD_BOOLEAN:
        if value.lexical not in ("true", "false"):
            reader.report(
                "ineffective-term",
                f'{short(parameter.term)} is "{value.lexical}", which does not switch it on',
                term=parameter.term,
                value=value,
                hint="write true",
                section=parameter.section,
                severity=Severity.WARNING,
            )
        return c.UniqueLang() if value.lexical == "true" else None
    reader.wrong(parameter.term, value, "true or false", parameter.section)
    return None


def pair(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    iri = reader.iri(parameter.term, value, parameter.section)
    component: Any = parameter.component
    return None if iri is None else component(predicate=iri)


def one_shape(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    shape = _shape(reader, value, parameter.term, parameter.section)
    component: Any = parameter.component
    return None if shape is None else component(shape=shape)


def all_shapes(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    members = read_list(reader, value, parameter.term)
    if members is None:
        return None
    shapes = [_shape(reader, member, parameter.term, parameter.section) for member in members]
    found = tuple(shape for shape in shapes if shape is not None)
    if len(found) != len(shapes):
        return None
    component: Any = parameter.component
    return cast("c.Component", component(members=found))


def qualified(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    written = reader.single(_QUALIFIED, parameter.section)
    if written is None:
        if not reader.values(_QUALIFIED):
            reader.report(
                "ineffective-term",
                f"{short(parameter.term)} without sh:qualifiedValueShape has no effect",
                term=parameter.term,
                hint="say with sh:qualifiedValueShape which values are counted",
                section=parameter.section,
                severity=Severity.WARNING,
            )
        return None
    count = reader.count(parameter.term, value, parameter.section)
    shape = _shape(reader, written, _QUALIFIED, parameter.section)
    if shape is None or count is None:
        return None
    disjoint = reader.single(_DISJOINT, parameter.section)
    apart = disjoint is not None and reader.truth(_DISJOINT, disjoint, parameter.section)
    siblings = _siblings(reader, shape) if apart else ()
    component: Any = parameter.component
    return cast("c.Component", component(shape=shape, siblings=siblings, count=count))


def _siblings(reader: Reader, shape: Node) -> tuple[Node, ...]:
    """Of all shapes that this one is a property of, not only of the one that is evaluated."""
    graph = reader.graph
    found = {
        value
        for parent in graph.referring(reader.node, PROPERTY)
        for sibling in graph.objects(parent, PROPERTY)
        if not isinstance(sibling, Literal)
        for value in graph.objects(sibling, _QUALIFIED)
        if not isinstance(value, Literal)
    }
    return tuple(sorted(found - {shape}))


def closed(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    ignored = _ignored(reader, parameter)
    if not reader.truth(parameter.term, value, parameter.section) or ignored is None:
        return None
    graph = reader.graph
    paths = {
        path
        for shape in reader.values(PROPERTY)
        if not isinstance(shape, Literal)
        for path in graph.objects(shape, _PATH)
        if isinstance(path, Iri)
    }
    return c.Closed(allowed=tuple(sorted(paths | set(ignored))))


def _ignored(reader: Reader, parameter: Parameter) -> list[Iri] | None:
    value = reader.single(_IGNORED, parameter.section)
    if value is None:
        return []
    members = read_list(reader, value, _IGNORED)
    if members is None:
        return None
    iris = [member for member in members if isinstance(member, Iri)]
    if len(iris) != len(members):
        reader.wrong(_IGNORED, value, "a list of IRIs", parameter.section)
        return None
    return iris


def _shape(reader: Reader, value: Term, term: Iri, section: str) -> Node | None:
    if isinstance(value, Literal):
        reader.wrong(term, value, "a shape (an IRI or [ ... ])", section)
        return None
    if isinstance(value, Iri) and not list(reader.graph.predicates(value)):
        reader.report(
            "undescribed-shape",
            f"{short(term)} names {short(value)}, which the shapes graph does not describe: every"
            " node would conform to it",
            term=term,
            value=value,
            hint="mend the name, or give the file that describes it as well",
            section=section,
        )
        return None
    return value
