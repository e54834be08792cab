"""One word of a sentence changed for its opposite, or one left out that limits the sentence.

The lexicon reads by meanings, and for it "relieve" and "lower", or "stop" and "end", are near. Here
a claim's word is held against the very word that stands in its place: in the same company.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from navis_api.generation.grounding.beside import Beside, nearest
from navis_api.generation.grounding.lexicon import lexicon
from navis_api.generation.grounding.places import company
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.roots import root
from navis_api.generation.grounding.strength import degrees
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

_OPPOSITES = tuple(
    tuple(frozenset(side.split()) for side in pair)
    for pair in (
        ("local locally", "general systemic"),
        ("mother mothers maternal", "father fathers paternal"),
        (
            "begin begins began beginning start starts started starting",
            "end ends ended ending stop stops stopped stopping finish finishes finished",
        ),
        (
            "relieve relieves relieved relieving relief ease eases",
            "cause causes caused causing worsen worsens",
        ),
        ("first initial initially", "last final finally"),
        ("small smaller tiny", "large larger big bigger huge"),
        (
            "create creates created creating make makes",
            "destroy destroys destroyed destroying kill kills killed killing",
        ),
        ("fast faster quick quickly rapid rapidly", "slow slower slowly gradually"),
        ("few fewer", "many"),
        ("once", "twice"),
        (
            "die dies died dying death deaths",
            "survive survives survived surviving survival live lives lived living",
        ),
        ("normal", "abnormal"),
        ("high higher highest", "low lower lowest"),
        (
            "increase increases increased increasing raise raises raised raising",
            (
                "reduce reduces reduced reducing lower lowers lowered lowering decrease decreases"
                " decreased decreasing"
            ),
        ),
        ("grow grows grew growing", "shrink shrinks shrank shrinking"),
        (
            "treat treats treated treating treatment cure cures",
            "prevent prevents prevented preventing prevention",
        ),
        (
            "treat treats treated treating prevent prevents prevented preventing",
            "cause causes caused causing",
        ),
        ("before", "after"),
        ("early earlier", "late later"),
        ("left", "right"),
        ("inside", "outside"),
        ("above over", "below under"),
        ("usually often", "rarely seldom"),
        ("most", "few"),
        ("positive", "negative"),
        ("benign", "malignant"),
        ("better", "worse"),
        ("younger", "older"),
        ("common", "rare uncommon"),
        ("shorter", "longer"),
        ("weaker", "stronger"),
        ("thin", "thick"),
        ("gain gains gained", "lose loses lost"),
        ("open", "closed"),
        ("allow allows", "block blocks prevent prevents"),
    )
)
_DENIES = frozenset({"not", "no", "never", "cannot", "without", "nor", "neither"})
_DENIED = 3
_SAME_COMPANY = 0.45
"""So much of what stands around a claim's word stands around its opposite, …"""
_MORE = 0.3
"""… and so much more than around the word itself, where that stands there too."""
_LIMITS = frozenset(
    {"only", "solely", "exclusively", "just", "alone", "limited", "restricted", "unless", "merely",
     "except", "until", "sole", "confined", "if", "no", "not", "without"}
)  # fmt: skip
_OF_A_NUMBER = frozenset({"a", "an", "about", "slightly", "one", "two", "few", "small", "minor"})
_QUANTIFIERS = frozenset(
    {"some", "certain", "many", "most", "few", "several", "other", "these", "those", "number",
     "half", "not", "percent", "which", "whose", "selected", "subset", "group"}
)  # fmt: skip
_MODALS = frozenset({"may", "might", "could"})
_HEDGES = frozenset(
    {"may", "might", "could", "can", "whether", "if", "possible", "possibly", "chance", "risk",
     "option", "options", "likely", "appears", "seems", "potential", "suggest", "suggests",
     "thought", "believed", "would", "should", "tend", "tends"}
)  # fmt: skip
_HEDGED = 3.0
_HEDGED_BEFORE = 8
_HEDGED_BEHIND = 4
_FOCUS = 2
_AROUND = 4
_TOLD_OTHERWISE = frozenset(
    {"unable", "unlikely", "rarely", "hardly", "few", "little", "less", "fails", "failed", "lack",
     "lacks", "instead", "rather", "un", "non", "avoid", "unresectable", "inoperable", "too"}
)  # fmt: skip


