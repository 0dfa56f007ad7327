"""What people read of an alert."""

from __future__ import annotations

from typing import Any

import pytest

from flinkjobrunner.alerts import words
from shacl2flink.shapes.components import W3C_ORDER
from support.alerts import EX, SHACL, alert

NO_MESSAGE = {"messages": []}


def told(**more: Any) -> str:
    return words.summary(alert("a", 1, **(NO_MESSAGE | more)))


@pytest.mark.parametrize(
    ("iri", "word", "kind"),
    [
        (f"{SHACL}Violation", "violation", "violation"),
        (f"{SHACL}Warning", "warning", "warning"),
        (f"{SHACL}Info", "info", "info"),
        (f"{EX}severityCritical", "critical", "other"),
        (f"{EX}severity", "severity", "other"),
        (f"{EX}Warning", "warning", "other"),
        ("urn:x:Major", "urn:x:major", "other"),
    ],
)
def test_severities(iri: str, word: str, kind: str) -> None:
    severity = words.severity(iri)
    assert (severity.word, severity.kind, severity.iri) == (word, kind, iri)


@pytest.mark.parametrize(
    ("iri", "local", "short"),
    [
        ("https://example.org/a/b#c", "c", "c"),
        ("https://example.org/a/b", "b", "b"),
        ("https://example.org/a/", "a", "a"),
        ("urn:iff:cutter:1", "urn:iff:cutter:1", "urn:iff:cutter:1"),
        ("http://www.w3.org/2001/XMLSchema#double", "double", "xsd:double"),
        ("https://uri.etsi.org/ngsi-ld/hasValue", "hasValue", "ngsi-ld:hasValue"),
        ("", "", ""),
        ("#/", "#/", "#/"),
    ],
)
def test_names_of_iris(iri: str, local: str, short: str) -> None:
    assert words.local_name(iri) == local
    assert words.shortened(iri) == short


@pytest.mark.parametrize(
    ("label", "name"),
    [
        (f"<{EX}CutterShape>", "CutterShape"),
        (f"<{EX}CutterShape>/<{EX}state>", "CutterShape / state"),
        # The members that hold values are known to the reader.
        (
            f"<{EX}CutterShape>/<{EX}state>/<https://uri.etsi.org/ngsi-ld/hasValue>",
            "CutterShape / state",
        ),
        ("<https://uri.etsi.org/ngsi-ld/hasValue>", "hasValue"),
        ("urn:shapes:1", "urn:shapes:1"),
    ],
)
def test_names_of_shapes(label: str, name: str) -> None:
    assert words.shape_name(label) == name


@pytest.mark.parametrize(
    ("component", "text"),
    [
        ("MinCount", "state is missing"),
        ("MaxCount", "state has too many values"),
        ("Datatype", "state BROKEN has the wrong datatype"),
        ("Class", "state BROKEN is not of the class asked for"),
        ("NodeKind", "state BROKEN is the wrong kind of node"),
        ("MinInclusive", "state BROKEN is too low"),
        ("MaxExclusive", "state BROKEN is too high"),
        ("MinLength", "state BROKEN is too short"),
        ("MaxLength", "state BROKEN is too long"),
        ("Pattern", "state BROKEN does not match the pattern"),
        ("In", "state BROKEN is not one of the allowed values"),
        ("HasValue", "state lacks the value asked for"),
        ("Disjoint", "state BROKEN is in both of what must have nothing in common"),
        ("Unheard", "state violates Unheard"),
    ],
)
def test_problems(component: str, text: str) -> None:
    assert told(sourceConstraintComponent=f"{SHACL}{component}ConstraintComponent") == text


def test_every_component_of_the_compiler_has_words() -> None:
    names = {component.name for component in W3C_ORDER}
    assert len(names) > 10
    assert names <= set(words._PROBLEMS)


def test_without_anything_that_explains() -> None:
    bare = {"sourceConstraintComponent": None, "attributePath": [], "resultPath": None}
    assert told(**bare, value=None) == "violates its shape"
    component = f"{SHACL}MaxInclusiveConstraintComponent"
    assert told(**bare | {"sourceConstraintComponent": component}, value=None) == (
        "the value is too high"
    )


@pytest.mark.parametrize(
    ("messages", "text"),
    [
        ([{"@value": "heiß", "@language": "de"}, {"@value": "hot", "@language": "en-GB"}], "hot"),
        ([{"@value": "heiß", "@language": "de"}, {"@value": "hot"}], "hot"),
        ([{"@value": "chaud", "@language": "fr"}, {"@value": "heiß", "@language": "de"}], "chaud"),
        ([{"@value": 3}, {}], "state BROKEN is not of the class asked for"),
    ],
)
def test_the_authors_message_comes_first_in_english(
    messages: list[dict[str, Any]], text: str
) -> None:
    assert told(messages=messages) == text


def test_a_message_without_a_subject_gets_the_path() -> None:
    message = [{"@value": "must have at least 1 value"}]
    assert told(messages=message) == "state must have at least 1 value"
    missing = {"attributePath": [], "resultPath": f"<{EX}hasFilter>"}
    assert told(messages=message, **missing) == "hasFilter must have at least 1 value"
    assert told(messages=message, attributePath=[], resultPath=None) == message[0]["@value"]


@pytest.mark.parametrize(
    ("attribute_path", "result_path", "text"),
    [
        ([{"name": f"{EX}state", "datasetId": "@none"}], None, "state"),
        (
            [
                {"name": f"{EX}state", "datasetId": "urn:sensor:2"},
                {"name": f"{EX}accuracy", "datasetId": "@none"},
            ],
            None,
            "state [urn:sensor:2] / accuracy",
        ),
        ([], f"<{EX}a>/<{EX}b>", "a / b"),
        ([], None, ""),
    ],
)
def test_paths(attribute_path: list[dict[str, str]], result_path: str | None, text: str) -> None:
    assert words.path({"attributePath": attribute_path, "resultPath": result_path}) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"@id": f"{EX}BROKEN"}, "BROKEN"),
        ({"@value": 81.5}, "81.5"),
        ({"@value": ""}, ""),
        ({"@value": False}, "false"),
        ({"@value": "x" * 60}, "x" * 60),
        ({"@value": "x" * 61}, "x" * 59 + "…"),
        (None, ""),
        ("no term", ""),
    ],
)
def test_values(value: Any, text: str) -> None:
    assert words.value({"value": value}) == text


def test_braces_in_a_value_are_only_text() -> None:
    component = f"{SHACL}PatternConstraintComponent"
    assert told(sourceConstraintComponent=component, value={"@value": "{0}{x}"}) == (
        "state {0}{x} does not match the pattern"
    )


def test_the_sentence_names_the_entity() -> None:
    assert words.sentence(alert("a", 1)) == "urn:test:a: the state is none of the machine states"
