from __future__ import annotations

import rdflib
from rdflib import RDF, SH, URIRef

from flinkjobrunner.bench import workload

# What is no constraint of its own in the vocabulary of these shapes.
STRUCTURE = {SH.path, SH.property, SH.targetClass, SH.severity, SH.message, RDF.type}


def test_thirteen_constraints_for_each_of_ten_attributes() -> None:
    graph = rdflib.Graph().parse(data=workload.shapes(), format="turtle")
    constraints = [triple for triple in graph if triple[1] not in STRUCTURE]
    assert len(constraints) == workload.CONSTRAINTS == 130
    paths = set(graph.objects(None, SH.path))
    attributes = {
        URIRef(f"{workload.NAMESPACE}attribute{number}") for number in range(workload.ATTRIBUTES)
    }
    assert attributes < paths


def test_another_limit_changes_only_the_limit() -> None:
    first, second = workload.shapes(), workload.shapes(limit=91.0)
    assert first != second
    assert first.replace("90.0", "91.0") == second
