"""Plans on having children: for women and for men, whichever it is, or both where none is told."""

from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.extractive.sexes import Sex, sex_told
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts

# How pages say for whom they are.
_PAGES = {
    Sex.WOMAN: ("Women", ("female fertility", "fertility in women", "fertility issues in girls")),
    Sex.MAN: ("Men", ("male fertility", "fertility in men", "fertility issues in boys")),
}
_OF_ANY_TREATMENT = ("treatments may cause infertility", "treatment may cause infertility")
# What only one of the two has tells who asks about children.
_OF_ONE = {
    Sex.WOMAN: frozenset({"egg", "eggs", "ovary", "ovaries", "womb", "pregnant", "pregnancy"}),
    Sex.MAN: frozenset({"sperm", "testicle", "testicles", "semen"}),
}
# "Can I have children after chemo?" is asked before it as well.
_IS_OVER = frozenset({"had", "ago", "finished", "completed", "since", "was", "were", "survivor"})
_NO_TREATMENT = frozenset({"none"})


def of_fertility(asked: Asked, plan: SectionPlanner, topic: Concept) -> Iterator[SectionPlan]:
    """Yield what treatment does to fertility, and what can be done before it begins."""
    yield plan("fertility_here", topic=topic)
    told = sex_told(asked.said, {asked.cancer.slug} if asked.cancer else set())
    told = told or _by_what_is_theirs(asked.said)
    kinds = _treatments_named(asked)
    for sex in (told,) if told else (Sex.WOMAN, Sex.MAN):
        whose, pages = _PAGES[sex]
        risk = plan("fertility_risk", core=True, asks_for=topic.label, topic=topic)
        treatments = tuple(name for kind in kinds for name in asked.looked_for(kind))
        # Beside the treatment that is asked about, no other is told of.
        only = frozenset(kind.key for kind in kinds) or _NO_TREATMENT
        needs = (*risk.needs, treatments + _OF_ANY_TREATMENT)
        yield _for(whose, pages, replace(risk, needs=needs, treatments=only))
        if not (asked.was_treated and asked.said & _IS_OVER):
            yield _for(whose, pages, plan("fertility_before", core=True, topic=topic))
    # Where no page says for whom it is, what there is holds for all.
    yield replace(plan("topic", core=True, topic=topic), unless="fertility_risk")


def _treatments_named(asked: Asked) -> list[Concept]:
    """Return the kinds of treatment that a question names, also as what was before."""
    told = {thing.label for thing in asked.circumstances}
    behind = (c for c in concepts().values() if c.label in told)
    named = (*asked.of_kind(ConceptKind.TREATMENT), *behind)
    return list(dict.fromkeys(c for c in named if c.kind is ConceptKind.TREATMENT))


def _by_what_is_theirs(said: frozenset[str]) -> Sex | None:
    found = [sex for sex, theirs in _OF_ONE.items() if theirs & said]
    return found[0] if len(found) == 1 else None


def _for(whose: str, pages: tuple[str, ...], section: SectionPlan) -> SectionPlan:
    heading = f"{whose}: {section.heading[0].lower()}{section.heading[1:]}"
    welcome = section.welcome | {"men"}
    needs = (pages, *section.needs)
    return replace(section, heading=heading, needs=needs, welcome=welcome, for_others=True)