def swapped(beside: Sequence[Beside]) -> Reason | None:
    """Return how a claim turns one word of the sentences nearest to it, or None."""
    near = nearest(beside)
    if not near:
        return None
    part = near[0].part
    for at in part.places:
        for own, opposite in _sides(part.claim, at):
            if _stands_for_its_opposite(beside, near, at, own, opposite):
                return Reason(ReasonKind.DIRECTION_DIFFERS, "its opposite")
    for drops in (_drops_only, _drops_some, _drops_may):
        if all(map(drops, near)):
            return Reason(ReasonKind.STRONGER, "a limit left out")
    if all(map(_drops_not, near)):
        return Reason(ReasonKind.NEGATION_DIFFERS, "a denial left out")
    return None


def _sides(claim: Reading, at: int) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    token = claim.tokens[at]
    for one, other in _OPPOSITES:
        if not one.isdisjoint(token.words):
            yield one, other
        if not other.isdisjoint(token.words):
            yield other, one


def _stands_for_its_opposite(
    beside: Sequence[Beside],
    near: Sequence[Beside],
    at: int,
    own: frozenset[str],
    opposite: frozenset[str],
) -> bool:
    claim = beside[0].part.claim
    around = company(claim, at, beside[0].part.places)
    whole = sum(around.values())
    if not whole:
        return False
    denied = _is_denied(claim, at)
    turned = _best(around, near, opposite, lambda r, p: _is_denied(r, p) is denied)
    if turned < _SAME_COMPANY * whole:
        return False
    straight = _best(around, beside, own, lambda r, p: _is_denied(r, p) is denied)
    as_denied = _best(around, beside, opposite, lambda r, p: _is_denied(r, p) is not denied)
    return turned - max(straight, as_denied) >= _MORE * whole


def _best(
    around: dict[str, float],
    beside: Sequence[Beside],
    words: frozenset[str],
    fits: Callable[[Reading, int], bool],
) -> float:
    return max(
        (
            _shared(around, company(each.reading, place))
            for each in beside
            for place, token in enumerate(each.reading.tokens)
            if not words.isdisjoint(token.words)
            and not _is_superlative(each.reading, place)
            and fits(each.reading, place)
        ),
        default=0.0,
    )


