"""Property paths. A predicate is one; every other form is refused by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.rdf.terms import Blank, Iri, Literal
from shacl2flink.rdf.vocab import RDF_FIRST, RDF_NIL, SH, sh
from shacl2flink.shapes.refusals import CORE, REFUSED

if TYPE_CHECKING:
    from shacl2flink.rdf.terms import Term
    from shacl2flink.shapes.reader import Reader

PATH = sh("path")
_FORMS = {
    sh("inversePath"): "an inverse path",
    sh("alternativePath"): "an alternative path",
    sh("zeroOrMorePath"): "a zero-or-more path",
    sh("oneOrMorePath"): "a one-or-more path",
    sh("zeroOrOnePath"): "a zero-or-one path",
}
PATH_TERMS = frozenset(_FORMS)


def predicate_path(reader: Reader, value: Term) -> Iri | None:
    if isinstance(value, Iri) and value != RDF_NIL:
        return value
    if isinstance(value, Blank):
        for term, form in _FORMS.items():
            if reader.graph.has(value, term):
                refusal = REFUSED[term.removeprefix(SH)]
                _unsupported(reader, value, term, form, refusal.section)
                return None
        if reader.graph.has(value, RDF_FIRST):
            section = CORE + "#property-path-sequence"
            _unsupported(reader, value, PATH, "a sequence path", section)
            return None
    if isinstance(value, Literal):
        reader.wrong(PATH, value, "an IRI", CORE + "#property-paths")
        return None
    reader.report(
        "malformed-path",
        "the value of sh:path is no property path",
        term=PATH,
        value=value,
        hint="write the IRI of the predicate",
        section=CORE + "#property-paths",
    )
    return None


def _unsupported(reader: Reader, value: Blank, term: Iri, form: str, section: str) -> None:
    hint = "use one predicate, and nest property shapes for longer paths"
    reader.report(
        "unsupported-path",
        f"the path is {form}, which is not supported",
        term=term,
        value=value,
        hint=hint,
        section=section,
        where=None if term == PATH else (value, term),
    )
