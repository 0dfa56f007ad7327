from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkjobrunner.api.raw_json import JsonError, Raw, items, members

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(JSON), st.sampled_from((None, 1)))
def test_items_are_the_texts_of_the_array(values: list[object], indent: int | None) -> None:
    found = items(json.dumps(values, indent=indent))
    assert [json.loads(one.text) for one in found] == values


@given(st.dictionaries(st.text(), JSON))
def test_members_are_the_texts_of_the_object(values: dict[str, object]) -> None:
    found = members(json.dumps(values, indent=1))
    assert {name: json.loads(one.text) for name, one in found.items()} == values


def test_numbers_stay_as_they_were_written() -> None:
    text = "[ 20.0, 1.10, 1e400, 123456789012345678901234567890.5, -0 ]"
    assert [one.text for one in items(text)] == [
        "20.0",
        "1.10",
        "1e400",
        "123456789012345678901234567890.5",
        "-0",
    ]
    assert items("[" + "9" * 10_000 + "]")[0].text == "9" * 10_000


@given(st.text(alphabet='[]{}",:\\u019eE-+. \ntrufalsn'))
def test_whatever_python_reads_is_read_and_the_rest_refused(text: str) -> None:
    expected: object = None
    with suppress(ValueError, RecursionError):
        expected = json.loads(text)
    try:
        found = [json.loads(one.text) for one in items(text)]
    except JsonError:
        assert not isinstance(expected, list)
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"line 1, column 1: expected '\['"),
        ("[1", r"line 1, column 3: expected ',' or '\]'"),
        ("[1,]", "line 1, column 4"),
        ("[1] 2", "expected the end of the text"),
        ("[\n{}\n  nope]", "line 3, column 3"),
        ("[NaN]", "NaN is no JSON number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_array_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(JsonError, match=message):
        items(text)


def test_values_tell_text_from_other_things() -> None:
    assert items('["a", 1, {"id": "b"}]') == [
        Raw("a", '"a"'),
        Raw(0, "1"),
        Raw({"id": "b"}, '{"id": "b"}'),
    ]
