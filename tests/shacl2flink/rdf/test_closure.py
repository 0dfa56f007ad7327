"""The closure of rdfs:subClassOf."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shacl2flink.errors import LimitExceeded
from shacl2flink.rdf import closure
from shacl2flink.rdf.closure import super_classes
from shacl2flink.rdf.graph import Graph
from shacl2flink.rdf.terms import Iri
from shacl2flink.rdf.vocab import RDFS_SUB_CLASS_OF


def graph(*pairs: tuple[int, int]) -> Graph:
    return Graph((Iri(f"x:{a}"), RDFS_SUB_CLASS_OF, Iri(f"x:{b}")) for a, b in pairs)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=15))
def test_equals_the_definition_with_cycles(pairs: list[tuple[int, int]]) -> None:
    found = super_classes(graph(*pairs))
    expected = {f"x:{n}": {f"x:{n}"} for pair in pairs for n in pair}
    for _ in range(9):
        for below, above in pairs:
            expected[f"x:{below}"] |= expected[f"x:{above}"]
    assert found == expected


def test_a_deep_hierarchy_does_not_recurse() -> None:
    assert len(super_classes(graph(*((n, n + 1) for n in range(2000))))[Iri("x:0")]) == 2001


def test_its_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closure, "MAX_PAIRS", 1000)
    with pytest.raises(LimitExceeded) as refused:
        super_classes(graph(*((n, n + 1) for n in range(100))))
    assert refused.value.code == "limit-closure"
