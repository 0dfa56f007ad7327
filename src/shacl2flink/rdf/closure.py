"""The reflexive and transitive closure of `rdfs:subClassOf`; cycles are fine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.errors import LimitExceeded
from shacl2flink.rdf.terms import Literal
from shacl2flink.rdf.vocab import RDFS_SUB_CLASS_OF

if TYPE_CHECKING:
    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node

# A chain of n classes has n * n / 2 pairs, so a small file can ask for a large closure.
MAX_PAIRS = 5_000_000


def super_classes(graph: Graph) -> dict[Node, set[Node]]:
    """Every class that has a superclass or a subclass, with itself and all its superclasses."""
    direct: dict[Node, list[Node]] = {}
    for subject, predicate, value in graph:
        if predicate == RDFS_SUB_CLASS_OF and not isinstance(value, Literal):
            direct.setdefault(subject, []).append(value)
            direct.setdefault(value, [])
    pairs = 0
    closure: dict[Node, set[Node]] = {}
    for start in direct:
        reached = {start}
        waiting = [start]
        while waiting:
            for parent in direct[waiting.pop()]:
                if parent in reached:
                    continue
                reached.add(parent)
                known = closure.get(parent)
                if known is None:
                    waiting.append(parent)
                else:
                    reached |= known
        closure[start] = reached
        pairs += len(reached)
        if pairs > MAX_PAIRS:
            raise LimitExceeded(
                "limit-closure",
                f"the class hierarchy has more than {MAX_PAIRS:,} pairs of class and superclass",
                "leave out classes that neither shapes nor data mention",
            )
    return closure
