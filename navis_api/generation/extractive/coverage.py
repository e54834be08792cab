"""Coverage: which parts of a question the composed sections leave open."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from navis_api.generation.contract import DraftSection
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.aspects import aspects
from navis_api.generation.extractive.closing import (
    gap_of_comparison,
    gap_of_cure,
    gap_of_drug,
    gap_of_duration,
    gap_of_figures,
    gap_of_groups,
    gap_of_kinds,
    gap_of_marker,
    gap_of_part,
    gap_of_place,
    gap_of_safety,
    gap_of_somebody,
    gap_of_state,
    gap_of_treatment,
    gap_of_words,
)
from navis_api.generation.extractive.compared import compared_kinds
from navis_api.generation.extractive.evidence import FoundEvidence
from navis_api.generation.extractive.fitness import RISK_GROUPS
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.named_gaps import things_named
from navis_api.generation.extractive.people_asked import CHILDRENS_CANCERS
from navis_api.generation.extractive.plan import RARE_STATES
from navis_api.generation.extractive.reasons import gives_reason
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.telling import SAID_OF_ANYBODY, Telling, in_quotes
from navis_api.generation.extractive.turning import HOW_LONG, WHAT_IS_NORMAL
from navis_api.generation.extractive.undescribed import is_on_an_undescribed
from navis_api.vocabulary.terms import TermKind, find_terms
from navis_api.vocabulary.understanding import ConceptKind, concepts, phrases

_DRUGS = frozenset({TermKind.DRUG, TermKind.REGIMEN, TermKind.DRUG_CLASS})
# What holds for others may not hold for these: an answer that passes over them says so.
_ASKS_WHAT_IS_NORMAL = frozenset(
    {"normal", "range", "ranges", "high", "elevated", "raised", "abnormal", "threshold", "cutoff"}
)
_OTHERWISE_TREATED = frozenset({"child", "older_adults", "pregnancy"})


# How long a treatment goes on.
_DURATION = re.compile(
    r"\b(?:treatments?|therapy|chemotherapy|radiation|maintenance|phase)\b[^.]*\b(?:lasts?|takes?|for"
    r"|over|given)\b[^.]{0,25}\b(?:\d+|several|a few|two|three|six)\b[^.]{0,12}"
    r"\b(?:days?|weeks?|months?|years?)\b"
)
# How many live, or how long: a stage has a number too.
_FIGURE = re.compile(
    r"\d ?(?:%|percent)|\b\d[\d,]* (?:out of|in|of) (?:every )?\d"
    r"|\b(?:surviv\w+|lives?|lived|median)\b[^.]*\b\d+ (?:months?|years?)\b"
    r"|\b\d+ (?:months?|years?)\b[^.]*\b(?:surviv\w+|lives?|lived)\b"
)


# That something is safe, or isn't, during treatment, whatever one has.
_IS_SAFE = re.compile(
    r"\b(?:during|while|on|having|getting|receiving)\b[^.]*\b(?:treatment|chemo\w*|radi\w+|therapy)\b"
)


def gaps_of(
    asked: Asked,
    plan: Sequence[SectionPlan],
    answered: Collection[SectionPlan],
    sections: Sequence[DraftSection],
    evidence: FoundEvidence | None = None,
) -> list[str]:
    """Return sentences that say plainly which parts of the question aren't covered.

    With the `evidence`, the pages that are quoted say whom they are for.
    """
    claims = [readable_now(claim.text) for section in sections for claim in section.claims]
    everything = " ".join(claims)
    gaps = [*_beyond_sources(asked), *_of_rare_states(asked, claims)]
    said = {section.asks_for for section in answered}
    said |= {
        section.asks_for
        for section in plan
        if (section.aspect == aspects()["state_options"] and _tells_of_options(asked, claims))
        or (section.aspect == aspects()["stage_options"] and _tells_of_stage(asked, claims))
        or (section.aspect.key == "reasons" and _gives_reasons(asked, sections))
        or (section.aspect.key == "asked_words" and _tells_of_words(asked, everything))
    }
    open_parts = [
        section
        for section in plan
        if section.core
        and section.asks_for
        and section.asks_for not in said
        and not is_on_an_undescribed(section, asked)
        and not _is_named_in(section, everything)
    ]
    known = evidence.knows if evidence is not None else _is_known
    gaps += filter(
        None, (_gap(asked, section, answered, everything, known) for section in open_parts)
    )
    gaps += [gap_of_treatment(asked, kind) for kind in asked.undescribed]
    # Who names the kinds knows them.
    if asked.cancer is not None and not asked.kinds and any(s.suffix for s in answered):
        gaps.append(gap_of_kinds(asked))
    asks_duration = any(thing.label == HOW_LONG for thing in asked.circumstances)
    asks_duration = asks_duration and not asked.asks_course
    if asks_duration and asked.has("treatment") and not any(map(_DURATION.search, claims)):
        gaps.append(gap_of_duration())
    if any(section.aspect.key == "meanwhile" for section in answered) and not any(
        map(_IS_SAFE.search, claims)
    ):
        gaps.append(gap_of_safety())
    if asked.cancer is not None and len(compared_kinds(asked)) > 1 and not asked.undescribed:
        # Beside what each of them is, that is what was asked; where one is none, that says it.
        gaps += [] if any(s.aspect.key == "compared" for s in answered) else [gap_of_comparison()]
    if asked.wants_figures and not _FIGURE.search(everything):
        gaps.append(gap_of_figures(asked))
    said_elsewhere = SAID_OF_ANYBODY | {HOW_LONG}
    told = [thing for thing in asked.circumstances if thing.label not in said_elsewhere]
    if asked.said.isdisjoint(_ASKS_WHAT_IS_NORMAL):
        # What few platelets do is asked, and not how many there should be.
        told = [thing for thing in told if thing.label != WHAT_IS_NORMAL]
    if asked.is_dying:
        # Words of somebody at a deathbed aren't held up to them.
        told = []
    left = [thing for thing in told if not thing.is_said(everything)]
    passed_over = [thing.label for thing in things_named(left, asked.names, known)]
    pages = evidence.headings_of(sections) if evidence is not None else ""
    of_children = asked.cancer is not None and asked.cancer.slug in CHILDRENS_CANCERS
    passed_over += [
        people.label
        for people in asked.of_kind(ConceptKind.POPULATION)
        if people.key in _OTHERWISE_TREATED
        and not (people.key == "child" and of_children)
        and not speaks_of(everything + pages, wanted(phrases(people)))
    ]
    told_already = " ".join(gaps)
    passed_over = [label for label in passed_over if label not in told_already]
    if passed_over:
        gaps.append(gap_of_words(passed_over))
    return gaps


def _beyond_sources(asked: Asked) -> Iterator[str]:
    if asked.judges_somebody:
        yield gap_of_somebody()
    if asked.is_of_a_place:
        yield gap_of_place()


def _is_named_in(section: SectionPlan, everything: str) -> bool:
    """Whether an answer speaks of what a section looks for by its mere name."""
    names = wanted(section.needs[0]) if section.needs else ()
    return wanted((section.asks_for,))[0] in names and speaks_of(everything, names)


def _gives_reasons(asked: Asked, sections: Sequence[DraftSection]) -> bool:
    """Whether an answer gives a reason for all of which one is asked."""
    claims = [claim.text for section in sections for claim in section.claims]
    return all(gives_reason(claims, why) for why in asked.whys)


def _gap(
    asked: Asked,
    section: SectionPlan,
    answered: Collection[SectionPlan],
    everything: str,
    known: Callable[[Telling], bool],
) -> str | None:
    """Return what is said of a part that isn't answered; None where all of it was told."""
    of_kind = any(other.aspect.key == section.aspect.key for other in answered)
    is_on_effects = section.aspect.key == "treatment_side_effects"
    if is_on_effects and of_kind and _names_a_drug(section.asks_for):
        return gap_of_drug(section.asks_for)
    if section.aspect.key == "stage_options" and _tells_of_group(asked, everything):
        return None
    if section.aspect.key == "stage_options" and any(
        s.aspect.key == "group_options" for s in answered
    ):
        return gap_of_groups(asked)
    things = _things_asked(asked, section)
    if not things:
        of_marker = section.aspect.key == "marker_options" and asked.cancer is not None
        return (gap_of_marker if of_marker else gap_of_part)(asked, section.asks_for)
    left = [thing for thing in things if not thing.is_said(everything)]
    named = things_named(left, asked.names, known)
    if any(map(known, named)):
        # A page that was found speaks of it: only of this answer it is true that it doesn't.
        return gap_of_words(thing.label for thing in named)
    labels = in_quotes(named)
    return gap_of_part(asked, labels) if labels else None


