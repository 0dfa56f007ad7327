"""What only the shapes graph as a whole shows: cycles, depth, shapes without use, imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.diagnostics import Diagnostic, Severity
from shacl2flink.rdf.terms import Iri, Literal, shown
from shacl2flink.rdf.vocab import OWL_IMPORTS, OWL_ONTOLOGY, RDF_TYPE, SH
from shacl2flink.shapes.labels import place_of
from shacl2flink.shapes.references import PROPERTY, referred
from shacl2flink.shapes.refusals import CORE

if TYPE_CHECKING:
    from shacl2flink.diagnostics import Findings
    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node, Term
    from shacl2flink.shapes.parser import Shapes

MAX_NESTING = 64
# Shapes that many others share are evaluated again for each; a small file could ask for
# any number of evaluations.
MAX_EVALUATIONS = 100_000


def examine(graph: Graph, shapes: Shapes, findings: Findings) -> None:
    if not shapes.by_node and not findings.has_errors:
        findings.add(
            Diagnostic(
                code="no-shapes",
                message="there is no shape in the shapes graph",
                hint="a shape is a sh:NodeShape with a target, such as sh:targetClass; were shapes"
                " and knowledge exchanged?",
                section=CORE + "#shapes",
            )
        )
    _examine_nesting(graph, shapes, findings)
    _report_unused(graph, shapes, findings)
    report_imports(graph, findings, severity=Severity.ERROR)


def _examine_nesting(graph: Graph, shapes: Shapes, findings: Findings) -> None:
    """Depth first without recursion; each shape is entered and left once."""
    depth: dict[Node, int] = {}
    evaluations: dict[Node, int] = {}
    for start in shapes.by_node:
        if start in depth:
            continue
        trail: dict[Node, list[Node]] = {start: _nested(shapes, start)}
        while trail:
            node = next(reversed(trail))
            if not trail[node]:
                del trail[node]
                nested = _nested(shapes, node)
                depth[node] = 1 + max((depth.get(inner, 0) for inner in nested), default=0)
                evaluations[node] = _evaluations(shapes, node, evaluations)
                if depth[node] == MAX_NESTING + 1:
                    _report_deep(graph, node, findings)
                if evaluations[node] > MAX_EVALUATIONS:
                    evaluations[node] = 1
                    _report_many(graph, node, findings)
                continue
            inner = trail[node].pop()
            if inner in trail:
                cycle = [*list(trail)[list(trail).index(inner) :], inner]
                _report_cycle(graph, node, cycle, findings)
                depth[inner] = 0
            elif inner not in depth:
                trail[inner] = _nested(shapes, inner)


def _evaluations(shapes: Shapes, node: Node, known: dict[Node, int]) -> int:
    """Of other shapes for one node; a property shape is evaluated once for each value."""
    shape = shapes.by_node.get(node)
    if shape is None:
        return 1
    inner = [known.get(nested, 1) for one in shape.constraints for nested in one.shapes()]
    values = [known.get(nested, 1) for nested in shape.property]
    return 1 + sum(inner) + max(values, default=0)


def _nested(shapes: Shapes, node: Node) -> list[Node]:
    shape = shapes.by_node.get(node)
    return [] if shape is None else list(reversed(list(shape.nested())))


def _report_cycle(graph: Graph, node: Node, cycle: list[Node], findings: Findings) -> None:
    names = " -> ".join(shown(step) for step in cycle)
    term = next((term for term, value in referred(graph, node) if value == cycle[-1]), PROPERTY)
    findings.add(
        Diagnostic(
            code="recursive-shape",
            message=f"a shape is nested in itself: {names}; what that means is undefined",
            shape=place_of(graph, cycle[-1]),
            term=str(term),
            hint="break the cycle, for example by a shape of its own for the inner level",
            section=CORE + "#shapes-recursion",
        ),
        (node, term, cycle[-1]),
    )


def _report_many(graph: Graph, node: Node, findings: Findings) -> None:
    findings.add(
        Diagnostic(
            code="limit-evaluations",
            message=f"to evaluate the shape, more than {MAX_EVALUATIONS:,} others would have to be"
            " evaluated, because shapes share shapes that share shapes",
            shape=place_of(graph, node),
            hint="refer to each shape once, not from every branch",
        ),
        (node,),
    )


def _report_deep(graph: Graph, node: Node, findings: Findings) -> None:
    findings.add(
        Diagnostic(
            code="limit-nesting",
            message=f"shapes are nested more than {MAX_NESTING} deep",
            shape=place_of(graph, node),
            term=str(PROPERTY),
            hint="an attribute and its value are two levels; check the nesting",
        ),
        (node,),
    )


def _report_unused(graph: Graph, shapes: Shapes, findings: Findings) -> None:
    used: set[Term] = {
        value
        for _, predicate, value in graph
        if predicate.startswith(SH) and not isinstance(value, Literal)
    }
    used.update(value for node in shapes.by_node for _, value in referred(graph, node))
    for node, shape in shapes.by_node.items():
        says = shape.constraints or shape.property
        if says and not shape.targets and not shape.deactivated and node not in used:
            findings.add(
                Diagnostic(
                    code="unused-shape",
                    severity=Severity.WARNING,
                    message="the shape has constraints but no target, and no shape refers to it:"
                    " it validates nothing",
                    shape=place_of(graph, node),
                    hint="add a target such as sh:targetClass, or refer to it, as with sh:property",
                    section=CORE + "#targets",
                ),
                (node,),
            )


def report_imports(graph: Graph, findings: Findings, *, severity: Severity) -> None:
    """Imports are never fetched; one that was given with the other inputs is fine."""
    for subject, predicate, value in graph:
        if predicate != OWL_IMPORTS:
            continue
        given = isinstance(value, Iri) and graph.has(value, RDF_TYPE, OWL_ONTOLOGY)
        if given or value in (SH, SH.removesuffix("#")):
            continue
        findings.add(
            Diagnostic(
                code="import-not-given",
                severity=severity,
                message=f"owl:imports {shown(value)} is not followed: nothing is ever fetched",
                term=str(OWL_IMPORTS),
                hint="give the imported file as a further input, or leave out owl:imports",
                section=CORE + "#shapes-graph",
            ),
            (subject, predicate, value),
        )
