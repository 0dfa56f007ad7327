"""Which nodes a shape is about: what its targets say, and its instances when it is a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shacl2flink.rdf.terms import Blank, Iri, Literal, document, sort_key
from shacl2flink.rdf.vocab import OWL_CLASS, RDFS_CLASS, RDFS_SUB_CLASS_OF, SH, sh
from shacl2flink.shapes.refusals import CORE

if TYPE_CHECKING:
    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node, Term
    from shacl2flink.shapes.reader import Reader

TARGET_CLASS = sh("targetClass")
TARGET_NODE = sh("targetNode")
# What each declares, as the program writes it.
KINDS = {
    TARGET_CLASS: "class",
    TARGET_NODE: "node",
    sh("targetSubjectsOf"): "subjectsOf",
    sh("targetObjectsOf"): "objectsOf",
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """`kind` is one of those above, `value` a class, a node or a predicate."""

    kind: str
    value: Term

    def document(self) -> dict[str, Any]:
        return {self.kind: document(self.value) if self.kind == "node" else str(self.value)}

    def label(self) -> str:
        """For the labels of anonymous shapes."""
        if isinstance(self.value, Literal):
            shown = '"' + self.value.lexical + '"'
        else:
            shown = f"<{self.value}>"
        return shown if self.kind == "class" else f"{self.kind} {shown}"


def is_class(graph: Graph, node: Node) -> bool:
    """Whether it is an instance of rdfs:Class, or of a subclass of it, in the shapes graph."""
    kinds = sub_classes(graph, RDFS_CLASS) | sub_classes(graph, OWL_CLASS)
    return any(kind in kinds for kind in graph.types(node))


def targets(graph: Graph, node: Node) -> list[Target]:
    """In an order that depends on what they say alone; ill-formed ones are left out."""
    found = {
        Target(kind=kind, value=value)
        for term, kind in KINDS.items()
        for value in graph.objects(node, term)
        if isinstance(value, Iri) or (kind == "node" and isinstance(value, Literal))
    }
    if isinstance(node, Iri) and is_class(graph, node):
        found.add(Target(kind="class", value=node))
    return sorted(found, key=lambda target: (target.kind, sort_key(target.value)))


def report_targets(reader: Reader) -> None:
    """What cannot be a target."""
    for term, kind in KINDS.items():
        section = f"{CORE}#{term.removeprefix(SH)}"
        for value in reader.values(term):
            if kind != "node":
                reader.iri(term, value, section)
            elif isinstance(value, Blank):
                reader.report(
                    "blank-node-value",
                    "a blank node of the shapes graph is no node of the data graph, so nothing"
                    " is targeted",
                    term=term,
                    value=value,
                    hint="target an IRI or a literal, or a class with sh:targetClass",
                    section=section,
                )
    if isinstance(reader.node, Blank) and is_class(reader.graph, reader.node):
        reader.report(
            "anonymous-class",
            "a shape that is also a class must have an IRI",
            hint="give it an IRI",
            section=CORE + "#implicit-targetClass",
        )


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
