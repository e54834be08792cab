"""The plan of an answer for one patient: what is said of their case, before what is said of all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.markers import AskedMarker
from navis_api.generation.extractive.naming import cancer_in_words, capitalised
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.personal.case import Case
from navis_api.generation.personal.words import case_in_words, marker_in_words
from navis_api.vocabulary.terms import TermKind, terms

# These are headed by the stage or state themselves, or say what any such cancer is.
_NO_TWIN: Final = frozenset({"stage_options", "one_stage", "state_options", "what_it_is"})
_ON_TREATMENT: Final = frozenset({"stage_options", "state_options", "options"})
# Headings of what a result means besides.
_NO_TREATMENT: Final = ("risk", "causes", "cause", "signs", "symptoms", "stages of")
_MOST_MARKERS: Final = 5


def personal_plan(
    plan: Sequence[SectionPlan], asked: Asked, case: Case, *, is_added: bool
) -> list[SectionPlan]:
    """Return a plan with sections on the patient's case before those that hold for anybody.

    What rests on their stage and results comes first: each core section has a twin that takes
    only statements which rest on such facts, and treatment has one for each result. Where the
    stage or state `is_added` and wasn't asked for, nobody misses a section that is headed by it.
    """
    turning = turning_facts(case)
    found: list[SectionPlan] = []
    in_words = case_in_words(case)
    for section in plan:
        if section.core and section.aspect.key not in _NO_TWIN and turning and in_words:
            heading = f"{section.heading}: {in_words}"
            found.append(replace(section, heading=heading, rests_on=turning))
        is_missed = not (is_added and section.aspect.key in _NO_TWIN)
        found.append(section if is_missed else replace(section, asks_for=""))
    if not any(section.aspect.key in _ON_TREATMENT for section in plan):
        return found
    last_staged = max(
        (at for at, section in enumerate(found) if section.aspect.key in _NO_TWIN), default=-1
    )
    markers = list(_of_results(asked, case))
    return [*found[: last_staged + 1], *markers, *found[last_staged + 1 :]]


def turning_facts(case: Case) -> frozenset[int]:
    """Return the facts that answers turn on: all but which cancer it is."""
    return frozenset(fact.number for fact in case.facts).difference(case.of_cancer)


def _of_results(asked: Asked, case: Case) -> Iterator[SectionPlan]:
    """Yield a section for each result; those that are there come before those that aren't."""
    planner = SectionPlanner(asked)
    cancer = cancer_in_words(asked.cancer)
    known = [(key, status) for key in case.results.keys if (status := case.results.status(key))]
    known.sort(key=lambda result: result[1].is_present is not True)
    for key, status in known[:_MOST_MARKERS]:
        term = terms().get((TermKind.GENE, key))
        if term is None:
            continue
        marker = AskedMarker(key, term.label, term.names, status.is_present)
        section = planner("marker_options", core=True, marker=marker)
        heading = f"Treatment options for {marker_in_words(key, status)} {cancer}"
        section = section.with_aspect(without=(*section.aspect.without, *_NO_TREATMENT))
        yield replace(
            section,
            heading=capitalised(heading),
            rests_on=case.results.facts(key),
        )
