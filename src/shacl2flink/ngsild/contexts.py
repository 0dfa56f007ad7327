"""JSON-LD contexts, resolved to flat maps of terms; nothing is ever fetched.

A program carries every context that records may name, in a form that needs no more
than a look-up per term. What such a map cannot say (contexts of their own inside of
terms, a default language) is refused rather than dropped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from shacl2flink.diagnostics import Diagnostic, Refused, Source
from shacl2flink.ngsild.core import CORE_CONTEXTS, DEFAULT_VOCABULARY, core_terms
from shacl2flink.rdf.jsonld import read_json, unknown_context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shacl2flink.diagnostics import Findings

_SECTION = "https://www.w3.org/TR/json-ld11/#context-definitions"
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S*$")
_HARMLESS = {"@version", "@protected", "@propagate"}
_CONTAINERS = {"@list", "@set", "@language", "@index", "@id", "@type", "@graph"}
_TYPES = {"@id", "@vocab", "@json", "@none"}
_KEYWORDS = {
    "@id", "@type", "@value", "@language", "@list", "@set", "@graph", "@json", "@none", "@index",
    "@included", "@nest", "@direction", "@reverse",
}  # fmt: skip

FlatContext = dict[str, Any]


def core_contexts() -> dict[str, FlatContext]:
    core = {"vocab": DEFAULT_VOCABULARY, "terms": core_terms()}
    return dict.fromkeys(CORE_CONTEXTS, core)


def as_json_ld(context: FlatContext) -> dict[str, Any]:
    """A flat context as the value of `@context`, for documents that name it."""
    vocabulary = {"@vocab": context["vocab"]} if "vocab" in context else {}
    return {"@version": 1.1, **vocabulary, **context["terms"]}


class Contexts:
    """The contexts that were given and the bundled ones, each resolved once."""

    def __init__(self, given: Mapping[str, bytes], findings: Findings) -> None:
        self.flat: dict[str, FlatContext] = core_contexts()
        self.values: dict[str, object] = {
            iri: as_json_ld(context) for iri, context in self.flat.items()
        }
        self._documents: dict[str, Any] = {}
        for iri, content in sorted(given.items()):
            self._keep(findings, self._read, iri, content)
        for iri in sorted(self._documents):
            self._keep(findings, self._resolve, iri)

    @staticmethod
    def _keep(findings: Findings, step: Any, iri: str, *rest: Any) -> None:
        try:
            step(iri, *rest)
        except Refused as refused:
            findings.add(refused.diagnostic)

    def _read(self, iri: str, content: bytes) -> None:
        document = read_json(iri, content)
        if not isinstance(document, dict) or "@context" not in document:
            raise _refuse(iri, "has no @context", "give the JSON document that holds @context")
        self._documents[iri] = document["@context"]

    def _resolve(self, iri: str, open_: tuple[str, ...] = ()) -> FlatContext:
        if iri in open_:
            raise _refuse(iri, "includes itself", "leave out one of the two references")
        if iri in self._documents and iri not in self.values:
            flat: FlatContext = {"terms": {}}
            self._add(flat, self._documents[iri], (*open_, iri))
            self.flat[iri] = flat
            self.values[iri] = as_json_ld(flat)
        if iri not in self.flat:
            raise unknown_context(iri, Source(file=open_[-1] if open_ else iri))
        return self.flat[iri]

    def _add(self, flat: FlatContext, local: Any, open_: tuple[str, ...]) -> None:
        if isinstance(local, list):
            for part in local:
                self._add(flat, part, open_)
        elif isinstance(local, str):
            other = self._resolve(local, open_)
            flat["terms"].update(other["terms"])
            flat.update({key: value for key, value in other.items() if key == "vocab"})
        elif isinstance(local, dict):
            _Definitions(open_[-1], flat, local).add()
        else:
            raise _refuse(
                open_[-1], f"holds {str(local)[:40]!r}", "use an object, a list or an IRI"
            )


class _Definitions:
    """One object of term definitions, laid over what is known already."""

    def __init__(self, iri: str, flat: FlatContext, local: dict[str, Any]) -> None:
        self._iri = iri
        self._flat = flat
        self._local = local
        self._open: list[str] = []
        self._done: set[str] = set()

    def add(self) -> None:
        for key, value in self._local.items():
            if key.startswith("@") and key != "@vocab" and key not in _HARMLESS:
                if value is None or (key == "@type" and isinstance(value, dict)):
                    continue
                raise self._refuse(f"uses {key}", "state the IRIs of its terms in full instead")
        vocabulary = self._local.get("@vocab")
        if vocabulary is not None:
            self._flat["vocab"] = self._expanded(vocabulary, "@vocab")
        for term in self._local:
            if not term.startswith("@"):
                self._term(term)

    def _term(self, term: str) -> None:
        if term in self._done:
            return
        if term in self._open or len(self._open) > 100:
            raise self._refuse(f"defines the term {term!r} by itself", "give it an absolute IRI")
        self._open.append(term)
        definition = self._local[term]
        if isinstance(definition, str):
            self._flat["terms"][term] = {"@id": self._expanded(definition, term)}
        elif isinstance(definition, dict):
            self._flat["terms"][term] = self._expanded_definition(term, definition)
        else:
            raise self._refuse(f"maps the term {term!r} to nothing", "leave the term out")
        self._open.pop()
        self._done.add(term)

    def _expanded_definition(self, term: str, definition: dict[str, Any]) -> dict[str, Any]:
        unknown = set(definition) - {"@id", "@type", "@container", "@protected", "@prefix"}
        if unknown:
            raise self._refuse(
                f"uses {min(unknown)} in the term {term!r}", "a flat context of terms is needed"
            )
        expanded: dict[str, Any] = {"@id": self._expanded(definition.get("@id", term), term)}
        if (type_ := definition.get("@type")) is not None:
            expanded["@type"] = type_ if type_ in _TYPES else self._expanded(type_, term)
        if (container := definition.get("@container")) is not None:
            names = container if isinstance(container, list) else [container]
            if not all(isinstance(name, str) and name in _CONTAINERS for name in names):
                raise self._refuse(f"has an unknown @container in {term!r}", "see the section")
            expanded["@container"] = names[0] if len(names) == 1 else sorted(names)
        return expanded

    def _expanded(self, value: Any, term: str) -> str:
        if not isinstance(value, str) or not value.isprintable():
            raise self._refuse(f"maps {term!r} to {str(value)[:40]!r}", "an IRI is expected")
        if value.startswith("@"):
            if value not in _KEYWORDS:
                raise self._refuse(f"maps {term!r} to {value!r}", "no such keyword")
            return value
        prefix, colon, local = value.partition(":")
        compact = colon and not local.startswith("//")
        for name, rest in ((value, ""), (prefix, local) if compact else (value, "")):
            known = self._known(name) if name != term else None
            if known is not None:
                return known + rest
        if _ABSOLUTE.match(value):
            return value
        if "vocab" in self._flat and not colon:
            return str(self._flat["vocab"]) + value
        raise self._refuse(f"maps {term!r} to {value!r}", "an absolute IRI is expected")

    def _known(self, term: str) -> str | None:
        """The IRI of another term; one that is defined further on is resolved first."""
        if term in self._local and not term.startswith("@"):
            self._term(term)
        known = self._flat["terms"].get(term)
        return None if known is None else str(known["@id"])

    def _refuse(self, what: str, hint: str) -> Refused:
        return _refuse(self._iri, what, hint)


def _refuse(iri: str, what: str, hint: str) -> Refused:
    return Refused(
        Diagnostic(
            code="unsupported-context",
            term=iri,
            source=Source(file=iri),
            message=f"the context <{iri}> {what}",
            hint=hint,
            section=_SECTION,
        )
    )
