"""Programs as small as can be: what changes, and what becomes of alerts that stand."""

from __future__ import annotations

from typing import Any

from flinkjobrunner.workflow.comparison import Change, Effect, Standing, compare, effect

MIN, MAX = (f"http://www.w3.org/ns/shacl#{name}ConstraintComponent" for name in ("Min", "Max"))


def shape(*components: str, inner: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    constraints = [{"component": name} for name in components]
    return {"constraints": constraints, "property": list(inner), **more}


def program(knowledge: str = "", **shapes: dict[str, Any]) -> dict[str, Any]:
    return {"shapes": shapes, "units": [], "numbers": "declared", "knowledge": knowledge}


def standing(label: str, component: str | None = MIN, count: int = 1) -> Standing:
    return Standing(shape=label, component=component, count=count)


def effect_of(old: dict[str, Any] | None, new: dict[str, Any], *alerts: Standing) -> Effect:
    return effect(compare(old, new), old, new, alerts)


def test_at_first_everything_is_new() -> None:
    compared = compare(None, program(a=shape("Min")))
    assert compared.shapes == {"a": Change.ADD}
    assert compared.knowledge is Change.ADD


def test_shapes_one_by_one() -> None:
    old = program(kept=shape("Min"), changed=shape("Min"), gone=shape("Min"))
    new = program(kept=shape("Min"), changed=shape("Max"), new=shape("Min"))
    compared = compare(old, new)
    assert compared.shapes == {
        "kept": Change.KEEP,
        "changed": Change.CHANGE,
        "gone": Change.REMOVE,
        "new": Change.ADD,
    }
    assert compared.knowledge is Change.KEEP


def test_how_values_are_read_counts_as_knowledge() -> None:
    new = program(a=shape("Min")) | {"numbers": "double"}
    assert compare(program(a=shape("Min")), new).knowledge is Change.CHANGE


def test_units_are_no_change_of_their_own() -> None:
    new = program(a=shape("Min")) | {"units": [{"root": "a"}]}
    assert compare(program(a=shape("Min")), new).knowledge is Change.KEEP


def test_alerts_of_a_removed_shape_clear_and_others_stay() -> None:
    old = program(a=shape("Min"), b=shape("Min"))
    found = effect_of(old, program(b=shape("Min")), standing("a", count=3), standing("b", count=2))
    assert found == Effect(clear={"a": 3}, judge={}, keep=2)


def test_a_changed_shape_is_judged_again_but_for_the_component_that_it_lost() -> None:
    old = program(a=shape("Min", "Max", limit=1))
    new = program(a=shape("Min", limit=2))
    found = effect_of(old, new, standing("a", MIN), standing("a", MAX, 4), standing("a", None))
    assert found == Effect(clear={"a": 4}, judge={"a": 2}, keep=0)


def test_a_component_that_no_program_names_is_never_said_to_clear() -> None:
    old, new = program(a=shape("Min")), program(a=shape("Max"))
    found = effect_of(old, new, standing("a", "https://example.org/ownComponent"))
    assert found == Effect(clear={}, judge={"a": 1}, keep=0)


def test_what_leads_to_a_shape_counts() -> None:
    """The target of the owner decides which entities its property shapes see."""
    old = program(owner=shape(inner=("inner",), targets=["A"]), inner=shape("Min"))
    new = program(owner=shape(inner=("inner",), targets=["B"]), inner=shape("Min"))
    assert effect_of(old, new, standing("inner")).judge == {"inner": 1}


def test_a_shape_that_lost_one_of_its_owners_is_judged_again() -> None:
    old = program(one=shape(inner=("shared",)), two=shape(inner=("shared",)), shared=shape("Min"))
    new = program(two=shape(inner=("shared",)), shared=shape("Min"))
    assert effect_of(old, new, standing("shared")).judge == {"shared": 1}


def test_changed_knowledge_judges_everything_again() -> None:
    old, new = program(a=shape("Min")), program("other", a=shape("Min"))
    assert effect_of(old, new, standing("a")) == Effect(clear={}, judge={"a": 1}, keep=0)


def test_alerts_of_a_deployment_that_the_database_has_forgotten() -> None:
    found = effect_of(None, program(a=shape("Min")), standing("a"), standing("b"))
    assert found == Effect(clear={"b": 1}, judge={"a": 1}, keep=0)
