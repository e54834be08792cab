"""What comes of questions: answers, abstentions, and how good the answers are by count."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import mean, median

from navis_api.answers.drafts import DraftSection
from navis_api.answers.reading import reading_grade
from navis_api.evaluation.cases import AnswerQuestion, Expectation
from navis_api.evaluation.figures import Outcome, share


class Result(StrEnum):
    """What came of a question."""

    ANSWERED = "ANSWERED"
    ABSTAINED = "ABSTAINED"
    REFUSED = "REFUSED"
    ASKED_CANCER = "ASKED_CANCER"
    FAILED = "FAILED"


_RIGHT = {
    Expectation.ANSWERABLE: {Result.ANSWERED},
    # A question that isn't about cancer is refused before the sources are asked.
    Expectation.ABSTAIN: {Result.ABSTAINED, Result.REFUSED},
    Expectation.ASK_CANCER: {Result.ASKED_CANCER},
}


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one question: sections where there is an answer, and the time it took.

    `exact_quotes` are those that stand in their source to the letter.
    """

    result: Result
    seconds: float
    sections: tuple[DraftSection, ...] = ()
    exact_quotes: int = 0


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Outcomes by expectation, and of the answers: means a piece, and seconds (median, worst)."""

    questions: int
    right: int
    outcomes: dict[str, dict[str, int]]
    quotes: int
    exact_quotes: float | None
    sections_an_answer: float | None
    claims_an_answer: float | None
    uncited_claims: int
    reading_grade: float | None
    median_s: float | None
    slowest_s: float | None
    cases: tuple[Outcome, ...] = field(default=())


Write = Callable[[AnswerQuestion], Awaitable[Written]]


async def evaluate_answers(questions: Iterable[AnswerQuestion], write: Write) -> AnswerFigures:
    """Have each question answered, as asking would, without storing anything."""
    outcomes: dict[Expectation, Counter[Result]] = {each: Counter() for each in Expectation}
    all_written: list[Written] = []
    cases: list[Outcome] = []
    for question in questions:
        written = await write(question)
        all_written.append(written)
        outcomes[question.expect][written.result] += 1
        cases.append(
            Outcome(question.id, written.result.value, written.result in _RIGHT[question.expect])
        )
    answers = [written for written in all_written if written.result is Result.ANSWERED]
    claims = [
        claim for answer in answers for section in answer.sections for claim in section.claims
    ]
    quotes = sum(len(claim.citations) for claim in claims)
    grades = [grade for answer in answers if (grade := _grade(answer)) is not None]
    seconds = [written.seconds for written in all_written]
    return AnswerFigures(
        questions=len(all_written),
        right=sum(case.right for case in cases),
        outcomes={
            expected.value: {result.value: n for result, n in counted.items()}
            for expected, counted in outcomes.items()
            if counted
        },
        quotes=quotes,
        exact_quotes=share(sum(answer.exact_quotes for answer in answers), quotes),
        sections_an_answer=_mean([len(answer.sections) for answer in answers]),
        claims_an_answer=round(len(claims) / len(answers), 1) if answers else None,
        uncited_claims=sum(not claim.citations for claim in claims),
        reading_grade=_mean(grades),
        median_s=round(median(seconds), 3) if seconds else None,
        slowest_s=round(max(seconds), 3) if seconds else None,
        cases=tuple(cases),
    )


def _grade(answer: Written) -> float | None:
    return reading_grade(claim.text for section in answer.sections for claim in section.claims)


def _mean(numbers: list[float] | list[int]) -> float | None:
    return round(mean(numbers), 1) if numbers else None
