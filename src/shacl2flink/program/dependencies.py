"""The dependency index: which part of a shape an update of an attribute can affect.

A unit is a shape with targets and one of its property shapes with everything nested in
it, or the shape's own constraints. Below the value of an attribute stands knowledge; but
a value may be the entity itself, so predicates read there count as its attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shacl2flink.program.walk import AT_ENTITY, Place, Walk, focus_of
from shacl2flink.rdf.vocab import RDF_TYPE

if TYPE_CHECKING:
    from shacl2flink.program.lower import Lowered


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
    reads = _Reads()
    walk = Walk(lowered.documents, reads)
    focus = focus_of(lowered.documents[root])
    if "path" in lowered.documents[label]:
        walk.whole(label, focus)
    else:
        walk.own(label, focus)
    unit = {
        "root": root,
        "shape": label,
        "attributes": sorted(reads.attributes - {str(RDF_TYPE)}),
        "types": reads.types or RDF_TYPE in reads.attributes,
    }
    return unit | {"allAttributes": True} if reads.everything else unit


class _Reads:
    """What a unit reads of its entity."""

    def __init__(self) -> None:
        self.attributes: set[str] = set()
        self.everything = False
        self.types = False

    def reads(self, _label: str, _term: str, predicate: str, at: Place) -> None:
        if at & AT_ENTITY:
            self.attributes.add(predicate)

    def reads_backwards(self, _label: str, _term: str, _predicate: str) -> None:
        """Refused for the stream."""

    def reads_all(self, _label: str, at: Place) -> None:
        if at & AT_ENTITY:
            self.everything = self.types = True

    def asks_class(self, _label: str, _class: str, _at: Place) -> None:
        self.types = True
