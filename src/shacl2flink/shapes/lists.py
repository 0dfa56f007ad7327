"""Reads RDF lists; what is none is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.errors import LimitExceeded
from shacl2flink.rdf.load import Limits, bound_list
from shacl2flink.rdf.vocab import short
from shacl2flink.shapes.refusals import CORE

if TYPE_CHECKING:
    from shacl2flink.rdf.terms import Iri, Term
    from shacl2flink.shapes.reader import Reader

_LIMITS = Limits()


def read_list(reader: Reader, value: Term, term: Iri) -> list[Term] | None:
    members = reader.graph.members(value)
    if members is None:
        reader.report(
            "malformed-list",
            f"the value of {short(term)} is no well-formed RDF list: it must end in rdf:nil,"
            " without cycle or fork",
            term=term,
            value=value,
            hint=f"write the members in parentheses: {short(term)} ( ex:a ex:b )",
            section=CORE + "#dfn-shacl-list",
        )
        return None
    try:
        bound_list(members, _LIMITS)
    except LimitExceeded as limit:
        reader.report(limit.code, limit.message, term=term, value=value, hint=limit.hint)
        return None
    return members
