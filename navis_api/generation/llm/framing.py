"""What stands around a model's claims: headings, questions and gaps that claim nothing themselves.

Nothing here rests on a quote, so little of it is the model's: it chooses among headings of the
sources, it may put the claims' own words into questions, and it may say which of the asker's own
words are left open. Title, summary and next steps are ours: a step is advice, and no source can be
quoted for it.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from navis_api.answers.drafts import DraftSection
from navis_api.answers.models import SectionKind
from navis_api.generation.contract import Closing
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.closing import closing
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.matching import stem
from navis_api.generation.llm.left_open import left_open
from navis_api.generation.llm.output import WrittenAnswer
from navis_api.generation.llm.plain_text import is_plain, plain, tells_what_to_do
from navis_api.generation.llm.shown import ShownPassage
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import common_words

_HEADINGS: Mapping[SectionKind, str] = {
    SectionKind.OVERVIEW: "In short",
    SectionKind.EXPLANATION: "What it is",
    SectionKind.FACTORS: "What it depends on",
    SectionKind.OPTIONS: "What can be done",
    SectionKind.EVIDENCE: "What is known",
    SectionKind.CONSIDERATIONS: "What to keep in mind",
    SectionKind.SUPPORT: "Help and support",
}
_HEADING_CHARS = range(3, 81)
_QUESTION_CHARS = range(12, 161)
_QUESTION = re.compile(
    r"(?:what|which|who|whom|where|when|why|how|is|are|am|do|does|did|can|could|will|would"
    r"|should|may|has|have)\b[^?]*\?",
    re.IGNORECASE,
)
_MODELS_QUESTIONS = 4
_ALL_QUESTIONS = 6
_SUMMARY = (
    "This answer says in plain words what our sources say. A computer program chose the words; the"
    " quotes that they rest on are the sources' own. It can't tell what is right for you: your care"
    " team can."
)


def heading_of(
    kind: SectionKind,
    written: str,
    cited: Sequence[ShownPassage],
    *,
    fitness: Fitness,
    taken: Collection[str],
) -> str:
    """Return the model's heading if it is one of the cited passages', or else one of ours.

    Where that stands in the answer already (`taken`), the first cited heading that doesn't.
    """
    offered = {
        plain(heading): passage
        for passage in cited
        for heading in passage.headings[1:]
        if _may_head(plain(heading), passage, fitness)
    }
    chosen = plain(written) if plain(written) in offered else _HEADINGS[kind]
    if chosen not in taken:
        return chosen
    return next((heading for heading in reversed(offered) if heading not in taken), chosen)


def framed(
    asked: Asked,
    question: str,
    answer: WrittenAnswer,
    sections: Sequence[DraftSection],
    passages: Sequence[ShownPassage],
) -> Closing:
    """Return the end of the answer that these sections, out of these passages, are."""
    claims = " ".join(claim.text for section in sections for claim in section.claims)
    ours = closing(asked, left_open(asked, question, answer.not_covered, sections, passages))
    theirs = list(_questions(answer.doctor_questions, _stems(claims), ours.doctor_questions))
    return replace(
        ours,
        summary=_SUMMARY,
        doctor_questions=tuple(dict.fromkeys([*theirs, *ours.doctor_questions]))[:_ALL_QUESTIONS],
    )


def _may_head(heading: str, passage: ShownPassage, fitness: Fitness) -> bool:
    return (
        len(heading) in _HEADING_CHARS
        and is_plain(heading)
        and fitness.may_quote(heading, bullet=True, cancer_ids=passage.cancer_ids)
    )


def _questions(
    written: Sequence[str], of_claims: Collection[str], ours: Sequence[str]
) -> Iterator[str]:
    """Yield the model's questions that hold no word but the claims', ours and the commonest.

    So none can bring in a drug, a number, a gene or a thought that the answer doesn't have.
    """
    known = {*of_claims, *(stem(word) for text in ours for word in words(text))}
    known |= _words_of_questions()
    for text in map(plain, written[:_MODELS_QUESTIONS]):
        if (
            len(text) in _QUESTION_CHARS
            and _QUESTION.fullmatch(text)
            and is_plain(text)
            and not tells_what_to_do(text)
            and _stems(text) <= known
        ):
            yield text


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


@cache
def _words_of_questions() -> frozenset[str]:
    """Return the words in which anybody asks about anything."""
    return frozenset(map(stem, common_words()))
