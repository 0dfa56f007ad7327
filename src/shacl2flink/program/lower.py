"""From shapes to the shapes of a program: labels instead of nodes, everything in order.

Only what can be reached from a shape with targets is in the program. An anonymous
property shape that two shapes share becomes two, each called by its place.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from shacl2flink.errors import LimitExceeded
from shacl2flink.program.digest import canonical_json
from shacl2flink.rdf.terms import Iri
from shacl2flink.shapes.components import ORDER
from shacl2flink.shapes.labels import nested_label, path_step, root_label

if TYPE_CHECKING:
    from shacl2flink.rdf.terms import Node
    from shacl2flink.shapes.components import Name
    from shacl2flink.shapes.model import Shape
    from shacl2flink.shapes.parser import Shapes

# Anonymous shapes are copied for each owner, so that few of them can stand for very many.
MAX_SHAPES = 500_000

ShapeDocument = dict[str, Any]


class Lowered:
    """The shapes of a program by label, which of them are roots, and where each came from."""

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._content: dict[Node, str] = {}
        self.documents: dict[str, ShapeDocument] = {}
        self.nodes: dict[str, Node] = {}
        self.roots: list[str] = []
        anonymous: dict[str, list[Shape]] = {}
        for root in shapes.roots:
            if isinstance(root.node, Iri):
                self._add(root, str(root.node))
                self.roots.append(str(root.node))
            else:
                anonymous.setdefault(root_label(root.targets), []).append(root)
        for label, twins in anonymous.items():
            for name, shape in self._told_apart(label, twins):
                self._add(shape, name)
                self.roots.append(name)
        self.roots.sort()

    def _add(self, shape: Shape, label: str) -> None:
        if label in self.documents:
            return
        if len(self.documents) >= MAX_SHAPES:
            raise LimitExceeded(
                "limit-shapes",
                f"the program would have more than {MAX_SHAPES:,} shapes",
                "give shapes that several others share an IRI: they are then kept once",
            )
        self.nodes[label] = shape.node
        names = self._names(shape, label)
        document = self.documents[label] = self._own(shape, lambda node, _: names[node][0])
        for name, nested in names.values():
            self._add(nested, name)
        active = (node for node in shape.property if self._shapes.active(node) is not None)
        properties = {names[node][0] for node in active if node in names}
        if properties:
            document["property"] = sorted(properties)

    def _own(self, shape: Shape, name: Name) -> ShapeDocument:
        """What the shape says by itself; what is empty is left out."""
        says = () if shape.deactivated else shape.constraints
        constraints = sorted(
            (component.document(name) for component in says),
            key=lambda c: (ORDER[c["component"]], canonical_json(c)),
        )
        messages = [
            {"@value": text.lexical} | ({"@language": text.language} if text.language else {})
            for text in shape.messages
        ]
        document: ShapeDocument = {
            "severity": str(shape.severity),
            "messages": sorted(messages, key=canonical_json),
            "constraints": constraints,
            "property": [],
        }
        if isinstance(shape.node, Iri):
            document["iri"] = str(shape.node)
        if shape.path is not None:
            document["path"] = shape.path.document()
        if shape.targets:
            document["targets"] = [target.document() for target in shape.targets]
        return document

    def _nested(self, shape: Shape) -> list[tuple[str, Shape]]:
        """The shapes that this one is evaluated with, each with the step that leads there.

        A deactivated one has no part as a property shape; elsewhere every node conforms to it.
        """
        if shape.deactivated:
            return []
        found: dict[tuple[str, Node], Shape] = {}
        for node in shape.property:
            inner = self._shapes.active(node)
            if inner is not None and inner.path is not None:
                found[path_step(inner.path), node] = inner
        for component in shape.constraints:

            def take(node: Node, term: str) -> str:
                found[term, node] = self._shapes.by_node[node]
                return ""

            component.document(take)
        return [(step, inner) for (step, _), inner in found.items()]

    def _names(self, shape: Shape, label: str) -> dict[Node, tuple[str, Shape]]:
        names: dict[Node, tuple[str, Shape]] = {}
        by_step: dict[str, list[Shape]] = {}
        for step, inner in self._nested(shape):
            if isinstance(inner.node, Iri):
                names[inner.node] = (str(inner.node), inner)
            else:
                by_step.setdefault(step, []).append(inner)
        named = isinstance(shape.node, Iri)
        for step, siblings in by_step.items():
            place = nested_label(label, step, owner_is_named=named)
            labels = self._labels(place, siblings)
            for inner in siblings:
                names.setdefault(inner.node, (labels[inner.node], inner))
        return names

    def _labels(self, label: str, twins: list[Shape]) -> dict[Node, str]:
        """Anonymous shapes of one place: alike ones are one, others are told by their content."""
        digests = {} if len(twins) == 1 else {twin.node: self._digest(twin) for twin in twins}
        if len(set(digests.values())) <= 1:
            return {twin.node: label for twin in twins}
        return {node: f"{label}~{digest[:8]}" for node, digest in digests.items()}

    def _told_apart(self, label: str, twins: list[Shape]) -> list[tuple[str, Shape]]:
        labels = self._labels(label, twins)
        return list({labels[twin.node]: twin for twin in twins}.items())

    def _digest(self, shape: Shape) -> str:
        known = self._content.get(shape.node)
        if known is None:

            def name(node: Node, _: str) -> str:
                if isinstance(node, Iri):
                    return str(node)
                return self._digest(self._shapes.by_node[node])

            document = self._own(shape, name)
            nested = (self._shapes.active(node) for node in shape.property)
            document["property"] = sorted(
                name(inner.node, "") for inner in nested if inner is not None
            )
            known = hashlib.sha256(canonical_json(document).encode()).hexdigest()
            self._content[shape.node] = known
        return known
