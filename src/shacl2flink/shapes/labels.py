"""What shapes are called. An anonymous one is called by its place, so that its name, and
with it the identity of alerts, survives edits elsewhere:

    <https://x/CutterShape>/<https://x/state>/<https://uri.etsi.org/ngsi-ld/hasValue>
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.rdf.terms import Iri
from shacl2flink.rdf.vocab import sh
from shacl2flink.shapes.targets import target_classes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node

_MAX_DEPTH = 64


def nested_label(owner: str, path: str, *, owner_is_named: bool) -> str:
    """The label of an anonymous property shape."""
    return f"<{owner}>/<{path}>" if owner_is_named else f"{owner}/<{path}>"


def root_label(classes: Iterable[str]) -> str:
    """The label of an anonymous shape that nothing owns, by what it targets."""
    return "[" + " ".join(f"<{name}>" for name in sorted(classes)) + "]"


def place_of(graph: Graph, node: Node) -> str:
    """For diagnostics: the label, as far as it can be told of a shape that may be ill-formed."""
    steps: list[str] = []
    while not isinstance(node, Iri) and len(steps) < _MAX_DEPTH:
        owners = graph.referring(node, sh("property"))
        if not owners:
            return root_label(target_classes(graph, node)) + "".join(reversed(steps))
        path = next((p for p in graph.objects(node, sh("path")) if isinstance(p, Iri)), "?")
        steps.append(f"/<{path}>")
        named = [owner for owner in owners if isinstance(owner, Iri)]
        node = min(named) if named else owners[0]
    return f"<{node}>" + "".join(reversed(steps)) if steps else str(node)
