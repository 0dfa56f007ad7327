"""A set of triples, indexed by subject; the order in which they were added is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.rdf.terms import Iri, Literal
from shacl2flink.rdf.vocab import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shacl2flink.rdf.terms import Node, Term

Triple = tuple["Node", "Iri", "Term"]


class Graph:
    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._by_subject: dict[Node, dict[Iri, dict[Term, None]]] = {}
        self._referring: dict[Term, dict[Iri, list[Node]]] | None = None
        self._size = 0
        for triple in triples:
            self.add(triple)

    def add(self, triple: Triple) -> None:
        subject, predicate, value = triple
        values = self._by_subject.setdefault(subject, {}).setdefault(predicate, {})
        if value not in values:
            values[value] = None
            self._size += 1
            self._referring = None

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Triple]:
        for subject, properties in self._by_subject.items():
            for predicate, values in properties.items():
                for value in values:
                    yield subject, predicate, value

    def subjects(self) -> Iterable[Node]:
        return self._by_subject

    def predicates(self, subject: Node) -> Iterable[Iri]:
        return self._by_subject.get(subject, {})

    def objects(self, subject: Node, predicate: Iri) -> list[Term]:
        return list(self._by_subject.get(subject, {}).get(predicate, ()))

    def has(self, subject: Node, predicate: Iri, value: Term | None = None) -> bool:
        values = self._by_subject.get(subject, {}).get(predicate, {})
        return bool(values) if value is None else value in values

    def referring(self, value: Term, predicate: Iri) -> list[Node]:
        """The subjects of triples with this predicate and object."""
        if self._referring is None:
            self._referring = {}
            for subject, used, node in self:
                self._referring.setdefault(node, {}).setdefault(used, []).append(subject)
        return self._referring.get(value, {}).get(predicate, [])

    def types(self, subject: Node) -> list[Iri]:
        return [term for term in self.objects(subject, RDF_TYPE) if isinstance(term, Iri)]

    def members(self, head: Term) -> list[Term] | None:
        """The members of an RDF list; None when it is no list: cyclic, forked, open-ended."""
        members: list[Term] = []
        seen: set[Term] = set()
        while head != RDF_NIL:
            if isinstance(head, Literal) or head in seen:
                return None
            seen.add(head)
            first, rest = self.objects(head, RDF_FIRST), self.objects(head, RDF_REST)
            if len(first) != 1 or len(rest) != 1:
                return None
            members.append(first[0])
            head = rest[0]
        return None if not isinstance(head, Iri) or self.objects(head, RDF_REST) else members
