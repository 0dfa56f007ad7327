"""Every approved case of the W3C's suite for SHACL Core, and DASH's, report by report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.compare import graph_diff, isomorphic, to_isomorphic

from w3c.suite import Case, Outcome, comparable, dash_cases, run, w3c_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

APPROVED = 98
# Literals are compared by what is written: "1"^^xsd:boolean is not true.
rdflib.NORMALIZE_LITERALS = False
W3C = w3c_cases()
DASH = dash_cases()


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    return run([*W3C, *DASH], tmp_path_factory.mktemp("w3c"))


def test_the_suite_is_complete() -> None:
    assert len(W3C) == APPROVED


@pytest.mark.filterwarnings("ignore:Serializing weird numerical")  # "abc"^^xsd:float
@pytest.mark.parametrize("case", [*W3C, *DASH], ids=lambda case: case.name)
def test_core(case: Case, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[case.name]
    assert outcome.report is not None, outcome.refused
    report = comparable(outcome.report, case.expected)
    if isomorphic(report, case.expected):
        return
    _, missing, surplus = graph_diff(to_isomorphic(case.expected), to_isomorphic(report))
    pytest.fail(
        f"missing:\n{missing.serialize(format='nt')}\nsurplus:\n{surplus.serialize(format='nt')}",
        pytrace=False,
    )
