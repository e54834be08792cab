"""Which cancer a question is about, when nobody said so beside it."""

import re
from collections.abc import Sequence

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.generality.reader import is_of_anybody
from navis_api.questions.sameness.entities import cancers_named
from navis_api.vocabulary.implied_cancers import implied_cancers

_OF_A_PLACE = re.compile(
    r"\b(?:cancers?|tumou?rs?|carcinomas?) (?:of|in|on) (?:the |my |his |her )"
    r"(?P<place>(?:\w+ ){0,2}\w+)",
    re.IGNORECASE,
)
_OF_ANY_ORGAN = frozenset({"neuroendocrine-tumor", "gastrointestinal-stromal-tumor"})


def cancers_of_question(text: str, catalogue: Catalogue) -> Sequence[CatalogueEntry]:
    """Return the cancer that a question names: none, or more than one when it names several.

    Kinds of one cancer are that cancer: who asks what tells Hodgkin from non-Hodgkin lymphoma
    asks about lymphoma.
    """
    named = _one_of_kinds(catalogue.most_specific(cancers_named(catalogue, text)), catalogue)
    return _where_it_sits(text, named, catalogue)


def cancers_meant(text: str, catalogue: Catalogue) -> Sequence[CatalogueEntry]:
    """Return the cancer that a question names, or else the ones that it may be about.

    A mastectomy is for breast cancer; a hysterectomy may be for one of several.
    """
    named = cancers_of_question(text, catalogue)
    if named:
        # A carcinoid tumor of the small bowel is a kind of tumor, wherever it sits.
        by_cells = [entry for entry in named if entry.slug in _OF_ANY_ORGAN]
        return by_cells if len(by_cells) == 1 else named
    implied = (catalogue.by_slug.get(slug) for slug in implied_cancers(text))
    return _one_of_kinds([entry for entry in implied if entry is not None], catalogue)


def lacks_cancer(text: str, meant: Sequence[CatalogueEntry], catalogue: Catalogue) -> bool:
    """Whether a question can't be answered before somebody says which cancer it is about.

    `meant` are the cancers that it is about, as far as anybody can tell. What whoever has cancer
    may ask needs none.
    """
    return len(meant) != 1 and (
        bool(cancers_of_question(text, catalogue)) or not is_of_anybody(text)
    )


def _where_it_sits(
    text: str, named: Sequence[CatalogueEntry], catalogue: Catalogue
) -> Sequence[CatalogueEntry]:
    """Return the kind whose place is named behind a wider name: "head and neck cancer of the lip".

    What is said of the wider one may be about another of its kinds.
    """
    if len(named) != 1:
        return named
    kinds = {entry.id for entry in catalogue.descendants(named[0])}
    for found in _OF_A_PLACE.finditer(text) if kinds else ():
        place = found["place"].split()
        for length in range(len(place), 0, -1):
            said = f"cancer of the {' '.join(place[:length])}"
            own = [each.cancer for each in catalogue.mentions(said) if each.cancer.id in kinds]
            if len(own) == 1:
                return own
    return named


def _one_of_kinds(
    cancers: Sequence[CatalogueEntry], catalogue: Catalogue
) -> Sequence[CatalogueEntry]:
    if len(cancers) < 2:  # noqa: PLR2004  (one cancer, or none, has nothing in common)
        return cancers
    above = [[entry, *catalogue.ancestors(entry)] for entry in cancers]
    shared = next((entry for entry in above[0] if all(entry in line for line in above[1:])), None)
    return [shared] if shared is not None else cancers
