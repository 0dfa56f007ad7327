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
from shacl2flink.shapes.labels import nested_label, root_label

if TYPE_CHECKING:
    from shacl2flink.rdf.terms import Node
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
                anonymous.setdefault(root_label(root.target_classes), []).append(root)
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
        document = self.documents[label] = self._own(shape)
        labels = []
        for name, nested in self._nested(shape, label):
            self._add(nested, name)
            labels.append(name)
        if labels:
            document["property"] = sorted(labels)

    def _own(self, shape: Shape) -> ShapeDocument:
        """What the shape says by itself; what is empty is left out."""
        constraints = sorted(
            (component.document() for component in shape.constraints),
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
            document["path"] = {"predicate": str(shape.path)}
        if shape.target_classes:
            document["targets"] = [{"class": str(name)} for name in shape.target_classes]
        return document

    def _nested(self, shape: Shape, label: str) -> list[tuple[str, Shape]]:
        nested = [s for node in shape.property if (s := self._shapes.active(node)) is not None]
        found: list[tuple[str, Shape]] = []
        by_path: dict[Iri, list[Shape]] = {}
        for inner in nested:
            if isinstance(inner.node, Iri):
                found.append((str(inner.node), inner))
            elif inner.path is not None:
                by_path.setdefault(inner.path, []).append(inner)
        named = isinstance(shape.node, Iri)
        for path, siblings in by_path.items():
            name = nested_label(label, path, owner_is_named=named)
            found.extend(self._told_apart(name, siblings))
        return found

    def _told_apart(self, label: str, twins: list[Shape]) -> list[tuple[str, Shape]]:
        """Anonymous shapes of one place: alike ones are one, others are told by their content."""
        if len(twins) == 1:
            return [(label, twins[0])]
        by_content = {self._digest(shape): shape for shape in twins}
        if len(by_content) == 1:
            return [(label, twins[0])]
        return [(f"{label}~{digest[:8]}", shape) for digest, shape in by_content.items()]

    def _digest(self, shape: Shape) -> str:
        known = self._content.get(shape.node)
        if known is None:
            document = self._own(shape)
            nested = (self._shapes.active(node) for node in shape.property)
            document["property"] = sorted(
                str(inner.node) if isinstance(inner.node, Iri) else self._digest(inner)
                for inner in nested
                if inner is not None
            )
            known = hashlib.sha256(canonical_json(document).encode()).hexdigest()
            self._content[shape.node] = known
        return known
