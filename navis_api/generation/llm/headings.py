"""Headings: of what a section rests on, where they hold for all of it, or else ours.

A heading says of whatever stands below it for whom that is ("Treatment of recurrent liver cancer"),
or of what ("Sorafenib"). One that is true of one quote isn't true of its neighbour for that.
"""

from collections.abc import Collection, Mapping, Sequence

from navis_api.answers.models import SectionKind
from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.naming import words_of_names
from navis_api.generation.llm.plain_text import is_plain, plain
from navis_api.generation.llm.shown import ShownPassage
from navis_api.generation.llm.situations import situations_in
from navis_api.kit.text import words
from navis_api.vocabulary.terms import find_terms
from navis_api.vocabulary.understanding import ConceptKind, understand

# The second where the first stands in the answer already.
_OURS: Mapping[SectionKind, tuple[str, str]] = {
    SectionKind.OVERVIEW: ("In short", "More in short"),
    SectionKind.EXPLANATION: ("What it is", "More on what it is"),
    SectionKind.FACTORS: ("What it depends on", "What else it depends on"),
    SectionKind.OPTIONS: ("What can be done", "What else can be done"),
    SectionKind.EVIDENCE: ("What is known", "What else is known"),
    SectionKind.CONSIDERATIONS: ("What to keep in mind", "What else to keep in mind"),
    SectionKind.SUPPORT: ("Help and support", "More help and support"),
}
_CHARS = range(3, 81)
# "After treatment" and "When treatment fails" say of whom they are; these words don't.
_SAYING_NOTHING = frozenset(
    {
        "a", "about", "and", "are", "cancer", "cancers", "disease", "for", "general", "how", "in",
        "information", "is", "key", "living", "of", "on", "options", "or", "overview", "points",
        "the", "to", "types", "used", "what", "with",
    }
)  # fmt: skip


def heading_of(
    kind: SectionKind,
    written: str,
    rests_on: Sequence[Collection[ShownPassage]],
    *,
    cancer: CatalogueEntry | None,
    fitness: Fitness,
    taken: Sequence[str],
) -> str:
    """Return the model's heading if it may stand over claims that rest on these, or one of ours.

    Where that stands in the answer already (`taken`, in its order), one of theirs that doesn't. No
    heading stands over two sections in a row.
    """
    offered = {
        plain(heading): None
        for passages in rests_on
        for passage in passages
        for heading in passage.headings[1:]
        if _may_head(plain(heading), passage, fitness) and _holds(plain(heading), rests_on, cancer)
    }
    written = plain(written)
    chosen = [written] if written in offered else []
    candidates = [*chosen, _OURS[kind][0], *reversed(offered), _OURS[kind][1]]
    told = {heading.casefold() for heading in taken}
    free = next((each for each in candidates if each.casefold() not in told), None)
    return free or next(each for each in _OURS[kind] if each != taken[-1])


def _may_head(heading: str, passage: ShownPassage, fitness: Fitness) -> bool:
    return (
        len(heading) in _CHARS
        and is_plain(heading)
        and fitness.may_quote(heading, bullet=True, cancer_ids=passage.cancer_ids)
    )


def _holds(
    heading: str, rests_on: Sequence[Collection[ShownPassage]], cancer: CatalogueEntry | None
) -> bool:
    """Whether a heading holds for every claim: its passages stand below it, or below its like."""
    topics = _topics_alone(heading, cancer)
    return all(
        heading in map(plain, passage.headings[1:])
        or (topics is not None and topics <= understand(" . ".join(passage.headings)).keys)
        for passages in rests_on
        for passage in passages
    )


def _topics_alone(heading: str, cancer: CatalogueEntry | None) -> frozenset[str] | None:
    """Return what a heading is on, or None where it says of whom, of which drug, or the like."""
    understood = understand(heading)
    of_cancer = words_of_names([cancer]) if cancer else frozenset[str]()
    of_topics = {word for spoken in understood.concepts for word in spoken.words}
    if (
        any(spoken.concept.kind is not ConceptKind.TOPIC for spoken in understood.concepts)
        or not set(words(heading)) <= of_cancer | of_topics | _SAYING_NOTHING
        or situations_in([heading])
        or find_terms(heading)
    ):
        return None
    return understood.keys
