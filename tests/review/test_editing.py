import pytest

from navis_api.answers.document import AnswerContent, ContentClaim, ContentSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.review.editing import edited_sections
from navis_api.review.edits import (
    AddClaim,
    ChangeClaim,
    ChangeHeading,
    ClaimEdit,
    DropClaim,
    MoveClaim,
)
from navis_api.review.errors import EditImpossible


def content(*sections: str) -> AnswerContent:
    """Return an answer whose claims are letters: `"abc", "d"`."""
    return AnswerContent(
        tuple(
            ContentSection(
                SectionKind.OPTIONS,
                f"Part {number}",
                tuple(ContentClaim(ClaimStyle.SENTENCE, letter, ()) for letter in letters),
            )
            for number, letters in enumerate(sections)
        ),
        (),
    )


def add(section: int, after: int | None, text: str) -> AddClaim:
    return AddClaim(section, after, text, ())


def after(edits: list[ClaimEdit], *sections: str) -> list[str]:
    found = edited_sections(content(*sections), edits, [])
    return ["".join(claim.text for claim in section.claims) for section in found]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([], ["abc", "de"]),
        ([ChangeClaim(0, 1, text="x")], ["axc", "de"]),
        ([DropClaim(0, 1)], ["ac", "de"]),
        ([add(0, None, "x")], ["xabc", "de"]),
        ([add(0, None, "x"), add(0, None, "y")], ["xyabc", "de"]),
        ([add(0, 1, "x"), add(0, 1, "y"), add(0, 2, "z")], ["abxycz", "de"]),
        ([DropClaim(0, 1), add(0, 1, "x")], ["axc", "de"]),
        ([MoveClaim(0, 0, 0, 2)], ["bca", "de"]),
        ([MoveClaim(0, 2, 0, None)], ["cab", "de"]),
        ([MoveClaim(0, 0, 1, 0)], ["bc", "dae"]),
        ([MoveClaim(0, 0, 0, 1), add(0, 0, "x")], ["xbac", "de"]),
        ([ChangeClaim(0, 0, text="x"), MoveClaim(0, 0, 1, 1)], ["bc", "dex"]),
        ([DropClaim(1, 0), DropClaim(1, 1)], ["abc"]),
        ([MoveClaim(1, 0, 0, 2), MoveClaim(1, 1, 0, 2)], ["abcde"]),
        ([MoveClaim(0, 0, 0, 0)], ["abc", "de"]),
    ],
    ids=str,
)
def test_edits_come_to_what_they_say(edits: list[ClaimEdit], expected: list[str]) -> None:
    assert after(edits, "abc", "de") == expected


@pytest.mark.parametrize(
    "edits",
    [
        [ChangeClaim(0, 3, text="x")],
        [ChangeClaim(2, 0, text="x")],
        [ChangeClaim(-1, 0, text="x")],
        [ChangeClaim(0, -1, text="x")],
        [add(0, 3, "x")],
        [add(5, None, "x")],
        [MoveClaim(0, 0, 7, None)],
        [DropClaim(0, 0), DropClaim(0, 0)],
        [DropClaim(0, 0), ChangeClaim(0, 0, text="x")],
        [MoveClaim(0, 0, 1, None), DropClaim(0, 0)],
        [ChangeClaim(0, 0, text=" ")],
        [add(0, None, "x" * 2_001)],
        [DropClaim(0, 0), DropClaim(0, 1)],
    ],
    ids=str,
)
def test_what_cant_be_done_is_refused(edits: list[ClaimEdit]) -> None:
    with pytest.raises(EditImpossible):
        after(edits, "ab")


def test_headings_change_and_keep_their_bounds() -> None:
    (section,) = edited_sections(content("a"), [], [ChangeHeading(0, "  What  helps ")])
    assert section.heading == "What helps"
    for heading in ("", "h" * 201):
        with pytest.raises(EditImpossible):
            edited_sections(content("a"), [], [ChangeHeading(0, heading)])
    with pytest.raises(EditImpossible):
        edited_sections(content("a"), [], [ChangeHeading(1, "What helps")])
