"""Property paths: section 2.3.1 of the specification.

A path is a value, not a node: two shapes that write the same path differently nested
say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shacl2flink.rdf.terms import Blank, Iri, Literal
from shacl2flink.rdf.vocab import RDF_FIRST, RDF_NIL, RDF_REST, SH, sh
from shacl2flink.shapes.refusals import CORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Term
    from shacl2flink.shapes.reader import Reader

PATH = sh("path")
MAX_DEPTH = 32


@dataclass(frozen=True)
class Predicate:
    iri: Iri

    def document(self) -> dict[str, Any]:
        return {"predicate": str(self.iri)}

    def text(self) -> str:
        """In the syntax of SPARQL, as reports and labels have it."""
        return f"<{self.iri}>"


@dataclass(frozen=True)
class Inverse:
    path: Path

    def document(self) -> dict[str, Any]:
        return {"inverse": self.path.document()}

    def text(self) -> str:
        simple = isinstance(self.path, Predicate | Repeated)
        return "^" + (self.path.text() if simple else f"({self.path.text()})")


@dataclass(frozen=True)
class Sequence:
    steps: tuple[Path, ...]

    def document(self) -> dict[str, Any]:
        return {"sequence": [step.document() for step in self.steps]}

    def text(self) -> str:
        return "/".join(_operand(step) for step in self.steps)


@dataclass(frozen=True)
class Alternative:
    alternatives: tuple[Path, ...]

    def document(self) -> dict[str, Any]:
        return {"alternative": [path.document() for path in self.alternatives]}

    def text(self) -> str:
        return "|".join(_operand(path) for path in self.alternatives)


@dataclass(frozen=True)
class Repeated:
    """`times` is the member of programs, and the term without its `Path`."""

    path: Path
    times: str

    def document(self) -> dict[str, Any]:
        return {self.times: self.path.document()}

    def text(self) -> str:
        simple = isinstance(self.path, Predicate)
        return (self.path.text() if simple else f"({self.path.text()})") + _SIGNS[self.times]


Path = Predicate | Inverse | Sequence | Alternative | Repeated
_SIGNS = {"zeroOrMore": "*", "oneOrMore": "+", "zeroOrOne": "?"}
_REPEATED = {sh(f"{times}Path"): times for times in _SIGNS}
_INVERSE, _ALTERNATIVE = sh("inversePath"), sh("alternativePath")
# Each form, with where it is specified.
FORMS: dict[Iri, str] = {
    _INVERSE: CORE + "#property-path-inverse",
    _ALTERNATIVE: CORE + "#property-path-alternative",
    sh("zeroOrMorePath"): CORE + "#property-path-zero-or-more",
    sh("oneOrMorePath"): CORE + "#property-path-one-or-more",
    sh("zeroOrOnePath"): CORE + "#property-path-zero-or-one",
}
PATH_TERMS = frozenset(FORMS)


def _operand(path: Path) -> str:
    grouped = isinstance(path, Sequence | Alternative)
    return f"({path.text()})" if grouped else path.text()


def parse_path(reader: Reader, value: Term) -> Path | None:
    """The path that a value of `sh:path` is; what is none is reported."""
    try:
        return _Parser(reader.graph).parse(value, ())
    except _Malformed as malformed:
        reader.report(
            "malformed-path",
            malformed.message,
            term=PATH,
            value=value,
            hint=malformed.hint,
            section=CORE + "#property-paths",
        )
        return None


class _Malformed(Exception):
    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class _Parser:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def parse(self, node: Term, around: tuple[Term, ...]) -> Path:
        if isinstance(node, Literal):
            raise _Malformed("a literal stands where a path is needed", "write an IRI")
        if node in around:
            raise _Malformed("the path contains itself", "break the cycle")
        if len(around) >= MAX_DEPTH:
            raise _Malformed(f"the path is nested more than {MAX_DEPTH} deep", "simplify it")
        inside = (*around, node)
        if isinstance(node, Iri):
            if node == RDF_NIL:
                raise _Malformed("the path is an empty list", "list two or more paths")
            return Predicate(node)
        return self._of_blank(node, inside)

    def _of_blank(self, node: Blank, inside: tuple[Term, ...]) -> Path:
        """A list is a path whatever else is said of it; the other forms say one thing only."""
        graph = self._graph
        if graph.has(node, RDF_FIRST) or graph.has(node, RDF_REST):
            return self._list(node, inside, Sequence, "a sequence path")
        said = [
            (term, value) for term in graph.predicates(node) for value in graph.objects(node, term)
        ]
        if len(said) != 1 or said[0][0] not in FORMS:
            raise _Malformed(
                "the value of sh:path is no property path"
                if not said
                else "a blank node of a path says more or something else than one form of path",
                "write an IRI, a list, or a blank node with exactly one of "
                + ", ".join(f"sh:{term.removeprefix(SH)}" for term in FORMS),
            )
        term, value = said[0]
        if term == _ALTERNATIVE:
            return self._list(value, inside, Alternative, "an alternative path")
        inner = self.parse(value, inside)
        return Inverse(inner) if term == _INVERSE else Repeated(inner, _REPEATED[term])

    def _list(
        self,
        head: Term,
        inside: tuple[Term, ...],
        make: Callable[[tuple[Path, ...]], Path],
        name: str,
    ) -> Path:
        members = self._graph.members(head)
        if members is None or len(members) < 2:
            raise _Malformed(
                f"{name} needs a well-formed list of two or more paths",
                "write the members in parentheses: ( ex:a ex:b )",
            )
        return make(tuple(self.parse(member, inside) for member in members))
