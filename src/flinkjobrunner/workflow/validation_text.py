"""Diagnostics and validation results as text for people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_COMPONENT_SUFFIX = "ConstraintComponent"
_MAX_VALUE = 80
_IRI = re.compile(r"<([^<>]*)>")


def diagnostics(found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One block per diagnostic: what is wrong, where, and what to do."""
    for diagnostic in found:
        where = place(diagnostic.get("source"))
        yield f"{diagnostic['severity']}[{diagnostic['code']}]{' ' + where if where else ''}"
        yield f"  {diagnostic['message']}"
        for name, key in (("shape", "shape"), ("hint", "hint"), ("see", "section")):
            if diagnostic.get(key):
                yield f"  {name + ':':6} {diagnostic[key]}"


def line(diagnostic: Mapping[str, Any]) -> str:
    """The same on one line, as compilers say it: where, how bad, what, its code, what to do."""
    where = place(diagnostic.get("source"))
    hint = f" ({diagnostic['hint']})" if diagnostic.get("hint") else ""
    where = f"{where}: " if where else ""
    return f"{where}{diagnostic['severity']}: {diagnostic['message']} [{diagnostic['code']}]{hint}"


def of_data(diagnostic: Mapping[str, Any]) -> dict[str, Any]:
    """A diagnostic of the evaluator, which reads the data, in the form of the compiler's."""
    pointer = diagnostic.get("pointer")
    message = diagnostic["message"] + (f" (at {pointer})" if pointer else "")
    return {
        "code": diagnostic["code"],
        "severity": "error",
        "shape": None,
        "term": pointer,
        "source": {
            "file": diagnostic["file"],
            "line": diagnostic.get("line"),
            "column": diagnostic.get("column"),
        },
        "message": message,
        "hint": diagnostic.get("hint") or "",
        "section": None,
    }


def summary(figures: Mapping[str, Any], digest: str | None) -> Iterator[str]:
    roots = len(figures["roots"])
    yield (
        f"The shapes are fine: {_many(roots, 'shape')} with targets,"
        f" {_many(figures['shapes'], 'shape')} and {_many(figures['constraints'], 'constraint')}"
        f" in all, {_many(figures['knowledgeTriples'], 'triple')} of knowledge."
    )
    yield f"program {digest}"


def results(report: Mapping[str, Any], source_of: Callable[[str], object]) -> Iterator[str]:
    """Grouped by entity, or by focus node where the data are no entities."""
    found = report["results"]
    if not found:
        yield "The data conforms."
        return
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for result in found:
        groups.setdefault(result.get("entity") or result["focusNode"], []).append(result)
    yield f"{_many(len(found), 'result')} at {_many(len(groups), 'node')}."
    for node, of_node in groups.items():
        yield ""
        yield node
        for result in of_node:
            yield from _result(result, source_of)


def _result(result: Mapping[str, Any], source_of: Callable[[str], object]) -> Iterator[str]:
    path = [_attribute(step) for step in result.get("attributePath") or ()]
    if result["resultPath"]:
        path.append(_IRI.sub(lambda iri: local_name(iri[1]), result["resultPath"]))
    value = "" if result["value"] is None else f"  is {term(result['value'])}"
    yield f"  {local_name(result['severity'])}: {' / '.join(path) or '(the node itself)'}{value}"
    for message in result["messages"]:
        language = f"  @{message['@language']}" if "@language" in message else ""
        yield f"    {message['@value']}{language}"
    component = local_name(result["sourceConstraintComponent"]).removesuffix(_COMPONENT_SUFFIX)
    source = source_of(result["sourceShape"])
    where = f" ({source})" if source else ""
    yield f"    {component} of {result['sourceShape']}{where}"


def term(value: Mapping[str, str]) -> str:
    if "@id" in value:
        return f"<{value['@id']}>" if not value["@id"].startswith("_:") else value["@id"]
    text = value["@value"]
    text = text if len(text) <= _MAX_VALUE else text[:_MAX_VALUE] + "..."
    if "@language" in value:
        return f'"{text}"@{value["@language"]}'
    datatype = local_name(value.get("@type", "string"))
    return f'"{text}"' if datatype == "string" else f"{text} ({datatype})"


def local_name(iri: str) -> str:
    return iri.rstrip("/#").rsplit("#", 1)[-1].rsplit("/", 1)[-1] or iri


def _attribute(step: Mapping[str, str]) -> str:
    dataset = step.get("datasetId", "@none")
    name = local_name(step["name"])
    return name if dataset == "@none" else f"{name}[{dataset}]"


def place(source: Mapping[str, Any] | None) -> str:
    if not source:
        return ""
    parts = (source.get("file"), source.get("line"), source.get("column"))
    return ":".join(str(part) for part in parts if part)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
