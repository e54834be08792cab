"""Whether two alike words of a claim have changed places: numbers, names, words of a kind.

Of two of them, each has its company in the claim. Where the evidence has one nearer to the other's
company, the two have changed places: "80 % had A and 20 % B" for "80 % had B and 20 % A".
"""

import numpy as np
from numpy.typing import NDArray

from navis_api.generation.grounding.closeness.coverage import Features
from navis_api.generation.grounding.closeness.laid import Laid
from navis_api.generation.grounding.closeness.word_vectors import word_vectors
from navis_api.generation.grounding.reading import Token
from navis_api.generation.grounding.roots import root
from navis_api.generation.grounding.tokens import Kind

_MOST_WORDS = 40
_MOST_PLACES = 6
_FEWEST_WORDS = 4
_FADES = 3.0
_ALIKE = 0.35
"""From this cosine on, two words are of a kind."""
_BESIDE = 2.3
"""Two words so near, in the claim and in its evidence, are one list: "nausea and vomiting"."""
_KINDS = ("any", "numbers", "names", "others")

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


def exchange_features(laid: Laid) -> Features:
    """Return how surely two words of a kind kept their company, at worst and at best.

    `kept` weighs the company that speaks most for it and most against it, `kept in all` all of it.
    """
    shown = {
        f"{name} {kind}": 0.0 for kind in _KINDS for name in ("least kept", "kept", "kept in all")
    }
    places = list(laid.said_at)[:_MOST_WORDS]
    if len(places) < _FEWEST_WORDS:
        return shown
    own, given, same = _distances(laid, places)
    firsts, seconds = np.triu_indices(len(places), 1)
    apart = ~same[firsts, seconds]
    firsts, seconds = firsts[apart], seconds[apart]
    kinds = [laid.claim.tokens[at].kind for at in places]
    numbers = np.array([kind is Kind.NUMBER for kind in kinds])
    names = np.array([kind in {Kind.NAME, Kind.STAGE} for kind in kinds])
    alike = (_nearness(laid, places)[firsts, seconds] > _ALIKE) & ~numbers[firsts]
    alike &= ~numbers[seconds]
    alike |= numbers[firsts] & numbers[seconds]
    listed = (own[firsts, seconds] < _BESIDE) & (given[firsts, seconds] < _BESIDE)
    chosen = alike & ~listed
    if not chosen.any():
        return shown
    one, other = firsts[chosen], seconds[chosen]
    kept = _kept(own, one, other, firsts, seconds) * _kept(given, one, other, firsts, seconds)
    kept[_shared(one, other, firsts, seconds)] = 0.0
    most = kept.max(axis=1).clip(min=0) + kept.min(axis=1).clip(max=0)
    in_all = kept.sum(axis=1) / (1 + np.abs(kept).sum(axis=1))
    of_numbers, of_names = numbers[one] & numbers[other], names[one] & names[other]
    every = np.ones(len(one), dtype=np.bool_)
    chosen_by = (every, of_numbers, of_names, ~of_numbers & ~of_names)
    for kind, rows in zip(_KINDS, chosen_by, strict=True):
        if rows.any():
            shown[f"least kept {kind}"] = min(0.0, float(most[rows].min()))
            shown[f"kept {kind}"] = float(most[rows].max())
            shown[f"kept in all {kind}"] = float(in_all[rows].min())
    return shown


def _distances(laid: Laid, places: list[int]) -> tuple[Floats, Floats, Flags]:
    """Return how far words stand from one another, in the claim and in its evidence.

    And of which two the evidence may mean the same word.
    """
    claimed = np.array([laid.claim.along[at] for at in places])
    own: Floats = np.abs(claimed[:, None] - claimed[None, :])
    width = min(max(len(laid.said_at[at]) for at in places), _MOST_PLACES)
    there = np.zeros((len(places), width), dtype=np.int64)
    for row, at in enumerate(places):
        said = laid.said_at[at][:width]
        there[row] = [*said, *[said[0]] * (width - len(said))]
    along = np.array(laid.evidence.along)[there]
    steps = np.abs(along[:, None, :, None] - along[None, :, None, :])
    given: Floats = steps.reshape(len(places), len(places), -1).min(axis=2)
    equal = there[:, None, :, None] == there[None, :, None, :]
    same: Flags = equal.reshape(len(places), len(places), -1).any(axis=2)
    return own, given, same


def _nearness(laid: Laid, places: list[int]) -> Floats:
    """Return the cosines of words; what has no vector is near nothing."""
    known = word_vectors()
    vectors = np.zeros((len(places), known.vectors.shape[1]))
    for row, at in enumerate(places):
        own = _row_of(laid.claim.tokens[at])
        if own is not None:
            vectors[row] = known.vectors[own]
    return vectors @ vectors.T


def _row_of(token: Token) -> int | None:
    """Return the row of the vector of a token's last word that has one."""
    rows = (word_vectors().row.get(root(word)) for word in reversed(token.words))
    return next((row for row in rows if row is not None), None)


def _kept(distances: Floats, one: Whole, other: Whole, first: Whole, second: Whole) -> Floats:
    """Return how much nearer `one` is to `first` and `other` to `second` than crosswise."""
    near = np.exp(-distances / _FADES)
    straight = near[np.ix_(one, first)] + near[np.ix_(other, second)]
    return straight - near[np.ix_(one, second)] - near[np.ix_(other, first)]


def _shared(one: Whole, other: Whole, first: Whole, second: Whole) -> Flags:
    """Return which two pairs have a word in common."""
    shared: Flags = (one[:, None] == first) | (one[:, None] == second)
    return shared | (other[:, None] == first) | (other[:, None] == second)
