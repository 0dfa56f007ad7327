"""Workload W1: the shapes for the updates that `org.flinkjobrunner.validator.bench.Workload` makes.

Ten numeric attributes of one class, thirteen constraints each. A value beyond 90 violates
exactly one of them, so that one such update is one alert.
"""

from __future__ import annotations

NAMESPACE = "https://benchmark.example.org/ontology/v1/"
ATTRIBUTES = 10
CONSTRAINTS = 13 * ATTRIBUTES
MACHINES = 10_000
SEED = 1

_PREFIXES = f"""\
@prefix bench: <{NAMESPACE}> .
@prefix ngsi-ld: <https://uri.etsi.org/ngsi-ld/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

bench:MachineShape a sh:NodeShape ;
    sh:targetClass bench:Machine ;
    sh:property
"""

_ATTRIBUTE = """\
        [ sh:path bench:attribute{number} ;
          sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:BlankNode ;
          sh:property
            [ sh:path ngsi-ld:hasValue ;
              sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:Literal ; sh:datatype xsd:double ;
              sh:minInclusive -50.0 ; sh:maxInclusive 150.0 ] ,
            [ sh:path ngsi-ld:hasValue ;
              sh:severity sh:Warning ;
              sh:minExclusive 10.0 ; sh:maxExclusive {limit} ;
              sh:message "out of the usual range" ] ,
            [ sh:path ngsi-ld:unitCode ;
              sh:maxCount 1 ; sh:hasValue "CEL" ] ]"""


def shapes(*, limit: float = 90.0) -> str:
    """The shapes graph; another limit makes another program that judges these updates alike."""
    attributes = [_ATTRIBUTE.format(number=number, limit=limit) for number in range(ATTRIBUTES)]
    return _PREFIXES + " ,\n".join(attributes) + " .\n"
