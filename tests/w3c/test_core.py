"""Every approved case of the W3C's suite for SHACL Core, and DASH's, report by report."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import rdflib
from rdflib.compare import graph_diff, isomorphic, to_isomorphic

from w3c.suite import Case, Outcome, comparable, dash_cases, run, w3c_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

APPROVED = 98


@contextmanager
def as_written() -> Iterator[None]:
    """Literals are compared by what is written: "1"^^xsd:boolean is not true.

    It is a switch of all of rdflib, which other tests and libraries turn as well.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        yield


with as_written():
    W3C = w3c_cases()
    DASH = dash_cases()


@pytest.fixture(scope="module", autouse=True)
def literals_as_written() -> Iterator[None]:
    with as_written():
        yield


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
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
