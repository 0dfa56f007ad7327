"""Random shapes and data over a few names, so that most of what is said meets something."""

from __future__ import annotations

import random

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
NODES = [f"ex:n{number}" for number in range(5)]
PREDICATES = ["ex:p", "ex:q", "ex:r"]
LITERALS = [
    "1", "2", "2.0", "3.5", "1e1", '"01"^^xsd:integer', '"a"', '"ab"', '"Abc"', '"a"@en', '"b"@en',
    '"c"@en-GB', '"d"@de', "true", '"2026-01-01"^^xsd:date', '"2026-01-02"^^xsd:date',
    '"2026-01-01T00:00:00Z"^^xsd:dateTime', '"2026-01-01T00:00:01Z"^^xsd:dateTime',
    '"one"^^xsd:integer',
]  # fmt: skip
CLASSES = ["ex:A", "ex:B", "ex:C"]


class Pair:
    """A shapes graph and a data graph, in Turtle."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.shapes = PREFIXES + "".join(
            f"ex:S{number} a sh:NodeShape ; {self._target()} ;\n{self._body(0)} .\n"
            for number in range(self._random.randint(1, 3))
        )
        # SPARQL has no order of strings with a language; some implementations do.
        ordered = "lessThan" in self.shapes
        tagged = [text for text in LITERALS if "@" in text]
        self._literals = [text for text in LITERALS if not (ordered and text in tagged)]
        if "uniqueLang" in self.shapes and not ordered:
            self._literals += 3 * tagged
        self.data = PREFIXES + self._data()

    def _one(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _data(self) -> str:
        triples = ["ex:B rdfs:subClassOf ex:A ."]
        for node in NODES:
            if self._random.random() < 0.7:
                triples.append(f"{node} a {self._one(*CLASSES)} .")
            for _ in range(self._random.randint(0, 5)):
                value = (
                    self._one(*NODES) if self._random.random() < 0.4 else self._one(*self._literals)
                )
                triples.append(f"{node} {self._one(*PREDICATES)} {value} .")
        return "\n".join(triples)

    def _target(self) -> str:
        return self._one(
            f"sh:targetClass {self._one(*CLASSES)}",
            f"sh:targetNode {self._one(*NODES)} , {self._one(*NODES)}",
            f"sh:targetSubjectsOf {self._one(*PREDICATES)}",
            f"sh:targetObjectsOf {self._one(*PREDICATES)}",
        )

    def _body(self, depth: int) -> str:
        parts = [self._anywhere(depth) for _ in range(self._random.randint(0, 2))]
        nested = self._random.randint(0 if parts else 1, 2)
        parts += [f"sh:property {self._property(depth + 1)}" for _ in range(nested)]
        if self._random.random() < 0.15:
            parts.append("sh:closed true ; sh:ignoredProperties ( ex:q )")
        return " ; ".join(self._once(parts))

    @staticmethod
    def _once(parts: list[str]) -> list[str]:
        """Most parameters may be given once only."""
        found: dict[str, str] = {}
        for part in parts:
            term = part.split()[0]
            found.setdefault(part if term == "sh:property" else term, part)
        return list(found.values())

    def _property(self, depth: int) -> str:
        parts = [self._anywhere(depth) for _ in range(self._random.randint(0, 2))]
        parts += [
            self._of_property(depth) for _ in range(self._random.randint(0 if parts else 1, 2))
        ]
        if depth < 2 and self._random.random() < 0.3:
            parts.append(f"sh:property {self._property(depth + 1)}")
        return f"[ sh:path {self._path()} ; {' ; '.join(self._once(parts))} ]"

    def _path(self, depth: int = 0) -> str:
        predicate = self._one(*PREDICATES)
        if depth > 1 or self._random.random() < 0.6:
            return predicate
        inner, other = self._path(depth + 1), self._path(depth + 1)
        return self._one(
            f"[ sh:inversePath {inner} ]",
            f"( {inner} {other} )",
            f"[ sh:alternativePath ( {inner} {other} ) ]",
            f"[ sh:zeroOrMorePath {inner} ]",
            f"[ sh:oneOrMorePath {inner} ]",
            f"[ sh:zeroOrOnePath {inner} ]",
        )

    def _shape(self, depth: int) -> str:
        if self._random.random() < 0.5:
            return self._property(depth + 1)
        return f"[ {self._anywhere(depth + 1)} ]"

    def _anywhere(self, depth: int) -> str:
        simple = [
            f"sh:class {self._one(*CLASSES)}",
            f"sh:datatype xsd:{self._one('integer', 'string', 'date', 'decimal', 'boolean')}",
            f"sh:nodeKind sh:{self._one('IRI', 'Literal', 'BlankNodeOrIRI', 'BlankNode')}",
            f"sh:{self._one('min', 'max')}{self._one('Inclusive', 'Exclusive')} "
            + self._one("2", "2.5", '"2026-01-01"^^xsd:date'),
            f"sh:{self._one('min', 'max')}Length {self._random.randint(0, 3)}",
            f'sh:pattern "{self._one("^a", "b", "^[A-Z]", "n[0-2]$")}"',
            'sh:languageIn ( "en" "fr" )',
            f"sh:equals {self._one(*PREDICATES)}",
            f"sh:disjoint {self._one(*PREDICATES)}",
            f"sh:hasValue {self._one(*NODES, *LITERALS[:14])}",
            f"sh:in ( {self._one(*NODES)} {self._one(*LITERALS[:14])} {self._one(*NODES)} )",
        ]
        if depth < 2 and self._random.random() < 0.4:
            shapes = " ".join(self._shape(depth) for _ in range(self._random.randint(1, 3)))
            return self._one(
                f"sh:not {self._shape(depth)}",
                f"sh:node {self._shape(depth)}",
                f"sh:and ( {shapes} )",
                f"sh:or ( {shapes} )",
                f"sh:xone ( {shapes} )",
            )
        return self._one(*simple)

    def _of_property(self, depth: int) -> str:
        choices = [
            f"sh:minCount {self._random.randint(0, 3)}",
            f"sh:maxCount {self._random.randint(0, 2)}",
            "sh:uniqueLang true",
            f"sh:lessThan {self._one(*PREDICATES)}",
            f"sh:lessThanOrEquals {self._one(*PREDICATES)}",
        ]
        if depth < 3 and self._random.random() < 0.3:
            disjoint = self._one("", " ; sh:qualifiedValueShapesDisjoint true")
            return (
                f"sh:qualifiedValueShape {self._shape(depth)}{disjoint} ; "
                f"sh:qualified{self._one('Min', 'Max')}Count {self._random.randint(0, 2)}"
            )
        return self._one(*choices)
