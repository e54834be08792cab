"""Blocks: what stands under one heading of a document."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache

from navis_api.answers.reading import reading_grade
from navis_api.generation.extractive.matching import readable
from navis_api.sources.retrieval import Candidate
from navis_api.vocabulary.understanding import ConceptKind, understand

_NEWS = re.compile(
    r"\b(?:research|study|studies|trials?|advances|articles?|(?<!test )results|improves?|shows?"
    r"|approv\w+|interview|q&a|did you know|facebook|twitter|video|highlights|workshop|statement"
    r"|questions and answers|suggests?|benefits?|initiative|drug list|for advanced|plus"
    r"|prolongs)\b",
    re.IGNORECASE,
)
_NEWS_ADDRESS = re.compile(r"/research(?:/|$)|-video$|infographic|news-events|-qa$|/publications/")
# "Treatment of untreated leukemia" is the first there is, and not waiting.
_NOT_YET_TREATED = ("untreated",)
# States of the disease and people that a heading sets apart from others.
_APART = frozenset(
    {
        "recurrence", "metastasis", "early_stage", "advanced", "remission", "progression",
        "pregnancy", "men", "child",
    }
)  # fmt: skip
_PEOPLE = frozenset({"pregnancy", "child"})


@dataclass(frozen=True, slots=True)
class Block:
    """The passages under one heading, in order.

    `stages` are those that its heading stands for ("advanced"), where its page says which.
    """

    passages: tuple[Candidate, ...]
    stages: str = ""

    @property
    def first(self) -> Candidate:
        """The passage with which it begins."""
        return self.passages[0]

    @property
    def leaf(self) -> str:
        """The nearest heading, readable, with the stages that it stands for."""
        heading = readable(self.first.headings[-1])
        return f"{heading}{self.stages} " if self.stages else heading

    @property
    def path(self) -> str:
        """The headings between the title and the nearest one, readable."""
        return readable(" ; ".join(self.first.headings[1:-1]))

    @property
    def title(self) -> str:
        """The document's title, readable."""
        return readable(self.first.headings[0])

    @property
    def body(self) -> str:
        """The text, readable."""
        return "".join(readable(passage.text) for passage in self.passages)

    @property
    def grade(self) -> float:
        """The school grade that reads its text with ease."""
        return max(grade_of(passage.text) for passage in self.passages)

    @property
    def order(self) -> tuple[str, int]:
        """Where it stands: document, then place in it."""
        return (self.first.url or str(self.first.source_id), self.first.position)


def blocks_of(candidates: Iterable[Candidate]) -> list[Block]:
    """Group passages by heading; a gap between passages begins a new block."""
    ordered = sorted(candidates, key=lambda passage: (str(passage.version_id), passage.position))
    groups: list[list[Candidate]] = []
    for passage in ordered:
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and last.version_id == passage.version_id
            and last.headings == passage.headings
            and last.position + 1 == passage.position
        ):
            groups[-1].append(passage)
        else:
            groups.append([passage])
    return [Block(tuple(group)) for group in groups]


@lru_cache(maxsize=20_000)
def grade_of(text: str) -> float:
    """Return the school grade that reads a source's text with ease; 0 for no words."""
    return reading_grade(text.splitlines()) or 0.0


@lru_cache(maxsize=5_000)
def is_report(title: str, url: str) -> bool:
    """Whether a document is news of research or a film's page rather than a guide."""
    return bool(_NEWS.search(title) or _NEWS_ADDRESS.search(url))


def part_of(passage: Candidate, start: int, end: int) -> Block:
    """Return characters `start` to `end` of a passage's text as a block of their own."""
    text = passage.text[start:end]
    return Block((replace(passage, text=text, start=passage.start + start),))


def apart_by_headings(block: Block) -> frozenset[str]:
    """Return the keys of the states and people that a block's headings set it apart for."""
    headings = block.first.headings
    return frozenset[str]().union(*map(apart, {headings[0], *headings[-2:]}))


def is_welcome(block: Block, welcome: AbstractSet[str]) -> bool:
    """Whether a block's headings set it apart for none, or for some that are welcome."""
    states = apart_by_headings(block)
    return not states or bool(states & welcome)


def are_others(told: AbstractSet[str], welcome: AbstractSet[str]) -> bool:
    """Whether what a text is about is none of the welcome states, or people who aren't."""
    return bool(told) and (not told & welcome or bool(told & _PEOPLE - welcome))


@lru_cache(maxsize=20_000)
def apart(text: str) -> frozenset[str]:
    """Return the keys of the states and people that a source's text is about. For sources only."""
    return understand(text).keys & _APART


def treatments_named(block: Block) -> frozenset[str]:
    """Return the keys of the kinds of treatment that a block's nearest heading names."""
    return _treatments(block.first.headings[-1])


@lru_cache(maxsize=20_000)
def _treatments(heading: str) -> frozenset[str]:
    return frozenset(
        spoken.concept.key
        for spoken in understand(heading).concepts
        if spoken.concept.kind is ConceptKind.TREATMENT and spoken.words != _NOT_YET_TREATED
    )
