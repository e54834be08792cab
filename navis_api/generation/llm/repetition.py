"""What an answer has said already, in whatever words, so that nothing is said twice."""

from collections.abc import Iterable

from navis_api.answers.drafts import DraftClaim
from navis_api.answers.models import ClaimStyle
from navis_api.generation.extractive.matching import stem
from navis_api.kit.text import words

# Two claims with this share of their words in common say the same.
_SAME = 0.75
_TELLING_CHARS = 3
_OF_SENTENCE = 4


class Told:
    """Remembers claims by their words. Bullets count apart: a sentence may explain one."""

    def __init__(self, claims: Iterable[DraftClaim] = ()) -> None:
        self._told: list[tuple[bool, frozenset[str]]] = []
        for claim in claims:
            self.remember(claim)

    def copy(self) -> "Told":
        """Return what has been said so far, to try what else might be."""
        other = Told()
        other._told = list(self._told)
        return other

    def has(self, claim: DraftClaim) -> bool:
        """Whether a claim says what was said before."""
        is_bullet, telling = _key(claim)
        return any(
            _same(telling, other) if is_bullet == was_bullet else _is_one(telling, other)
            for was_bullet, other in self._told
        )

    def remember(self, claim: DraftClaim) -> None:
        """Note that a claim has been said."""
        self._told.append(_key(claim))


def each_once(texts: Iterable[str]) -> list[str]:
    """Return texts without those that say what one before them said."""
    kept: dict[str, frozenset[str]] = {}
    for text in texts:
        telling = _telling(text)
        if not any(_same(telling, other) for other in kept.values()):
            kept[text] = telling
    return list(kept)


def _key(claim: DraftClaim) -> tuple[bool, frozenset[str]]:
    return claim.style is ClaimStyle.BULLET, _telling(claim.text)


def _telling(text: str) -> frozenset[str]:
    return frozenset(
        stem(word)
        for word in words(text)
        # "may" and "is" don't tell two claims apart; "not" and "no" do.
        if len(word) > _TELLING_CHARS or word in {"no", "not"} or word.isdigit()
    )


def _is_one(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a bullet is the very sentence that was told, and not only on what that is on."""
    return one == other and len(one) >= _OF_SENTENCE


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other:
        return one == other
    if ("not" in one) != ("not" in other) or ("no" in one) != ("no" in other):
        return False
    return len(one & other) / len(one | other) >= _SAME
