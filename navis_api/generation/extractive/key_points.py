"""Key points: the statements that say most of what a question says, wherever they stand."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import log

from navis_api.answers.models import ClaimStyle
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block, is_welcome
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.relevance import is_beside_the_point, is_of_tests
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.telling import SAID_OF_ANYBODY, Telling
from navis_api.generation.extractive.units import Quote, Unit, units_of
from navis_api.generation.grounding.roots import root
from navis_api.sources.models import Audience
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts, phrases, same_names

# The share of what a question says that a statement has to say, with its headings and alone.
_ENOUGH = 0.62
# Of what is told before it is asked, there is much that no answer speaks of.
_ENOUGH_OF_A_STORY = 0.75
_ENOUGH_ALONE = 0.45
_ENOUGH_OF_AN_ITEM = 0.6
_IN_LEAD_IN = 0.8
_IN_HEADING = 0.5
_IN_PATH = 0.2
# What says less than the best one by more than this is left to other sections.
_FAR_BEHIND = 0.15
_BLOCKS_READ = 30
_FEWEST_TERMS = 2
_IS = r"(?:is|are|mean|means|refer|refers|describe|describes) "
_MOST_LEANING = 3
_SHORTEST_ITEM_WORDS = 6
_ALIKE = 0.6
# Whoever asks of what is there doesn't mean looking for it in the healthy.
_OF_THE_HEALTHY = ("screening", "prevention", "causes", "genetics")
_ON_THE_HEALTHY = wanted(["screening", "prevention", "risk"])
# That somebody had an operation tells little where it is asked what comes next.
_OF_ANYBODY = ("treatment", "follow_up", "recurrence", "progression")
_NOT_SAID = frozenset({"definition"})
_MOODS = "coping"


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """A statement with its block, and the share of the question that it says."""

    block: Block
    unit: Unit
    share: float


@dataclass(frozen=True, slots=True)
class _Term:
    """Something that a question says: how it is written, and the roots of its words.

    `is_telling` what tells the question from others; an answer has to speak of what `is_required`,
    and a statement of what `is_concept`.
    """

    written: tuple[str, ...]
    phrases: tuple[str, ...]
    roots: frozenset[str] = frozenset()
    is_telling: bool = False
    is_required: bool = False
    is_concept: bool = False

    def is_said(self, readable_text: str, roots: frozenset[str]) -> bool:
        """Whether a text with these roots says it."""
        return speaks_of(readable_text, self.phrases) or bool(self.roots & roots)


def said_by(asked: Asked) -> tuple[tuple[str, ...], ...]:
    """Return how sources write what a question says, where it says more than a topic and a state.

    For these there are sections of their own.
    """
    return tuple(term.written for part in _parts(asked) for term in _terms(part))


def key_points(
    blocks: Sequence[Block], asked: Asked, plan: SectionPlan, fitness: Fitness
) -> Iterator[list[KeyPoint]]:
    """Yield for each part of the question the statements that say most of it, best first."""
    own = [block for block in blocks if _may_hold(block, plan, asked)]
    for part in _parts(asked):
        is_story = part is asked and bool(asked.points)
        enough = _ENOUGH_OF_A_STORY if is_story else _ENOUGH
        weighed = _Weighed(part, own)
        found = [
            point
            for block in weighed.most_likely(own)
            for passage in block.passages
            for unit in _standing(units_of(passage, fitness), part)
            if not is_beside_the_point(unit, plan, block, is_first=False)
            for point in _points(unit, block, weighed)
            if point.share >= enough
        ]
        yield _best(found, part, weighed)


class _Weighed:
    """What a question says, each term with how much it tells: the rarer, the more."""

    def __init__(self, asked: Asked, blocks: Sequence[Block]) -> None:
        self.asks_meaning = asked.asks_meaning
        self.terms = _terms(asked)
        bodies = [(block.body, _roots(block.body)) for block in blocks]
        self._weights = [_weight(term, bodies) for term in self.terms]
        self._whole = sum(self._weights)
        if len(list(filter(None, self._weights))) < _FEWEST_TERMS and not asked.asks_meaning:
            # One word in common says little.
            self._whole = 0.0

    def most_likely(self, blocks: Iterable[Block]) -> list[Block]:
        """Return the blocks that say most of the question."""
        if not self._whole:
            return []
        ranked = [(self._said_by(block.body + block.leaf), block) for block in blocks]
        ranked.sort(key=lambda pair: -pair[0])
        return [block for said, block in ranked[:_BLOCKS_READ] if said]

    def share(self, text: str, block: Block, *, above: str = "") -> float:
        """Return the share of the question that a text says; 0 where that isn't enough.

        What stands `above` it counts as a heading does.
        """
        said, led_in = readable_now(text), readable_now(above)
        roots, roots_above, roots_of_heading = _roots(said), _roots(led_in), _roots(block.leaf)
        alone = with_headings = 0.0
        is_told = False
        for term, weight in zip(self.terms, self._weights, strict=True):
            if term.is_said(said, roots):
                alone += weight
                is_told |= term.is_telling
            elif term.is_said(led_in, roots_above):
                with_headings += _IN_LEAD_IN * weight
            elif term.is_said(block.leaf, roots_of_heading):
                with_headings += _IN_HEADING * weight
            elif term.is_concept:
                return 0.0
            elif speaks_of(block.path + block.title, term.phrases):
                with_headings += _IN_PATH * weight
        enough_alone = _ENOUGH_OF_AN_ITEM if above else _ENOUGH_ALONE
        if not is_told or alone < enough_alone * self._whole:
            return 0.0
        return (alone + with_headings) / self._whole

    def _said_by(self, readable_text: str) -> float:
        roots = _roots(readable_text)
        pairs = zip(self.terms, self._weights, strict=True)
        return sum(weight for term, weight in pairs if term.is_said(readable_text, roots))


def _weight(term: _Term, bodies: Sequence[tuple[str, frozenset[str]]]) -> float:
    having = sum(term.is_said(body, roots) for body, roots in bodies)
    if not having and not term.is_required:
        # What nobody says but the asker.
        return 0.0
    return log(1 + (1 + len(bodies)) / (1 + having))


def _parts(asked: Asked) -> list[Asked]:
    """Return the parts of a question that ask for something of their own, or else the whole."""
    parts = [part for part in asked.points if _tells_more(part)]
    return parts or [asked] * _tells_more(asked)


def _tells_more(asked: Asked) -> bool:
    of_drug = asked.has("side_effects") and asked.of_kind(ConceptKind.TREATMENT)
    of_marker = asked.markers and not asked.asks_meaning
    if asked.wonders or of_drug or of_marker:
        return False
    if asked.asks_meaning and (asked.required or asked.specific):
        return True
    telling = asked.required or asked.circumstances or asked.specific or asked.markers
    return bool(telling) and len(_terms(asked)) >= _FEWEST_TERMS


def _terms(asked: Asked) -> list[_Term]:
    terms = [replace(_of_words(thing), is_required=True) for thing in asked.required]
    of_anybody = any(map(asked.has, _OF_ANYBODY))
    terms += [
        _of_words(thing)
        for thing in asked.circumstances
        if thing.label not in SAID_OF_ANYBODY or not of_anybody
    ]
    for marker in asked.markers:
        terms.append(_Term(marker.names, wanted(marker.names), is_telling=True))
        if marker.is_there and not marker.is_in_blood:
            there = tuple(f"{name} positive" for name in marker.names)
            terms.append(_Term(there, wanted(there)))
    if not (terms and asked.asks_meaning):
        terms += _of_concepts(asked)
    return list(_once(terms))


def _of_words(thing: Telling) -> _Term:
    return _Term(thing.phrases, wanted(thing.phrases), thing.roots, is_telling=True)


def _of_concepts(asked: Asked) -> Iterator[_Term]:
    for concept in asked.concepts:
        if concept.kind is ConceptKind.POPULATION or concept.key in _NOT_SAID:
            continue
        named = [same_names(name) for name in asked.specific if name in concept.specific]
        for names in named or [asked.looked_for(concept)]:
            said = _Term(names, wanted(names), is_telling=bool(named))
            yield replace(said, is_required=True, is_concept=True)
    if asked.stage:
        yield _Term(asked.stages_written, wanted(asked.stages_written), is_required=True)


def _once(terms: Iterable[_Term]) -> Iterator[_Term]:
    seen: set[str] = set()
    for term in terms:
        if not seen.intersection(term.phrases):
            yield term
        seen.update(term.phrases)


def _may_hold(block: Block, plan: SectionPlan, asked: Asked) -> bool:
    if block.first.audience is not Audience.PATIENT:
        return False
    if speaks_of(block.title, _ON_THE_HEALTHY) and not any(map(asked.has, _OF_THE_HEALTHY)):
        return False
    return is_welcome(block, plan.welcome) and not _is_on_another_effect(block, asked)


def _is_on_another_effect(block: Block, asked: Asked) -> bool:
    """Whether a page is on one effect, where another one is asked about that it only mentions."""
    effects = asked.of_kind(ConceptKind.EFFECT)
    if not effects or any(speaks_of(block.title, _names_of(effect)) for effect in effects):
        return False
    return any(speaks_of(block.title, _names_of(other)) for other in _with_pages_of_their_own())


@cache
def _with_pages_of_their_own() -> tuple[Concept, ...]:
    return tuple(
        concept
        for concept in concepts().values()
        if concept.kind is ConceptKind.EFFECT or concept.key == _MOODS
    )


def _names_of(concept: Concept) -> tuple[str, ...]:
    return wanted(phrases(concept))


def _standing(units: Sequence[Unit | None], asked: Asked) -> Iterator[Unit]:
    """Yield the units that stand alone; to who asks what it is, with those that lean on them."""
    group: list[Unit] = []
    for unit in (*units, None):
        if unit is not None and unit.leans and group:
            if asked.asks_meaning and len(group) < _MOST_LEANING and not unit.is_list:
                group.append(unit)
            continue
        if group:
            yield Unit(tuple(quote for each in group for quote in each.quotes), leans=False)
        group = [unit] if unit is not None and not unit.leans else []


def _points(unit: Unit, block: Block, weighed: _Weighed) -> Iterator[KeyPoint]:
    if not unit.is_list:
        # A bullet whose lead-in wasn't found says too little.
        if unit.quotes[0].style is ClaimStyle.SENTENCE:
            yield KeyPoint(block, unit, weighed.share(unit.text, block))
        return
    lead_in = unit.quotes[0]
    if is_of_tests(lead_in.text) and not weighed.asks_meaning:
        # One test by itself would pass for all that is done.
        return
    for item in _items(unit):
        told = " ".join(quote.text for quote in item)
        if len(told.split()) >= _SHORTEST_ITEM_WORDS:
            share = weighed.share(told, block, above=lead_in.text)
            yield KeyPoint(block, Unit((lead_in, *item), unit.leans), share)


def _items(unit: Unit) -> Iterator[list[Quote]]:
    """Yield the items of a list, each with the sentences that explain it."""
    item: list[Quote] = []
    for quote in unit.quotes[1:]:
        if quote.style is ClaimStyle.BULLET:
            if item:
                yield item
            item = [quote]
        elif item:
            item.append(quote)
    if item:
        yield item


def _best(found: Sequence[KeyPoint], asked: Asked, weighed: _Weighed) -> list[KeyPoint]:
    """Return what says most, each thing once; to who asks what it is, what tells that."""
    if asked.asks_meaning:
        defining = [point for point in found if _defines(point, weighed.terms)]
        found = defining or (found if len(weighed.terms) > 1 else [])
    if not found:
        return []
    ranked = sorted(found, key=lambda point: (-point.share, point.block.order))
    return list(_unlike(p for p in ranked if p.share >= ranked[0].share - _FAR_BEHIND))


def _defines(point: KeyPoint, terms: Iterable[_Term]) -> bool:
    """Whether a statement says what something is: "X is", "X (Y) refers to", "is called X"."""
    spoken = readable_now(point.unit.text)
    return any(
        re.search(rf"{re.escape(phrase)}(?:\w+ ){{0,4}}{_IS}", spoken)
        or re.search(rf" (?:called|known as|term)(?: \w+){{0,3}}{re.escape(phrase)}", spoken)
        for term in terms
        for phrase in term.phrases
    )


def _unlike(points: Iterable[KeyPoint]) -> Iterator[KeyPoint]:
    """Leave out what says much of what a better one has said: the same for another group."""
    said: list[frozenset[str]] = []
    lead_ins: set[Quote] = set()
    for point in points:
        first = point.unit.quotes[0]
        roots = _roots(readable_now(point.unit.quotes[-1].text))
        # Items side by side are alike.
        if first in lead_ins or all(
            len(roots & other) <= _ALIKE * min(len(roots), len(other)) for other in said
        ):
            said.append(roots)
            lead_ins |= {first} if point.unit.is_list else set()
            yield point


def _roots(readable_text: str) -> frozenset[str]:
    return frozenset(map(root, readable_text.split()))
