import random
from itertools import permutations
from uuid import UUID

import pytest

from navis_api.answers.differences import ClaimDifference, differences
from navis_api.answers.document import (
    AnswerContent,
    ContentCitation,
    ContentClaim,
    ContentSection,
    ContentSource,
    content_to_json,
)
from navis_api.answers.models import AnswerRevision, ClaimStyle, SectionKind
from navis_api.answers.word_differences import DifferenceKind, pieces_of
from navis_api.kit.ids import new_id

SAME, ADDED, DROPPED = DifferenceKind.SAME, DifferenceKind.ADDED, DifferenceKind.DROPPED
CHANGED, MOVED = DifferenceKind.CHANGED, DifferenceKind.MOVED
SOURCE = new_id()

HEAT = "Ablation destroys small tumors with heat."
SURGERY = "Surgery removes the part that holds the tumor."
BACK = "The cancer can come back after years."
TRIALS = "Clinical trials test whether new drugs help."


def cited(quote: str, source: UUID = SOURCE) -> ContentCitation:
    return ContentCitation(
        1,
        ContentSource(source, new_id(), "A title", "P", None, None, None, None, None, "PD"),
        quote,
        0,
        len(quote),
        None,
    )


def revision(
    *sections: tuple[str, ...],
    headings: tuple[str, ...] = ("Options", "Next", "More"),
    title: str = "A title",
    summary: str = "A summary.",
    steps: tuple[str, ...] = (),
    quote: str = "A quote.",
    style: ClaimStyle = ClaimStyle.SENTENCE,
) -> AnswerRevision:
    kinds = (SectionKind.OPTIONS, SectionKind.NEXT_STEPS, SectionKind.SUPPORT)
    content = AnswerContent(
        tuple(
            ContentSection(kind, heading, tuple(ContentClaim(style, each, (0,)) for each in claims))
            for kind, heading, claims in zip(kinds, headings, sections, strict=False)
        ),
        (cited(quote),),
    )
    return AnswerRevision(
        title=title,
        summary=summary,
        doctor_questions=[],
        next_steps=list(steps),
        gaps=[],
        content=content_to_json(content),
    )


def kinds(before: AnswerRevision, after: AnswerRevision) -> list[tuple[DifferenceKind, str]]:
    return [(each.kind, shown(each)) for each in differences(before, after).claims]


def shown(claim: ClaimDifference) -> str:
    """Return the old text of what was dropped, and the new one of all else."""
    hidden = ADDED if claim.kind is DROPPED else DROPPED
    return "".join(piece.text for piece in claim.pieces if piece.kind is not hidden)


def test_nothing_differs_between_a_revision_and_itself() -> None:
    one = revision((HEAT, SURGERY), (BACK,), steps=("Rest.",))
    found = differences(one, one)
    assert found.is_empty
    assert {each.kind for each in found.claims} == {SAME}


def test_claims_are_added_dropped_and_changed_where_they_stand() -> None:
    found = kinds(
        revision((HEAT, SURGERY, BACK)),
        revision((HEAT.replace("small", "some small"), TRIALS, BACK)),
    )
    assert found == [
        (CHANGED, "Ablation destroys some small tumors with heat."),
        (DROPPED, SURGERY),
        (ADDED, TRIALS),
        (SAME, BACK),
    ]


def test_what_differs_within_a_claim_is_told_in_words() -> None:
    found = differences(revision((HEAT,)), revision((HEAT.replace("small", "very small"),)))
    assert [(piece.kind, piece.text) for piece in found.claims[0].pieces] == [
        (SAME, "Ablation destroys"),
        (ADDED, " very"),
        (SAME, " small tumors with heat."),
    ]


def test_a_claim_that_stands_elsewhere_has_moved_and_the_others_havent() -> None:
    found = kinds(revision((HEAT, SURGERY, BACK)), revision((BACK, HEAT, SURGERY)))
    assert found == [(MOVED, BACK), (SAME, HEAT), (SAME, SURGERY)]


