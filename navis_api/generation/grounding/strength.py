"""How sure a sentence is, and of how many it speaks: from "rarely" to "always"."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from navis_api.generation.grounding.places import fits_better
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.roots import root

_RARE = 1.0
_POSSIBLE = 2.0
_OFTEN = 3.0
_MOST = 4.0
_PLAIN = 4.0
_ALWAYS = 5.0

_WORDS = {
    _RARE: "rare rarely uncommon uncommonly seldom infrequent infrequently few hardly unusual "
    "unlikely",
    _POSSIBLE: "may might can could possible possibly perhaps maybe sometimes some occasionally "
    "occasional certain potential potentially option options appear appears seem "
    "seems suggest suggests suggested thought believed tends tend "
    "consider considered select selected possibility depending depends depend "
    "minority",
    _OFTEN: "often many common commonly frequent frequently likely probably much lot lots",
    _MOST: "usually usual most generally typically typical mostly majority mainly normally largely",
    _ALWAYS: "all always every will never definitely certainly must guarantee guarantees "
    "guaranteed completely entirely totally whole entire sure ensure ensures none proves prove "
    "invariably everyone nobody",
}  # fmt: skip
_LEVELS = {word: level for level, said in _WORDS.items() for word in said.split()}
_MAKES_SUPERLATIVE = frozenset(
    root(word)
    for word in ("common", "important", "effective", "serious", "frequent", "aggressive", "likely",
                 "dangerous", "useful", "accurate", "severe", "active", "recent")
)  # fmt: skip
_SUPERLATIVES = frozenset(
    {"leading", "main", "biggest", "largest", "greatest", "best", "highest", "lowest", "strongest",
     "chief", "top", "major", "commonest", "worst", "deadliest", "safest", "mainly", "number-one"}
)  # fmt: skip
_LAST = frozenset({"least", "lowest"})
_SAY_HOW_SURELY = frozenset({"usually", "often", "generally", "sometimes", "rarely", "always"})
_ORDINALS = frozenset(
    {"second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
)
_MODALS = frozenset({"may", "might", "can", "could"})
_EVERYTHING = frozenset({"all", "always", "every", "everyone"})
_SEEMS = frozenset({"appear", "appears", "seem", "seems"})
_COUNTS = frozenset(
    {"some", "several", "certain", "few", "many", "much", "lot", "lots", "most", "majority", "all",
     "every", "none", "everyone", "nobody", "completely", "entirely", "totally", "whole", "entire"}
)  # fmt: skip
# What a word compares or belongs to, where it isn't a degree.
_COMPARES = {
    "common": ("most", "more", "less"),
    "likely": ("most", "more", "less", "as"),
    "frequent": ("most", "more", "less"),
    "only": ("not",),
    "all": ("at", "first", "after"),
    "most": ("at",),
    "much": ("how", "too", "very", "as"),
    "many": ("how", "too", "as"),
    "often": ("more", "less", "how"),
    "certain": ("a",),
}
_PAIRED = {
    "each": ("other", "year", "day", "week", "month", "side"),
    "will": (),
    "every": ("year", "day", "week", "month", "few", "other"),
    "much": ("more", "less", "higher", "lower", "better"),
    "most": ("often", "recent", "recently"),
}


@dataclass(frozen=True, slots=True)
class Degree:
    """A word that says how sure or how many, at the token `at`. `counts` when it says how many."""

    level: float
    counts: bool
    at: int


def degrees(reading: Reading, places: Iterable[int]) -> list[Degree]:
    """Return the degrees that the words at some places say."""
    found: list[Degree] = []
    for at in places:
        level = _level(reading, at)
        if level is not None:
            found.append(Degree(level, not _COUNTS.isdisjoint(reading.tokens[at].words), at))
    return found


def is_stronger(
    claim: Reading, places: Sequence[int], window: Reading, involved: frozenset[int]
) -> bool:
    """Whether a part of a claim is surer, or of more, than what it rests on.

    Without any word for it a sentence is plain: surer than "usually", less sure than "always".
    """
    first = _superlatives(claim, places)
    if first and not first <= _superlatives(window, range(len(window.tokens))):
        return True
    claimed = degrees(claim, places)
    anywhere = degrees(window, range(len(window.tokens)))
    said = {key for at in places for key in claim.tokens[at].keys}
    given = [
        degree
        for degree in anywhere
        if window.tokens[degree.at].clause in involved
        and (degree.counts or _goes_for(degree, window, said))
    ]
    least = min((degree.level for degree in claimed), default=_PLAIN)
    least_given = min((degree.level for degree in given), default=_PLAIN)
    if least <= _RARE and least_given > _RARE:
        return True
    if least > _RARE and min(least, _PLAIN) > min(least_given, _PLAIN):
        return True
    hedges = {degree.level for degree in claimed if not degree.counts}
    return any(
        not _stands(claim, places, window, degree, given, anywhere, hedges)
        for degree in claimed
        if degree.level >= _OFTEN
    )


def _goes_for(degree: Degree, window: Reading, said: AbstractSet[str]) -> bool:
    """Whether a degree goes for what a claim says: what stands behind it is said there.

    "It removes the tumor and is often used on the face" doesn't remove it often.
    """
    clause = window.tokens[degree.at].clause
    behind = [token for token in window.tokens[degree.at + 1 :] if token.clause == clause]
    telling = [token for token in behind if token.tells]
    if telling:
        return any(key in said for token in telling for key in token.keys)
    return True


def _superlatives(reading: Reading, places: Iterable[int]) -> frozenset[str]:
    """Return the ranks that superlatives give: "leading" is first, "second most" is second.

    "Lowest" is last, and no support of "highest".
    """
    tokens = reading.tokens
    found: set[str] = set()
    for at in places:
        word, *more = tokens[at].words
        following = tokens[at + 1].word if at + 1 < len(tokens) else ""
        makes = bool(more) or root(following) in _MAKES_SUPERLATIVE or following == "often"
        if (word in {"most", "least"} and makes) or not _SUPERLATIVES.isdisjoint((word, *more)):
            before = tokens[at - 1].word if at else ""
            last = not _LAST.isdisjoint((word, *more))
            found.add(before if before in _ORDINALS else "last" if last else "first")
    return frozenset(found)


def _stands(
    claim: Reading,
    places: Sequence[int],
    window: Reading,
    degree: Degree,
    given: Sequence[Degree],
    anywhere: Sequence[Degree],
    hedges: AbstractSet[float],
) -> bool:
    """Whether a strong word of a claim has one at least as strong to rest on, in its place."""
    among = anywhere if degree.level >= _ALWAYS else given
    alike = [other for other in among if other.counts == degree.counts]
    if degree.level >= _ALWAYS and not alike:
        alike = list(among)
    same = [other.at for other in alike if other.level >= degree.level]
    # What the claim hedges as its evidence does ("can nearly always") weakens nothing.
    weaker = [
        other.at
        for other in alike
        if other.level < degree.level and (other.counts or other.level not in hedges)
    ]
    if not same:
        return not weaker and degree.level < _ALWAYS
    return fits_better(claim, degree.at, places, window, same, weaker)


def _level(reading: Reading, at: int) -> float | None:
    tokens = reading.tokens
    word, *more = tokens[at].words
    if more:
        return None if _MODALS.isdisjoint(tokens[at].words) else _POSSIBLE
    if word not in _LEVELS:
        return None
    following = tokens[at + 1].word if at + 1 < len(tokens) else ""
    before = tokens[at - 1].word if at else ""
    if _says_otherwise(word, before, following):
        return None
    if word == "often" and before == "most":
        return _MOST
    if word in _EVERYTHING and before in {"almost", "nearly"}:
        return _MOST
    if word in _EVERYTHING and before == "not":
        return _POSSIBLE
    return _LEVELS[word]


def _says_otherwise(word: str, before: str, following: str) -> bool:
    """Whether a word is no degree between these two: "most common", "a few", "each other"."""
    return (
        (word == "most" and root(following) in _MAKES_SUPERLATIVE)
        # In "can usually be cured" the adverb says how surely.
        or (word in _MODALS and following in _SAY_HOW_SURELY)
        or (word in _SEEMS and following != "to")
        or (word == "few" and before == "a")
        or before in _COMPARES.get(word, ())
        or following in _PAIRED.get(word, ())
    )
