"""The shapes of the end-to-end tests: a first version and a changed one."""

from __future__ import annotations

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ngsi-ld: <https://uri.etsi.org/ngsi-ld/> .
@prefix ex: <https://example.org/e2e/> .
"""

KNOWLEDGE = (
    PREFIXES
    + "ex:ON a ex:MachineState . ex:OFF a ex:MachineState ."
    + "ex:LaserCutter rdfs:subClassOf ex:Cutter ."
)


def shapes(*properties: str) -> str:
    head = f"{PREFIXES} ex:CutterShape a sh:NodeShape ; sh:targetClass ex:Cutter"
    return " ; ".join((head, *properties)) + " ."


TEMPERATURE = """sh:property [ sh:path ex:temperature ; sh:minCount 1 ;
    sh:property [ sh:path ngsi-ld:hasValue ; sh:maxInclusive 80 ; sh:message "too hot"@en ] ]"""
STATE = """sh:property [ sh:path ex:state ;
    sh:property [ sh:path ngsi-ld:hasValue ; sh:class ex:MachineState ] ]"""
HUMIDITY = """sh:property [ sh:path ex:humidity ;
    sh:property [ sh:path ngsi-ld:hasValue ; sh:maxInclusive 60 ; sh:message "{message}" ] ]"""
SPEED = "sh:property [ sh:path ex:speed ; sh:minCount 1 ; sh:severity sh:Warning ]"

FIRST = shapes(TEMPERATURE, STATE, HUMIDITY.replace("{message}", "humid"))
# state is gone, speed is new, humidity says something else, temperature is as it was
SECOND = shapes(SPEED, HUMIDITY.replace("{message}", "far too humid"), TEMPERATURE)