def test_a_claim_that_changes_its_section_has_moved() -> None:
    found = kinds(revision((HEAT, SURGERY), (BACK,)), revision((HEAT,), (SURGERY, BACK)))
    assert found == [(SAME, HEAT), (MOVED, SURGERY), (SAME, BACK)]


def test_a_claim_may_move_and_change_at_once() -> None:
    before = revision((HEAT, SURGERY, BACK))
    after = revision((BACK.replace("years", "many years"), HEAT, SURGERY))
    first = differences(before, after).claims[0]
    assert (first.kind, first.moved) == (CHANGED, True)


def test_other_quotes_are_a_change_of_the_claim() -> None:
    (claim,) = differences(revision((HEAT,)), revision((HEAT,), quote="Another quote.")).claims
    assert claim.kind is CHANGED
    assert [each.quote for each in claim.citations_added] == ["Another quote."]
    assert [each.quote for each in claim.citations_dropped] == ["A quote."]
    assert {piece.kind for piece in claim.pieces} == {SAME}


def test_the_same_quote_in_a_newer_version_of_its_source_is_no_change() -> None:
    assert differences(revision((HEAT,)), revision((HEAT,))).is_empty


def test_another_style_is_a_change_of_the_claim() -> None:
    (claim,) = differences(revision((HEAT,)), revision((HEAT,), style=ClaimStyle.BULLET)).claims
    assert claim.kind is CHANGED


def test_titles_summaries_headings_and_lists_are_compared() -> None:
    found = differences(
        revision((HEAT,), steps=("Rest.", "Ask again.")),
        revision(
            (HEAT,),
            headings=("Ways to treat it",),
            title="Another title",
            summary="A summary.",
            steps=("Ask again.", "Walk.", "Eat."),
        ),
    )
    assert found.title.kind is CHANGED
    assert found.summary.kind is SAME
    assert [each.kind for each in found.sections] == [CHANGED]
    assert [each.kind for each in found.next_steps] == [SAME, CHANGED, ADDED]
    assert not found.is_empty


def test_a_section_that_comes_or_goes_is_told() -> None:
    one, two = revision((HEAT,)), revision((HEAT,), (BACK,))
    assert [each.kind for each in differences(one, two).sections] == [SAME, ADDED]
    dropped = differences(two, one)
    assert [(each.kind, each.before, each.after) for each in dropped.sections] == [
        (SAME, 0, 0),
        (DROPPED, 1, None),
    ]
    assert [each.kind for each in dropped.claims] == [SAME, DROPPED]


@pytest.mark.parametrize("order", list(permutations((HEAT, SURGERY, BACK, TRIALS)))[::3])
def test_both_texts_can_be_read_out_of_a_difference(order: tuple[str, ...]) -> None:
    before, after = revision((HEAT, SURGERY, BACK, TRIALS)), revision(order[:3])
    found = differences(before, after)
    old = {each.before: each for each in found.claims if each.before is not None}
    new = {each.after: each for each in found.claims if each.after is not None}
    assert len(old) == 4
    assert [shown(new[place]) for place in sorted(new, key=lambda p: p.claim)] == list(order[:3])


def test_pieces_always_give_both_texts_and_alike_each_time() -> None:
    chance = random.Random(7)
    words = ["tumor", "liver", "of", "the", "the", "may", ",", "90%", "(HER2+)", "come back"]
    for _ in range(200):
        before = " ".join(chance.choices(words, k=chance.randrange(12)))
        after = " ".join(chance.choices(words, k=chance.randrange(12)))
        pieces = pieces_of(before, after)
        assert "".join(each.text for each in pieces if each.kind is not ADDED) == before
        assert "".join(each.text for each in pieces if each.kind is not DROPPED) == after
        assert all(each.text for each in pieces)
        assert pieces == pieces_of(before, after)
