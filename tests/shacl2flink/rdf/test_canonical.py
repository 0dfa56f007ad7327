"""Canonical labels: equal for graphs that differ in names only, unequal for others."""

from __future__ import annotations

import itertools
import random

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shacl2flink.errors import LimitExceeded
from shacl2flink.rdf.canonical import canonical_labels
from shacl2flink.rdf.graph import Graph, Triple
from shacl2flink.rdf.terms import Blank, Iri, Literal, Term

P, Q = Iri("http://e/p"), Iri("http://e/q")


def blank(number: int) -> Blank:
    return Blank(f"_:n{number}")


def canonical(triples: list[Triple]) -> list[str]:
    labels = canonical_labels(Graph(triples))

    def name(term: Term) -> str:
        return labels[term] if isinstance(term, Blank) else repr(term)

    return sorted(" ".join(name(term) for term in triple) for triple in set(triples))


def renamed(triples: list[Triple], seed: int) -> list[Triple]:
    rng = random.Random(seed)
    nodes = sorted({t for triple in triples for t in triple if isinstance(t, Blank)})
    names = [Blank(f"_:m{n}") for n in range(len(nodes))]
    rng.shuffle(names)
    new = dict(zip(nodes, names, strict=True))
    moved = [(new.get(s, s), p, new.get(o, o)) for s, p, o in triples]
    rng.shuffle(moved)
    return moved


def with_rdfc(triples: list[Triple]) -> list[str]:
    def ours(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
        if isinstance(term, Literal):
            return ox.Literal(term.lexical)
        return ox.BlankNode(term[2:]) if isinstance(term, Blank) else ox.NamedNode(term)

    dataset = ox.Dataset(ox.Quad(ours(s), ours(p), ours(o)) for s, p, o in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(str(quad) for quad in dataset)


NODES = st.one_of(
    st.integers(0, 4).map(blank), st.sampled_from([Iri("http://e/a"), Iri("http://e/b")])
)
TRIPLES = st.lists(
    st.tuples(NODES, st.sampled_from([P, Q]), st.one_of(NODES, st.just(Literal("1", "x:string")))),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(TRIPLES, st.integers())
def test_names_and_order_do_not_matter(triples: list[Triple], seed: int) -> None:
    assert canonical(triples) == canonical(renamed(triples, seed))


@settings(max_examples=300, deadline=None)
@given(TRIPLES, TRIPLES)
def test_agrees_with_rdfc_on_what_is_the_same_graph(one: list[Triple], other: list[Triple]) -> None:
    assert (canonical(one) == canonical(other)) == (with_rdfc(one) == with_rdfc(other))


def ring(*nodes: int) -> list[Triple]:
    return [(blank(a), P, blank(b)) for a, b in itertools.pairwise([*nodes, nodes[0]])]


def test_rings_that_colours_alone_do_not_tell_apart() -> None:
    """A ring of six and two rings of three, each tied together by a hub."""
    hub = [(blank(9), Q, blank(n)) for n in range(6)]
    six = ring(0, 1, 2, 3, 4, 5) + hub
    threes = ring(0, 1, 2) + ring(3, 4, 5) + hub
    assert canonical(six) != canonical(threes)
    for seed in range(10):
        assert canonical(six) == canonical(renamed(six, seed))
        assert canonical(threes) == canonical(renamed(threes, seed))


def test_many_alike_parts_of_one_whole() -> None:
    """Where RDFC-1.0 tries every order of the parts."""
    parts = [
        triple
        for n in range(60)
        for triple in (
            (blank(0), P, blank(2 * n + 1)),
            (blank(2 * n + 1), Q, blank(2 * n + 2)),
        )
    ]
    assert canonical(parts) == canonical(renamed(parts, 7))
    twins = [(Iri("http://e/a"), P, blank(n)) for n in range(5000)]
    assert canonical(twins) == canonical(renamed(twins, 7))


def test_a_long_chain() -> None:
    chain = [(blank(n), P, blank(n + 1)) for n in range(2000)]
    assert canonical(chain) == canonical(renamed(chain, 3))


def test_work_is_bounded() -> None:
    """A grid that closes in on itself looks the same from every node."""
    size = 12
    grid: list[Triple] = [
        (blank(x * size + y), P, blank(to))
        for x in range(size)
        for y in range(size)
        for to in (((x + 1) % size) * size + y, x * size + (y + 1) % size)
    ]
    with pytest.raises(LimitExceeded) as refused:
        canonical_labels(Graph(grid), max_steps=20_000)
    assert refused.value.code == "limit-canonicalization"
    assert refused.value.hint


def test_labels_are_numbered() -> None:
    labels = canonical_labels(Graph([(blank(5), P, blank(7)), (blank(8), Q, Iri("http://e/a"))]))
    assert sorted(labels.values()) == ["_:b0", "_:b1", "_:b2"]
