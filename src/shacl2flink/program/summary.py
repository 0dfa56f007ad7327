"""What a program holds, in a few figures and one digest per shape, for plans and pages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from shacl2flink.program.digest import canonical_json, digest_of
from shacl2flink.program.walk import inner_shapes
from shacl2flink.rdf.terms import Iri, Literal
from shacl2flink.rdf.vocab import RDFS_LABEL, SH

if TYPE_CHECKING:
    from shacl2flink.program.lower import Lowered
    from shacl2flink.rdf.graph import Graph


def summary_of(program: dict[str, Any], lowered: Lowered, graphs: list[Graph]) -> dict[str, Any]:
    """JSON. `roots`: each shape with targets and a digest of it with all that it nests, so
    that two programs can be compared shape by shape."""
    documents = lowered.documents
    components = Counter(
        constraint["component"]
        for document in documents.values()
        for constraint in document["constraints"]
    )
    digests: dict[str, str] = {}
    return {
        "roots": {
            root: {
                "targets": [_target(target) for target in documents[root]["targets"]],
                "digest": _digest(root, lowered, digests),
            }
            for root in lowered.roots
        },
        "shapes": len(documents),
        "constraints": sum(components.values()),
        "components": dict(sorted(components.items())),
        "units": len(program["units"]),
        "knowledgeTriples": len(program["knowledge"]["triples"]),
        "severities": _severities(lowered, graphs),
    }


def _digest(label: str, lowered: Lowered, known: dict[str, str]) -> str:
    if label not in known:
        document = lowered.documents[label]
        inside = [*document["property"]]
        for constraint in document["constraints"]:
            inside.extend(inner_shapes(constraint))
        nested = {inner: _digest(inner, lowered, known) for inner in inside}
        content = canonical_json(document | {"property": nested})
        known[label] = digest_of(content.encode())
    return known[label]


def _target(target: dict[str, Any]) -> str:
    """What is targeted, for people: a class is just its name."""
    ((kind, value),) = target.items()
    if kind == "node":
        return f"node {value.get('@id', value.get('@value'))}"
    return str(value) if kind == "class" else f"{kind} {value}"


def _severities(lowered: Lowered, graphs: list[Graph]) -> dict[str, str]:
    """The severities of one's own that have a label: what operators read instead of the IRI."""
    used = {document["severity"] for document in lowered.documents.values()}
    found = {}
    for severity in sorted(used):
        if severity.startswith(SH):
            continue
        labels = [
            label
            for graph in graphs
            for label in graph.objects(Iri(severity), RDFS_LABEL)
            if isinstance(label, Literal)
        ]
        labels.sort(key=lambda label: (label.language not in ("en", None), label))
        if labels:
            found[severity] = labels[0].lexical
    return found
