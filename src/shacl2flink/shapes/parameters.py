"""The dispatch table: each parameter of SHACL Core that is evaluated, and how it is read.

The support matrix of the documentation is made from this table, so that what it says is
what the compiler does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shacl2flink.rdf.terms import Blank, Iri
from shacl2flink.rdf.vocab import SH, sh
from shacl2flink.shapes import components as c
from shacl2flink.shapes.lists import read_list
from shacl2flink.shapes.nested import (
    QUALIFIED,
    all_shapes,
    closed,
    language_in,
    one_shape,
    pair,
    qualified,
    unique_lang,
)
from shacl2flink.shapes.paths import FORMS
from shacl2flink.shapes.refusals import CORE
from shacl2flink.shapes.regex import RegexError, translate
from shacl2flink.shapes.targets import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from shacl2flink.rdf.terms import Term
    from shacl2flink.shapes.reader import Reader

NODE_KINDS = (
    "BlankNode",
    "IRI",
    "Literal",
    "BlankNodeOrIRI",
    "BlankNodeOrLiteral",
    "IRIOrLiteral",
)


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of a constraint component. `read` makes the component of one value.

    `optional` are further parameters that only mean something beside it; `chapter` is the
    specification's name of the component, where it is not that of the class.
    """

    component: type[c.Component]
    term: Iri
    read: Callable[[Reader, Term, Parameter], c.Component | None]
    many: bool = False
    property_only: bool = False
    optional: tuple[Iri, ...] = ()
    chapter: str | None = None

    @property
    def section(self) -> str:
        return f"{CORE}#{self.chapter or self.component.name}ConstraintComponent"

    def constraints(self, reader: Reader) -> list[c.Component]:
        """The constraints that this parameter declares at one shape."""
        if self.many:
            values = reader.values(self.term)
        else:
            value = reader.single(self.term, self.section)
            values = [] if value is None else [value]
        found = (self.read(reader, value, self) for value in values)
        return [component for component in found if component is not None]


