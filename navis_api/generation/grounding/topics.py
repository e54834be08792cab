"""What an answer is about: the words of its cancer and of headings, which need no support."""

from collections.abc import Sequence
from functools import lru_cache

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.reading import Reading, read
from navis_api.generation.grounding.tokens import Kind
from navis_api.kit.text import words

_OF_WOMEN = frozenset(
    {"cervical", "uterine", "endometrial", "ovarian", "fallopian", "vaginal", "vulvar",
     "trophoblastic"}
)  # fmt: skip
_OF_MEN = frozenset({"prostate", "testicular", "penile"})


def topic_keys(cancer: CatalogueEntry | None) -> frozenset[str]:
    """Return the keys of the names of the answer's cancer."""
    if cancer is None:
        return frozenset()
    return names_content((*cancer.names, *cancer.abbreviations))


def topic_texts(cancer: CatalogueEntry | None, cited: Sequence[Evidence]) -> list[str]:
    """Return the headings of what is cited and the names of the answer's cancer."""
    headings = [heading for each in cited for heading in each.heading_path]
    if cancer is None:
        return headings
    return [*headings, *filter(None, (cancer.name, cancer.clinical_name)), *cancer.abbreviations]


def _people_of(cancer: CatalogueEntry | None) -> frozenset[str]:
    """Return the people that have a cancer by its nature: what is said of them needs no support."""
    parts = set(cancer.slug.split("-")) if cancer is not None else set[str]()
    if not parts.isdisjoint(_OF_WOMEN):
        return frozenset({"woman"})
    return frozenset({"man"}) if not parts.isdisjoint(_OF_MEN) else frozenset()


def places_of(
    catalogue: Catalogue, cancer: CatalogueEntry | None, text: str, reading: Reading
) -> frozenset[int]:
    """Return the places of the words that name the answer's cancer.

    Whose facts these are is for `subjects`; the name may be left out of a source's sentence.
    """
    spoken = words(text)
    places: list[int] = []
    flat: list[str] = []
    for at, token in enumerate(reading.tokens):
        for word in token.words:
            if word[0].isalnum():
                flat.append(word)
                places.append(at)
    people = _people_of(cancer)
    found = {at for at, token in enumerate(reading.tokens) if not people.isdisjoint(token.keys)}
    for mention in catalogue.mentions(text):
        if mention.cancer != cancer:
            continue
        name = spoken[mention.first_word : mention.first_word + mention.word_count]
        first = next((at for at in range(len(flat)) if flat[at : at + len(name)] == name), None)
        if first is not None:
            found.update(places[first : first + len(name)])
    return frozenset(found)


@lru_cache(maxsize=1_024)
def names_content(names: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of names or headings, and keep them: they hold no patient's words."""
    return frozenset(
        key
        for token in read(" / ".join(names)).tokens
        if token.kind is not Kind.FUNCTION
        for key in (*token.keys, *token.implied, *token.called)
    )
