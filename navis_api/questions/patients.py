"""Whom a question is about when it names a relative: the patient, or somebody beside them."""

from collections.abc import Sequence
from itertools import pairwise

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.spoken import Spoken

_SEX_OF_CANCER = {
    "breast-cancer": "female",
    "cervical-cancer": "female",
    "uterine-cancer": "female",
    "ovarian-cancer": "female",
    "fallopian-tube-cancer": "female",
    "primary-peritoneal-cancer": "female",
    "vaginal-cancer": "female",
    "vulvar-cancer": "female",
    "gestational-trophoblastic-disease": "female",
    "prostate-cancer": "male",
    "testicular-cancer": "male",
    "penile-cancer": "male",
}
"""Whom a cancer is taken to be of when nothing is said, by the slug of it or of one above it.

Breast cancer of a man is another question, and is asked as such.
"""

KIN = {
    **dict.fromkeys(("dad", "father", "daddy", "husband", "boyfriend", "brother"), "male"),
    **dict.fromkeys(("uncle", "grandpa", "grandfather", "grandad", "granddad"), "male"),
    **dict.fromkeys(("mum", "mom", "mother", "mummy", "mommy", "wife", "girlfriend"), "female"),
    **dict.fromkeys(
        ("sister", "aunt", "grandma", "grandmother", "granny", "gran", "nan", "nana"), "female"
    ),
}
"""Relatives and their sex."""

CHILD_WORDS = frozenset({"son", "daughter"})
"""Young or grown up: one can't tell, so that it is the same only as itself."""

_OWNING = frozenset({"my", "our"})
_ASKING_FOR_ONESELF = frozenset(
    {"do", "can", "should", "will", "would", "could", "am", "may", "if", "what", "how", "did"}
)
_TELLING_ME = frozenset({"tell", "give", "let", "help", "show", "advise", "explain", "with"})
_ONES_OWN = frozenset({"risk", "risks", "chance", "chances", "odds", "own"})


def usual_sex(catalogue: Catalogue, entry: CatalogueEntry) -> str | None:
    """Return the sex of those who have this cancer, when nothing is said of it."""
    line = [entry, *catalogue.ancestors(entry)]
    return next((_SEX_OF_CANCER[each.slug] for each in line if each.slug in _SEX_OF_CANCER), None)


def patients_kin(words: Sequence[Spoken]) -> frozenset[str]:
    """Return the sex of the relative who has it: "my dad has ...", "for my mother"."""
    return frozenset(
        KIN[word.word]
        for before, word in pairwise(words)
        if word.word in KIN and before.word in _OWNING
    )


def others_kin(words: Sequence[Spoken]) -> frozenset[str]:
    """Return the relatives who matter because somebody else asks for themselves.

    "If my mother had it, should I be screened?" isn't asked for the mother, and an
    aunt in her place makes it another question.
    """
    said = [word.word for word in words]
    pairs = list(pairwise(said))
    for_oneself = any(
        (second == "i" and first in _ASKING_FOR_ONESELF)
        or (second == "me" and first not in _TELLING_ME)
        or (first == "my" and second in _ONES_OWN)
        for first, second in pairs
    )
    return frozenset(
        second for first, second in pairs if second in KIN and (for_oneself or first not in _OWNING)
    )
