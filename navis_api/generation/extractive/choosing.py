"""Choosing: what of the blocks that were found a section is composed of, and in which order."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.defining import (
    Defining,
    definitions,
    headed_by_name,
    its_own_first,
)
from navis_api.generation.extractive.fitting import Fit, Wish, best
from navis_api.generation.extractive.matching import speaks_of, wanted
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.section_plans import SectionPlan, in_other_words
from navis_api.vocabulary.understanding import ConceptKind

DEFINITION = "what_it_is"
SUPPORT = "topic"
_EXPLAINED = "explained"
_ON_A_TREATMENT = "treatment_kind"
_OPTIONS = frozenset({"options", "options_short"})
_ABOUT_AS_WELL = 2.0
# Kinds of which about as much is told stand in the catalogue's order.
_MUCH_MORE_CHARS = 1_000
_EXPLAINS = wanted(("works", "work", "types", "kinds", "receive", "given", "what to expect"))


class Choosing:
    """Chooses for one question; `kinds` and `above` are the cancers below and above the asked one.

    Asked about a child, the childhood kind is what is meant, and none beside it.
    """

    def __init__(self, asked: Asked, catalogue: Catalogue, found: Found) -> None:
        self._asked = asked
        self._found = found
        self.kinds: dict[UUID, CatalogueEntry] = {}
        self.above: Sequence[CatalogueEntry] = ()
        if asked.cancer is not None:
            self.kinds = {
                entry.id: entry
                for entry in asked.kinds or catalogue.descendants(asked.cancer)
                if not (asked.has("child") and entry.name.startswith("Childhood"))
            }
            self.above = catalogue.ancestors(asked.cancer)
        self._wider = frozenset(entry.id for entry in self.above)
        self._told_of = Counter[UUID]()
        for block in found.narrower:
            for kind in block.first.cancer_ids:
                self._told_of[kind] += len(block.body)

    def wish(self, plan: SectionPlan) -> Wish:
        """Return what is looked for in a section."""
        asked, aspect = self._asked, plan.aspect
        return Wish(
            needs=tuple(wanted(need) for need in plan.needs),
            leaf=wanted(plan.leaf),
            without=wanted(aspect.without),
            without_title=wanted(aspect.without_title),
            welcome=plan.welcome,
            circumstances=wanted(p for thing in asked.circumstances for p in thing.phrases),
            heading_only=aspect.heading_only,
            leaf_only=aspect.leaf_only,
            below_title=aspect.below_title,
            mentions=aspect.mentions,
            focus=aspect.focus,
            treatments=plan.treatments,
            apart=aspect.apart,
            about=wanted(plan.about),
            cancer_id=asked.cancer.id if asked.cancer else None,
            wider_ids=self._wider,
        )

    def in_general(self, plan: SectionPlan, wish: Wish) -> list[Fit]:
        """Return what fits in texts on cancer in general, what a treatment is before the rest."""
        if plan.aspect.key == _EXPLAINED:
            return self._explained()
        fits = best(self._found.general, wish)
        asked = self._asked
        if asked.cancer is None and plan.aspect.scope == "cancer":
            # What a page on an effect says of risk, stages or tests is about that effect, and what
            # treatment there is isn't told of all cancers.
            needs = () if plan.aspect.key in _OPTIONS else (*plan.needs, plan.leaf)
            fits = [fit for fit in fits if any(_is_titled(fit, need) for need in needs)]
        if asked.cancer is not None or plan.aspect.key != _ON_A_TREATMENT:
            return fits
        kinds = asked.of_kind(ConceptKind.TREATMENT)
        names = [asked.name_of(kind) for kind in kinds]
        if asked.explained:
            told = definitions(self._found.general, names, most_statements=4)
            return told_first(told, _on_the_page_of(told, fits))
        names += [kind.label for kind in kinds]
        return told_first(definitions(self._found.general, names, most_statements=4), fits)

    def _explained(self) -> list[Fit]:
        """Return what says what the thing is that is asked to be explained."""
        names, general, alike = self._asked.explained, self._found.general, self._found.alike
        phrases = wanted(names)
        on_it = [block for block in general if speaks_of(block.title, phrases)]
        told = (
            definitions(blocks, (name,), how=how)
            for how, *places in (
                (Defining.PLAINLY, on_it),
                (Defining.LABELLED, alike, general),
                (Defining.ANYHOW, alike, general),
            )
            for name in names
            for blocks in places
        )
        nothing: list[Fit] = []
        return next(filter(None, told), nothing)

    def is_better_in_general(self, wish: Wish) -> bool:
        """Whether a general text is headed by what is asked, where the cancer's own isn't."""
        own, general = best(self._found.exact, wish), best(self._found.general, wish)
        if not general or not _is_headed(general[0], wish):
            return False
        return not own or not _is_headed(own[0], wish)

    def own(self, plan: SectionPlan, wish: Wish) -> list[Fit]:
        """Return what fits in guides to the very cancer, its definition first where one is due."""
        fits = best(self._found.exact, wish)
        cancer = self._asked.cancer
        found = (*(fitting.block for fitting in fits), *self._found.exact, *self._found.wider)
        if plan.aspect.key == DEFINITION and cancer is not None:
            told = definitions(found, cancer.names) or headed_by_name(found, cancer.names)
            return told_first(told, its_own_first(told, fits))
        if plan.aspect.key == SUPPORT:
            # What helps whoever has cancer stands in guides of its own, unless this one's has it.
            needs = [phrase for need in wish.needs for phrase in need]
            return [fitting for fitting in fits if speaks_of(fitting.block.leaf, needs)]
        if plan.core and self._asked.names_what:
            return told_first(definitions(found, self._asked.specific, most_statements=3), fits)
        return fits

    def named_for(self, fits: Sequence[Fit], plan: SectionPlan) -> SectionPlan:
        """Return the plan with the heading of the wider cancer that its texts are about."""
        cancer = self._asked.cancer
        if not fits or cancer is None:
            return plan
        about = fits[0].block.first.cancer_ids
        wider = next((entry for entry in self.above if entry.id in about), None)
        if wider is None:
            return plan
        return replace(plan, heading=in_other_words(plan.heading, cancer, wider))

    def by_kind(self, fits: Sequence[Fit]) -> list[tuple[CatalogueEntry, list[Fit]]]:
        """Group what fits by the kind of cancer that it is about, the best one first.

        Kinds that fit about as well stand in one order in each section: those first of which
        most is told, as sources tell more of what more people have.
        """
        groups: dict[UUID, list[Fit]] = {}
        for fitting in fits:
            own = [kind for kind in self.kinds if kind in fitting.block.first.cancer_ids]
            if len(own) == 1:
                groups.setdefault(own[0], []).append(fitting)
        best_score = max((group[0].score for group in groups.values()), default=0.0)
        near = [kind for kind in groups if groups[kind][0].score > best_score - _ABOUT_AS_WELL]
        in_order = sorted(near, key=list(self.kinds).index)
        in_order.sort(key=lambda kind: -(self._told_of[kind] // _MUCH_MORE_CHARS))
        in_order += [kind for kind in groups if kind not in near]
        return [(self.kinds[kind], groups[kind]) for kind in in_order]


def told_first(told: Sequence[Fit], fits: Sequence[Fit]) -> list[Fit]:
    """Return what tells it best before the others, none of which is far behind it."""
    best_score = fits[0].score if fits else 0.0
    return [*(replace(fitting, score=best_score) for fitting in told), *fits]


def _on_the_page_of(told: Sequence[Fit], fits: Sequence[Fit]) -> list[Fit]:
    """Return what stands on the page that says what a thing is: first how it works, and its kinds.

    All of what fits, where that page has no more of it.
    """
    pages = {fitting.block.first.version_id for fitting in told}
    same = [fitting for fitting in fits if fitting.block.first.version_id in pages]
    score = max((fitting.score for fitting in same), default=0.0)
    in_order = sorted(
        same,
        key=lambda fitting: (not speaks_of(fitting.block.leaf, _EXPLAINS), fitting.block.order),
    )
    return [replace(fitting, score=score) for fitting in in_order] or list(fits)


def _is_headed(fitting: Fit, wish: Wish) -> bool:
    return all(speaks_of(fitting.block.leaf, need) for need in wish.needs)


def _is_titled(fit: Fit, phrases: Iterable[str]) -> bool:
    return speaks_of(fit.block.title, wanted(phrases))
