"""The shapes of a shapes graph, each by itself; shapes refer to each other by node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shacl2flink.rdf.terms import Iri, Literal, Node
    from shacl2flink.shapes.components import Component


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A node shape or, with a path, a property shape."""

    node: Node
    path: Iri | None
    target_classes: tuple[Iri, ...]
    severity: Iri
    messages: tuple[Literal, ...]
    constraints: tuple[Component, ...]
    property: tuple[Node, ...]
    deactivated: bool