def _class(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    iri = reader.iri(parameter.term, value, parameter.section)
    return None if iri is None else c.Class(class_=iri)


def _datatype(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    iri = reader.iri(parameter.term, value, parameter.section)
    return None if iri is None else c.Datatype(datatype=iri)


def _node_kind(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    name = value.removeprefix(SH) if isinstance(value, Iri) else ""
    if name in NODE_KINDS and isinstance(value, Iri) and value.startswith(SH):
        return c.NodeKind(node_kind=name)
    reader.wrong(
        parameter.term,
        value,
        "one of " + ", ".join(f"sh:{kind}" for kind in NODE_KINDS),
        parameter.section,
    )
    return None


def _count(make: Callable[[int], c.Component]) -> Callable[..., c.Component | None]:
    def read(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
        count = reader.count(parameter.term, value, parameter.section)
        return None if count is None else make(count)

    return read


def _range(component: type[c.Range]) -> Callable[..., c.Component | None]:
    def read(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
        literal = reader.literal(parameter.term, value, parameter.section)
        return None if literal is None else component(value=literal)

    return read


def _pattern(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    flags_term = parameter.optional[0]
    written = reader.single(flags_term, parameter.section)
    flags = "" if written is None else reader.string(flags_term, written, parameter.section)
    pattern = reader.string(parameter.term, value, parameter.section)
    if pattern is None or flags is None:
        return None
    try:
        return c.Pattern(pattern=pattern, flags=flags, regex=translate(pattern, flags))
    except RegexError as error:
        in_flags = error.code == "invalid-flags"
        reader.report(
            error.code,
            error.message,
            term=flags_term if in_flags else parameter.term,
            value=written if in_flags else value,
            hint=error.hint,
            section="https://www.w3.org/TR/xpath-functions/#regex-syntax",
        )
        return None


def _has_value(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    if isinstance(value, Blank):
        _report_blank(reader, parameter, value)
        return None
    return c.HasValue(value=value)


def _in(reader: Reader, value: Term, parameter: Parameter) -> c.Component | None:
    members = read_list(reader, value, parameter.term)
    if members is None:
        return None
    if any(isinstance(member, Blank) for member in members):
        _report_blank(reader, parameter, value)
        return None
    return c.In(members=tuple(members))


def _report_blank(reader: Reader, parameter: Parameter, value: Term) -> None:
    reader.report(
        "blank-node-value",
        "a blank node of the shapes graph never equals a node of the data graph, so the"
        " constraint says nothing that could be meant",
        term=parameter.term,
        value=value,
        hint="use IRIs or literals; for the shape of a node use sh:property",
        section=parameter.section,
    )


PARAMETERS: tuple[Parameter, ...] = (
    Parameter(component=c.Class, term=sh("class"), read=_class, many=True),
    Parameter(component=c.Datatype, term=sh("datatype"), read=_datatype),
    Parameter(component=c.NodeKind, term=sh("nodeKind"), read=_node_kind),
    Parameter(
        component=c.MinCount,
        term=sh("minCount"),
        read=_count(lambda n: c.MinCount(min_count=n)),
        property_only=True,
    ),
    Parameter(
        component=c.MaxCount,
        term=sh("maxCount"),
        read=_count(lambda n: c.MaxCount(max_count=n)),
        property_only=True,
    ),
    Parameter(component=c.MinExclusive, term=sh("minExclusive"), read=_range(c.MinExclusive)),
    Parameter(component=c.MinInclusive, term=sh("minInclusive"), read=_range(c.MinInclusive)),
    Parameter(component=c.MaxExclusive, term=sh("maxExclusive"), read=_range(c.MaxExclusive)),
    Parameter(component=c.MaxInclusive, term=sh("maxInclusive"), read=_range(c.MaxInclusive)),
    Parameter(
        component=c.MinLength,
        term=sh("minLength"),
        read=_count(lambda n: c.MinLength(min_length=n)),
    ),
    Parameter(
        component=c.MaxLength,
        term=sh("maxLength"),
        read=_count(lambda n: c.MaxLength(max_length=n)),
    ),
    Parameter(component=c.Pattern, term=sh("pattern"), read=_pattern, optional=(sh("flags"),)),
    Parameter(component=c.LanguageIn, term=sh("languageIn"), read=language_in),
    Parameter(component=c.UniqueLang, term=sh("uniqueLang"), read=unique_lang, property_only=True),
    Parameter(component=c.Equals, term=sh("equals"), read=pair, many=True),
    Parameter(component=c.Disjoint, term=sh("disjoint"), read=pair, many=True),
    Parameter(component=c.LessThan, term=sh("lessThan"), read=pair, many=True, property_only=True),
    Parameter(
        component=c.LessThanOrEquals,
        term=sh("lessThanOrEquals"),
        read=pair,
        many=True,
        property_only=True,
    ),
    Parameter(component=c.Not, term=sh("not"), read=one_shape, many=True),
    Parameter(component=c.And, term=sh("and"), read=all_shapes, many=True),
    Parameter(component=c.Or, term=sh("or"), read=all_shapes, many=True),
    Parameter(component=c.Xone, term=sh("xone"), read=all_shapes, many=True),
    Parameter(component=c.NodeShape, term=sh("node"), read=one_shape, many=True),
    Parameter(
        component=c.QualifiedMinCount,
        term=sh("qualifiedMinCount"),
        read=qualified,
        property_only=True,
        optional=QUALIFIED,
        chapter="QualifiedValueShape",
    ),
    Parameter(
        component=c.QualifiedMaxCount,
        term=sh("qualifiedMaxCount"),
        read=qualified,
        property_only=True,
        optional=QUALIFIED,
        chapter="QualifiedValueShape",
    ),
    Parameter(
        component=c.Closed, term=sh("closed"), read=closed, optional=(sh("ignoredProperties"),)
    ),
    Parameter(component=c.HasValue, term=sh("hasValue"), read=_has_value, many=True),
    Parameter(component=c.In, term=sh("in"), read=_in),
)
CONSTRAINING = frozenset(parameter.term for parameter in PARAMETERS)
OPTIONAL = frozenset(term for parameter in PARAMETERS for term in parameter.optional)
# What else a shape says of itself, with where it is specified.
STRUCTURE: dict[Iri, str] = {
    **{term: f"{CORE}#{term.removeprefix(SH)}" for term in KINDS},
    sh("path"): CORE + "#property-paths",
    **FORMS,
    sh("property"): CORE + "#PropertyConstraintComponent",
    sh("severity"): CORE + "#severity",
    sh("message"): CORE + "#message",
    sh("deactivated"): CORE + "#deactivated",
}
EVALUATED = CONSTRAINING | set(STRUCTURE) | OPTIONAL
