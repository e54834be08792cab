"""Fitting: how well a block of a source answers to what is looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from navis_api.generation.extractive.blocks import (
    Block,
    apart_by_headings,
    are_others,
    is_report,
    treatments_named,
)
from navis_api.generation.extractive.matching import speaks_of, wanted
from navis_api.sources.models import Audience

# What it counts that a need is met in the nearest heading, in those above, in the title, in the
# text; and in the title as well as below it.
_IN_LEAF = 4.0
_IN_PATH = 2.5
_IN_TITLE = 2.5
_IN_BODY = 0.75
_TITLE_TOO = 1.5
# A heading above that says what is looked for: "Tests to diagnose bladder cancer > Cystoscopy".
_BELOW_LEAF = 1.5
# What each school grade above plain text costs a block: of equals the plainer one comes first.
_PLAIN_GRADE = 8.0
_OF_A_GRADE = 0.12
_HARDEST = 18.0
_WHOLE_DOCUMENT = 4.0
_CIRCUMSTANCE = 1.0
# How much a document counts beside the words that it has.
_PROFESSIONAL = -3.5
_REPORT = -4.0
_SEVERAL_CANCERS = -0.75
_WIDER_CANCER = -1.5
_NARROWER_CANCER = -1.0
# What stands on a page that only leads to others.
_ONE_KIND = -4.0
_ALL_KINDS = wanted(["treatments are used", "treatment are used", "treatment may be used"])
# That a block on the words of a question is on its subject as well.
_ABOUT_TOO = 1.0
_THIN_CHARS = 160
_STAGE = wanted(["stage", "stages"])
_THIN = -2.5


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for. Phrases are in the form of `matching.wanted`.

    Every need has to be met, by one of its phrases, and one of them in a heading; `leaf` phrases
    in the nearest heading count like a met need. A block whose nearest heading has one of
    `without` doesn't fit, and neither does one that is headed by a state that isn't `welcome`.
    `heading_only`: each need is to be met in a heading; `leaf_only`: by a `leaf` phrase; both:
    what helps against something stands under a heading on that, and on no other;
    `mentions`: words in the text are enough. `below_title`: the document's
    title doesn't count. `focus` is the least share of the nearest heading
    that what is looked for makes up. A heading that names a kind of treatment names one of
    `treatments`, if there are any; `apart`, what is headed by a kind of treatment stands behind.
    What speaks of `about` as well fits better.
    """

    needs: tuple[tuple[str, ...], ...]
    leaf: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    without_title: tuple[str, ...] = ()
    welcome: frozenset[str] = frozenset()
    circumstances: tuple[str, ...] = ()
    heading_only: bool = False
    leaf_only: bool = False
    mentions: bool = False
    below_title: bool = False
    focus: float = 0.0
    treatments: frozenset[str] = frozenset()
    apart: bool = False
    about: tuple[str, ...] = ()
    cancer_id: UUID | None = None
    wider_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a block fits a wish. `whole` when its headings say that all of it does.

    It is `below` where it stands under a heading that says what is looked for.
    """

    block: Block
    score: float
    whole: bool
    below: bool = False


def fit(block: Block, wish: Wish) -> Fit | None:
    """Return how well a block fits, or None when it doesn't."""
    if _is_ruled_out(block, wish):
        return None
    leaf = speaks_of(block.leaf, wish.leaf)
    values = [_met(block, need, below_title=wish.below_title) for need in wish.needs]
    if not _is_met(wish, values, leaf=leaf):
        return None
    score = sum(values) + _standing(block, wish)
    if leaf:
        score += _IN_LEAF + 2.0 * _share(block.leaf, wish.leaf)
    below = not leaf and bool(wish.leaf) and speaks_of(block.path, wish.leaf)
    score += _BELOW_LEAF if below else 0.0
    if wish.apart and (treatments_named(block) or speaks_of(block.leaf, _ALL_KINDS)):
        score += _ONE_KIND
    if wish.about:
        in_leaf = speaks_of(block.leaf, wish.about)
        score += _ABOUT_TOO * (in_leaf + speaks_of(block.body, wish.about))
    score -= _OF_A_GRADE * max(0.0, min(block.grade, _HARDEST) - _PLAIN_GRADE)
    for need, value in zip(wish.needs, values, strict=True):
        if value > _IN_TITLE and speaks_of(block.title, need):
            score += _TITLE_TOO
    score += sum(_CIRCUMSTANCE for word in wish.circumstances if word in block.body)
    in_headings = leaf or any(value > _IN_BODY for value in values)
    whole = in_headings and all(value > _IN_BODY or not value for value in values)
    return Fit(block, score, whole, below)


def best(blocks: Sequence[Block], wish: Wish) -> list[Fit]:
    """Return the blocks that fit, best first; equals in the order of their documents."""
    found = [fitting for block in blocks if (fitting := fit(block, wish)) is not None]
    return sorted(found, key=lambda fitting: (-round(fitting.score, 2), fitting.block.order))


def _is_ruled_out(block: Block, wish: Wish) -> bool:
    if speaks_of(block.leaf, wish.without) or speaks_of(block.title, wish.without_title):
        return True
    if are_others(apart_by_headings(block), wish.welcome):
        return True
    treatments = treatments_named(block) if wish.treatments else frozenset[str]()
    if treatments and not treatments & wish.treatments:
        return True
    phrases = (*wish.leaf, *chain(*wish.needs))
    return bool(wish.focus) and _share(block.leaf, phrases) < wish.focus


def _is_met(wish: Wish, values: Sequence[float], *, leaf: bool) -> bool:
    """Whether the needs are met where they have to be."""
    if wish.leaf_only and not leaf:
        return False
    if not all(values) and not (leaf and not wish.leaf_only and len(values) == 1):
        return False
    in_headings = leaf or any(value > _IN_BODY for value in values)
    if wish.heading_only and (wish.leaf_only or not leaf):
        return in_headings and all(value > _IN_BODY for value in values)
    return in_headings or wish.mentions


def _met(block: Block, need: Sequence[str], *, below_title: bool) -> float:
    if speaks_of(block.leaf, need):
        return _IN_LEAF
    if speaks_of(block.path, need):
        return _IN_PATH
    if not below_title and speaks_of(block.title, need):
        return _IN_TITLE
    return _IN_BODY if speaks_of(block.body, need) else 0.0


def _share(leaf: str, phrases: Sequence[str]) -> float:
    """Return how much of a heading its longest looked-for phrase makes up, from 0 to 1."""
    longest = max((len(phrase) for phrase in phrases if phrase in leaf), default=0)
    return longest / len(leaf)


def _standing(block: Block, wish: Wish) -> float:
    passage = block.first
    score = _PROFESSIONAL if passage.audience is Audience.PROFESSIONAL else 0.0
    if len(wish.needs) > 1 and all(speaks_of(block.title, need) for need in wish.needs):
        score += _WHOLE_DOCUMENT
    if is_report(passage.title, passage.url or ""):
        score += _REPORT
    is_short = sum(len(part.text) for part in block.passages) < _THIN_CHARS
    # What is done in a stage may be said in one sentence.
    if is_short and not speaks_of(block.leaf, _STAGE):
        score += _THIN
    if wish.cancer_id is not None and passage.cancer_ids:
        if wish.cancer_id not in passage.cancer_ids:
            wider = bool(passage.cancer_ids & wish.wider_ids)
            score += _WIDER_CANCER if wider else _NARROWER_CANCER
        elif len(passage.cancer_ids) > 1:
            score += _SEVERAL_CANCERS
    return score
