"""What an answer leaves open: found by us, or named by the model in the asker's own words."""

from collections.abc import Iterator, Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.closing import gap_of_part, gap_of_words
from navis_api.generation.extractive.coverage import gaps_of
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.llm.plain_text import is_plain, plain
from navis_api.generation.llm.shown import ShownPassage
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import ConceptKind

_FROM_MODEL = 3
_WORDS_FROM_MODEL = range(1, 9)
_THE_QUESTION = "this question"


def left_open(
    asked: Asked,
    question: str,
    not_covered: Sequence[str],
    sections: Sequence[DraftSection],
    passages: Sequence[ShownPassage],
) -> list[str]:
    """Return sentences on what was asked and isn't in the sections, or not for this cancer.

    `not_covered` is what the model says of that; only the question's own words are taken.
    """
    cited = _cited(sections, passages)
    said = _said(sections, cited)
    gaps = [*gaps_of(asked, (), (), sections), *_unspoken(asked, said)]
    if asked.cancer is not None and not any(passage.cancer_ids for passage in cited):
        topics = asked.of_kind(ConceptKind.TOPIC)
        part = " and ".join(topic.label for topic in topics) or _THE_QUESTION
        gaps.append(gap_of_part(asked, part))
    asked_words = set(words(question))
    for part in map(plain, not_covered[:_FROM_MODEL]):
        spoken = words(part)
        if len(spoken) in _WORDS_FROM_MODEL and is_plain(part) and set(spoken) <= asked_words:
            gaps.append(gap_of_part(asked, part))
    return gaps


def _unspoken(asked: Asked, said: str) -> Iterator[str]:
    """Yield what is asked and neither the claims nor the headings above their quotes speak of."""
    for kind in (ConceptKind.EFFECT, ConceptKind.TREATMENT, ConceptKind.TOPIC):
        for concept in asked.of_kind(kind):
            if concept.key != "definition" and not speaks_of(
                said, wanted(asked.looked_for(concept))
            ):
                yield gap_of_part(asked, asked.name_of(concept))
    missing = [
        thing.label
        for thing in asked.required
        if not speaks_of(said, wanted([thing.label, *thing.phrases]))
    ]
    if missing:
        yield gap_of_words(missing)


def _said(sections: Sequence[DraftSection], cited: Sequence[ShownPassage]) -> str:
    texts = [heading for passage in cited for heading in passage.headings]
    for section in sections:
        texts.append(section.heading)
        for claim in section.claims:
            texts += [claim.text, *(citation.quote for citation in claim.citations)]
    return readable_now(" . ".join(texts))


def _cited(
    sections: Sequence[DraftSection], passages: Sequence[ShownPassage]
) -> list[ShownPassage]:
    citations = [
        citation for section in sections for claim in section.claims for citation in claim.citations
    ]
    return [
        passage
        for passage in passages
        if any(
            citation.source_version_id == passage.version_id
            and passage.start <= citation.start < passage.start + len(passage.text)
            for citation in citations
        )
    ]
