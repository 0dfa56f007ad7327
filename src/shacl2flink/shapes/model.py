"""The shapes of a shapes graph, each by itself; shapes refer to each other by node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shacl2flink.rdf.terms import Iri, Literal, Node
    from shacl2flink.shapes.components import Component
    from shacl2flink.shapes.paths import Path
    from shacl2flink.shapes.targets import Target


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A node shape or, with a path, a property shape."""

    node: Node
    path: Path | None
    targets: tuple[Target, ...]
    severity: Iri
    messages: tuple[Literal, ...]
    constraints: tuple[Component, ...]
    property: tuple[Node, ...]
    deactivated: bool

    def nested(self) -> Iterator[Node]:
        """Every shape that is evaluated with this one."""
        yield from self.property
        for constraint in self.constraints:
            yield from constraint.shapes()
