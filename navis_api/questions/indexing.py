"""Making answered questions findable."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, cast, func, literal_column, update
from sqlalchemy.dialects.postgresql import TSVECTOR, insert
from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue
from navis_api.kit.text import words
from navis_api.kit.typing_errors import MIN_LETTERS, deletions
from navis_api.questions.index_terms import cancer_lexeme, concept_lexeme, quoted, terms_of
from navis_api.questions.models import Question, SearchWord
from navis_api.questions.sameness.reading import read_slots
from navis_api.questions.sameness.slots import slot_lexemes
from navis_api.vocabulary.understanding import concepts, phrases


async def index_question(
    session: AsyncSession,
    question: Question,
    *,
    catalogue: Catalogue,
    further_text: str,
) -> None:
    """Make an answered question findable; `further_text` is its answer's title and summary."""
    own = terms_of(catalogue, question.text)
    further = terms_of(catalogue, further_text)
    about = catalogue.by_id.get(question.cancer_id) if question.cancer_id else None
    cancers = {entry.id: entry for entry in (*own.cancers, *([about] if about else []))}
    for entry in list(cancers.values()):
        cancers.update({above.id: above for above in catalogue.ancestors(entry)})
    marks = {cancer_lexeme(entry): "A" for entry in cancers.values()}
    marks |= {concept_lexeme(key): "C" for key in further.concepts}
    marks |= {concept_lexeme(key): "A" for key in own.concepts}
    marks |= dict.fromkeys(slot_lexemes(read_slots(question.text, about, catalogue)), "A")
    vector: ColumnElement[Any] = cast(
        " ".join(f"{quoted(lexeme)}:1{weight}" for lexeme, weight in marks.items()), TSVECTOR
    )
    names = " ".join(about.names) if about else ""
    for text, weight in ((question.text, "A"), (names, "B"), (further_text, "C")):
        vector = vector.concat(
            func.setweight(
                func.to_tsvector("english", " ".join(words(text))), literal_column(f"'{weight}'")
            )
        )
    await session.execute(update(Question).where(Question.id == question.id).values(search=vector))
    await add_search_words(session, words(question.text))


async def add_search_words(session: AsyncSession, used: Iterable[str]) -> None:
    """Note words that a typing error may have been meant to be."""
    rows = [
        {"word": word, "deletions": deletions(word), "uses": 1}
        for word in sorted(set(used))
        if len(word) >= MIN_LETTERS and not any(letter.isdigit() for letter in word)
    ]
    if rows:
        added = insert(SearchWord).values(rows)
        await session.execute(
            added.on_conflict_do_update(
                index_elements=[SearchWord.word], set_={"uses": SearchWord.uses + 1}
            )
        )


def known_words(catalogue: Catalogue) -> set[str]:
    """Return the words of every cancer's names and of every concept's phrases."""
    named = {word for entry in catalogue.entries for name in entry.names for word in words(name)}
    said = {
        word
        for concept in concepts().values()
        for phrase in phrases(concept)
        for word in phrase.split()
    }
    return named | said
