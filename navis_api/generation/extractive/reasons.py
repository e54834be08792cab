"""Reasons: what sources say on why something is so, where a question asks that."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

from navis_api.answers.models import ClaimStyle
from navis_api.generation.extractive.blocks import Block, is_welcome
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.key_points import KeyPoint
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.relevance import is_beside_the_point
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.telling import Telling
from navis_api.generation.extractive.units import Unit, units_of
from navis_api.generation.extractive.why_asked import Why
from navis_api.sources.models import Audience

_REASON = re.compile(
    r"\b(?:because|reasons?|so that|in order to|due to|this is why|which is why"
    r"|to (?:shrink|make|lower|keep|reduce|kill|help|prevent|relieve|ease|see|find|check|learn"
    r"|destroy|lessen|increase|improve|stop|slow)|helps? (?:to )?(?:shrink|make|lower|keep|prevent)"
    r"|(?:makes?|making) it (?:easier|harder|possible))\b",
    re.IGNORECASE,
)
# "The reasons are" tells more than "to help", and "because" too.
_PLAINLY = re.compile(r"\b(?:because|reasons?|so that|this is why|in order to)\b", re.IGNORECASE)
_REASONS_FOLLOW = re.compile(r"\breasons?\b[^.]*:$", re.IGNORECASE)
# "Because it spreads early, ...": what stands behind is what has the reason.
_BEGINS_WITH_REASON = re.compile(r"^because\b[^,]*,\s*", re.IGNORECASE)
_NOT = wanted(("not", "cannot", "can't", "don't", "doesn't", "unable", "never", "no"))
_ENOUGH = 0.6
_ENOUGH_ANSWERED = 0.65
_ENOUGH_OF_REASONS = 0.5
_IN_HEADING = 0.5
_MORE_IF_PLAIN = 0.15
_MOST_POINTS = 3


@dataclass(frozen=True, slots=True)
class _Weighed:
    why: Why
    weights: tuple[float, ...]

    def share(self, said: str, heading: str) -> float:
        """Return the share of what is asked that a statement says, or its heading for it."""
        told = sum(
            weight * _said(term, said, heading)
            for term, weight in zip(self.why.terms, self.weights, strict=True)
        )
        whole = sum(self.weights)
        if self.why.is_denied:
            told += speaks_of(said, _NOT) * whole / max(1, len(self.weights))
            whole += whole / max(1, len(self.weights))
        return told / whole if whole else 0.0


def reasons(
    blocks: Sequence[Block], whys: Sequence[Why], plan: SectionPlan, fitness: Fitness
) -> Iterator[list[KeyPoint]]:
    """Yield for each "why" the statements that give a reason and say most of what is asked."""
    own = [block for block in blocks if _may_hold(block, plan)]
    bodies = [block.body for block in own]
    for why in whys:
        weights = tuple(_weight(term, bodies) for term in why.terms)
        weighed = _Weighed(why, weights)
        found = [point for block in own for point in _in_block(block, weighed, plan, fitness)]
        ranked = sorted(found, key=lambda point: (-point.share, point.block.order))
        best = ranked[0].share if ranked else 0.0
        yield [point for point in ranked if point.share >= best - _MORE_IF_PLAIN][:_MOST_POINTS]


def gives_reason(claims: Sequence[str], why: Why) -> bool:
    """Whether one of the claims gives a reason for what is asked."""
    even = _Weighed(why, (1.0,) * len(why.terms))
    return any(
        _REASON.search(claim) is not None
        and even.share(readable_now(_BEGINS_WITH_REASON.sub("", claim)), "") >= _ENOUGH_ANSWERED
        for claim in claims
    )


def _in_block(
    block: Block, weighed: _Weighed, plan: SectionPlan, fitness: Fitness
) -> Iterator[KeyPoint]:
    for passage in block.passages:
        for unit in units_of(passage, fitness):
            if unit is None or unit.leans or unit.quotes[0].style is ClaimStyle.BULLET:
                continue
            lead = unit.quotes[0].text if unit.is_list else unit.text
            if not _REASON.search(lead) or is_beside_the_point(unit, plan, block, is_first=False):
                continue
            has_reason = readable_now(_BEGINS_WITH_REASON.sub("", lead))
            share = weighed.share(has_reason, block.leaf)
            if share >= (_ENOUGH_OF_REASONS if _REASONS_FOLLOW.search(lead) else _ENOUGH):
                plainly = _MORE_IF_PLAIN * (_PLAINLY.search(lead) is not None)
                yield KeyPoint(block, Unit(unit.quotes, leans=False), share + plainly)


def _said(term: tuple[str, ...], said: str, heading: str) -> float:
    asked = Telling(term[0], term)
    if asked.is_said(said):
        return 1.0
    return _IN_HEADING if asked.is_said(heading) else 0.0


def _weight(term: tuple[str, ...], bodies: Sequence[str]) -> float:
    having = sum(map(Telling(term[0], term).is_said, bodies))
    return log(1 + (1 + len(bodies)) / (1 + having))


def _may_hold(block: Block, plan: SectionPlan) -> bool:
    return block.first.audience is Audience.PATIENT and is_welcome(block, plan.welcome)
