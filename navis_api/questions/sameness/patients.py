"""Whom a question is about when it names a relative: the patient, or somebody beside them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.questions.sameness.spoken import Spoken

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

_ONE_NAME = {
    **dict.fromkeys(("dad", "daddy"), "father"),
    **dict.fromkeys(("mum", "mom", "mummy", "mommy"), "mother"),
}

FURTHER_KIN = frozenset(
    {"parent", "parents", "cousin", "cousins", "sibling", "siblings", "relative", "relatives"}
    | {"friend", "neighbor", "neighbour", "spouse", "partner", "twin", "colleague"}
)
"""Relatives and others of either sex."""

_PROFESSIONALS = frozenset(
    {"doctor", "doctors", "oncologist", "oncologists", "specialist", "specialists"}
)
_OF_THEMSELVES = frozenset({"need", "be", "get", "have", "themselves", "say", "think", "feel"})

CHILD_WORDS = frozenset({"son", "daughter"})
"""Young or grown up: one can't tell, so that it is the same only as itself."""

LITTLE_ONES = CHILD_WORDS | {"baby", "boy", "child", "girl", "toddler"}
"""Whom parents tell of."""

ONLY_WOMEN = frozenset({"premenopausal", "perimenopausal", "postmenopausal"})
"""What is said of women alone, so that it needn't be said that they are."""

_CARERS = frozenset({"caregiver", "caregivers", "carer", "carers"})
_CARED_FOR = frozenset({"patient", "patients", "person"})
_PERSON = _ONE_NAME | {
    **dict.fromkeys(
        CHILD_WORDS | {"child", "children", "kid", "kids", "sons", "daughters"}, "child"
    ),
    **dict.fromkeys(("teenager", "teen", "adolescent"), "teenager"),
    **dict.fromkeys(_CARERS, "caregiver"),
    **dict.fromkeys(_CARED_FOR, "patient"),
    **dict.fromkeys(("parent", "parents"), "parent"),
    **dict.fromkeys(("sibling", "siblings", "brothers", "sisters"), "sibling"),
}
"""People by one name, where only their order counts."""

_PEOPLE = (KIN.keys() | FURTHER_KIN | _PERSON.keys()) - _CARED_FOR

_DOING_TO = {
    **dict.fromkeys(("support", "supporting", "supports"), "support"),
    **dict.fromkeys(("comfort", "comforting", "encourage"), "comfort"),
    **dict.fromkeys(("pass", "passing", "give", "giving", "transmit", "infect"), "pass"),
    **dict.fromkeys(("catch", "catching"), "catch"),
}
_TAKING = frozenset({"get", "getting"})

_HAVING_IT = frozenset(
    {"has", "had", "have", "is", "was", "got", "with", "just", "recently", "suffers", "been"}
)
_DONE_TO_SOMEBODY = frozenset(
    {"affect", "affects", "tell", "telling", "infect", "protect", "ask", "leave", "on", "from"}
)
_PASSED_TO = frozenset({("on", "to"), ("down", "to"), ("it", "to")})
_OWNING = frozenset({"my", "our"})
_ASKING_FOR_ONESELF = frozenset(
    {"do", "can", "should", "will", "would", "could", "am", "may", "if", "what", "how", "did"}
)
_TELLING_ME = frozenset({"tell", "give", "let", "help", "show", "advise", "explain", "with"})
_GETTING = frozenset(
    {"getting", "chances", "chance", "inherit", "risk", "screening", "screened", "age"}
)
"""Beside "if my father had it" these ask for who asks: "the chances of getting it"."""

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
        or ((first, second) == ("if", "my") and not _GETTING.isdisjoint(said))
        for first, second in pairs
    )
    beside = {
        second
        for first, second in pairs
        if (second in KIN or second in FURTHER_KIN) and (for_oneself or first not in _OWNING)
    }
    named = beside | set(_acting_or_acted_on(said))
    return frozenset(_ONE_NAME.get(each, each) for each in named)


def _acting_or_acted_on(said: Sequence[str]) -> Iterator[str]:
    """Yield relatives of whom it isn't said that they have it: "affect my partner"."""
    for at in range(1, len(said)):
        if said[at - 1] not in _OWNING:
            continue
        has_it = _HAVING_IT & {*said[at + 1 : at + 2]} or (at > 1 and said[at - 2] == "for")
        acted_on = at > 1 and said[at - 2] in _DONE_TO_SOMEBODY
        acted_on |= tuple(said[max(at - 3, 0) : at - 1]) in _PASSED_TO
        if (said[at] in FURTHER_KIN and not has_it) or (said[at] in KIN and acted_on):
            yield said[at]


def people_in_turn(words: Sequence[Spoken]) -> frozenset[str]:
    """Return the order in which several people are named, since one does something to another.

    "How can a mother support her children?" isn't how they can support her.
    """
    said = [word.word for word in words]
    cared_for = _CARED_FOR if not _CARERS.isdisjoint(said) else frozenset[str]()
    named = [_PERSON.get(word, word) for word in said if word in _PEOPLE | cared_for]
    turns = list(dict.fromkeys(named))
    return frozenset({" > ".join(turns)}) if len(turns) > 1 else frozenset()


def who_acts(words: Sequence[Spoken]) -> frozenset[str]:
    """Return whether who asks does something to a relative, or has it done: "support", "pass on".

    "How can I support my husband?" isn't how he can support me.
    """
    said = [word.word for word in words]
    if not any(word in KIN or word in FURTHER_KIN for word in said):
        return frozenset()
    acting = [at for at, word in enumerate(said) if word in _DOING_TO] + [
        at for at, word in enumerate(said) if word in _TAKING and "off" in said[at:]
    ]
    return frozenset(
        f"{actor} > {_DOING_TO.get(said[at], 'catch')}"
        for at in acting
        if (actor := _actor(said[:at])) is not None
    )


def _actor(before: Sequence[str]) -> str | None:
    for word in reversed(before):
        if word in {"i", "we"}:
            return "who asks"
        if word in KIN or word in FURTHER_KIN or word in {"he", "she", "they"}:
            return "a relative"
    return None


def professionals_asked_about(words: Sequence[Spoken]) -> frozenset[str]:
    """Return doctors where it is asked about them: "Should doctors be tested?"."""
    return frozenset(
        first.word
        for first, second in pairwise(words)
        if first.word in _PROFESSIONALS and second.word in _OF_THEMSELVES
    )
