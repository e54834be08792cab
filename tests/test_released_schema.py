"""What released apps were built on stays, until the day that was named."""

from datetime import date

import pytest
from graphql import build_schema

from tests.released_schema import broken_promises, main, surprises, undated

RELEASED_SDL = """
type Query {
  cancer(slug: String!, old: Int): Cancer
  count: Int @deprecated(reason: "Use `total`. Removed after 2027-01-31.")
  total: Int
}
type Cancer { name: String! kind: Kind! }
enum Kind { SOLID BLOOD @deprecated(reason: "It is finer now. Removed after 2027-01-31.") }
input Sought { words: String! }
"""
BEFORE, AFTER = date(2027, 1, 31), date(2027, 2, 1)


def changed(old: str, new: str) -> str:
    assert old in RELEASED_SDL
    return RELEASED_SDL.replace(old, new)


COUNT = '  count: Int @deprecated(reason: "Use `total`. Removed after 2027-01-31.")\n'
BLOOD = ' BLOOD @deprecated(reason: "It is finer now. Removed after 2027-01-31.")'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  total: Int\n", "", "Field Query.total was removed."),
        ("name: String!", "name: String", "Cancer.name changed type from String! to String."),
        (", old: Int", "", "Argument Query.cancer(old:) was removed."),
        (", old: Int", ", old: Int!", "type from Int to Int!"),
        ("old: Int", "old: Int, more: Int!", "A required argument Query.cancer(more:) was added."),
        ("input Sought { words: String! }", "", "Sought was removed."),
        ("words: String!", "words: String!, more: Int!", "Sought.more was added."),
        ("enum Kind { SOLID", "enum Kind { LIQUID", "Enum value Kind.SOLID was removed."),
    ],
)
def test_what_would_break_an_app_is_named(old: str, new: str, said: str) -> None:
    (found,) = broken_promises(RELEASED_SDL, changed(old, new), today=AFTER)
    assert said in found


@pytest.mark.parametrize("gone", [COUNT, BLOOD])
def test_what_was_deprecated_goes_after_its_day(gone: str) -> None:
    current = changed(gone, "")
    assert len(broken_promises(RELEASED_SDL, current, today=BEFORE)) == 1
    assert broken_promises(RELEASED_SDL, current, today=AFTER) == []


def test_what_was_deprecated_keeps_its_type_until_it_goes() -> None:
    current = changed("count: Int ", "count: String ")
    assert len(broken_promises(RELEASED_SDL, current, today=AFTER)) == 1


def test_an_addition_breaks_nobody_but_may_surprise() -> None:
    field = changed("name: String!", "name: String! site: String")
    value = changed("SOLID", "SOLID LIQUID")
    for current in (field, value):
        assert broken_promises(RELEASED_SDL, current, today=AFTER) == []
    assert surprises(RELEASED_SDL, field) == []
    assert len(surprises(RELEASED_SDL, value)) == 1


def test_a_deprecation_says_its_day() -> None:
    assert undated(build_schema(RELEASED_SDL)) == []
    vague = changed("Removed after 2027-01-31.", "Removed some day.")
    assert [line.partition(":")[0] for line in undated(build_schema(vague))] == [
        "Query.count",
        "Kind.BLOOD",
    ]


def test_the_code_keeps_what_was_released(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0, capsys.readouterr().err
