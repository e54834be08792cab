"""What a claim and its evidence say differently: classes of words, and the rules as signs.

The rules (denials, directions, strength, numbers, stages) read near paraphrases well. Of free ones
they refuse too many, so that what they find here is weighed with everything else.
"""

from functools import lru_cache

from navis_api.generation.grounding.bindings import binding_differs
from navis_api.generation.grounding.citing import Cited, Place
from navis_api.generation.grounding.clauses import clauses_of
from navis_api.generation.grounding.closeness.alignment import Alignment
from navis_api.generation.grounding.closeness.coverage import Features
from navis_api.generation.grounding.closeness.loose_numbers import number_matches
from navis_api.generation.grounding.closeness.matching import Likeness
from navis_api.generation.grounding.demands import undemanded
from navis_api.generation.grounding.directions import order_differs, pole_differs
from navis_api.generation.grounding.negation import DenialDifference, denial_difference, denials
from navis_api.generation.grounding.numbers import equals_of, number_differs, stage_differs
from navis_api.generation.grounding.parts import Part
from navis_api.generation.grounding.passages import Passage, Window
from navis_api.generation.grounding.reading import Reading, join
from navis_api.generation.grounding.strength import is_stronger
from navis_api.vocabulary.populations import populations_in

_CACHED = 2_048
_FREE = 0.6
"""A claim of which less is said word by word is a free paraphrase."""
_RULES = (
    "denied", "not denied", "stronger", "other side", "other way round", "number", "stage",
    "undemanded", "bound otherwise",
)  # fmt: skip
_BY = ("by one", "by both")
_COUNTS = ("numbers lost", "numbers not met", "new people", "lost names")


def class_contrasts(aligned: Alignment) -> Features:
    """Return the classes of words that only the claim or only its evidence has."""
    claimed = aligned.claim.classes
    given = aligned.sentences[aligned.first].classes | aligned.sentences[aligned.second].classes
    anywhere = frozenset[str]().union(*(each.classes for each in aligned.sentences))
    shown = {f"has {name}": 1.0 for name in claimed}
    shown |= {f"new {name}": 1.0 for name in claimed - given}
    shown |= {f"nowhere {name}": 1.0 for name in claimed - anywhere}
    shown |= {f"left out {name}": 1.0 for name in given - claimed}
    return {name: shown[name] for name in sorted(shown)}


def rule_contrasts(aligned: Alignment) -> Features:
    """Return which rules see a difference from the best sentence, and from the best two."""
    first, second = sorted((aligned.first, aligned.second))
    reading = aligned.claim.reading
    alone = _rules(reading, aligned.sentences[aligned.first].reading)
    both = alone
    if first != second:
        joined = join([aligned.sentences[first].reading, aligned.sentences[second].reading])
        both = _rules(reading, joined)
    shown = {f"{name} by one": value for name, value in alone.items()}
    shown |= {f"{name} by two": value for name, value in both.items()}
    shown |= {f"{name} by both": alone[name] * both[name] for name in alone}
    own, given = denials(reading), denials(aligned.sentences[aligned.first].reading)
    return shown | {
        "denies": float(bool(own)),
        "is denied": float(bool(given)),
        "denies oddly": float(len(own) % 2 != len(given) % 2),
    }


def number_contrasts(
    aligned: Alignment, claim: str, evidence: str, headings: list[str]
) -> Features:
    """Return how the numbers and the people of a claim are those of its evidence."""
    matched = number_matches(claim, evidence)
    figures = aligned.claim.reading.figures
    own = {mention.key for mention in populations_in(claim)}
    given = _people_in(evidence).union(*map(_people_in, headings))
    return {
        "numbers": float(len(figures)),
        "numbers not met": float(
            sum(
                not any(equals_of(figure, each.reading) for each in aligned.sentences)
                for figure in figures
            )
        ),
        "numbers exact": float(matched.exact),
        "numbers loose": float(matched.loose),
        "numbers lost": float(matched.lost),
        "a number lost": float(matched.lost > 0),
        "new people": float(len(own - given)),
    }


@lru_cache(maxsize=_CACHED)
def _people_in(text: str) -> frozenset[str]:
    """Return the people that a source's text speaks of, and keep them."""
    return frozenset(mention.key for mention in populations_in(text))


def near_verbatim(shown: Features) -> float:
    """Return how much of a claim its evidence says word by word, 0 up to two thirds of it, then 1.

    `shown` are its features.
    """
    said = shown[f"share {Likeness.SAME}"] + shown[f"share {Likeness.MEANS}"]
    return max(0.0, (said - _FREE) / (1 - _FREE))


def close_contrasts(shown: Features, bound: Features) -> Features:
    """Return what differs, counted the more the nearer a claim keeps to the words.

    What differs is what a lie changes; of a free paraphrase everything does. `bound` says what is
    bound otherwise.
    """
    near = near_verbatim(shown)
    close = {f"close {rule} {by}": shown[f"{rule} {by}"] * near for rule in _RULES for by in _BY}
    close |= {f"close {name}": shown[name] * near for name in _COUNTS}
    close |= {f"close {name}": value * near for name, value in bound.items()}
    return close | {"close lost": near * ("lost telling" in shown)}


def _rules(claim: Reading, window: Reading) -> Features:
    part = Part(claim, tuple(range(len(claim.tokens))), frozenset())
    whole = Window(window, 0, 1)
    place = Place(Cited(Passage(("",), (window,), (whole,)), frozenset(), 0), whole)
    involved = clauses_of(part, whole)
    denial = denial_difference(claim, part.places, window, involved)
    return {
        "denied": float(denial is DenialDifference.DENIED),
        "not denied": float(denial is DenialDifference.NOT_DENIED),
        "stronger": float(is_stronger(claim, part.places, window, involved)),
        "other side": float(pole_differs(claim, part.places, window)),
        "other way round": float(order_differs(claim, part.places, window)),
        "number": float(number_differs(part, window) is not None),
        "stage": float(stage_differs(part, window) is not None),
        "bound otherwise": float(binding_differs(claim, part.places, window) is not None),
        "undemanded": float(undemanded(part, place, involved) is not None),
    }
