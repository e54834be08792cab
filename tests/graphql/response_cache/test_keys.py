"""What responses are found by: the same for the same, and nothing that anybody said."""

from typing import Any

import pytest

from navis_api.graphql.response_cache.keys import Keys

QUERY = "query($slug: String!) { answer(slug: $slug) { title } }"


def test_the_order_of_variables_makes_no_difference() -> None:
    keys = Keys()
    one = keys.of_operation(QUERY, None, {"a": {"x": 1, "y": 2}, "b": [1, 2]}, "en")
    other = keys.of_operation(QUERY, None, {"b": [1, 2], "a": {"y": 2, "x": 1}}, "en")
    assert one == other
    assert one is not None


@pytest.mark.parametrize(
    "asked",
    [
        (QUERY + " ", None, {"a": 1}, "en"),
        (QUERY, "A", {"a": 1}, "en"),
        (QUERY, None, {"a": 1.0}, "en"),
        (QUERY, None, {"a": "1"}, "en"),
        (QUERY, None, {"a": True}, "en"),
        (QUERY, None, {"a": None}, "en"),
        (QUERY, None, {}, "en"),
        (QUERY, None, {"b": 1}, "en"),
        (QUERY, None, {"a": [1]}, "en"),
        (QUERY, None, {"a": 1}, "es"),
    ],
    ids=lambda asked: repr(asked[1:]),
)
def test_whatever_else_differs_makes_a_difference(
    asked: tuple[str, str | None, dict[str, Any], str],
) -> None:
    keys = Keys()
    assert keys.of_operation(*asked) != keys.of_operation(QUERY, None, {"a": 1}, "en")


def test_lists_are_not_sorted() -> None:
    keys = Keys()
    assert keys.of_operation(QUERY, None, {"a": [1, 2]}, "en") != keys.of_operation(
        QUERY, None, {"a": [2, 1]}, "en"
    )


@pytest.mark.parametrize("hostile", [2**80, "\ud800", "deep"], ids=["large", "half", "deep"])
def test_variables_that_cannot_be_written_have_no_key(hostile: object) -> None:
    if hostile == "deep":
        for _ in range(500):
            hostile = [hostile]
    assert Keys().of_operation(QUERY, None, {"a": hostile}, "en") is None


def test_parts_of_a_request_cannot_be_moved_into_each_other() -> None:
    keys = Keys()
    assert keys.of_request(b"POST", b"a", b"b") != keys.of_request(b"POST", b"ab", b"")
    assert keys.of_request(b"POST", b"", b"a") != keys.of_request(b"POST", b"a", b"")


def test_keys_of_one_process_mean_nothing_to_another() -> None:
    assert Keys().of_request(b"a") != Keys().of_request(b"a")
    asked = (QUERY, None, {"text": "my own words"}, "en")
    found = Keys().of_operation(*asked)
    assert found is not None
    assert len(found) == 16
    assert found != Keys().of_operation(*asked)
