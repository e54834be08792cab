"""What an answer leaves open: found by us, or named by the model and known to our thesaurus."""

from collections.abc import Iterator, Sequence

from navis_api.answers.drafts import DraftSection
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.closing import gap_of_part, gap_of_words
from navis_api.generation.extractive.coverage import gaps_of
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.llm.shown import ShownPassage
from navis_api.vocabulary.terms import find_terms
from navis_api.vocabulary.understanding import ConceptKind, phrases, understand

_FROM_MODEL = 3
_KINDS = frozenset(
    {
        ConceptKind.EFFECT, ConceptKind.TREATMENT, ConceptKind.TOPIC, ConceptKind.FACTOR,
        ConceptKind.STATE,
    }
)  # fmt: skip
_THE_QUESTION = "this question"
_NO_THINGS = frozenset({"definition", "stage", "stages"})


def left_open(
    asked: Asked,
    question: str,
    not_covered: Sequence[str],
    sections: Sequence[DraftSection],
    passages: Sequence[ShownPassage],
) -> list[str]:
    """Return sentences on what was asked and isn't in the sections, or not for this cancer.

    `not_covered` is what the model says of that. Of it only such things are taken as the question
    names too and no section speaks of, and they are called what our thesaurus calls them.
    """
    cited = _cited(sections, passages)
    said = _said(sections, cited)
    shown = readable_now(" . ".join(_texts_of(passages)))
    open_ones = dict(_unspoken(asked, said))
    missing = [
        thing.label
        for thing in asked.required
        if not speaks_of(said, wanted([thing.label, *thing.phrases]))
    ]
    noted = {*missing, *(name for names in open_ones.values() for name in names)}
    for label, names in _named(question, not_covered, said):
        if noted.isdisjoint(map(str.casefold, (label, *names))):
            open_ones.setdefault(label, names)
    gaps = [
        *gaps_of(asked, (), (), sections),
        *(_gap(asked, label, names, shown) for label, names in open_ones.items()),
    ]
    if missing:
        gaps.append(gap_of_words(missing))
    if asked.cancer is not None and not any(passage.cancer_ids for passage in cited):
        topics = [topic for topic in asked.of_kind(ConceptKind.TOPIC) if topic.key != "definition"]
        labels = [topic.label for topic in topics]
        if not labels or not set(labels) <= open_ones.keys():
            gaps.append(gap_of_part(asked, " and ".join(labels) or _THE_QUESTION))
    return gaps


def _gap(asked: Asked, label: str, names: Sequence[str], shown: str) -> str:
    """Say that a thing is open: in our sources, or in this answer if a passage speaks of it."""
    is_there = speaks_of(shown, wanted(names))
    return gap_of_words([label]) if is_there else gap_of_part(asked, label)


def _unspoken(asked: Asked, said: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what is asked and neither the claims nor the headings above their quotes speak of.

    Each comes with the names that it has in sources.
    """
    for kind in (ConceptKind.EFFECT, ConceptKind.TREATMENT, ConceptKind.TOPIC):
        for concept in asked.of_kind(kind):
            names = asked.looked_for(concept)
            if concept.key != "definition" and not speaks_of(said, wanted(names)):
                yield asked.name_of(concept), names


def _named(
    question: str, not_covered: Sequence[str], said: str
) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what the model calls open, where the question names it and nothing speaks of it."""
    asked_for = dict(_things(question))
    for part in not_covered[:_FROM_MODEL]:
        for label, _ in _things(part):
            names = asked_for.get(label)
            if names is not None and not speaks_of(said, wanted(names)):
                yield label, names


def _things(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what a text names, as our thesaurus and our lists of terms call it."""
    terms = [mention.term for mention in find_terms(text) if mention.term.known]
    for term in terms:
        yield term.label, term.names
    of_terms = {name for term in terms for name in term.names}
    for spoken in understand(text).concepts:
        concept = spoken.concept
        # "Stage III" is a state, but not in these words: other rules look after stages.
        is_thing = concept.kind in _KINDS and not {concept.key, spoken.words[0]} & _NO_THINGS
        if is_thing and " ".join(spoken.words) not in of_terms:
            yield concept.label, phrases(concept)


def _texts_of(passages: Sequence[ShownPassage]) -> Iterator[str]:
    for passage in passages:
        yield from passage.headings
        yield passage.text


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
