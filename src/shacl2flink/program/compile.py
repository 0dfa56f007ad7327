"""The whole way from documents to a program; it never raises for what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shacl2flink.diagnostics import Diagnostic, Findings, Severity, Source, is_error, ordered
from shacl2flink.errors import LimitExceeded
from shacl2flink.ngsild.contexts import Contexts
from shacl2flink.ngsild.core import DEFAULT_CONTEXT
from shacl2flink.program.dependencies import units
from shacl2flink.program.digest import canonical_json, digest_of
from shacl2flink.program.foci import Foci
from shacl2flink.program.lower import Lowered
from shacl2flink.program.reach import Reach
from shacl2flink.program.summary import summary_of
from shacl2flink.rdf.canonical import canonical_labels
from shacl2flink.rdf.closure import super_classes
from shacl2flink.rdf.load import Input, Loaded, load
from shacl2flink.rdf.positions import Positions
from shacl2flink.rdf.terms import Blank, Iri, Literal, document
from shacl2flink.rdf.vocab import RDFS_SUB_CLASS_OF, SH, short
from shacl2flink.shapes.parser import parse
from shacl2flink.shapes.wellformed import examine, report_imports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Node, Term

FORMAT_VERSION = 1
NUMBERS = ("declared", "json-ld", "double")


@dataclass(frozen=True, kw_only=True)
class Compilation:
    """What became of the inputs. There is a program unless something is refused for all."""

    program: bytes | None
    digest: str | None
    diagnostics: tuple[Diagnostic, ...]
    summary: dict[str, Any] = field(default_factory=dict)
    _lowered: Lowered | None = field(default=None, repr=False, compare=False)
    _positions: Positions | None = field(default=None, repr=False, compare=False)

    def refused(self, *, stream: bool = True) -> bool:
        """Whether the shapes cannot be used; for a batch validation, with `stream=False`."""
        return any(is_error(diagnostic, stream=stream) for diagnostic in self.diagnostics)

    def source_of(self, label: str) -> Source | None:
        """Where the shape with this label stands in its input."""
        if self._lowered is None or self._positions is None or label not in self._lowered.nodes:
            return None
        return self._positions((self._lowered.nodes[label],))

    def sources(self) -> dict[str, Source]:
        """Where each shape of the program stands; they are no part of the program."""
        labels = self._lowered.nodes if self._lowered else {}
        return {label: found for label in labels if (found := self.source_of(label))}


def compile_shapes(
    shapes: Sequence[Input],
    knowledge: Sequence[Input] = (),
    *,
    contexts: Mapping[str, bytes] | None = None,
    numbers: str = "declared",
) -> Compilation:
    """Compile a shapes graph and knowledge; `contexts` are JSON-LD contexts by their IRI."""
    if numbers not in NUMBERS:
        raise ValueError(f"numbers is {numbers!r}, but must be one of {', '.join(NUMBERS)}")
    return _Compiler(contexts or {}, numbers).run(shapes, knowledge)


class _Compiler:
    def __init__(self, contexts: Mapping[str, bytes], numbers: str) -> None:
        self._found: list[Diagnostic] = []
        self._contexts = Contexts(contexts, Findings(found=self._found))
        self._numbers = numbers

    def run(self, shapes: Sequence[Input], knowledge: Sequence[Input]) -> Compilation:
        loaded = self._load(shapes)
        known = self._load(knowledge)
        positions = Positions(loaded)
        findings = Findings(locate=positions, found=self._found)
        parsed = parse(loaded.graph, findings)
        examine(loaded.graph, parsed, findings)
        self._examine_knowledge(loaded, known)
        if findings.has_errors:
            return self._refused()
        try:
            lowered = Lowered(parsed)
            closure = super_classes(known.graph)
            program = self._program(lowered, known.graph, closure)
        except LimitExceeded as limit:
            self._add_limit(limit)
            return self._refused()
        Reach(lowered, closure, findings).examine()
        Foci(
            graph=loaded.graph,
            lowered=lowered,
            knowledge=known.graph,
            super_classes=closure,
            findings=findings,
        ).examine()
        content = canonical_json(program).encode()
        return Compilation(
            program=content,
            digest=digest_of(content),
            diagnostics=ordered(self._found),
            summary=summary_of(program, lowered, [loaded.graph, known.graph]),
            _lowered=lowered,
            _positions=positions,
        )

    def _refused(self) -> Compilation:
        return Compilation(program=None, digest=None, diagnostics=ordered(self._found))

    def _add_limit(self, limit: LimitExceeded) -> None:
        self._found.append(Diagnostic(code=limit.code, message=limit.message, hint=limit.hint))

    def _load(self, inputs: Sequence[Input]) -> Loaded:
        findings = Findings(found=self._found)
        return load(inputs, findings=findings, contexts=self._contexts.values)

    def _examine_knowledge(self, loaded: Loaded, known: Loaded) -> None:
        findings = Findings(locate=Positions(known), found=self._found)
        report_imports(known.graph, findings, severity=Severity.WARNING)
        for subject, predicate, _ in known.graph:
            if predicate in (SH + "property", SH + "targetClass", SH + "path"):
                findings.add(
                    Diagnostic(
                        code="shapes-in-knowledge",
                        severity=Severity.WARNING,
                        message=f"the knowledge holds shapes ({short(predicate)}): they have no"
                        " effect there",
                        term=str(predicate),
                        hint="give the file as shapes",
                    ),
                    (subject, predicate),
                )
                break
        self._examine_hierarchy(loaded, known)

    def _examine_hierarchy(self, loaded: Loaded, known: Loaded) -> None:
        """Subclasses are looked up in the data graph: the entities and the knowledge."""
        findings = Findings(locate=Positions(loaded), found=self._found)
        for subject, predicate, value in loaded.graph:
            if predicate != RDFS_SUB_CLASS_OF or value.__class__ is not Iri:
                continue
            if isinstance(subject, Iri) and not known.graph.has(subject, predicate, value):
                findings.add(
                    Diagnostic(
                        code="hierarchy-in-shapes",
                        severity=Severity.INFO,
                        message=f"{short(subject)} rdfs:subClassOf stands in the shapes graph; for"
                        " targets and sh:class only the knowledge and the data count",
                        term=str(predicate),
                        hint="if it is meant to count, give the file as knowledge too",
                        section="https://www.w3.org/TR/shacl/#targetClass",
                    ),
                    (subject, predicate, value),
                )
                break

    def _program(
        self, lowered: Lowered, knowledge: Graph, closure: Mapping[Node, set[Node]]
    ) -> dict[str, Any]:
        labels = canonical_labels(knowledge)

        def name(node: Node) -> str:
            return labels[node] if isinstance(node, Blank) else str(node)

        def term(value: Term) -> dict[str, str]:
            return document(value) if isinstance(value, Literal) else {"@id": name(value)}

        triples = [[name(s), str(p), term(o)] for s, p, o in knowledge]
        return {
            "formatVersion": FORMAT_VERSION,
            "numbers": self._numbers,
            "shapes": lowered.documents,
            "units": units(lowered),
            "knowledge": {
                "superClasses": {
                    name(node): sorted(map(name, above)) for node, above in closure.items()
                },
                "triples": sorted(triples, key=_triple_order),
            },
            "contexts": self._contexts.flat,
            "defaultContext": DEFAULT_CONTEXT,
        }


def _triple_order(triple: list[Any]) -> tuple[str, ...]:
    subject, predicate, value = triple
    parts = (value.get(key, "") for key in ("@id", "@value", "@type", "@language"))
    return (subject, predicate, *parts)
