"""Which cancer a question is about, when nobody said so beside it."""

from collections.abc import Sequence

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.sameness.entities import cancers_named


def cancers_of_question(text: str, catalogue: Catalogue) -> Sequence[CatalogueEntry]:
    """Return the cancer that a question is about: none, or more than one when it names several.

    Kinds of one cancer are that cancer: who asks what tells Hodgkin from non-Hodgkin lymphoma
    asks about lymphoma.
    """
    named = catalogue.most_specific(cancers_named(catalogue, text))
    if len(named) < 2:  # noqa: PLR2004  (one cancer, or none, has nothing in common)
        return named
    above = [[entry, *catalogue.ancestors(entry)] for entry in named]
    shared = next((entry for entry in above[0] if all(entry in line for line in above[1:])), None)
    return [shared] if shared is not None else named
