"""The IRIs that the compiler knows, and how they are shown to people."""

from __future__ import annotations

from shacl2flink.rdf.terms import Iri

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
NGSI_LD = "https://uri.etsi.org/ngsi-ld/"
# Our own terms on shapes, for what a stream needs and SHACL has no word for.
OWN = "https://flinkjobrunner.org/ns#"

PREFIXES = {
    "sh": SH,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "ngsi-ld": NGSI_LD,
    "fjr": OWN,
}

RDF_TYPE = Iri(RDF + "type")
RDF_FIRST = Iri(RDF + "first")
RDF_REST = Iri(RDF + "rest")
RDF_NIL = Iri(RDF + "nil")
RDF_LANG_STRING = Iri(RDF + "langString")
RDFS_CLASS = Iri(RDFS + "Class")
RDFS_SUB_CLASS_OF = Iri(RDFS + "subClassOf")
RDFS_LABEL = Iri(RDFS + "label")
OWL_CLASS = Iri(OWL + "Class")
OWL_IMPORTS = Iri(OWL + "imports")
OWL_ONTOLOGY = Iri(OWL + "Ontology")
XSD_STRING = Iri(XSD + "string")
XSD_BOOLEAN = Iri(XSD + "boolean")
XSD_INTEGER = Iri(XSD + "integer")


def sh(name: str) -> Iri:
    return Iri(SH + name)


def short(iri: str) -> str:
    """As people write it: with a well-known prefix, else in angle brackets."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return f"<{iri}>"
