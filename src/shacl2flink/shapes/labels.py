"""What shapes are called. An anonymous one is called by its place, so that its name, and
with it the identity of alerts, survives edits elsewhere:

    <https://x/CutterShape>/<https://x/state>/<https://uri.etsi.org/ngsi-ld/hasValue>
    <https://x/CutterShape>/<https://x/state>/not
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.rdf.terms import Iri
from shacl2flink.rdf.vocab import RDF_NIL, SH, sh
from shacl2flink.shapes.paths import Predicate
from shacl2flink.shapes.references import PROPERTY, owners
from shacl2flink.shapes.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node
    from shacl2flink.shapes.paths import Path
    from shacl2flink.shapes.targets import Target

_MAX_DEPTH = 64


def path_step(path: Path) -> str:
    """The step to a property shape."""
    return path.text() if isinstance(path, Predicate) else f"({path.text()})"


def nested_label(owner: str, step: str, *, owner_is_named: bool) -> str:
    """The label of an anonymous shape: its path, or the term by which it is referred to."""
    return f"<{owner}>/{step}" if owner_is_named else f"{owner}/{step}"


def root_label(found: Iterable[Target]) -> str:
    """The label of an anonymous shape that nothing owns, by what it targets."""
    return "[" + " ".join(sorted(target.label() for target in found)) + "]"


def place_of(graph: Graph, node: Node) -> str:
    """For diagnostics: the label, as far as it can be told of a shape that may be ill-formed."""
    steps: list[str] = []
    while not isinstance(node, Iri) and len(steps) < _MAX_DEPTH:
        owning = owners(graph, node)
        if not owning:
            return root_label(targets(graph, node)) + "".join(reversed(steps))
        named = [owner for owner in owning if isinstance(owner[1], Iri)]
        term, owner = min(named) if named else owning[0]
        path = next(
            (p for p in graph.objects(node, sh("path")) if isinstance(p, Iri) and p != RDF_NIL), "?"
        )
        steps.append(f"/<{path}>" if term == PROPERTY else f"/{term.removeprefix(SH)}")
        node = owner
    return f"<{node}>" + "".join(reversed(steps)) if steps else str(node)
