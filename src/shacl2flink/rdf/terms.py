"""RDF terms, small enough to hold millions of them.

IRIs and blank nodes are strings: comparing and hashing them is what the compiler does
all day. The label of a blank node begins with `_:`, which no IRI does, so the two
never compare equal.
"""

from __future__ import annotations

from typing import NamedTuple


class Iri(str):
    __slots__ = ()


class Blank(str):
    """Its value is the label with the leading `_:`."""

    __slots__ = ()


class Literal(NamedTuple):
    lexical: str
    datatype: str
    language: str | None = None


Node = Iri | Blank
Term = Iri | Blank | Literal
TermDocument = dict[str, str]


def document(term: Term) -> TermDocument:
    """The term as the program and the reports write it."""
    if not isinstance(term, Literal):
        return {"@id": str(term)}
    if term.language is not None:
        return {"@value": term.lexical, "@language": term.language}
    return {"@value": term.lexical, "@type": str(term.datatype)}


def sort_key(term: Term) -> tuple[int, str, str, str]:
    """A total order over terms: blank nodes, IRIs, literals."""
    if isinstance(term, Literal):
        return (2, term.lexical, term.datatype, term.language or "")
    return (1 if isinstance(term, Iri) else 0, str(term), "", "")


def shown(term: Term) -> str:
    """For messages; long literals are cut."""
    if isinstance(term, Literal):
        text = term.lexical if len(term.lexical) <= 60 else term.lexical[:60] + "..."
        return f'"{text}"'
    from shacl2flink.rdf.vocab import short

    return short(term) if isinstance(term, Iri) else "a blank node"
