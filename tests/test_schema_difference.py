"""What `make check` says of a changed schema."""

from tests.schema_difference import breaking_changes, difference

COMMITTED = """
type Query {
  "A cancer."
  cancer(slug: String!): String
}
"""


def test_the_same_schema_has_no_difference() -> None:
    assert difference(COMMITTED, COMMITTED) == ""
    assert breaking_changes(COMMITTED, COMMITTED) == []


def test_a_new_field_is_a_difference_that_breaks_nobody() -> None:
    current = COMMITTED.replace("}", "  answer(slug: String!): String\n}")
    assert "+  answer(slug: String!): String" in difference(COMMITTED, current)
    assert breaking_changes(COMMITTED, current) == []


def test_a_removed_field_and_a_new_required_argument_are_named() -> None:
    removed = COMMITTED.replace("cancer(slug", "illness(slug")
    required = COMMITTED.replace("slug: String!", "slug: String!, locale: String!")
    assert breaking_changes(COMMITTED, removed) == ["Field Query.cancer was removed."]
    assert breaking_changes(COMMITTED, required) == [
        "A required argument Query.cancer(locale:) was added."
    ]
