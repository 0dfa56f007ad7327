"""Where triples stand in the text, found by laying the scan beside what the parser said.

Nodes with a name are matched by name; a bracket is the k-th object of its subject and
predicate, as the parser keeps the order of the text there. Where the two do not agree
nothing is claimed.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from shacl2flink.diagnostics import Source
from shacl2flink.rdf.media import Syntax
from shacl2flink.rdf.scan import Unreadable, scan
from shacl2flink.rdf.terms import Blank, Iri, Literal
from shacl2flink.rdf.vocab import RDF_FIRST, RDF_REST

if TYPE_CHECKING:
    from shacl2flink.rdf.load import Document, Loaded
    from shacl2flink.rdf.scan import Place
    from shacl2flink.rdf.terms import Node, Term

# A subject; a subject and a predicate; or a whole triple.
Where = tuple["Node"] | tuple["Node", Iri] | tuple["Node", Iri, "Term"]


class Positions:
    """Made when the first position is asked for: most inputs need none."""

    def __init__(self, loaded: Loaded) -> None:
        self._documents = loaded.documents
        self._found: dict[Where, Source] | None = None

    def __call__(self, where: Where) -> Source | None:
        if self._found is None:
            self._found = {}
            for document in self._documents:
                for key, source in _positions(document).items():
                    self._found.setdefault(key, source)
        around: tuple[Where, ...] = (where, where[:2], where[:1])
        return next((self._found[place] for place in around if place in self._found), None)


def _positions(document: Document) -> dict[Where, Source]:
    if document.syntax is Syntax.JSON_LD:
        return _files(document)
    try:
        text = document.input.content.decode("utf-8-sig")
        subjects = scan(text)
    except (Unreadable, IndexError):
        return _files(document)
    found = _files(document)
    found.update(_Match(document, text).match(subjects))
    return found


def _files(document: Document) -> dict[Where, Source]:
    """Without lines, the file at least."""
    source = Source(file=document.input.name)
    return {(subject,): source for subject, _, _ in document.triples}


class _Match:
    def __init__(self, document: Document, text: str) -> None:
        self._document = document
        self._file = document.input.name
        self._lines = [0]
        self._lines.extend(at + 1 for at, character in enumerate(text) if character == "\n")
        self._objects: dict[tuple[Node, Iri], list[Term]] = {}
        for subject, predicate, value in document.triples:
            self._objects.setdefault((subject, predicate), []).append(value)
        self._found: dict[Where, Source] = {}

    def match(self, subjects: list[Place]) -> dict[Where, Source]:
        waiting = self._named(subjects) + self._anonymous(subjects)
        while waiting:
            node, places = waiting.pop()
            self._found.setdefault((node,), self._source(places[0].offset))
            waiting.extend(self._node(node, places))
        return self._found

    def _named(self, subjects: list[Place]) -> list[tuple[Node, list[Place]]]:
        named: dict[Node, list[Place]] = {}
        for place in subjects:
            if place.key is not None:
                named.setdefault(self._of_key(place.key), []).append(place)
        return list(named.items())

    def _of_key(self, key: str) -> Node:
        if key.startswith("_:"):
            return Blank(self._document.prefix + key[2:])
        return Iri(key)

    def _anonymous(self, subjects: list[Place]) -> list[tuple[Node, list[Place]]]:
        """Brackets at the beginning of a statement: blank nodes that are nobody's object."""
        places = [p for p in subjects if p.key is None and (p.said or p.members)]
        if not places:
            return []
        labelled = {self._of_key(p.key) for p in subjects if p.key and p.key.startswith("_:")}
        objects = {value for _, _, value in self._document.triples}
        free: dict[Node, None] = {
            subject: None
            for subject, _, _ in self._document.triples
            if isinstance(subject, Blank) and subject not in objects and subject not in labelled
        }
        if len(free) != len(places):
            return []
        return [(node, [place]) for node, place in zip(free, places, strict=True)]

    def _node(self, node: Node, places: list[Place]) -> list[tuple[Node, list[Place]]]:
        """Records what is said of a node; the nodes nested there are still to be matched."""
        said: dict[Iri, list[tuple[Place, int]]] = {}
        nested: list[tuple[Node, list[Place]]] = []
        for place in places:
            if place.members:
                nested.extend(self._members(node, place.members))
            for predicate, child, offset in place.said:
                said.setdefault(Iri(predicate), []).append((child, offset))
        for predicate, entries in said.items():
            self._found.setdefault((node, predicate), self._source(entries[0][1]))
            values = self._objects.get((node, predicate), [])
            if len(values) != len(entries):
                continue
            for value, (child, offset) in zip(values, entries, strict=True):
                self._found.setdefault((node, predicate, value), self._source(offset))
                if child.key is None and not isinstance(value, Literal):
                    nested.append((value, [child]))
        return nested

    def _members(self, cell: Node, members: list[Place]) -> list[tuple[Node, list[Place]]]:
        nested: list[tuple[Node, list[Place]]] = []
        for member in members:
            first = self._objects.get((cell, RDF_FIRST), [])
            rest = self._objects.get((cell, RDF_REST), [])
            if len(first) != 1 or len(rest) != 1 or isinstance(rest[0], Literal):
                break
            self._found.setdefault((cell,), self._source(member.offset))
            if member.key is None and not isinstance(first[0], Literal):
                nested.append((first[0], [member]))
            cell = rest[0]
        return nested

    def _source(self, offset: int) -> Source:
        line = bisect_right(self._lines, offset)
        return Source(file=self._file, line=line, column=offset - self._lines[line - 1] + 1)