def _shared(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(min(weight, other[key]) for key, weight in one.items() if key in other)


def _is_superlative(reading: Reading, at: int) -> bool:
    return at > 0 and reading.tokens[at - 1].word in {"most", "least"}


def _is_denied(reading: Reading, at: int) -> bool:
    before = reading.tokens[max(0, at - _DENIED) : at]
    return any(not _DENIES.isdisjoint(token.words) for token in before)


def _drops_only(beside: Beside) -> bool:
    """Whether a sentence says "only" of what a claim says without any limit."""
    part, reading = beside.part, beside.reading
    if any(not _LIMITS.isdisjoint(part.token(at).words) for at in part.places):
        return False
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        before = tokens[at - 1].word if at else ""
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.words != ("only",) or before == "not":
            continue
        counts = following is not None and (
            following.kind is Kind.NUMBER or following.word in _OF_A_NUMBER
        )
        if counts:
            continue
        behind = _content(reading, range(at + 1, len(tokens)), _FOCUS)
        ahead = _content(reading, range(at - 1, -1, -1), _FOCUS)
        said = {place for places in beside.places.values() for place in places}
        # "In the uterus only" limits what stands before it.
        limited, beyond = (behind, ahead) if behind else (ahead, [])
        if limited and said.issuperset(limited) and (not beyond or not said.isdisjoint(beyond)):
            return True
    return False


def _drops_some(beside: Beside) -> bool:
    """Whether a sentence says of some what a claim says of them without any limit."""
    if _is_hedged(beside):
        return False
    part, tokens = beside.part, beside.reading.tokens
    for at in part.places:
        own = part.token(at)
        before = {part.token(x).word for x in range(max(0, at - 2), at)}
        if own.kind in {Kind.STOP, Kind.FUNCTION} or not before.isdisjoint(_QUANTIFIERS):
            continue
        places = [x for x in range(1, len(tokens)) if tokens[x].words == own.words]
        if len(places) == 1 and tokens[places[0] - 1].words == ("some",):
            around = company(part.claim, at, part.places)
            shared = _shared(around, company(beside.reading, places[0]))
            if around and shared >= _SAME_COMPANY * sum(around.values()):
                return True
    return False


def _drops_may(beside: Beside) -> bool:
    """Whether a sentence says that something may be what a claim says is."""
    part, reading = beside.part, beside.reading
    for place, token in enumerate(reading.tokens):
        if _MODALS.isdisjoint(token.words):
            continue
        behind = _content(reading, range(place + 1, len(reading.tokens)), 1)
        for at in part.places:
            keys = part.token(at).keys
            here = [each for key in keys for each in reading.said.get(key, ())]
            if not behind or behind[0] not in here or _is_hedged(beside, at):
                continue
            around = company(part.claim, at, part.places)
            shared = {each: _shared(around, company(reading, each)) for each in here}
            is_it = shared[behind[0]] == max(shared.values())
            if is_it and shared[behind[0]] >= _SAME_COMPANY * sum(around.values()) > 0:
                return True
    return False


def _drops_not(beside: Beside) -> bool:
    """Whether a claim says, in the same company, what a sentence denies: "can be removed"."""
    part, reading = beside.part, beside.reading
    claim = [word for at in part.places for word in part.token(at).words]
    if any(word in _DENIES or word in _TOLD_OTHERWISE for word in claim):
        return False
    own = {root(word) for word in claim if _tells(word)}
    words = [word for token in reading.tokens for word in token.words]
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if word not in {"not", "cannot"} or following in {"only", "just", "yet"}:
            continue
        behind = [root(each) for each in _up_to_a_sign(words[at + 1 :]) if _tells(each)]
        ahead = [root(each) for each in _up_to_a_sign(words[:at][::-1]) if _tells(each)]
        denied = next((each for each in behind[:2] if each in own), None)
        if denied is None or sum(root(each) == denied for each in words) > 1:
            continue
        around = {*behind[:_AROUND], *ahead[:_AROUND]} - {denied}
        if len(around & own) * 2 > len(around) and own - {denied} <= around:
            return True
    return False


def _tells(word: str) -> bool:
    return word.isalnum() and word not in lexicon().function and not word.endswith("ly")


def _up_to_a_sign(words: Sequence[str]) -> list[str]:
    return list(takewhile(lambda word: word[0].isalnum(), words))


def _is_hedged(beside: Beside, near: int | None = None) -> bool:
    """Whether a claim leaves open, or limits, what it says, or what it says near a place."""
    part = beside.part
    places = [
        at
        for at in part.places
        if near is None or near - _HEDGED_BEFORE <= at <= near + _HEDGED_BEHIND
    ]
    # An "option" that stands in both leaves open no more than it does there.
    given = {word for token in beside.reading.tokens for word in token.words}
    of_both = given - _MODALS - {"can", "some"} if near is not None else set[str]()
    if any(not (_HEDGES - of_both).isdisjoint(part.token(at).words) for at in places):
        return True
    return any(
        degree.level <= _HEDGED and part.token(degree.at).word not in of_both
        for degree in degrees(part.claim, places)
    )


def _content(reading: Reading, places: Sequence[int], most: int) -> list[int]:
    """Return the first places that say something, up to the next sign."""
    found: list[int] = []
    for at in places:
        kind = reading.tokens[at].kind
        if kind is Kind.STOP or len(found) == most:
            break
        if kind is not Kind.FUNCTION:
            found.append(at)
    return found
