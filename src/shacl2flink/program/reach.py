"""What a stream of single entities cannot decide, found before it is deployed.

The job judges an entity by itself and the knowledge. Whether the entity at the other
end of a Relationship is of some class, or what attributes it has, is not there to be
seen; a batch validation has the whole graph and can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.diagnostics import Diagnostic, Scope
from shacl2flink.rdf.terms import Iri
from shacl2flink.rdf.vocab import NGSI_LD, RDF_FIRST, RDF_REST, RDF_TYPE, sh, short
from shacl2flink.shapes.refusals import CORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shacl2flink.diagnostics import Findings
    from shacl2flink.program.lower import Lowered, ShapeDocument
    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node

_OBJECT = NGSI_LD + "hasObject"
_OBJECT_LIST = NGSI_LD + "hasObjectList"
_LISTS = "object-list"
_KINDS = (
    "Property",
    "Relationship",
    "GeoProperty",
    "LanguageProperty",
    "VocabProperty",
    "JsonProperty",
    "ListProperty",
    "ListRelationship",
)
_HINT = (
    "constraints over several entities are not supported in the stream yet;"
    " sh:nodeKind and sh:pattern can judge the link itself"
)


class Reach:
    def __init__(
        self,
        graph: Graph,
        lowered: Lowered,
        super_classes: Mapping[Node, set[Node]],
        findings: Findings,
    ) -> None:
        self._graph = graph
        self._lowered = lowered
        self._super_classes = super_classes
        self._findings = findings
        self._targets = {
            target["class"]
            for root in lowered.roots
            for target in lowered.documents[root]["targets"]
        }
        self._seen: set[tuple[str, str]] = set()

    def examine(self) -> None:
        """Walks from every root; `place` says what kind of node the value nodes are."""
        for root in self._lowered.roots:
            document = self._lowered.documents[root]
            if "path" in document:
                self._visit(root, "")
            else:
                for label in document["property"]:
                    self._visit(label, "")

    def _visit(self, label: str, place: str) -> None:
        document = self._lowered.documents[label]
        place = _place(document["path"]["predicate"], place)
        if (label, place) in self._seen:
            return
        self._seen.add((label, place))
        self._classes(label, document, at_entity=place == _OBJECT)
        for nested in document["property"]:
            if place == _OBJECT:
                self._report_path(nested)
            else:
                self._visit(nested, place)

    def _classes(self, label: str, document: ShapeDocument, *, at_entity: bool) -> None:
        for constraint in document["constraints"]:
            if constraint["component"] != "Class":
                continue
            name = Iri(constraint["class"])
            if at_entity:
                why = "asks for the class of the entity at the other end of the Relationship"
            elif self._may_be_entity(name):
                why = f"asks for {short(name)}, whose instances are entities that shapes target"
            else:
                continue
            self._report(label, sh("class"), f"sh:class {why}", name)

    def _may_be_entity(self, name: Iri) -> bool:
        """Whether it is a target class, or above or below one."""
        above = self._super_classes.get(name, {name})
        return any(
            target in above or name in self._super_classes.get(Iri(target), ())
            for target in self._targets
        )

    def _report_path(self, label: str) -> None:
        path = Iri(self._lowered.documents[label]["path"]["predicate"])
        message = f"the path {short(path)} leads on from the entity at the end of a Relationship"
        self._report(label, sh("path"), message)

    def _report(self, label: str, term: Iri, message: str, value: Iri | None = None) -> None:
        node = self._lowered.nodes[label]
        self._findings.add(
            Diagnostic(
                code="needs-other-entity",
                scope=Scope.STREAM,
                message=message,
                shape=label,
                term=str(term),
                hint=_HINT,
                section=CORE + "#ClassConstraintComponent",
            ),
            (node, term) if value is None else (node, term, value),
        )


def _place(predicate: str, before: str) -> str:
    """From the predicate to what its values are: entities, cells of a list of them, or others."""
    if predicate == _OBJECT_LIST or (before == _LISTS and predicate == RDF_REST):
        return _LISTS
    if predicate == _OBJECT or (before == _LISTS and predicate == RDF_FIRST):
        return _OBJECT
    return ""


def report_knowledge_foci(
    graph: Graph,
    lowered: Lowered,
    knowledge: Graph,
    super_classes: Mapping[Node, set[Node]],
    findings: Findings,
) -> None:
    """Individuals of the knowledge that shapes target: in the stream nobody would judge them."""
    instances: dict[Node, list[Node]] = {}
    for subject, predicate, value in knowledge:
        if predicate == RDF_TYPE:
            for class_ in super_classes.get(value, {value}):  # type: ignore[arg-type]
                instances.setdefault(class_, []).append(subject)
    for root in lowered.roots:
        for target in lowered.documents[root]["targets"]:
            found = sorted(set(instances.get(Iri(target["class"]), ())))
            if not found:
                continue
            names = ", ".join(short(node) for node in found[:3] if isinstance(node, Iri))
            findings.add(
                Diagnostic(
                    code="knowledge-focus",
                    scope=Scope.STREAM,
                    message=f"the shape targets {short(target['class'])}, and the knowledge holds"
                    f" {len(found)} of its instances ({names or 'blank nodes'}): they are no"
                    " entities of the stream, so nobody would validate them there",
                    shape=root,
                    term=target["class"],
                    hint="send them as entities, or target a class that only entities have",
                    section=CORE + "#targetClass",
                ),
                _target_place(graph, lowered.nodes[root], place=target["class"]),
            )


def report_attribute_foci(
    graph: Graph,
    lowered: Lowered,
    super_classes: Mapping[Node, set[Node]],
    findings: Findings,
) -> None:
    """Targets that are attributes of entities, by their kind: the stream judges entities."""
    above = {
        name
        for kind in _KINDS
        for name in super_classes.get(Iri(NGSI_LD + kind), {Iri(NGSI_LD + kind)})
    }
    for root in lowered.roots:
        for target in lowered.documents[root]["targets"]:
            if Iri(target["class"]) not in above:
                continue
            findings.add(
                Diagnostic(
                    code="attribute-focus",
                    scope=Scope.STREAM,
                    message=f"the shape targets {short(target['class'])}, whose instances are"
                    " attributes of entities: in the stream only entities are focus nodes",
                    shape=root,
                    term=target["class"],
                    hint="target the class of the entities, and put the constraint into a property"
                    " shape for the attribute",
                    section=CORE + "#targetClass",
                ),
                _target_place(graph, lowered.nodes[root], place=target["class"]),
            )


def _target_place(graph: Graph, node: Node, *, place: str) -> tuple[Node, Iri, Iri] | tuple[Node]:
    target = sh("targetClass")
    return (node, target, Iri(place)) if graph.has(node, target, Iri(place)) else (node,)
