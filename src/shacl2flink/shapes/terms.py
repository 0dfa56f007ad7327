"""Every term of the `sh:` namespace is either understood or refused; so are ours."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from shacl2flink.diagnostics import Severity
from shacl2flink.rdf.vocab import OWN, RDF_TYPE, SH, short
from shacl2flink.shapes.parameters import EVALUATED
from shacl2flink.shapes.refusals import (
    ACCEPTED_TYPES,
    CORE,
    NON_VALIDATING,
    OWN_TERMS,
    REFUSED,
)

if TYPE_CHECKING:
    from shacl2flink.rdf.terms import Iri
    from shacl2flink.shapes.reader import Reader

_UNDERSTOOD = {term.removeprefix(SH) for term in EVALUATED} | set(NON_VALIDATING)


def is_refused(term: Iri) -> bool:
    if term.startswith(OWN):
        return True
    return term.startswith(SH) and term.removeprefix(SH) not in _UNDERSTOOD


def report_refused(reader: Reader, *, data: bool = False) -> None:
    """All terms at this node that are not understood: its predicates and its types.

    At a node of `data` an unknown one is no misspelt part of a shape, so it is only told.
    """
    for predicate in reader.graph.predicates(reader.node):
        if predicate.startswith(OWN):
            _report_own(reader, predicate)
        elif is_refused(predicate):
            _report(reader, predicate, predicate, data=data)
    for type_ in reader.graph.types(reader.node):
        if type_.startswith(SH) and type_.removeprefix(SH) not in ACCEPTED_TYPES:
            _report(reader, RDF_TYPE, type_, data=data)


def has_refused(reader: Reader) -> bool:
    predicates = reader.graph.predicates(reader.node)
    types = reader.graph.types(reader.node)
    return any(is_refused(predicate) for predicate in predicates) or any(
        type_.startswith(SH) and type_.removeprefix(SH) not in ACCEPTED_TYPES for type_ in types
    )


def _report(reader: Reader, predicate: Iri, term: Iri, *, data: bool) -> None:
    name = term.removeprefix(SH)
    refusal = REFUSED.get(name)
    if refusal is not None:
        code = "unsupported-term"
        message = f"{short(term)} ({refusal.chapter}) is not supported"
        hint, section = refusal.hint, refusal.section
    else:
        code = "unknown-term"
        message = f"{short(term)} is no term of SHACL that is known here"
        known = ACCEPTED_TYPES if predicate == RDF_TYPE else _UNDERSTOOD
        close = get_close_matches(name, sorted(known | set(REFUSED)), n=1, cutoff=0.7)
        hint = f"did you mean sh:{close[0]}?" if close else "see the terms of the specification"
        section = CORE
    severity = Severity.WARNING if data and refusal is None else Severity.ERROR
    _add(reader, predicate, term, (code, message, hint, section), severity)


def _report_own(reader: Reader, term: Iri) -> None:
    name = term.removeprefix(OWN)
    section = OWN
    if name in OWN_TERMS:
        what = ("unsupported-term", f"{short(term)} is not supported yet", "leave it out", section)
    else:
        known = ", ".join(f"fjr:{own}" for own in sorted(OWN_TERMS))
        what = ("unknown-term", f"{short(term)} is no term of ours", f"there are {known}", section)
    _add(reader, term, term, what)


def _add(
    reader: Reader,
    predicate: Iri,
    term: Iri,
    what: tuple[str, str, str, str],
    severity: Severity = Severity.ERROR,
) -> None:
    code, message, hint, section = what
    at_type = predicate == RDF_TYPE
    where = (reader.node, predicate, term) if at_type else None
    reader.report(
        code, message, term=term, hint=hint, section=section, severity=severity, where=where
    )
