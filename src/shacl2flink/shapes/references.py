"""How shapes refer to each other: by which terms, directly or in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.rdf.terms import Literal
from shacl2flink.rdf.vocab import RDF_FIRST, RDF_REST, sh

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Iri, Node

PROPERTY = sh("property")
DIRECT = (PROPERTY, sh("not"), sh("node"), sh("qualifiedValueShape"))
LISTS = (sh("and"), sh("or"), sh("xone"))


def referred(graph: Graph, node: Node) -> Iterator[tuple[Iri, Node]]:
    """The shapes that a shape names, each with the term; ill-formed lists are passed over."""
    for term in DIRECT:
        for value in graph.objects(node, term):
            if not isinstance(value, Literal):
                yield term, value
    for term in LISTS:
        for head in graph.objects(node, term):
            for member in graph.members(head) or ():
                if not isinstance(member, Literal):
                    yield term, member


def owners(graph: Graph, node: Node) -> list[tuple[Iri, Node]]:
    """The nodes that refer to a shape, each with the term: `referred`, backwards."""
    found = [(term, owner) for term in DIRECT for owner in graph.referring(node, term)]
    for cell in graph.referring(node, RDF_FIRST):
        seen: set[Node] = set()
        head = cell
        while head not in seen:
            seen.add(head)
            found.extend((term, owner) for term in LISTS for owner in graph.referring(head, term))
            before = graph.referring(head, RDF_REST)
            head = before[0] if before else head
    return found
