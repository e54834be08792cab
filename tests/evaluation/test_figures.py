"""What the figures count, on outcomes that are known."""

import pytest

from navis_api.answers.drafts import DraftCitation, DraftClaim, DraftSection
from navis_api.answers.models import ClaimStyle, SectionKind
from navis_api.cancers.catalogue import Catalogue
from navis_api.evaluation.answers import Result, Written, evaluate_answers
from navis_api.evaluation.cases import (
    AnswerQuestion,
    Expectation,
    RetrievalQuery,
    SafetyLabel,
    SafetyText,
)
from navis_api.evaluation.figures import share
from navis_api.evaluation.retrieval import evaluate_retrieval
from navis_api.evaluation.safety import evaluate_safety
from navis_api.kit.ids import new_id


def test_a_share_of_nothing_is_no_figure() -> None:
    assert share(0, 0) is None
    assert share(1, 4) == 0.25


async def test_documents_are_counted_and_not_their_passages() -> None:
    found = {
        "first": ["a", "a", "b"],
        "sixth": ["1", "2", "2", "3", "4", "5", "a"],
        "third": ["1", None, "1", "2", "a"],
        "nowhere": [],
    }

    async def find(query: str, limit: int) -> list[str | None]:
        assert limit >= 5
        return found[query]

    queries = [RetrievalQuery(id=each, query=each, relevant_urls=("a", "z")) for each in found]
    figures = await evaluate_retrieval(queries, find)

    assert (figures.queries, figures.success_at_1, figures.success_at_5) == (4, 0.25, 0.5)
    assert [case.outcome for case in figures.cases] == [
        "FOUND_AT_1",
        "NOT_FOUND",
        "FOUND_AT_3",
        "NOT_FOUND",
    ]


def test_an_alarm_counts_as_false_only_on_ordinary_texts() -> None:
    figures = evaluate_safety(
        [
            SafetyText(
                id="1", text="I can't breathe and my chest hurts", kind=SafetyLabel.EMERGENCY
            ),
            SafetyText(id="2", text="What causes liver cancer?", kind=SafetyLabel.EMERGENCY),
            SafetyText(id="3", text="What causes liver cancer?", kind=SafetyLabel.NONE),
            SafetyText(id="4", text="I can't breathe and my chest hurts", kind=SafetyLabel.NONE),
        ],
        Catalogue(),
    )
    emergency, none = figures.kinds["EMERGENCY"], figures.kinds["NONE"]
    assert (emergency.texts, emergency.recall, emergency.false_alarms) == (2, 0.5, 0.5)
    assert (none.texts, none.recall, none.false_alarms) == (2, 0.5, 0.5)
    assert figures.kinds["CRISIS"].recall is None
    assert [case.right for case in figures.cases] == [True, False, True, False]


def section(*quotes: str) -> DraftSection:
    cited = tuple(DraftCitation(new_id(), quote, 0, len(quote), None) for quote in quotes)
    return DraftSection(
        SectionKind.OVERVIEW, "About it", (DraftClaim("It is rare.", ClaimStyle.SENTENCE, cited),)
    )


@pytest.mark.parametrize(
    ("expect", "result", "right"),
    [
        (Expectation.ANSWERABLE, Result.ANSWERED, True),
        (Expectation.ANSWERABLE, Result.ABSTAINED, False),
        (Expectation.ABSTAIN, Result.ABSTAINED, True),
        (Expectation.ABSTAIN, Result.REFUSED, True),
        (Expectation.ABSTAIN, Result.ANSWERED, False),
        (Expectation.ASK_CANCER, Result.ASKED_CANCER, True),
        (Expectation.ASK_CANCER, Result.ANSWERED, False),
        (Expectation.ANSWERABLE, Result.FAILED, False),
    ],
)
async def test_what_is_right_depends_on_what_is_expected(
    expect: Expectation, result: Result, *, right: bool
) -> None:
    async def write(_question: AnswerQuestion) -> Written:
        return Written(result, 0.5)

    figures = await evaluate_answers([AnswerQuestion(id="1", text="?", expect=expect)], write)
    assert figures.right == right
    assert figures.outcomes == {expect.value: {result.value: 1}}


async def test_quotes_claims_and_seconds_are_counted() -> None:
    came = iter(
        [
            Written(Result.ANSWERED, 1.0, (section("a", "b"), section("c")), exact_quotes=2),
            Written(Result.ANSWERED, 3.0, (section(),), exact_quotes=0),
            Written(Result.ABSTAINED, 8.0),
        ]
    )

    async def write(_question: AnswerQuestion) -> Written:
        return next(came)

    questions = [
        AnswerQuestion(id=str(number), text="?", expect=Expectation.ANSWERABLE)
        for number in range(3)
    ]
    figures = await evaluate_answers(questions, write)
    assert (figures.quotes, figures.exact_quotes) == (3, 0.6667)
    assert (figures.sections_an_answer, figures.claims_an_answer) == (1.5, 1.5)
    assert figures.uncited_claims == 1
    assert (figures.median_s, figures.slowest_s) == (3.0, 8.0)
