"""Which claim of one revision became which of another."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from navis_api.answers.document import AnswerContent, ContentCitation
from navis_api.answers.models import ClaimStyle
from navis_api.answers.word_differences import likeness

_ALIKE = 0.5
"""Claims that share half of their words are one claim, reworded."""


@dataclass(frozen=True, slots=True)
class FlatClaim:
    """A claim with its place, counted from 0, and what it rests on."""

    section: int
    claim: int
    text: str
    style: ClaimStyle
    citations: tuple[ContentCitation, ...]


def flat_claims(content: AnswerContent) -> list[FlatClaim]:
    """Return the claims of an answer in reading order."""
    return [
        FlatClaim(
            section=at,
            claim=place,
            text=claim.text,
            style=claim.style,
            citations=tuple(content.citations_of(claim)),
        )
        for at, section in enumerate(content.sections)
        for place, claim in enumerate(section.claims)
    ]


def pair_sections(before: AnswerContent, after: AnswerContent) -> dict[int, int]:
    """Return which section each of the new ones was: by heading or else by kind, in order."""
    pairs: dict[int, int] = {}
    free = list(range(len(before.sections)))
    for same in ("heading", "kind"):
        for at, section in enumerate(after.sections):
            wanted = getattr(section, same)
            found = next(
                (each for each in free if getattr(before.sections[each], same) == wanted), None
            )
            if at not in pairs and found is not None:
                pairs[at] = found
                free.remove(found)
    return pairs


def pair_claims(
    before: Sequence[FlatClaim], after: Sequence[FlatClaim], sections: Mapping[int, int]
) -> tuple[dict[int, int], set[int]]:
    """Return which claim each of the new ones was, by their places in the lists, and what moved.

    The same words are the same claim; of the rest, the most alike become pairs first. Moved
    is what is in another section (`sections` as `pair_sections` gives them), and the fewest
    of the others that explain the new order.
    """
    pairs = _same(before, after)
    rest_before = [at for at in range(len(before)) if at not in pairs.values()]
    rest_after = [at for at in range(len(after)) if at not in pairs]
    alike = sorted(
        (
            (-likeness(before[old].text, after[new].text), abs(old - new), new, old)
            for old in rest_before
            for new in rest_after
        ),
    )
    paired: set[int] = set(pairs.values())
    for score, _, new, old in alike:
        if -score >= _ALIKE and new not in pairs and old not in paired:
            pairs[new] = old
            paired.add(old)
    return pairs, _moved(pairs, before, after, sections)


def _same(before: Sequence[FlatClaim], after: Sequence[FlatClaim]) -> dict[int, int]:
    places: dict[str, list[int]] = {}
    for at, claim in enumerate(before):
        places.setdefault(claim.text, []).append(at)
    pairs: dict[int, int] = {}
    for at, claim in enumerate(after):
        if free := places.get(claim.text):
            pairs[at] = free.pop(0)
    return pairs


def _moved(
    pairs: Mapping[int, int],
    before: Sequence[FlatClaim],
    after: Sequence[FlatClaim],
    sections: Mapping[int, int],
) -> set[int]:
    """Return the new places outside a longest run in the old order, or in another section."""
    places = sorted(pairs)
    ends: list[int] = []
    last: list[int] = []
    previous: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(ends, pairs[place])
        previous[place] = last[at - 1] if at else None
        ends[at : at + 1] = [pairs[place]]
        last[at : at + 1] = [place]
    stayed: set[int] = set()
    place = last[-1] if last else None
    while place is not None:
        stayed.add(place)
        place = previous[place]
    return {
        each
        for each in places
        if each not in stayed or sections.get(after[each].section) != before[pairs[each]].section
    }
