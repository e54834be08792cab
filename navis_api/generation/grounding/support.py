"""Whether a sentence of a claim stands in the sentences of what it cites."""

from collections.abc import Sequence
from dataclasses import dataclass

from navis_api.generation.grounding.citing import Cited, Place
from navis_api.generation.grounding.comparing import difference
from navis_api.generation.grounding.negation import DenialDifference
from navis_api.generation.grounding.numbers import equals_of
from navis_api.generation.grounding.parts import Part, cut_in_parts, joined
from navis_api.generation.grounding.reading import Reading
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

# How many windows are looked at closely; the right one is among the first.
_CLOSELY = 10
# A sentence with more parts than this is cut in two only.
_MOST_PARTS = 10
_CONTRADICTS = frozenset(
    {
        ReasonKind.NUMBER_DIFFERS,
        ReasonKind.NEGATION_DIFFERS,
        ReasonKind.STRONGER,
        ReasonKind.DIRECTION_DIFFERS,
        ReasonKind.STAGE_DIFFERS,
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of looking for a part of a claim: where it stands, or why it doesn't."""

    place: Place | None
    reason: Reason | None = None
    decisive: bool = False
    """Whether sentences that say all of the part's words contradict it."""


def find_support(
    claim: Reading, cited: Sequence[Cited], known: frozenset[int], topic: frozenset[str]
) -> list[Found]:
    """Look for the places that a sentence of a claim rests on.

    As a whole in one window, or its parts each in one of their own. `known` are the places of
    words that need no support here: the name of the answer's cancer, of which `topic` are the
    keys. One Found without a place says that the sentence isn't supported.
    """
    everything = Part(claim, tuple(range(len(claim.tokens))), known)
    whole = _find(everything, cited)
    if whole.place is not None or whole.decisive:
        return [whole]
    parts = cut_in_parts(everything)
    ways = [
        [joined(parts[:cut]), joined(parts[cut:])] for cut in range(1, min(len(parts), _MOST_PARTS))
    ]
    if 2 < len(parts) <= _MOST_PARTS:  # noqa: PLR2004  (two parts are two halves)
        ways.append(parts)
    for way in ways:
        found = _find_all(way, cited, topic)
        if found:
            return found
    return [whole]


def _find_all(parts: Sequence[Part], cited: Sequence[Cited], topic: frozenset[str]) -> list[Found]:
    """Return where each of several parts stands; nothing when one doesn't."""
    found: list[Found] = []
    for part in parts:
        found.append(_find(part, cited))
        if found[-1].place is None:
            return []
    return found if _belong_together(parts, found, topic) else []


def _find(part: Part, cited: Sequence[Cited]) -> Found:
    ranked = _ranked(part, cited)
    first: Reason | None = None
    contradicted: tuple[int, int] | None = None
    for rank, place in ranked[:_CLOSELY]:
        # What one sentence contradicts, another that says less of it can't save.
        if contradicted is not None and rank > contradicted:
            break
        reason = difference(part, place)
        if reason is None:
            return Found(place)
        first = first or reason
        is_list = place.window.lead_clauses and place.window.sentences > 1
        if contradicted is None and not is_list and _contradicts(reason, missing=rank[0]):
            contradicted = rank
    decisive = contradicted is not None and not contradicted[0]
    return Found(None, first or Reason(ReasonKind.NOT_SAID), decisive)


def _contradicts(reason: Reason, *, missing: int) -> bool:
    """Whether a sentence says otherwise, and not only less, than a claim.

    One that lacks words of the claim may not be the one that says what the claim denies.
    """
    if reason.detail == DenialDifference.NOT_DENIED and missing:
        return False
    return reason.kind in _CONTRADICTS


def _ranked(part: Part, cited: Sequence[Cited]) -> list[tuple[tuple[int, int], Place]]:
    """Return all windows with how much they lack; those that say most of a part first."""
    general = [at for at in part.content if part.token(at).kind is Kind.GENERAL]
    found: list[tuple[tuple[int, int], Place]] = []
    for each in cited:
        for window in each.passage.windows:
            reading = window.reading
            missing = len(part.missing_in(reading))
            missing += sum(not equals_of(figure, reading) for figure in part.figures)
            common = sum(any(key in reading.said for key in part.token(at).keys) for at in general)
            found.append(((missing, -common), Place(each, window)))
    # The sort is stable: of equals, the narrower windows stay first.
    found.sort(key=lambda entry: (entry[0], entry[1].window.sentences))
    return found


def _belong_together(parts: Sequence[Part], found: Sequence[Found], topic: frozenset[str]) -> bool:
    """Whether each part's place speaks of what the parts before it speak of."""
    before = set(parts[0].telling_keys)
    for part, each in zip(parts[1:], found[1:], strict=True):
        if each.place is None:
            return False
        if before and not (before | topic) & each.place.around:
            return False
        before |= part.telling_keys
    return True
