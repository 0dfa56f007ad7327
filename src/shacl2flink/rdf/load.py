"""Reads RDF within limits, and merges several inputs into one graph.

The parser is a library written in Rust that does not recurse; what it is given is
bounded all the same, because a small file can ask for much memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from shacl2flink.diagnostics import Diagnostic, Refused, Source
from shacl2flink.errors import LimitExceeded
from shacl2flink.rdf import jsonld
from shacl2flink.rdf.graph import Graph
from shacl2flink.rdf.media import Syntax, syntax_of
from shacl2flink.rdf.terms import Blank, Iri, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shacl2flink.diagnostics import Findings
    from shacl2flink.rdf.graph import Triple
    from shacl2flink.rdf.terms import Term

_FORMATS = {
    Syntax.TURTLE: ox.RdfFormat.TURTLE,
    Syntax.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    Syntax.TRIG: ox.RdfFormat.TRIG,
    Syntax.JSON_LD: ox.RdfFormat.JSON_LD,
}
_SECTIONS = {
    Syntax.TURTLE: "https://www.w3.org/TR/turtle/#sec-grammar",
    Syntax.N_TRIPLES: "https://www.w3.org/TR/n-triples/#n-triples-grammar",
    Syntax.TRIG: "https://www.w3.org/TR/trig/#sec-grammar",
    Syntax.JSON_LD: "https://www.w3.org/TR/json-ld11/#json-ld-grammar",
}
_PLACE = re.compile(r"^Parser error at line \d+ .*?: | \(line \d+\)$", re.DOTALL)
_BRACKETS = re.compile(
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""|' + rb"'''(?:[^'\\]|\\.|'(?!''))*+'''|"
    rb'"(?:[^"\\\n]|\\.)*+"|' + rb"'(?:[^'\\\n]|\\.)*+'|<[^>\s]*+>|#[^\n]*+|([\[(])|([\])])",
    re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Input:
    """One document as it was given; `name` is what diagnostics call it."""

    name: str
    content: bytes
    media_type: str | None = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    bytes: int = 64 * 1024 * 1024
    triples: int = 5_000_000
    literal: int = 1024 * 1024
    list_length: int = 10_000
    nesting: int = 256


@dataclass(frozen=True, kw_only=True)
class Document:
    """What one input said, in the order in which it was said."""

    input: Input
    syntax: Syntax
    prefix: str
    triples: list[Triple]


@dataclass(kw_only=True)
class Loaded:
    graph: Graph = field(default_factory=Graph)
    documents: list[Document] = field(default_factory=list)


def load(
    inputs: Sequence[Input],
    *,
    findings: Findings,
    contexts: Mapping[str, object],
    limits: Limits | None = None,
) -> Loaded:
    """All inputs as one graph; those that cannot be read are diagnostics, the others are read."""
    loaded = Loaded()
    for number, given in enumerate(inputs):
        try:
            document = _read(given, f"_:{number}.", contexts, limits or Limits())
        except Refused as refused:
            findings.add(refused.diagnostic)
            continue
        loaded.documents.append(document)
        for triple in document.triples:
            loaded.graph.add(triple)
    return loaded


def _read(given: Input, prefix: str, contexts: Mapping[str, object], limits: Limits) -> Document:
    syntax = syntax_of(given.name, given.media_type, given.content)
    if len(given.content) > limits.bytes:
        raise _limit(given, "bytes", limits.bytes, "split it, or leave out what no shape needs")
    content = given.content.removeprefix(b"\xef\xbb\xbf")
    if syntax is Syntax.JSON_LD:
        content = jsonld.with_contexts(given.name, content, contexts)
    else:
        _bound_nesting(given, content, limits)
    converter = _Converter(given, prefix, limits)
    try:
        quads = ox.parse(content, _FORMATS[syntax])
        triples = list(converter.triples(iter(quads)))
    except SyntaxError as error:
        raise _syntax_error(given, syntax, error) from None
    return Document(input=given, syntax=syntax, prefix=prefix, triples=triples)


class _Converter:
    """From the parser's terms to ours; the same IRI is stored once."""

    def __init__(self, given: Input, prefix: str, limits: Limits) -> None:
        self._given = given
        self._prefix = prefix
        self._limits = limits
        self._iris: dict[str, Iri] = {}

    def triples(self, quads: Iterator[ox.Quad]) -> Iterator[Triple]:
        """The graphs of a dataset are merged: what stands in any of them is meant."""
        for number, quad in enumerate(quads):
            if number >= self._limits.triples:
                raise _limit(
                    self._given, "triples", self._limits.triples, "leave out what no shape needs"
                )
            subject = self._term(quad.subject)
            assert not isinstance(subject, Literal)
            yield subject, self._iri(quad.predicate.value), self._term(quad.object)

    def _iri(self, value: str) -> Iri:
        known = self._iris.get(value)
        if known is None:
            known = self._iris[value] = Iri(value)
        return known

    def _term(self, term: object) -> Term:
        if isinstance(term, ox.NamedNode):
            return self._iri(term.value)
        if isinstance(term, ox.BlankNode):
            return Blank(self._prefix + term.value)
        if isinstance(term, ox.Literal) and term.direction is None:
            if len(term.value) > self._limits.literal:
                raise _limit(
                    self._given, "literal", self._limits.literal, "keep long texts out of the graph"
                )
            return Literal(term.value, self._iri(term.datatype.value), term.language)
        raise Refused(
            Diagnostic(
                code="unsupported-rdf-term",
                source=Source(file=self._given.name),
                message=f"{self._given.name} has a triple term or a text with a base direction"
                f" (RDF 1.2), which is not supported: {str(term)[:120]}",
                hint="use plain RDF 1.1 triples",
                section="https://www.w3.org/TR/rdf12-concepts/#dfn-triple-term",
            )
        )


