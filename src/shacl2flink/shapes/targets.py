"""Which classes a shape targets: those it names, and itself when it is a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.rdf.terms import Iri
from shacl2flink.rdf.vocab import OWL_CLASS, RDFS_CLASS, RDFS_SUB_CLASS_OF, sh

if TYPE_CHECKING:
    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node

TARGET_CLASS = sh("targetClass")


def is_class(graph: Graph, node: Node) -> bool:
    """Whether it is an instance of rdfs:Class, or of a subclass of it, in the shapes graph."""
    kinds = sub_classes(graph, RDFS_CLASS) | sub_classes(graph, OWL_CLASS)
    return any(kind in kinds for kind in graph.types(node))


def target_classes(graph: Graph, node: Node) -> list[Iri]:
    named = [value for value in graph.objects(node, TARGET_CLASS) if isinstance(value, Iri)]
    if isinstance(node, Iri) and is_class(graph, node):
        named.append(node)
    return sorted(set(named))


def sub_classes(graph: Graph, class_: Iri) -> set[Node]:
    """The class and its subclasses, as the shapes graph itself says."""
    found: set[Node] = {class_}
    waiting: list[Node] = [class_]
    while waiting:
        for node in graph.referring(waiting.pop(), RDFS_SUB_CLASS_OF):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found
