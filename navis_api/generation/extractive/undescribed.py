"""Treatments that a question names, and no page for patients on its cancer speaks of.

What general pages say of surgery would pass for an option where nobody operates on the disease.
"""

import re
from collections.abc import Sequence

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.matching import speaks_of, wanted
from navis_api.generation.extractive.naming import cancer_in_words
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.vocabulary.understanding import Concept, ConceptKind

# Of these a guide to a cancer speaks where they are given for it.
_GIVEN_FOR_CANCERS = frozenset(
    {
        "surgery", "chemotherapy", "radiation", "immunotherapy", "targeted_therapy",
        "hormone_therapy", "transplant", "watchful_waiting",
    }
)  # fmt: skip
_KIND = "treatment_kind"
_ON_A_TREATMENT = frozenset({_KIND, "treatment_problems"})
# "Plasma Cell Neoplasms (Including Multiple Myeloma) Treatment".
_ON_MORE = re.compile(r"^(?P<all>[^(]+?) \(Including (?P<one>[^)]+)\)")


def undescribed(asked: Asked, plan: Sequence[SectionPlan], found: Found) -> tuple[Concept, ...]:
    """Return the treatments that a question names, and no guide to its cancer speaks of.

    Of those alone that the plan looks for: what wasn't looked for isn't known to be missing.
    """
    if asked.cancer is None:
        return ()
    blocks = (*found.exact, *found.wider, *found.narrower)
    return tuple(
        kind
        for kind in asked.of_kind(ConceptKind.TREATMENT)
        if kind.key in _GIVEN_FOR_CANCERS
        and asked.name_of(kind) == kind.label
        and any(section.aspect.key == _KIND and _is_on(section, kind, asked) for section in plan)
        and not any(_speaks_of(block, wanted(kind.written + kind.specific)) for block in blocks)
    )


def is_on_an_undescribed(plan: SectionPlan, asked: Asked) -> bool:
    """Whether a section is on a treatment that no page on the cancer speaks of."""
    return plan.aspect.key in _ON_A_TREATMENT and any(
        _is_on(plan, kind, asked) for kind in asked.undescribed
    )


def heading_in_general(plan: SectionPlan, asked: Asked) -> str:
    """Return a heading for what general pages say, which isn't about the asked cancer."""
    about = f" for {cancer_in_words(asked.cancer)}"
    # One drug is its own, whatever it is given for.
    names = {kind.label for kind in asked.of_kind(ConceptKind.TREATMENT)}
    is_a_kind = plan.heading.removesuffix(about).lower() in {name.lower() for name in names}
    return plan.heading.replace(about, " for cancer in general" if is_a_kind else "")


def heading_of_page(heading: str, asked: Asked, title: str) -> str:
    """Return a heading for what a page says that is on more diseases than the asked one."""
    found, cancer = _ON_MORE.match(title), cancer_in_words(asked.cancer)
    if found is None or found["one"].casefold() != cancer.casefold():
        return heading
    return heading.replace(f"for {cancer}", f"for {found['all'].lower()} (including {cancer})")


def _is_on(plan: SectionPlan, kind: Concept, asked: Asked) -> bool:
    return plan.needs[:1] == (asked.looked_for(kind),)


def _speaks_of(block: Block, phrases: tuple[str, ...]) -> bool:
    return speaks_of(block.leaf, phrases) or speaks_of(block.body, phrases)
