"""What an answer has said already, in whatever words, so that nothing is said twice."""

from collections.abc import Iterable

from navis_api.answers.drafts import DraftClaim
from navis_api.answers.models import ClaimStyle
from navis_api.generation.extractive.matching import stem
from navis_api.kit.text import words

# Two claims with this share of their words in common say the same.
_SAME = 0.75
_TELLING_CHARS = 3


class Told:
    """Remembers claims by their words. Bullets count apart: a sentence may explain one."""

    def __init__(self, claims: Iterable[DraftClaim] = ()) -> None:
        self._told: list[tuple[bool, frozenset[str]]] = []
        for claim in claims:
            self.remember(claim)

    def has(self, claim: DraftClaim) -> bool:
        """Whether a claim says what was said before."""
        is_bullet, telling = _key(claim)
        return any(
            is_bullet == was_bullet and _same(telling, other) for was_bullet, other in self._told
        )

    def remember(self, claim: DraftClaim) -> None:
        """Note that a claim has been said."""
        self._told.append(_key(claim))


def _key(claim: DraftClaim) -> tuple[bool, frozenset[str]]:
    spoken = frozenset(
        stem(word)
        for word in words(claim.text)
        # "may" and "is" don't tell two claims apart; "not" and "no" do.
        if len(word) > _TELLING_CHARS or word in {"no", "not"} or word.isdigit()
    )
    return claim.style is ClaimStyle.BULLET, spoken


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return one == other
    if ("not" in one) != ("not" in other) or ("no" in one) != ("no" in other):
        return False
    return len(one & other) / len(one | other) >= _SAME
