"""What pySHACL says of NGSI-LD entities, told in the terms of an alert.

Nothing here uses the product: entities become RDF through PyLD with a context of our own, and
results are put back into (entity, attribute path, shape, component, value) from the graphs.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyshacl
from pyld import jsonld
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib.term import Node

NGSI_LD = "https://uri.etsi.org/ngsi-ld/"
_NUMERIC = {str(XSD.integer), str(XSD.double), str(XSD.decimal)}
DATASET_ID = URIRef(NGSI_LD + "datasetId")
CONTEXT = {
    "@vocab": "https://example.org/unknown-term/",
    "id": "@id",
    "type": "@type",
    "Property": NGSI_LD + "Property",
    "Relationship": NGSI_LD + "Relationship",
    "value": NGSI_LD + "hasValue",
    "object": {"@id": NGSI_LD + "hasObject", "@type": "@id"},
    "observedAt": {"@id": NGSI_LD + "observedAt", "@type": NGSI_LD + "DateTime"},
    "unitCode": NGSI_LD + "unitCode",
    "datasetId": {"@id": NGSI_LD + "datasetId", "@type": "@id"},
}


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    entity: str
    attribute_path: tuple[tuple[str, str], ...]  # name and datasetId, from the outside in
    shape: str  # a label, without the suffix that tells twins apart
    component: str
    value: str | None  # canonical JSON of the term


def findings(shapes: Path, knowledge: Path, entities: Path) -> Counter[Finding]:
    shapes_graph = Graph().parse(shapes)
    knowledge_graph = Graph().parse(knowledge)
    data = to_rdf(entities.read_text(encoding="utf-8").splitlines())
    _, results, _ = pyshacl.validate(
        data + knowledge_graph, shacl_graph=shapes_graph, inference="none", advanced=False
    )
    assert isinstance(results, Graph)
    return Counter(_findings(results, data, shapes_graph))


def to_rdf(documents: list[str]) -> Graph:
    # JSON-LD makes an integer of 88.0; PyLD looks at Python's type, so the type must say so.
    expanded = [
        {**json.loads(line, parse_float=_number), "@context": CONTEXT} for line in documents
    ]
    quads = jsonld.to_rdf(expanded, {"format": "application/n-quads"})
    return Graph().parse(data=quads, format="nt")  # no graph has a name: all quads are triples


def _number(text: str) -> float | int:
    number = float(text)
    return int(number) if number.is_integer() else number


def _findings(results: Graph, data: Graph, shapes: Graph) -> list[Finding]:
    found = []
    for result in results.subjects(RDF.type, SH.ValidationResult):
        focus = results.value(result, SH.focusNode)
        entity, path = attribute_path(data, focus)
        found.append(
            Finding(
                entity=entity,
                attribute_path=path,
                shape=label(shapes, results.value(result, SH.sourceShape)),
                component=str(results.value(result, SH.sourceConstraintComponent)),
                value=term_json(results.value(result, SH.value)),
            )
        )
    return found


def attribute_path(data: Graph, node: Node | None) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The entity that a node of its document belongs to, and the way there."""
    if not isinstance(node, BNode):
        return str(node), ()
    ((owner, predicate),) = data.subject_predicates(node)
    entity, path = attribute_path(data, owner)
    return entity, (*path, (str(predicate), str(data.value(node, DATASET_ID, default="@none"))))


def label(shapes: Graph, shape: Node | None) -> str:
    if not isinstance(shape, BNode):
        return str(shape)
    (owner,) = shapes.subjects(SH.property, shape)
    owner_label = label(shapes, owner)
    if isinstance(owner, URIRef):
        owner_label = f"<{owner_label}>"
    return f"{owner_label}/<{shapes.value(shape, SH.path)}>"


def without_twin_suffix(shape: str) -> str:
    return re.sub(r"~[0-9a-f]{8}", "", shape)


def term_json(term: Node | dict[str, Any] | None) -> str | None:
    """A term as an alert has it, with numbers in one spelling: engines normalize differently.

    JSON-LD writes 16 digits of a double (92.01 is 9.201000000000001E1), rdflib only 15 of them.
    """
    if term is None:
        return None
    body = term if isinstance(term, dict) else _body(term)
    if body.get("@type") == str(XSD.double):
        body = body | {"@value": f"{float(body['@value']):.15g}"}
    if body.get("@type") in _NUMERIC:
        body = body | {"@value": str(Decimal(body["@value"]).normalize())}
    return json.dumps(body, sort_keys=True)


def _body(term: Node) -> dict[str, Any]:
    if isinstance(term, Literal) and term.language:
        return {"@value": str(term), "@language": term.language}
    if isinstance(term, Literal):
        return {"@value": str(term), "@type": str(term.datatype or XSD.string)}
    return {"@id": str(term) if isinstance(term, URIRef) else "_:"}
