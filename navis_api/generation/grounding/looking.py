"""The sentences of a claim laid beside what it cites: by the rules, and by closeness."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.grounding.arms import other_arm
from navis_api.generation.grounding.beside import lay_beside
from navis_api.generation.grounding.citing import Cited
from navis_api.generation.grounding.closeness.features import Compared, compare
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.left_open import left_open
from navis_api.generation.grounding.lists import mixes_items
from navis_api.generation.grounding.parts import Part
from navis_api.generation.grounding.passages import read_passage
from navis_api.generation.grounding.reading import Reading, read
from navis_api.generation.grounding.side_by_side.reader import says_it
from navis_api.generation.grounding.support import Found, find_support
from navis_api.generation.grounding.swapped import swapped
from navis_api.generation.grounding.topics import (
    names_content,
    places_of,
    topic_keys,
    topic_texts,
)
from navis_api.generation.grounding.verdicts import Reason
from navis_api.kit.text import squeeze
from navis_api.sources.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class Looked:
    """A sentence of a claim, as read, and what came of looking for it.

    `found` are the places where the rules find its parts, or why they don't; `compared` is how
    close its evidence comes, None where nothing can be compared. Of a sentence that is `quoted`
    to the letter and found, nothing needs to be compared. `said` is how surely its evidence says
    it, read beside it, where the rules miss a part of it and nothing refuses it anyway.
    """

    reading: Reading
    found: tuple[Found, ...]
    compared: Compared | None
    said: float | None = None
    quoted: bool = False
    mixed: Reason | None = None
    """How it mixes what items of a list, or combinations of drugs, have apart."""
    turned: Reason | None = None
    """How it tells otherwise what the sentences nearest to it say, whatever it scores."""


def look(
    said: str,
    cited: Sequence[Evidence],
    *,
    cancer: CatalogueEntry | None,
    catalogue: Catalogue,
) -> Iterator[Looked]:
    """Look for each sentence of a claim about `cancer` in what it cites, one after the other."""
    topic = topic_keys(cancer)
    passages = [
        Cited(read_passage(each.text), names_content(each.heading_path), number)
        for number, each in enumerate(cited)
    ]
    texts, themes = [each.text for each in cited], topic_texts(cancer, cited)
    for start, end in sentence_spans(said, 0, len(said)):
        text = said[start:end]
        sentence = read(text)
        known = places_of(catalogue, cancer, text, sentence)
        found = tuple(find_support(sentence, passages, known, topic))
        everything = Part(sentence, tuple(range(len(sentence.tokens))), known)
        read_passages = [each.passage for each in passages]
        # Half a sentence may stand there to the letter, without what denies it.
        beside = lay_beside(everything, read_passages)
        turned = left_open(beside) or swapped(beside) or other_arm(beside)
        if all(each.place is not None for each in found) and _is_quoted(text, cited):
            yield Looked(sentence, found, None, quoted=True, turned=turned)
        else:
            mixed = mixes_items(everything, read_passages)
            compared = compare(text, texts, themes)
            missed = any(each.place is None for each in found)
            left_to_reading = missed and mixed is None and turned is None
            read_so = says_it(text, texts, cancer) if left_to_reading else None
            yield Looked(sentence, found, compared, read_so, mixed=mixed, turned=turned)


def _is_quoted(text: str, cited: Sequence[Evidence]) -> bool:
    """Whether a sentence stands in what is cited to the letter."""
    quote = squeeze(text)
    return any(quote in squeeze(each.text) for each in cited)
