"""More or less, better or worse, before or after, cause or effect: which way a sentence points."""

from collections.abc import Sequence

from navis_api.generation.grounding.lexicon import Side, lexicon
from navis_api.generation.grounding.places import fits_better
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.tokens import Kind

# Of these, a claim has no side unless its evidence has one.
_ORDERED = "before"
_SAID_AS_SUCH = frozenset({"higher"})
# These go with another word, which is looked for: "more aggressive" may be "faster".
_COMPARES_ONLY = frozenset(
    {"more", "less", "many", "extra", "additional", "often", "greater", "high", "low"}
)
# Left of the word stands what comes first or does it; with a reversed one, right of it.
_ORDERS: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(("before", "prior", "followed"), ("order", False)),
    **dict.fromkeys(("after", "following"), ("order", True)),
    **dict.fromkeys(
        ("cause", "causes", "causing", "lead", "leads", "leading", "led", "result", "results",
         "resulting", "prevent", "prevents", "treats", "triggers"),
        ("cause", False),
    ),
    **dict.fromkeys(("caused", "due", "because"), ("cause", True)),
    **dict.fromkeys(
        ("increase", "increases", "raise", "raises", "lower", "lowers", "reduce", "reduces"),
        ("raises", False),
    ),
    **dict.fromkeys(
        ("than", "compared", "versus", "vs", "superior", "inferior"), ("than", False)
    ),
    "into": ("into", False),
    "from": ("from", False),
}  # fmt: skip
_COMPARED = "than"
_LESS = frozenset(
    {"less", "fewer", "lower", "shorter", "worse", "smaller", "poorer", "inferior", "rarer",
     "reduced", "decreased", "younger", "slower"}
)  # fmt: skip
_BAD_ENDS = frozenset(
    {"die", "died", "dying", "death", "deaths", "mortality", "kill", "kills", "killed",
     "relapse", "recurrence", "recur", "returned", "progression", "toxicity"}
)  # fmt: skip
_NOUNS_OF_CAUSE = frozenset({("risk", "factor"), ("risk", "factors")})
_CAUSAL = {"cause", "raises"}
_PASSIVE_BY = "by"
_REACH = 8
_MORE_OR_LESS = frozenset({"more", "less", "fewer", "greater", "higher", "lower"})
# "5 years of age or more": the degree stands at most so far behind the number.
_BEHIND_NUMBER = 5
# "How far it has spread" doesn't say that it is far.
_ASKS = "how"
# By their roots these would be near, a part, and what doesn't end.
_NO_SIDE = frozenset({"nearly", "location", "locations", "last"})
# What these begin is another statement.
_CONTRASTS = frozenset({"but", "although", "though"})
_JOINT_WORDS = 2


def pole_differs(claim: Reading, places: Sequence[int], window: Reading) -> bool:
    """Whether a claim says one side of an opposition where its evidence says the other."""
    for at in places:
        asked = at > 0 and claim.tokens[at - 1].word == _ASKS
        if asked or claim.tokens[at].word in _NO_SIDE or _bounds_a_number(claim, at):
            continue
        stands = [
            _side_stands(claim, at, places, window, side)
            for key in claim.tokens[at].keys
            for side in lexicon().sides.get(key, ())
        ]
        if False in stands:
            return True
        # A word that holds no sentence together is looked for by itself.
        if stands and True not in stands and claim.tokens[at].kind is Kind.GENERAL:
            sides = [s for k in claim.tokens[at].keys for s in lexicon().sides.get(k, ())]
            as_such = all(side.dimension in _SAID_AS_SUCH for side in sides)
            if as_such and claim.tokens[at].word not in _COMPARES_ONLY:
                return True
    return False


def _bounds_a_number(reading: Reading, at: int) -> bool:
    """Whether a degree is the limit of a number, which is compared as such: "no more than 5%"."""
    tokens = reading.tokens
    if tokens[at].word not in _MORE_OR_LESS:
        return False
    than = at + 2 < len(tokens) and tokens[at + 1].word == "than"
    if than and tokens[at + 2].kind is Kind.NUMBER:
        return True
    before = [token.kind for token in tokens[max(0, at - _BEHIND_NUMBER) : at]]
    return at > 1 and tokens[at - 1].word == "or" and Kind.NUMBER in before


def _side_stands(
    claim: Reading, at: int, places: Sequence[int], window: Reading, side: Side
) -> bool | None:
    """Whether a side is said, False where the other one is, None where neither is."""
    same: list[int] = []
    other: list[int] = []
    for key, stated in lexicon().by_dimension[side.dimension]:
        (same if stated == side.pole else other).extend(window.said.get(key, ()))
    other = [place for place in other if place not in same]
    if not same and not other:
        return None
    if same and side.dimension == _ORDERED:
        # Which of them is meant is for the order of what they join.
        return True
    return fits_better(claim, at, places, window, same, other)


