"""What a stream of single entities cannot decide, found before it is deployed.

The job judges an entity by itself and the knowledge. Whether the entity at the other
end of a Relationship is of some class, or what attributes it has, is not there to be
seen; a batch validation has the whole graph and can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.diagnostics import Diagnostic, Scope
from shacl2flink.program.walk import Place, Walk, focus_of
from shacl2flink.rdf.terms import Iri
from shacl2flink.rdf.vocab import sh, short
from shacl2flink.shapes.refusals import CORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shacl2flink.diagnostics import Findings
    from shacl2flink.program.lower import Lowered
    from shacl2flink.rdf.terms import Node

_HINT = (
    "constraints over several entities are not supported in the stream yet;"
    " sh:nodeKind and sh:pattern can judge the link itself"
)
_INSIDE = Place.ATTRIBUTE | Place.VALUE | Place.OTHERS


class Reach:
    """A visitor of all shapes that reports what another entity would have to be seen for."""

    def __init__(
        self, lowered: Lowered, super_classes: Mapping[Node, set[Node]], findings: Findings
    ) -> None:
        self._lowered = lowered
        self._super_classes = super_classes
        self._findings = findings
        self._targets = {
            target["class"]
            for root in lowered.roots
            for target in lowered.documents[root]["targets"]
            if "class" in target
        }

    def examine(self) -> None:
        walk = Walk(self._lowered.documents, self)
        for root in self._lowered.roots:
            walk.whole(root, focus_of(self._lowered.documents[root]))

    def reads(self, label: str, term: str, predicate: str, at: Place) -> None:
        if at & Place.OTHER:
            what = "the path" if term == "path" else f"sh:{term}:"
            message = (
                f"{what} {short(predicate)} leads on from the entity at the end of a Relationship"
            )
            self._report(label, sh(term), message)

    def reads_backwards(self, label: str, term: str, predicate: str) -> None:
        message = (
            f"the path follows {short(predicate)} backwards, from where any entity may refer to it"
        )
        self._report(label, sh(term), message)

    def reads_all(self, label: str, at: Place) -> None:
        if at & Place.OTHER:
            message = "sh:closed asks for all properties of the entity at the end of a Relationship"
            self._report(label, sh("closed"), message)

    def asks_class(self, label: str, class_: str, at: Place) -> None:
        name = Iri(class_)
        if at & Place.OTHER:
            why = "asks for the class of the entity at the other end of the Relationship"
        elif at & _INSIDE and self._may_be_entity(name):
            why = f"asks for {short(name)}, whose instances are entities that shapes target"
        else:
            return
        self._report(label, sh("class"), f"sh:class {why}", name)

    def _may_be_entity(self, name: Iri) -> bool:
        """Whether it is a target class, or above or below one."""
        above = self._super_classes.get(name, {name})
        return any(
            target in above or name in self._super_classes.get(Iri(target), ())
            for target in self._targets
        )

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