def _bound_nesting(given: Input, content: bytes, limits: Limits) -> None:
    """The parser's memory grows with the depth; only files that could be too deep are scanned."""
    if content.count(b"[") + content.count(b"(") <= limits.nesting:
        return
    depth = 0
    for token in _BRACKETS.finditer(content):
        if token.group(1):
            depth += 1
            if depth > limits.nesting:
                line = content.count(b"\n", 0, token.start()) + 1
                column = token.start() - content.rfind(b"\n", 0, token.start())
                raise _limit(
                    given, "nesting", limits.nesting, "give the inner nodes IRIs", (line, column)
                )
        elif token.group(2):
            depth -= 1


def _syntax_error(given: Input, syntax: Syntax, error: SyntaxError) -> Refused:
    message = _PLACE.sub("", error.msg or str(error))
    hint = "mend the text at this place"
    if "No scheme found" in message:
        hint = "write absolute IRIs, or declare what relative ones are relative to with @base"
    elif "prefix" in message:
        hint = "declare the prefix with @prefix at the beginning of the file"
    elif "LoadDocumentCallback" in message:
        message = "a context is named that was not given; contexts are never fetched"
        hint = "give the context with --context IRI=FILE, or write it into the document"
    return Refused(
        Diagnostic(
            code="syntax-error",
            source=Source(file=given.name, line=error.lineno, column=error.offset),
            message=f"not {syntax.value}: {message}",
            hint=hint,
            section=_SECTIONS[syntax],
        )
    )


def _limit(
    given: Input, what: str, most: int, hint: str, place: tuple[int, int] | None = None
) -> Refused:
    words = {
        "bytes": f"is larger than {most:,} bytes",
        "triples": f"has more than {most:,} triples",
        "literal": f"has a literal of more than {most:,} characters",
        "nesting": f"nests brackets more than {most:,} deep",
    }
    line, column = place or (None, None)
    return Refused(
        Diagnostic(
            code=f"limit-{what}",
            source=Source(file=given.name, line=line, column=column),
            message=f"{given.name} {words[what]}",
            hint=hint,
        )
    )


def bound_list(members: list[Term], limits: Limits) -> None:
    if len(members) > limits.list_length:
        raise LimitExceeded(
            "limit-list",
            f"the list has {len(members):,} members, more than {limits.list_length:,}",
            "describe the allowed values by a class of the knowledge and sh:class",
        )