def _names_a_drug(asked_for: str) -> bool:
    return any(mention.term.kind in _DRUGS for mention in find_terms(asked_for))


def _things_asked(asked: Asked, section: SectionPlan) -> tuple[Telling, ...]:
    """Return the telling words for which a section looks, where it looks for no more."""
    part = asked.parts[section.part] if asked.parts else asked
    return part.required if section.asks_for == in_quotes(part.required) else ()


def _tells_of_group(asked: Asked, everything: str) -> bool:
    """Whether the risk group is told of by which a cancer is treated, and not by its stage."""
    groups = [thing for thing in asked.circumstances if thing.label in RISK_GROUPS]
    return bool(groups) and all(thing.is_said(everything) for thing in groups)


def _is_known(_: Telling) -> bool:
    return True


def _tells_of_words(asked: Asked, everything: str) -> bool:
    """Whether an answer speaks of all that it has to, if not in one place."""
    return bool(asked.required) and all(thing.is_said(everything) for thing in asked.required)


def _tells_of_options(asked: Asked, claims: Sequence[str]) -> bool:
    """Whether a claim speaks of treatment in the state that was asked about, wherever it stands."""
    groups = [
        wanted(phrases(concept))
        for concept in (concepts()["treatment"], *asked.of_kind(ConceptKind.STATE))
    ]
    return any(all(speaks_of(claim, group) for group in groups) for claim in claims)


def _tells_of_stage(asked: Asked, claims: Sequence[str]) -> bool:
    """Whether a claim speaks of treatment in the stage that was asked about."""
    groups = (wanted(phrases(concepts()["treatment"])), wanted(asked.stages_written))
    return any(all(speaks_of(claim, group) for group in groups) for claim in claims)


def _of_rare_states(asked: Asked, claims: Sequence[str]) -> Iterator[str]:
    for state in asked.of_kind(ConceptKind.STATE):
        if state.key not in RARE_STATES:
            continue
        speaking = [claim for claim in claims if speaks_of(claim, wanted(phrases(state)))]
        yield gap_of_state(asked, state, mentioned=bool(speaking))
        for topic in asked.of_kind(ConceptKind.TOPIC):
            if topic.key == "definition":
                continue
            if any(speaks_of(claim, wanted(phrases(topic))) for claim in speaking):
                continue
            part = f"{topic.label} in this situation"
            yield gap_of_cure(asked, state) if topic.key == "cure" else gap_of_part(asked, part)
