"""Two programs, shape by shape, and what follows for alerts that stand; nothing but a comparison.

What can be known without looking at any entity is said of each standing alert. Its shape or its
constraint component is gone: it clears. Its shape, one that leads to it, the knowledge or how
values are read has changed: it is judged again. Otherwise it stays as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SHACL = "http://www.w3.org/ns/shacl#"


class Change(StrEnum):
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    KEEP = "keep"

    @property
    def sign(self) -> str:
        return {"add": "+", "change": "~", "remove": "-", "keep": "="}[self.value]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Each shape of either program by its label; what lies beside the shapes decides as much."""

    shapes: dict[str, Change]
    knowledge: Change


@dataclass(frozen=True, kw_only=True)
class Standing:
    """So many alerts stand that tell of this shape and this constraint component."""

    shape: str
    component: str | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Effect:
    """How many standing alerts of each shape clear or are judged again; the others stay."""

    clear: dict[str, int]
    judge: dict[str, int]
    keep: int


def compare(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Comparison:
    before = old["shapes"] if old else {}
    after = new["shapes"]
    return Comparison(
        shapes={
            label: _change(before.get(label), after.get(label))
            for label in before.keys() | after.keys()
        },
        knowledge=_change(_beside_shapes(old), _beside_shapes(new)),
    )


def effect(
    compared: Comparison,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any],
    standing: Iterable[Standing],
) -> Effect:
    before: dict[str, Any] = dict(old["shapes"]) if old else {}
    after: dict[str, Any] = new["shapes"]
    touched = _touched(compared, before, after)
    clear: Counter[str] = Counter()
    judge: Counter[str] = Counter()
    keep = 0
    for alerts in standing:
        if alerts.shape not in after or alerts.component in _dropped(
            before.get(alerts.shape), after[alerts.shape]
        ):
            clear[alerts.shape] += alerts.count
        elif alerts.shape in touched:
            judge[alerts.shape] += alerts.count
        else:
            keep += alerts.count
    return Effect(clear=dict(sorted(clear.items())), judge=dict(sorted(judge.items())), keep=keep)


def _change(old: Any, new: Any) -> Change:
    if old is None:
        return Change.ADD
    if new is None:
        return Change.REMOVE
    return Change.KEEP if old == new else Change.CHANGE


def _beside_shapes(program: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if program is None:
        return None
    return {name: value for name, value in program.items() if name not in ("shapes", "units")}


def _touched(compared: Comparison, before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The shapes under which something may be judged otherwise than before."""
    if compared.knowledge is not Change.KEEP:
        return set(after)
    left = [label for label, change in compared.shapes.items() if change is not Change.KEEP]
    found: set[str] = set()
    while left:
        label = left.pop()
        if label not in found:
            found.add(label)
            for shapes in (before, after):
                left += (text for text in _texts(shapes.get(label)) if text in shapes)
    return found


def _texts(value: Any) -> Iterator[str]:
    """Among them the labels of other shapes, in whatever member a shape names them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def _dropped(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> set[str]:
    """The components of the shape of which no constraint is left."""
    return _components(old) - _components(new) if old else set()


def _components(shape: Mapping[str, Any]) -> set[str]:
    names = (constraint["component"] for constraint in shape.get("constraints", ()))
    return {f"{_SHACL}{name}ConstraintComponent" for name in names}