def order_differs(claim: Reading, places: Sequence[int], window: Reading) -> bool:
    """Whether what a claim puts first, or calls the cause, comes second in its evidence."""
    claimed = _orders(claim, places)
    if not claimed:
        return False
    given = _orders(window, range(len(window.tokens)))
    for kind, first, second in claimed:
        straight = turned = False
        for given_kind, given_first, given_second in given:
            # What raises a risk is told as a cause, and never the other way round.
            if given_kind == kind or {given_kind, kind} == _CAUSAL:
                as_is = len(first & given_first) * len(second & given_second)
                crossed = len(first & given_second) * len(second & given_first)
                apart = bool(first & given_second) or bool(second & given_first)
                near = bool(first & given_first) or bool(second & given_second)
                straight = straight or as_is >= max(crossed, 1) or (near and not apart)
                turned = turned or crossed > as_is
        if turned and not straight:
            return True
    return False


Order = tuple[str, frozenset[str], frozenset[str]]


def _orders(reading: Reading, places: Sequence[int]) -> list[Order]:
    """Return what is put before what: a kind of order, the keys of the first, of the second."""
    found: list[Order] = []
    allowed = set(places)
    for at in places:
        joint = _joint(reading, at)
        if joint is None:
            continue
        kind, turned = joint
        left = _side(reading, allowed, at, -1)
        right = _side(reading, allowed, at, 1)
        if not left and right:
            # "After surgery, chemotherapy is given": what is said first stands behind the comma.
            right, left = _around_comma(reading, allowed, at)
        # What stands on both sides tells nothing: "after surgery than after chemotherapy".
        left, right = left - right, right - left
        turned ^= kind == _COMPARED and _is_of_less(reading, at)
        if left and right:
            found.append((kind, right, left) if turned else (kind, left, right))
    return found


def _joint(reading: Reading, at: int) -> tuple[str, bool] | None:
    """Return the order that a word puts its two sides in, and whether the right one is first."""
    token = reading.tokens[at]
    if token.words[:2] in _NOUNS_OF_CAUSE:
        return _ORDERS["raises"]
    if len(token.words) > _JOINT_WORDS and "risk factor" not in token.keys:
        return None
    named = next((word for word in token.words if word in _ORDERS), None)
    if named is None:
        return None
    kind, turned = _ORDERS[named]
    following = reading.tokens[at + 1].word if at + 1 < len(reading.tokens) else ""
    if named == "followed":
        return (kind, False) if _PASSIVE_BY in (following, *token.words) else None
    if named == "compared" and following not in {"with", "to"}:
        return None
    if named in {"superior", "inferior"} and following != "to":
        return None
    if named == "than" and _is_number(reading, at + 1):
        return None
    if kind in {"cause", "raises"} and following == _PASSIVE_BY:
        return kind, True
    if named in {"result", "results"} and following in {"from", "of"}:
        return kind, True
    return kind, turned


def _is_number(reading: Reading, at: int) -> bool:
    return at < len(reading.tokens) and reading.tokens[at].kind is Kind.NUMBER


def _is_of_less(reading: Reading, at: int) -> bool:
    """Whether a comparison has less of something on its left: "fewer …", "more deaths …"."""
    clause = [token for token in reading.tokens if token.clause == reading.tokens[at].clause]
    words = {word for token in clause for word in token.words}
    return len(words & _LESS) % 2 != (not words.isdisjoint(_BAD_ENDS))


def _side(reading: Reading, allowed: set[int], at: int, step: int) -> frozenset[str]:
    tokens = reading.tokens
    keys: set[str] = set()
    other, count = at + step, 0
    while 0 <= other < len(tokens) and other in allowed and count < _REACH:
        token = tokens[other]
        if token.word in _CONTRASTS or (token.kind is Kind.STOP and token.word in ".;:!?"):
            break
        if token.kind not in {Kind.FUNCTION, Kind.STOP}:
            keys.update(token.keys)
        count += token.kind is not Kind.STOP
        other += step
    return frozenset(keys)


def _around_comma(
    reading: Reading, allowed: set[int], at: int
) -> tuple[frozenset[str], frozenset[str]]:
    tokens = reading.tokens
    comma = next(
        (
            other
            for other in range(at + 1, min(at + 2 * _REACH, len(tokens)))
            if tokens[other].word == ","
        ),
        None,
    )
    if comma is None:
        return frozenset(), frozenset()
    first = frozenset(
        key for other in range(at + 1, comma) if tokens[other].tells for key in tokens[other].keys
    )
    return first, _side(reading, allowed, comma, 1)
