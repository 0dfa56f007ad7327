"""Which RDF syntax an input is in: by its media type, else by the ending of its name.

A server that does not know better sends `application/octet-stream` or `text/plain`;
such a type says nothing, so the name decides, and Turtle is what is left: it is what
people write shapes in, and its parser says where a file is not Turtle.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from shacl2flink.diagnostics import Diagnostic, Refused, Source


class Syntax(StrEnum):
    TURTLE = "Turtle"
    N_TRIPLES = "N-Triples"
    TRIG = "TriG"
    JSON_LD = "JSON-LD"


_BY_MEDIA_TYPE = {
    "text/turtle": Syntax.TURTLE,
    "application/x-turtle": Syntax.TURTLE,
    "application/n-triples": Syntax.N_TRIPLES,
    "application/trig": Syntax.TRIG,
    "application/x-trig": Syntax.TRIG,
    "application/ld+json": Syntax.JSON_LD,
    "application/json": Syntax.JSON_LD,
}
_BY_SUFFIX = {
    ".ttl": Syntax.TURTLE,
    ".nt": Syntax.N_TRIPLES,
    ".trig": Syntax.TRIG,
    ".jsonld": Syntax.JSON_LD,
    ".json": Syntax.JSON_LD,
}
_SAYS_NOTHING = {"application/octet-stream", "binary/octet-stream", "text/plain", ""}
_REFUSED_SUFFIXES = {".rdf", ".owl", ".xml", ".n3", ".nq", ".ndjson", ".html", ".zip", ".gz"}
_XML = (b"<?xml", b"<rdf:", b"<!doctype", b"<html")


def syntax_of(name: str, media_type: str | None, content: bytes) -> Syntax:
    declared = (media_type or "").split(";")[0].strip().lower()
    suffix = PurePosixPath(urlsplit(name).path if "://" in name else name).suffix.lower()
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:9].lower().startswith(_XML):
        raise _unsupported(name, "XML")
    if declared in _BY_MEDIA_TYPE:
        return _BY_MEDIA_TYPE[declared]
    if declared not in _SAYS_NOTHING:
        raise _unsupported(name, declared)
    if suffix in _REFUSED_SUFFIXES:
        raise _unsupported(name, suffix)
    return _BY_SUFFIX.get(suffix, Syntax.TURTLE)


def _unsupported(name: str, what: str) -> Refused:
    supported = ", ".join(syntax.value for syntax in Syntax)
    return Refused(
        Diagnostic(
            code="unsupported-media-type",
            source=Source(file=name),
            message=f"{name} is {what}, which is not read; the RDF syntaxes are {supported}",
            hint="convert it to Turtle (RDF/XML is refused because its entities can expand"
            " without bound)",
        )
    )
