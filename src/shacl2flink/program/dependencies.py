"""The dependency index: which part of a shape an update of an attribute can affect.

A unit is a shape with targets and one of its property shapes with everything nested in
it, or the shape's own constraints. Below the value of an attribute stands knowledge; but
a value may be the entity itself, so predicates read there count as its attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shacl2flink.rdf.vocab import NGSI_LD, RDF_FIRST, RDF_TYPE

if TYPE_CHECKING:
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
    reads: set[str] = set()
    document = lowered.documents[label]
    path = document.get("path", {}).get("predicate")
    if path is not None:
        reads.add(path)
        _read_below(lowered, document, reads, depth=0)
    types = RDF_TYPE in reads or _has_class(lowered, document, nested=path is not None)
    return {
        "root": root,
        "shape": label,
        "attributes": sorted(reads - {RDF_TYPE}),
        "types": types,
    }


def _read_below(lowered: Lowered, document: ShapeDocument, reads: set[str], *, depth: int) -> None:
    at_value = depth > 0 and document["path"]["predicate"] in VALUES
    for label in document["property"]:
        nested = lowered.documents[label]
        if at_value:
            _read_all(lowered, nested, reads)
        else:
            _read_below(lowered, nested, reads, depth=depth + 1)


def _read_all(lowered: Lowered, document: ShapeDocument, reads: set[str]) -> None:
    reads.add(document["path"]["predicate"])
    for label in document["property"]:
        _read_all(lowered, lowered.documents[label], reads)


def _has_class(lowered: Lowered, document: ShapeDocument, *, nested: bool) -> bool:
    """Whether sh:class is asked of a node that may be the entity."""
    if any(constraint["component"] == "Class" for constraint in document["constraints"]):
        return True
    return nested and any(
        _has_class(lowered, lowered.documents[label], nested=True) for label in document["property"]
    )
