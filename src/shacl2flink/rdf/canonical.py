"""Labels for blank nodes that depend on the graph alone, not on names or order.

Blank nodes that are linked with each other form a component; components meet only at
terms with names, so each is put into a canonical form by itself, and the forms are
sorted. Within one, colours are refined until they are stable: a node's colour is a hash
of its triples, with the neighbours' colours in the place of blank nodes. Mostly every
node then has a colour of its own. Where some share one, one of them is made different
and colours are refined again; the smallest of all outcomes is the canonical form:

    [] ex:part [ ex:next [] ] , [ ex:next [] ] .      one step: the two parts are alike

Nodes that an automorphism exchanges give equal outcomes, so only one of them need be
followed. RDFC-1.0 answers the same question, but permutes the nodes beside a node, so
that ten alike parts of one whole cost 3.6 million steps; here they cost a hundred. The
work is counted, never timed, so that a refusal does not depend on the machine.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from shacl2flink.errors import LimitExceeded
from shacl2flink.rdf.terms import Blank, sort_key

if TYPE_CHECKING:
    from shacl2flink.rdf.graph import Graph, Triple

MAX_STEPS = 3_000_000
_MAX_DEPTH = 200

Colours = dict[Blank, str]
# Direction, predicate and the neighbour: a fixed text, or a blank node.
Edge = tuple[str, str, "str | Blank"]
Edges = dict[Blank, list[Edge]]


def canonical_labels(graph: Graph, max_steps: int = MAX_STEPS) -> dict[Blank, str]:
    """A label (`_:b0`, ...) for each blank node; raises when the graph is too symmetric."""
    edges = _edges(graph)
    budget = _Budget(max_steps)
    components = [_Component(part, edges, budget) for part in _components(edges)]
    ranked: list[Blank] = []
    for _, nodes in sorted((c.canonical() for c in components), key=lambda form: form[0]):
        ranked.extend(nodes)
    return {node: f"_:b{rank}" for rank, node in enumerate(ranked)}


class _Budget:
    def __init__(self, steps: int) -> None:
        self._steps = steps

    def spend(self, steps: int) -> None:
        self._steps -= steps
        if self._steps < 0:
            raise LimitExceeded(
                "limit-canonicalization",
                "the blank nodes of the knowledge are so alike that putting them in order"
                " takes too long",
                "give them IRIs",
            )


def _edges(graph: Graph) -> Edges:
    edges: Edges = {}

    def add(node: Blank, way: str, triple: Triple, to: object) -> None:
        neighbour = to if isinstance(to, Blank) else repr(sort_key(to))  # type: ignore[arg-type]
        edges.setdefault(node, []).append((way, triple[1], neighbour))

    for triple in graph:
        subject, _, value = triple
        if isinstance(subject, Blank):
            add(subject, ">", triple, value)
        if isinstance(value, Blank):
            add(value, "<", triple, subject)
    return edges


def _components(edges: Edges) -> list[list[Blank]]:
    components = []
    seen: set[Blank] = set()
    for start in edges:
        if start in seen:
            continue
        seen.add(start)
        component = [start]
        for node in component:  # grows while it is walked
            for _, _, to in edges[node]:
                if isinstance(to, Blank) and to not in seen:
                    seen.add(to)
                    component.append(to)
        components.append(component)
    return components


class _Component:
    def __init__(self, nodes: list[Blank], edges: Edges, budget: _Budget) -> None:
        self._nodes = nodes
        self._edges = edges
        self._budget = budget
        self._size = sum(len(edges[node]) for node in nodes)

    def canonical(self) -> tuple[str, list[Blank]]:
        """The form, and the nodes in their canonical order."""
        form, colours = self._best(self._refined(self._start(), set(self._nodes)), 0)
        return form, sorted(self._nodes, key=lambda node: colours[node])

    def _start(self) -> Colours:
        """Nodes with exactly the same neighbours can be exchanged freely: they are numbered."""
        alike: Counter[frozenset[Edge]] = Counter()
        colours = {}
        for node in self._nodes:
            exact = frozenset(self._edges[node])
            colours[node] = str(alike[exact])
            alike[exact] += 1
        return colours

    def _refined(self, colours: Colours, unsettled: set[Blank]) -> Colours:
        """Colours that further looks at the neighbours do not tell apart any more."""
        colours = dict(colours)
        classes = 0
        while unsettled:
            self._budget.spend(sum(len(self._edges[node]) for node in unsettled))
            fresh = {node: self._colour(node, colours) for node in unsettled}
            colours.update(fresh)
            counts = Counter(colours.values())
            if len(counts) == classes:
                break
            classes = len(counts)
            unsettled = {node for node, colour in colours.items() if counts[colour] > 1}
        return colours

    def _colour(self, node: Blank, colours: Colours) -> str:
        near = sorted(
            (way, predicate, colours[to] if isinstance(to, Blank) else to, isinstance(to, Blank))
            for way, predicate, to in self._edges[node]
        )
        return _hash(colours[node], repr(near))

    def _best(self, colours: Colours, depth: int) -> tuple[str, Colours]:
        """The smallest form that can be reached from these colours, and its colours."""
        tied = self._tied(colours)
        if not tied:
            return self._form(colours), colours
        if depth > _MAX_DEPTH:
            self._budget.spend(MAX_STEPS)
        best = self._best(self._told_apart(colours, tied[0]), depth + 1)
        seen = {best[0]}
        for node in tied[1:]:
            branch = self._told_apart(colours, node)
            if self._first_form(branch) in seen:
                continue  # an automorphism leads there from a node already followed
            found = self._best(branch, depth + 1)
            seen.add(found[0])
            best = min(best, found, key=lambda outcome: outcome[0])
        return best

    def _tied(self, colours: Colours) -> list[Blank]:
        """The first of the smallest groups that share a colour."""
        self._budget.spend(len(colours))
        groups: dict[str, list[Blank]] = {}
        for node, colour in colours.items():
            groups.setdefault(colour, []).append(node)
        shared = [(len(nodes), colour) for colour, nodes in groups.items() if len(nodes) > 1]
        return groups[min(shared)[1]] if shared else []

    def _told_apart(self, colours: Colours, chosen: Blank) -> Colours:
        changed = colours | {chosen: _hash(colours[chosen], "chosen")}
        counts = Counter(changed.values())
        return self._refined(changed, {n for n, colour in changed.items() if counts[colour] > 1})

    def _first_form(self, colours: Colours) -> str:
        while tied := self._tied(colours):
            colours = self._told_apart(colours, tied[0])
        return self._form(colours)

    def _form(self, colours: Colours) -> str:
        """The component with ranks in the place of blank nodes, hashed."""
        self._budget.spend(self._size)
        rank = {node: i for i, node in enumerate(sorted(colours, key=lambda n: colours[n]))}
        said = sorted(
            (rank[node], way, predicate, repr(rank[to] if isinstance(to, Blank) else to))
            for node in self._nodes
            for way, predicate, to in self._edges[node]
        )
        return _hash(repr(said))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
