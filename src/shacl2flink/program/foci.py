"""Targets that a stream of entities cannot serve, found before they are deployed.

In the stream the focus nodes are the entities that arrive and the nodes inside of them.
A batch validation has the whole graph and can judge every node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shacl2flink.diagnostics import Diagnostic, Scope, Severity
from shacl2flink.ngsild.core import GEOJSON
from shacl2flink.rdf.terms import Iri
from shacl2flink.rdf.vocab import NGSI_LD, RDF_TYPE, sh, short
from shacl2flink.shapes.refusals import CORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shacl2flink.diagnostics import Findings
    from shacl2flink.program.lower import Lowered
    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node

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
_TERMS = {
    "class": sh("targetClass"),
    "node": sh("targetNode"),
    "subjectsOf": sh("targetSubjectsOf"),
    "objectsOf": sh("targetObjectsOf"),
}


@dataclass(kw_only=True)
class Foci:
    graph: Graph
    lowered: Lowered
    knowledge: Graph
    super_classes: Mapping[Node, set[Node]]
    findings: Findings

    def examine(self) -> None:
        instances = self._instances()
        attributes = self._above_attributes()
        for root in self.lowered.roots:
            for target in self.lowered.documents[root]["targets"]:
                ((kind, value),) = target.items()
                if kind == "class":
                    self._known(root, kind, value, sorted(set(instances.get(Iri(value), ()))))
                    if Iri(value) in attributes:
                        self._attributes(root, kind, value)
                    if value.startswith(GEOJSON):
                        self._geometry(root, value)
                elif kind == "node":
                    self._node(root, value)
                elif kind == "subjectsOf":
                    subjects = {s for s, predicate, _ in self.knowledge if predicate == value}
                    self._known(root, kind, value, sorted(subjects))
                    if value == RDF_TYPE or value.startswith(NGSI_LD):
                        self._attributes(root, kind, value)
                else:
                    self._objects(root, value)

    def _instances(self) -> dict[Node, list[Node]]:
        instances: dict[Node, list[Node]] = {}
        for subject, predicate, value in self.knowledge:
            if predicate == RDF_TYPE:
                # A class may be a literal in what somebody wrote; then nothing is above it.
                for class_ in self.super_classes.get(value, {value}):  # type: ignore[arg-type]
                    instances.setdefault(class_, []).append(subject)
        return instances

    def _above_attributes(self) -> set[Node]:
        return {
            name
            for kind in _KINDS
            for name in self.super_classes.get(Iri(NGSI_LD + kind), {Iri(NGSI_LD + kind)})
        }

    def _known(self, root: str, kind: str, value: str, found: list[Node]) -> None:
        """Individuals of the knowledge that shapes target: nobody would judge them."""
        if not found:
            return
        names = ", ".join(short(node) for node in found[:3] if isinstance(node, Iri))
        what = "its instances" if kind == "class" else "its subjects"
        self._report(
            root,
            kind,
            value,
            code="knowledge-focus",
            message=f"the shape targets {short(value)}, and the knowledge holds"
            f" {len(found)} of {what} ({names or 'blank nodes'}): they are no"
            " entities of the stream, so nobody would validate them there",
            hint="send them as entities, or target a class that only entities have",
        )

    def _attributes(self, root: str, kind: str, value: str) -> None:
        """Targets that are attributes of entities."""
        what = "instances" if kind == "class" else "subjects"
        self._report(
            root,
            kind,
            value,
            code="attribute-focus",
            message=f"the shape targets {short(value)}, whose {what} are"
            " attributes of entities: in the stream only entities are focus nodes",
            hint="target the class of the entities, and put the constraint into a property"
            " shape for the attribute",
        )

    def _geometry(self, root: str, value: str) -> None:
        self._report(
            root,
            "class",
            value,
            code="value-focus",
            message=f"the shape targets {short(value)}, whose instances are inside of values of"
            " attributes: in the stream only entities are focus nodes",
            hint="target the class of the entities, and put the constraint into property shapes"
            " for the attribute and its value",
        )

    def _node(self, root: str, value: dict[str, Any]) -> None:
        node = value.get("@id")
        if node is None:
            self._report(
                root,
                "node",
                None,
                code="literal-focus",
                message=f'the shape targets the literal "{value["@value"]}": in the stream only'
                " entities are focus nodes",
                hint="target the entities, and put the constraint into a property shape",
            )
        elif list(self.knowledge.predicates(Iri(node))):
            self._report(
                root,
                "node",
                node,
                code="knowledge-focus",
                message=f"the shape targets {short(node)}, which the knowledge describes: in the"
                " stream nobody would validate it before it arrives as an entity",
                hint="send it as an entity, and leave it out of the knowledge",
            )
        else:
            self._report(
                root,
                "node",
                node,
                code="absent-focus",
                severity=Severity.WARNING,
                message=f"the shape targets {short(node)}: in the stream it is validated from when"
                " it arrives until it is deleted, so that it is missing is no violation",
                hint="nothing is to be done where the entity is always there",
            )

    def _objects(self, root: str, value: str) -> None:
        self._report(
            root,
            "objectsOf",
            value,
            code="needs-other-entity",
            message=f"the shape targets whatever {short(value)} refers to, from any entity: in the"
            " stream each entity is validated by itself",
            hint="target the class of what is referred to",
        )

    def _report(
        self,
        root: str,
        kind: str,
        value: str | None,
        *,
        code: str,
        message: str,
        hint: str,
        severity: Severity = Severity.ERROR,
    ) -> None:
        term = _TERMS[kind]
        node = self.lowered.nodes[root]
        said = value is not None and self.graph.has(node, term, Iri(value))
        self.findings.add(
            Diagnostic(
                code=code,
                scope=Scope.STREAM,
                severity=severity,
                message=message,
                shape=root,
                term=value if value is not None else str(term),
                hint=hint,
                section=f"{CORE}#{term.rsplit('#', 1)[-1]}",
            ),
            (node, term, Iri(value or "")) if said else (node, term),
        )
