"""Labels for blank nodes that depend on the graph alone, not on names or order.

Blank nodes get colours, which are refined until they are stable: a node's colour is a
hash of its triples, with the neighbours' colours in the place of blank nodes. A node
whose colour no other has is settled, and from then on as good as one with a name. What
is not settled falls into parts that meet only at settled nodes; parts are put into a
canonical form one by one, and sorted by it. In a part whose nodes colours do not tell
apart, one node is made different, and the smallest of all outcomes is the form:

    ex:a ex:part [ ex:next [] ] , [ ex:next [] ] .      two parts, alike: any order will do

Nodes that an automorphism exchanges give equal outcomes, so only one of them need be
followed. RDFC-1.0 answers the same question, but permutes the nodes beside a node, so
that ten alike parts of one whole cost 3.6 million steps. The work is counted, never
timed, so that a refusal does not depend on the machine.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

from shacl2flink.errors import LimitExceeded
from shacl2flink.rdf.terms import Blank, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shacl2flink.rdf.graph import Graph
    from shacl2flink.rdf.terms import Term

# A graph without symmetry takes about four steps for each end of a triple at a blank node.
_FREE_STEPS = 1_000_000
_STEPS_PER_END = 30
_MAX_DEPTH = 100

# Direction, predicate and the neighbour: a fixed text, or a blank node.
Edge = tuple[str, str, "str | Blank"]


def canonical_labels(graph: Graph, max_steps: int | None = None) -> dict[Blank, str]:
    """A label (`_:b0`, ...) for each blank node; raises when the graph is too symmetric."""
    order = _Canonical(graph, max_steps).order()
    return {node: f"_:b{rank}" for rank, node in enumerate(order)}


class _Canonical:
    """`_colours` is what is known of each node; for settled ones it serves as their name.

    Parts are worked on one after the other and never see each other's colours, so that
    one table serves all; an attempt restores the colours of its part.
    """

    def __init__(self, graph: Graph, max_steps: int | None) -> None:
        self._edges: dict[Blank, list[Edge]] = {}
        self._colours: dict[Blank, str] = {}
        for subject, predicate, value in graph:
            self._add(subject, ">", predicate, value)
            self._add(value, "<", predicate, subject)
        ends = sum(map(len, self._edges.values()))
        self._steps = _FREE_STEPS + _STEPS_PER_END * ends if max_steps is None else max_steps

    def _add(self, node: Term, way: str, predicate: str, to: Term) -> None:
        if isinstance(node, Blank):
            neighbour = to if isinstance(to, Blank) else repr(sort_key(to))
            self._edges.setdefault(node, []).append((way, predicate, neighbour))

    def order(self) -> list[Blank]:
        """Nodes with exactly the same neighbours can be exchanged freely: they are numbered."""
        alike: Counter[frozenset[Edge]] = Counter()
        for node, edges in self._edges.items():
            exact = frozenset(edges)
            self._colours[node] = str(alike[exact])
            alike[exact] += 1
        return self._parts(list(self._colours), 0, greedy=False)

    def _spend(self, steps: int) -> None:
        self._steps -= steps
        if self._steps < 0:
            raise LimitExceeded(
                "limit-canonicalization",
                "the blank nodes of the knowledge are so alike that putting them in order"
                " takes too long",
                "give them IRIs",
            )

    def _parts(self, nodes: list[Blank], depth: int, *, greedy: bool) -> list[Blank]:
        """The order of nodes that fall into parts."""
        ordered: list[tuple[str, list[Blank]]] = []
        for part in self._split(nodes):
            self._refine(part, part)
            order = self._part(part, depth, greedy=greedy)
            ordered.append((self._form(order), order))
        ordered.sort(key=lambda part: part[0])
        return [node for _, order in ordered for node in order]

    def _part(self, nodes: list[Blank], depth: int, *, greedy: bool) -> list[Blank]:
        """The settled ones by colour, then what is left: as parts, or by telling one apart."""
        if depth > _MAX_DEPTH:
            self._spend(self._steps + 1)
        counts = Counter(self._colours[node] for node in nodes)
        settled = [node for node in nodes if counts[self._colours[node]] == 1]
        settled.sort(key=lambda node: self._colours[node])
        rest = [node for node in nodes if counts[self._colours[node]] > 1]
        if not rest:
            return settled
        if settled:
            return settled + self._parts(rest, depth + 1, greedy=greedy)
        return self._told_apart(nodes, depth, greedy=greedy)

    def _told_apart(self, nodes: list[Blank], depth: int, *, greedy: bool) -> list[Blank]:
        """No node is settled: one of the first of the smallest groups is made different."""
        groups: dict[str, list[Blank]] = {}
        for node in nodes:
            groups.setdefault(self._colours[node], []).append(node)
        _, first = min((len(group), colour) for colour, group in groups.items())
        outcomes: dict[str, list[Blank]] = {}
        for node in groups[first]:
            order = self._attempt(node, nodes, depth, greedy=True)
            if greedy:
                return order
            form = self._form(order)
            if form not in outcomes:  # else an automorphism leads there from a node before
                order = self._attempt(node, nodes, depth, greedy=False)
                outcomes[form] = outcomes[self._form(order)] = order
        return outcomes[min(outcomes)]

    def _attempt(
        self, chosen: Blank, nodes: list[Blank], depth: int, *, greedy: bool
    ) -> list[Blank]:
        before = {node: self._colours[node] for node in nodes}
        self._colours[chosen] = _hash(before[chosen], "chosen")
        self._refine(nodes, self._near(chosen))
        order = self._part(nodes, depth + 1, greedy=greedy)
        self._colours.update(before)
        return order

    def _refine(self, nodes: list[Blank], look: Iterable[Blank]) -> None:
        """Makes the colours of the nodes stable, after a change near those to `look` at."""
        sizes = Counter(self._colours[node] for node in nodes)
        inside = set(nodes)
        self._spend(len(nodes))
        waiting = inside.intersection(look)
        while waiting:
            changed = self._recolour(waiting, sizes)
            waiting = {near for node in changed for near in self._near(node)} & inside

    def _recolour(self, waiting: set[Blank], sizes: Counter[str]) -> list[Blank]:
        """Splits groups of one colour where their members' neighbours differ.

        Those whose neighbours did not change, else the most, keep their colour, so that a
        change is followed only as far as it goes.
        """
        groups: dict[str, dict[str, list[Blank]]] = {}
        for node in waiting:
            colour = self._colours[node]
            if sizes[colour] > 1:
                fresh = self._colour(node)
                groups.setdefault(colour, {}).setdefault(fresh, []).append(node)
        changed: list[Blank] = []
        for colour, split in groups.items():
            if sum(map(len, split.values())) == sizes[colour]:
                _, most = max((len(members), fresh) for fresh, members in split.items())
                del split[most]
            for fresh, members in split.items():
                sizes[colour] -= len(members)
                sizes[fresh] += len(members)
                self._colours.update(dict.fromkeys(members, fresh))
                changed.extend(members)
        return changed

    def _near(self, node: Blank) -> list[Blank]:
        return [to for _, _, to in self._edges[node] if isinstance(to, Blank)]

    def _colour(self, node: Blank) -> str:
        edges = self._edges[node]
        self._spend(len(edges))
        near = sorted(
            (way, predicate, self._colours[to], True)
            if isinstance(to, Blank)
            else (way, predicate, to, False)
            for way, predicate, to in edges
        )
        return _hash(self._colours[node], repr(near))

    def _split(self, nodes: list[Blank]) -> list[list[Blank]]:
        """The parts that are linked among these nodes."""
        free = set(nodes)
        parts = []
        for start in nodes:
            if start not in free:
                continue
            free.discard(start)
            part = [start]
            for node in part:  # grows while it is walked
                self._spend(len(self._edges[node]))
                for to in self._near(node):
                    if to in free:
                        free.discard(to)
                        part.append(to)
            parts.append(part)
        return parts

    def _form(self, order: list[Blank]) -> str:
        """What is said of these nodes, with ranks for them and colours for settled ones."""
        rank = {node: f"#{place}" for place, node in enumerate(order)}
        said = []
        for node in order:
            self._spend(len(self._edges[node]))
            for way, predicate, to in self._edges[node]:
                blank = isinstance(to, Blank)
                name = (rank.get(to) or self._colours[to]) if isinstance(to, Blank) else to
                said.append((rank[node], way, predicate, name, blank))
        return _hash(repr(sorted(said)))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
