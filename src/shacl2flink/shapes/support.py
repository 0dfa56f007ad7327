"""The support matrix of the documentation, made from the tables that the compiler works by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shacl2flink.rdf.vocab import SH, short
from shacl2flink.shapes.parameters import PARAMETERS, STRUCTURE
from shacl2flink.shapes.refusals import CORE, NON_VALIDATING, OWN_TERMS, REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterable

_INTRODUCTION = """\
# What of SHACL is supported

Made by `python -m shacl2flink.cli support-matrix` from the compiler's own tables; do not
edit it. Whatever is not evaluated is refused when shapes are compiled, with a diagnostic
that names the shape, the term, its place in the file and what to do instead. Nothing is
skipped silently, and a term of the `sh:` namespace that stands nowhere below is refused
as misspelt.
"""
_NOTES = """\
## Where a stream decides less than a batch

`flinkjobrunner validate --data` has the whole graph at hand; the Flink job judges one
entity and the knowledge. `plan`, a deploy and `replay` therefore refuse, and a validation
of data only warns about:

| code | what |
| --- | --- |
| `needs-other-entity` | `sh:class` at `ngsi-ld:hasObject`, or of a class that is targeted |
| `needs-other-entity` | a path that leads on from the entity at the end of a Relationship |
| `needs-other-entity` | `sh:closed` there, or a property of it that is compared with |
| `needs-other-entity` | a path that is followed backwards, unless from an attribute to its entity |
| `needs-other-entity` | `sh:targetObjectsOf` |
| `knowledge-focus` | a target class that has instances in the knowledge |
| `knowledge-focus` | a target that the knowledge describes, or a subject in it |
| `attribute-focus` | a target class that is a kind of attribute, or a class above one |
| `attribute-focus` | `sh:targetSubjectsOf` a term of NGSI-LD, or `rdf:type` |
| `value-focus` | a target class of GeoJSON |
| `literal-focus` | a literal as `sh:targetNode` |
| `absent-focus` | only a warning: a target node is validated while it is there as an entity |

What no shapes graph can tell is left: a JSON object inside of a value that names a class
which a shape targets is a focus node over files, and none in the stream.

## Regular expressions

`sh:pattern` and `sh:flags` (`s m i x q`) have the syntax and the meaning of XPath's
`fn:matches`. Refused are back-references (they cannot be matched in linear time), more
than 1000 repetitions, and a few Unicode blocks. One corner differs: with the flag `m`,
`^` also matches after a line feed that ends the text.
"""


def support_matrix() -> str:
    """The whole page, in Markdown."""
    parts = [
        _INTRODUCTION,
        "## Evaluated\n",
        _table(("constraint component", "terms", "on"), _components()),
        _table(("what a shape says of itself", "note"), _structure()),
        "## Accepted, because they validate nothing\n",
        ", ".join(_link(f"sh:{name}", section) for name, section in NON_VALIDATING.items()) + "\n",
        "## Refused\n",
        _table(("chapter", "terms"), _refused()),
        "Of our own vocabulary, refused for now: "
        + ", ".join(f"`fjr:{name}`" for name in sorted(OWN_TERMS))
        + ".\n",
        _NOTES,
    ]
    return "\n".join(parts)


def _components() -> Iterable[tuple[str, ...]]:
    for parameter in PARAMETERS:
        terms = ", ".join(f"`{short(term)}`" for term in (parameter.term, *parameter.optional))
        where = "property shapes" if parameter.property_only else "node and property shapes"
        yield _link(parameter.component.name, parameter.section), terms, where


def _structure() -> Iterable[tuple[str, ...]]:
    notes = {
        "targetClass": "with subclasses; all targets are a union",
        "targetNode": "IRIs and literals",
        "targetSubjectsOf": "",
        "targetObjectsOf": "not in the stream",
        "path": "a predicate, a list of paths (a sequence), or one of the forms below",
        "inversePath": "not in the stream, but from an attribute to its entity",
        "alternativePath": "",
        "zeroOrMorePath": "cycles of the data end it",
        "oneOrMorePath": "cycles of the data end it",
        "zeroOrOnePath": "",
        "property": "nested to any depth up to 64",
        "severity": "any IRI",
        "message": "several languages; placeholders are kept",
        "deactivated": "`true` takes the shape out of the program",
    }
    for term, section in STRUCTURE.items():
        yield _link(short(term), section), notes[term.removeprefix(SH)]
    yield (
        _link("implicit class target", CORE + "#implicit-targetClass"),
        "a shape that is also an `rdfs:Class` or `owl:Class`",
    )


def _refused() -> Iterable[tuple[str, ...]]:
    chapters: dict[tuple[str, str], list[str]] = {}
    for name, refusal in REFUSED.items():
        chapters.setdefault((refusal.chapter, refusal.section), []).append(f"`sh:{name}`")
    for (chapter, section), names in chapters.items():
        yield _link(chapter, section), ", ".join(names)


def _link(text: str, url: str) -> str:
    return f"[{text}]({url})"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
