"""An alert in words: what people read first, on the page and on the command line.

Only the alert itself is at hand, not the shape; the author's message, where there is one,
says more than anything that could be made up here.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

SHACL = "http://www.w3.org/ns/shacl#"
PREFIXES = {
    SHACL: "sh",
    "http://www.w3.org/2001/XMLSchema#": "xsd",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "https://uri.etsi.org/ngsi-ld/": "ngsi-ld",
}
# Of the constraint components that exist; "{}" is the offending value.
_PROBLEMS = {
    "MinCount": "is missing",
    "MaxCount": "has too many values",
    "Datatype": "{} has the wrong datatype",
    "Class": "{} is not of the class asked for",
    "NodeKind": "{} is the wrong kind of node",
    "MinExclusive": "{} is too low",
    "MinInclusive": "{} is too low",
    "MaxExclusive": "{} is too high",
    "MaxInclusive": "{} is too high",
    "MinLength": "{} is too short",
    "MaxLength": "{} is too long",
    "Pattern": "{} does not match the pattern",
    "LanguageIn": "{} is in none of the languages asked for",
    "UniqueLang": "has several values in one language",
    "Equals": "{} is not in both of what must be equal",
    "Disjoint": "{} is in both of what must have nothing in common",
    "LessThan": "{} is not less than what it must be less than",
    "LessThanOrEquals": "{} is greater than what it must not exceed",
    "Not": "{} conforms to the shape that it must not conform to",
    "And": "{} does not conform to all of the shapes",
    "Or": "{} conforms to none of the shapes",
    "Xone": "{} does not conform to exactly one of the shapes",
    "Node": "{} does not conform to the shape asked for",
    "QualifiedMinCount": "has too few values that conform to the shape",
    "QualifiedMaxCount": "has too many values that conform to the shape",
    "Closed": "{} is of a property that the closed shape does not allow",
    "In": "{} is not one of the allowed values",
    "HasValue": "lacks the value asked for",
}
_IRI = re.compile(r"<([^<>]*)>")
MAX_VALUE_CHARACTERS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Severity:
    word: str
    kind: str
    """`violation`, `warning`, `info`, or `other` for severities of one's own."""
    iri: str


def severity(iri: str) -> Severity:
    word = local_name(iri)
    if iri in (f"{SHACL}Violation", f"{SHACL}Warning", f"{SHACL}Info"):
        return Severity(word=word.lower(), kind=word.lower(), iri=iri)
    return Severity(word=(word.removeprefix("severity") or word).lower(), kind="other", iri=iri)


def local_name(iri: str) -> str:
    """The last part of an IRI; a URN is short of nothing, so it stays whole."""
    if iri.startswith("urn:"):
        return iri
    return re.split(r"[/#]", iri.rstrip("/#"))[-1] or iri


def shortened(iri: str) -> str:
    """`xsd:double` by a well-known prefix, else the local name; the whole is for hovering."""
    for namespace, prefix in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return local_name(iri)


def shape_name(label: str) -> str:
    """Of a nested, anonymous shape the way to it: `CutterShape / state`."""
    parts = [local_name(iri) for iri in _IRI.findall(label)] or [local_name(label)]
    return " / ".join(part for part in parts if part not in _VALUE_MEMBERS) or parts[0]


_VALUE_MEMBERS = ("hasValue", "hasObject", "hasJSON", "hasValueList", "hasObjectList", "hasVocab")


def path(alert: dict[str, Any]) -> str:
    """The attribute, and sub-attribute, that an alert is about; empty for the entity itself."""
    names = [_step(step) for step in alert.get("attributePath", ())]
    if not names:
        names = [local_name(iri) for iri in _IRI.findall(alert.get("resultPath") or "")]
    return " / ".join(names)


def value(alert: dict[str, Any]) -> str:
    """The offending value as text; empty where the component is about the focus node."""
    term = alert.get("value")
    if not isinstance(term, dict):
        return ""
    lexical = term.get("@value")
    if lexical is None:
        text = local_name(str(term.get("@id", "")))
    else:
        text = lexical if isinstance(lexical, str) else json.dumps(lexical)
    if len(text) > MAX_VALUE_CHARACTERS:
        text = text[: MAX_VALUE_CHARACTERS - 1] + "…"
    return text


def component(iri: str | None) -> str:
    """`MinCount` of `sh:MinCountConstraintComponent`."""
    return local_name(iri or "").removesuffix("ConstraintComponent")


def message(alert: dict[str, Any]) -> str:
    """The author's message: the English one, else one without a language, else the first."""
    messages = [one for one in alert.get("messages", ()) if isinstance(one.get("@value"), str)]

    def preference(one: dict[str, Any]) -> int:
        language = str(one.get("@language", ""))
        return 0 if language.lower().startswith("en") else 1 if not language else 2

    return min(messages, key=preference)["@value"] if messages else ""


def problem(alert: dict[str, Any]) -> str:
    """What is wrong, from the component and the value alone."""
    name = component(alert.get("sourceConstraintComponent"))
    text = _PROBLEMS.get(name, f"violates {name}" if name else "violates its shape")
    return text.format(value(alert) or "the value")


def summary(alert: dict[str, Any]) -> str:
    """One line without the entity: the message, or path and problem.

    A message such as `must have at least 1 value`, which the validator writes where the author
    wrote none, lacks its subject; the path is it.
    """
    text = message(alert)
    if text and not text.startswith("must "):
        return text
    return " ".join(part for part in (path(alert), text or problem(alert)) if part)


def sentence(alert: dict[str, Any]) -> str:
    return f"{alert['entity']}: {summary(alert)}"


def _step(step: dict[str, Any]) -> str:
    name = local_name(str(step.get("name", "")))
    dataset = str(step.get("datasetId", "@none"))
    return name if dataset == "@none" else f"{name} [{local_name(dataset)}]"
