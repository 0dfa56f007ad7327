"""From a shapes graph to shapes: finds them, reads each by the dispatch table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from shacl2flink.diagnostics import Severity
from shacl2flink.rdf.terms import Blank, Iri, Literal
from shacl2flink.rdf.vocab import SH, XSD_BOOLEAN, sh, short
from shacl2flink.shapes.model import Shape
from shacl2flink.shapes.parameters import CONSTRAINING, OPTIONAL, PARAMETERS, STRUCTURE
from shacl2flink.shapes.paths import PATH, PATH_TERMS, parse_path
from shacl2flink.shapes.reader import Reader
from shacl2flink.shapes.references import PROPERTY, owners, referred
from shacl2flink.shapes.refusals import CORE, REFUSED
from shacl2flink.shapes.targets import KINDS, report_targets, sub_classes, targets
from shacl2flink.shapes.terms import has_refused, is_refused, report_refused

if TYPE_CHECKING:
    from shacl2flink.diagnostics import Findings
    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node, Term
    from shacl2flink.shapes.paths import Path

_DEACTIVATED = sh("deactivated")
_SEVERITY = sh("severity")
_MESSAGE = sh("message")
_QUALIFIED = sh("qualifiedValueShape")
_TARGETS = {sh("target"), *KINDS}
# Refused parameters make a shape of a node all the same, so that it is named as one.
_REFUSED_PARAMETERS = {
    sh(name)
    for name, refusal in REFUSED.items()
    if refusal.chapter == "SHACL Core: constraint components" or name in ("sparql", "rule", "js")
}
_FLAGS = sh("flags")
_COUNTS = (sh("qualifiedMinCount"), sh("qualifiedMaxCount"))
_BESIDE = {_QUALIFIED: _COUNTS, sh("qualifiedValueShapesDisjoint"): _COUNTS}
_TRUE = Literal("true", XSD_BOOLEAN)


@dataclass(kw_only=True)
class Shapes:
    """The shapes of a graph by node, in the order of the graph."""

    by_node: dict[Node, Shape] = field(default_factory=dict)

    def active(self, node: Node) -> Shape | None:
        shape = self.by_node.get(node)
        return None if shape is None or shape.deactivated else shape

    @property
    def roots(self) -> list[Shape]:
        return [s for s in self.by_node.values() if s.targets and not s.deactivated]


def parse(graph: Graph, findings: Findings) -> Shapes:
    parser = _Parser(graph, findings)
    shapes = Shapes()
    for node in parser.nodes:
        shapes.by_node[node] = parser.shape(node)
    parser.report_others()
    return shapes


class _Parser:
    def __init__(self, graph: Graph, findings: Findings) -> None:
        self._graph = graph
        self._findings = findings
        self._node_shapes = sub_classes(graph, sh("NodeShape"))
        self._property_shapes = sub_classes(graph, sh("PropertyShape"))
        self._covered = self._below_refused()
        self.nodes = [node for node in self._shape_nodes() if node not in self._covered]
        self._active = self._active_nodes()

    def _shape_nodes(self) -> dict[Node, None]:
        """What makes a node a shape: section 2.1 of the specification."""
        kinds = self._node_shapes | self._property_shapes
        marks = CONSTRAINING | OPTIONAL | _REFUSED_PARAMETERS | _TARGETS | {PATH, PROPERTY}
        found: dict[Node, None] = {}
        for node in self._graph.subjects():
            if any(type_ in kinds for type_ in self._graph.types(node)) or any(
                predicate in marks for predicate in self._graph.predicates(node)
            ):
                found[node] = None
            found.update((shape, None) for _, shape in referred(self._graph, node))
        return found

    def _below_refused(self) -> set[Node]:
        """Nodes that only say more about a refused term; one diagnostic for all is enough."""
        below: set[Node] = set()
        waiting = [
            value
            for node in self._graph.subjects()
            for predicate in self._graph.predicates(node)
            if is_refused(predicate) or predicate in PATH_TERMS or predicate == PATH
            for value in self._graph.objects(node, predicate)
            if isinstance(value, Blank)
        ]
        while waiting:
            node = waiting.pop()
            if node in below:
                continue
            below.add(node)
            for predicate in self._graph.predicates(node):
                waiting.extend(
                    v for v in self._graph.objects(node, predicate) if isinstance(v, Blank)
                )
        return below

    def _active_nodes(self) -> set[Node]:
        """Shapes that can take part in validation: not deactivated, nor only below such."""
        waiting = [
            node
            for node in self.nodes
            if isinstance(node, Iri) or not owners(self._graph, node) or targets(self._graph, node)
        ]
        active: set[Node] = set()
        while waiting:
            node = waiting.pop()
            if node in active or self._graph.has(node, _DEACTIVATED, _TRUE):
                continue
            active.add(node)
            waiting.extend(shape for _, shape in referred(self._graph, node))
        return active

    def _reader(self, node: Node) -> Reader:
        return Reader(
            graph=self._graph,
            findings=self._findings,
            node=node,
            lenient=node not in self._active,
        )

    def shape(self, node: Node) -> Shape:
        reader = self._reader(node)
        report_refused(reader)
        report_targets(reader)
        self._report_ineffective(reader)
        path = self._path(reader)
        deactivated = reader.single(_DEACTIVATED, STRUCTURE[_DEACTIVATED])
        return Shape(
            node=node,
            path=path,
            targets=tuple(targets(self._graph, node)),
            severity=self._severity(reader),
            messages=self._messages(reader),
            constraints=tuple(
                component
                for parameter in PARAMETERS
                if self._graph.has(node, parameter.term)
                for component in parameter.constraints(reader)
            ),
            property=self._property(reader),
            deactivated=deactivated is not None
            and reader.truth(_DEACTIVATED, deactivated, STRUCTURE[_DEACTIVATED]),
        )

    def _path(self, reader: Reader) -> Path | None:
        types = self._graph.types(reader.node)
        has_path = self._graph.has(reader.node, PATH)
        if not has_path:
            if any(type_ in self._property_shapes for type_ in types) or self._graph.referring(
                reader.node, PROPERTY
            ):
                self._report_missing_path(reader)
            else:
                self._report_misplaced(reader)
            return None
        if any(type_ in self._node_shapes for type_ in types):
            reader.report(
                "path-on-node-shape",
                "a node shape has sh:path, which makes it a property shape",
                term=PATH,
                hint="make it a sh:PropertyShape, or leave out sh:path",
                section=CORE + "#node-shapes",
            )
        value = reader.single(PATH, STRUCTURE[PATH])
        return None if value is None else parse_path(reader, value)

    def _report_missing_path(self, reader: Reader) -> None:
        described = bool(list(self._graph.predicates(reader.node)))
        message = "a property shape has no sh:path"
        hint = "say with sh:path which values are meant"
        if not described:
            message = "sh:property names a shape that the shapes graph does not describe"
            hint = "mend the name, or give the file that describes it as well"
        owners = self._graph.referring(reader.node, PROPERTY)
        reader.report(
            "missing-path",
            message,
            term=PATH,
            hint=hint,
            section=CORE + "#property-shapes",
            where=(owners[0], PROPERTY, reader.node) if owners and not described else None,
        )

    def _report_misplaced(self, reader: Reader) -> None:
        for parameter in PARAMETERS:
            # Counts without a qualified shape have no effect anywhere.
            for term in parameter.optional[:1] or (parameter.term,):
                if not parameter.property_only or not self._graph.has(reader.node, term):
                    continue
                reader.report(
                    "misplaced-term",
                    f"{short(term)} stands on a node shape; a node shape has exactly"
                    " one value, the focus node itself",
                    term=term,
                    hint="move it into a property shape, next to sh:path",
                    section=parameter.section,
                )

    def _severity(self, reader: Reader) -> Iri:
        value = reader.single(_SEVERITY, STRUCTURE[_SEVERITY])
        if value is None:
            return sh("Violation")
        return reader.iri(_SEVERITY, value, STRUCTURE[_SEVERITY]) or sh("Violation")

    def _messages(self, reader: Reader) -> tuple[Literal, ...]:
        texts = (
            reader.text(_MESSAGE, value, STRUCTURE[_MESSAGE]) for value in reader.values(_MESSAGE)
        )
        return tuple(text for text in texts if text is not None)

    def _property(self, reader: Reader) -> tuple[Node, ...]:
        nested: list[Node] = []
        for value in reader.values(PROPERTY):
            if isinstance(value, Literal):
                reader.wrong(
                    PROPERTY, value, "a property shape (an IRI or [ ... ])", STRUCTURE[PROPERTY]
                )
            else:
                nested.append(value)
        return tuple(nested)

    def _report_ineffective(self, reader: Reader) -> None:
        """Parameters that only mean something beside another."""
        for parameter in PARAMETERS:
            for term in parameter.optional:
                beside = _BESIDE.get(term, (parameter.term,))
                if not self._graph.has(reader.node, term) or any(
                    self._graph.has(reader.node, other) for other in beside
                ):
                    continue
                names = " or ".join(short(other) for other in beside)
                reader.report(
                    "flags-without-pattern" if term == _FLAGS else "ineffective-term",
                    f"{short(term)} without {names} has no effect",
                    term=term,
                    hint=f"add {names}, or leave out {short(term)}",
                    section=parameter.section,
                    severity=Severity.WARNING,
                )

    def _is_data(self, node: Node) -> bool:
        """Whether a node that is no shape is an instance of something: shapes and data may be
        one graph, and what data say is not for the shapes."""
        types = self._graph.types(node)
        return bool(types) and not any(type_.startswith(SH) for type_ in types)

    def report_others(self) -> None:
        """Terms at nodes that are no shapes: rules, functions, misspelt targets, reports."""
        shapes = set(self.nodes)
        named_below: set[Term] = {
            value
            for node in self._graph.subjects()
            for predicate in self._graph.predicates(node)
            if is_refused(predicate)
            for value in self._graph.objects(node, predicate)
        }
        for node in self._graph.subjects():
            if node in shapes or node in self._covered or node in named_below:
                continue
            if any(p.startswith(SH) for p in self._graph.predicates(node)) or any(
                type_.startswith(SH) for type_ in self._graph.types(node)
            ):
                reader = self._reader(node)
                if has_refused(reader):
                    report_refused(replace(reader, lenient=False), data=self._is_data(node))
