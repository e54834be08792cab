"""Lines and phases of treatment."""

import pytest

from navis_api.vocabulary.lines import lines_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("first-line", ["first_line"]),
        ("2nd line treatment", ["second_line"]),
        ("neo-adjuvant chemo", ["neoadjuvant"]),
        ("chemo before surgery", ["neoadjuvant"]),
        ("chemotherapy after surgery", ["adjuvant"]),
        ("maintenance therapy", ["maintenance"]),
        ("salvage radiation", ["salvage"]),
        ("palliative care", ["palliative"]),
        ("the first line of defence", []),
        ("a line in the sand", []),
    ],
)
def test_lines_are_read(text: str, expected: list[str]) -> None:
    assert [mention.key for mention in lines_in(text)] == expected
