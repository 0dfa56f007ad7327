"""The dependency index: which part of a shape an update of an attribute can affect.

A unit is a shape with targets and one of its property shapes with everything nested in
it, or the shape's own constraints. Below the value of an attribute stands knowledge; but
a value may be the entity itself, so predicates read there count as its attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shacl2flink.rdf.vocab import NGSI_LD, RDF_FIRST, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shacl2flink.program.lower import Lowered, ShapeDocument

VALUES = {NGSI_LD + "hasValue", NGSI_LD + "hasVocab", str(RDF_FIRST)}


def units(lowered: Lowered) -> list[dict[str, Any]]:
    found = []
    for root in lowered.roots:
        document = lowered.documents[root]
        if document["constraints"] or "path" in document:
            found.append(_unit(lowered, root, root))
        if "path" not in document:
            found.extend(_unit(lowered, root, shape) for shape in document["property"])
    return sorted(found, key=lambda unit: (unit["root"], unit["shape"]))


def _unit(lowered: Lowered, root: str, label: str) -> dict[str, Any]:
    documents = lowered.documents
    document = documents[label]
    reads: set[str] = set()
    evaluated = [document]
    if "path" in document:
        nested = _below(lowered, document["property"])
        evaluated += nested
        reads.add(_path(document))
        for inner in nested:
            if _path(inner) in VALUES:
                reads.update(map(_path, _below(lowered, inner["property"])))
    types = RDF_TYPE in reads or any(map(_asks_for_class, evaluated))
    return {
        "root": root,
        "shape": label,
        "attributes": sorted(reads - {RDF_TYPE}),
        "types": types,
    }


def _below(lowered: Lowered, labels: Iterable[str]) -> list[ShapeDocument]:
    """These shapes and all that is nested in them, each once: shared ones are many times there."""
    found: dict[str, ShapeDocument] = {}
    waiting = list(labels)
    while waiting:
        label = waiting.pop()
        if label not in found:
            found[label] = lowered.documents[label]
            waiting.extend(found[label]["property"])
    return list(found.values())


def _path(document: ShapeDocument) -> str:
    return str(document["path"]["predicate"])


def _asks_for_class(document: ShapeDocument) -> bool:
    return any(constraint["component"] == "Class" for constraint in document["constraints"])
