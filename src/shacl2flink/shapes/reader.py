"""Reads the values of one shape's properties, and says what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shacl2flink.diagnostics import Diagnostic, Severity
from shacl2flink.rdf.terms import Blank, Iri, Literal, Term, shown
from shacl2flink.rdf.vocab import (
    RDF_LANG_STRING,
    XSD_BOOLEAN,
    XSD_INTEGER,
    XSD_STRING,
    short,
)
from shacl2flink.shapes.labels import place_of

if TYPE_CHECKING:
    from shacl2flink.diagnostics import Findings
    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.positions import Where
    from shacl2flink.rdf.terms import Node

MAX_COUNT = 2**31 - 1
_INTEGER = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One shape in its graph. What cannot be read is reported and left out."""

    graph: Graph
    findings: Findings
    node: Node
    # A deactivated shape constrains nothing, so what is not supported may stand in it.
    lenient: bool = False

    def report(
        self,
        code: str,
        message: str,
        *,
        term: Iri | None = None,
        value: Term | None = None,
        hint: str = "",
        section: str | None = None,
        severity: Severity = Severity.ERROR,
        where: Where | None = None,
    ) -> None:
        """`where` is the triple that is to blame, when it is not that of the term."""
        if self.lenient and code.startswith("unsupported-"):
            return
        if where is None and term is not None:
            where = (self.node, term) if value is None else (self.node, term, value)
        self.findings.add(
            Diagnostic(
                code=code,
                message=message,
                severity=severity,
                shape=place_of(self.graph, self.node),
                term=str(term) if term is not None else None,
                hint=hint,
                section=section,
            ),
            where or (self.node,),
        )

    def values(self, term: Iri) -> list[Term]:
        return self.graph.objects(self.node, term)

    def single(self, term: Iri, section: str) -> Term | None:
        """The value of a property that may have at most one."""
        values = self.values(term)
        if len(values) > 1:
            self.report(
                "too-many-values",
                f"{short(term)} has {len(values)} values, at most one is allowed",
                term=term,
                value=values[1],
                hint="keep one of them, or write one property shape for each",
                section=section,
            )
            return None
        return values[0] if values else None

    def wrong(self, term: Iri, value: Term, expected: str, section: str, hint: str = "") -> None:
        self.report(
            "wrong-value",
            f"{short(term)} is {shown(value)}, but must be {expected}",
            term=term,
            value=value,
            hint=hint or f"write {expected}",
            section=section,
        )

    def iri(self, term: Iri, value: Term, section: str) -> Iri | None:
        if isinstance(value, Iri):
            return value
        hint = ""
        if isinstance(value, Literal) and ":" in value.lexical:
            hint = "write an IRI: <...> or a prefixed name, without quotes"
        elif isinstance(value, Blank):
            hint = "give it a name; lists and expressions here are not supported"
        self.wrong(term, value, "an IRI", section, hint)
        return None

    def count(self, term: Iri, value: Term, section: str) -> int | None:
        if (
            isinstance(value, Literal)
            and value.datatype == XSD_INTEGER
            and _INTEGER.fullmatch(value.lexical)
        ):
            digits = value.lexical.lstrip("+0") or "0"
            if not digits.startswith("-") and len(digits) <= 10 and int(digits) <= MAX_COUNT:
                return int(digits)
            if digits.lstrip("-0") == "":
                return 0
        self.wrong(term, value, f"an xsd:integer from 0 to {MAX_COUNT}", section)
        return None

    def string(self, term: Iri, value: Term, section: str) -> str | None:
        if isinstance(value, Literal) and value.datatype == XSD_STRING:
            return value.lexical
        self.wrong(term, value, "an xsd:string without language", section)
        return None

    def text(self, term: Iri, value: Term, section: str) -> Literal | None:
        """A string with or without language."""
        if isinstance(value, Literal) and value.datatype in (XSD_STRING, RDF_LANG_STRING):
            return value
        self.wrong(term, value, "a string, with or without language", section)
        return None

    def literal(self, term: Iri, value: Term, section: str) -> Literal | None:
        if isinstance(value, Literal):
            return value
        self.wrong(term, value, "a literal", section)
        return None

    def truth(self, term: Iri, value: Term, section: str) -> bool:
        if (
            isinstance(value, Literal)
            and value.datatype == XSD_BOOLEAN
            and value.lexical in ("true", "false")
        ):
            return value.lexical == "true"
        self.wrong(term, value, "true or false", section, "write true or false without quotes")
        return False
