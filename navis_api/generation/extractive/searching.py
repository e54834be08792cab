"""Searching: the blocks of the corpus that an answer may be made of."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block, blocks_of, is_report
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.headed import with_stated_headings
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.people_asked import CHILDRENS_CANCERS
from navis_api.generation.extractive.plan import RARE_STATES
from navis_api.generation.extractive.regimens import is_on_another_regimen
from navis_api.generation.extractive.said_alike import said_alike
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.stage_groups import with_stages_of_groups
from navis_api.generation.extractive.unknown_kinds import on_unknown_kinds
from navis_api.kit.text import words
from navis_api.sources.models import Audience
from navis_api.sources.retrieval import (
    Candidate,
    all_of,
    any_of,
    find_passages,
    has_passages,
)
from navis_api.sources.subjects import cancers_of, names_disease
from navis_api.vocabulary.terms import find_terms
from navis_api.vocabulary.understanding import (
    Concept,
    ConceptKind,
    concepts,
    phrases,
    same_names,
)

# Enough for every patient page on one cancer; the longest run of pages in use has 1,400.
_FROM_CANCER = 700
_IN_GENERAL = 160
# Pages on a combination are short, and others only mention it.
_ON_A_REGIMEN = 40
# So many passages tell on how many cancers' pages the same is said of a thing.
_ON_ANY_CANCER = 400
_ON_EFFECTS = 120
_TREATMENT = wanted(["treatment", "treated"])
_CANCER = wanted(["cancer"])
_IN_THE_BRAIN = re.compile(
    r"\bmetastatic (?:adult )?brain tumou?rs?\b|\bspread to the brain\b", re.IGNORECASE
)
_CHILDREN = re.compile(r"\b(?:child\w*|pediatric|infant\w*)\b", re.IGNORECASE)
# "AIDS-related lymphoma" is what a few have; no text on it answers for all.
_OF_A_FEW = re.compile(r"\b(?P<what>\w+)-(?:related|associated|induced)\b", re.IGNORECASE)
_KIND = re.compile(
    r"\b(?P<what>(?!chronic|typical)\w+(?:ic|oid|ous|cytic))\s(?:leuka?emias?|lymphomas?|sarcomas?)\b",
    re.IGNORECASE,
)
_EFFECTS_PAGE = re.compile(r"/treatment/side-effects/(?!.*-hp-pdq)")
_DRUG_PAGE = re.compile(r"/drugs?/")
_MOODS = ("anxiety", "distress", "depression", "post-traumatic stress")
# Who asks of these is told of any effect.
_OF_EFFECTS = ("side_effects", "nutrition", "exercise", "coping", "complementary", "sexuality")
_FOR_THE_YOUNG = re.compile(r"/aya\b|\byoung (?:adults?|people)\b", re.IGNORECASE)
_YOUNG = frozenset({"young", "younger", "teen", "teenager", "teenage", "adolescent", "twenties"})
_FOR_PROFESSIONALS = re.compile(r"/hp(?:[/-]|$)|-hp-")


@dataclass(frozen=True, slots=True)
class Found:
    """What the search brought: guides for patients on the cancer, on kinds of it, and in general.

    `exact` blocks are on the very cancer, `wider` ones on a cancer that it is a kind of.
    `others` are texts on the cancer for professionals, and reports of research. Where a question
    on no cancer asks what something is, `alike` are what pages on several cancers say of it, and
    `anywhere` all that speaks of a thing that is asked to be cancer or not.
    """

    exact: tuple[Block, ...]
    wider: tuple[Block, ...]
    narrower: tuple[Block, ...]
    others: tuple[Block, ...]
    general: tuple[Block, ...]
    alike: tuple[Block, ...]
    anywhere: tuple[Block, ...]
    exact_guide: bool
    """Whether there is a guide to the treatment of the very cancer."""
    has_guide: bool
    """Whether there is one to the cancer or to what it is a kind of."""

    def where(self, may_hold: Callable[[Block], bool]) -> "Found":
        """Return what was found without the blocks that hold nothing for the answer."""
        return replace(
            self,
            exact=tuple(filter(may_hold, self.exact)),
            wider=tuple(filter(may_hold, self.wider)),
            narrower=tuple(filter(may_hold, self.narrower)),
            others=tuple(filter(may_hold, self.others)),
            general=tuple(filter(may_hold, self.general)),
        )


async def find_blocks(
    session: AsyncSession,
    asked: Asked,
    plan: Sequence[SectionPlan],
    catalogue: Catalogue,
    fitness: Fitness,
    language: str,
    own_kinds: Collection[UUID] = (),
) -> Found:
    """Return the blocks that may hold what the plan looks for.

    Kinds of the cancer that are known to be the asker's (`own_kinds`) count as the very cancer.
    """
    of_cancer: list[Candidate] = []
    if asked.cancer is not None:
        of_cancer = await find_passages(
            session,
            any_of(_phrases(plan)),
            cancer_ids=_cancer_ids(asked, catalogue, fitness),
            limit=_FROM_CANCER,
            language=language,
            with_children=fitness.with_children,
        )
    of_cancer = [
        passage
        for passage in of_cancer
        if not _is_on_a_few(passage, asked, fitness.own_words)
        and not _is_on_what_came_from_elsewhere(passage, asked)
        and not _is_on_another_way(passage, asked)
        and not fitness.is_on_another_pace(" ".join(passage.headings))
    ]
    patient = _for(Audience.PATIENT, of_cancer)
    if asked.has("child") and not (asked.cancer and asked.cancer.slug in CHILDRENS_CANCERS):
        patient = _of_children(patient)
    own = _own(asked, catalogue).union(own_kinds)
    above = _above(asked, catalogue)
    guides = await with_stated_headings(
        session, [block for block in patient if not _is_report(block)]
    )
    if asked.stage:
        for_professionals = _for(Audience.PROFESSIONAL, of_cancer)
        guides = with_stages_of_groups(guides, wanted(asked.stage_in_headings), for_professionals)
    general = await find_passages(
        session,
        " | ".join(filter(None, map(_of_section, _generally(asked, plan)))),
        cancer_ids=(),
        limit=_IN_GENERAL,
        language=language,
        with_children=fitness.with_children,
    )
    if effects := asked.of_kind(ConceptKind.EFFECT):
        general += await _on_effects(session, asked, effects, general, language)
    if asked.asks_what_is_in_it:
        known = {passage.id for passage in general}
        names = [name for regimen in asked.regimens for name in regimen.phrases]
        on_it = await find_passages(
            session, any_of(names), cancer_ids=(), limit=_ON_A_REGIMEN, language=language
        )
        general += [passage for passage in on_it if passage.id not in known]
    on_any_cancer: list[Candidate] = []
    things = asked.explained if asked.cancer is None else ()
    if asked.procedure is not None:
        # A test is the same whatever is looked for.
        things = asked.procedure.thing.phrases
    elif asked.wondered and asked.cancer is None:
        things = (asked.wondered,)
    if asked.passes_on:
        # How a virus spreads doesn't depend on the cancer that it may lead to.
        on_any_cancer = await find_passages(
            session,
            " | ".join(filter(None, map(_of_section, plan))),
            cancer_ids=None,
            limit=_ON_ANY_CANCER,
            language=language,
            with_children=True,
        )
    if things:
        on_any_cancer = await find_passages(
            session,
            any_of(things),
            cancer_ids=None,
            limit=_ON_ANY_CANCER,
            language=language,
            with_children=fitness.with_children,
        )
    on_any_cancer = [
        passage
        for passage in on_any_cancer
        if _audience(passage) is Audience.PATIENT
        and not is_report(passage.title, passage.url or "")
    ]
    kinds = _named_more_exactly(asked, catalogue, own | above)
    unknown = on_unknown_kinds(guides, asked.cancer, catalogue)
    on_a_kind = {
        id(block)
        for block in guides
        if _names_one_of(block.first, kinds) or block.first.version_id in unknown
    }
    exact_guide = _is_there_a_guide(guides, own, catalogue)
    # Guides don't speak of such a state yet; news of research may be all there is.
    on_rare_state = any(state.key in RARE_STATES for state in asked.of_kind(ConceptKind.STATE))
    return Found(
        exact_guide=exact_guide,
        has_guide=exact_guide or _is_there_a_guide(guides, above, catalogue),
        exact=tuple(
            block for block in guides if own & block.first.cancer_ids and id(block) not in on_a_kind
        ),
        wider=tuple(
            block
            for block in guides
            if block.first.cancer_ids & above and not own & block.first.cancer_ids
        ),
        narrower=tuple(
            block
            for block in guides
            if not block.first.cancer_ids & (own | above) or id(block) in on_a_kind
        ),
        others=tuple(
            block
            for block in (*_for(Audience.PROFESSIONAL, of_cancer), *filter(_is_report, patient))
            if block.first.cancer_ids <= own | above
        ),
        general=tuple(
            block
            for block in _for(Audience.PATIENT, general)
            if not names_disease(block.first.title)
            and (on_rare_state or not _is_report(block))
            and not _is_on_another_drug(block, asked)
            and not _is_on_another_way(block.first, asked)
            and not _is_on_another_effect(block, asked)
            and not _is_for_the_young(block, asked)
            and not fitness.is_for_the_other_sex(" ".join(block.first.headings))
        ),
        alike=said_alike(on_any_cancer, lambda said: bool(catalogue.mentions(said))),
        anywhere=tuple(blocks_of(on_any_cancer)) if asked.wondered or asked.passes_on else (),
    )


async def _on_effects(
    session: AsyncSession,
    asked: Asked,
    effects: Sequence[Concept],
    found: Sequence[Candidate],
    language: str,
) -> list[Candidate]:
    """Return what pages on side effects say of these, also those kept as being on a cancer.

    A title such as "Skin Changes and Cancer" was read as a cancer's name.
    """
    known = {passage.id for passage in found}
    names = [phrase for effect in effects for phrase in asked.looked_for(effect)]
    passages = await find_passages(
        session, any_of(names), cancer_ids=None, limit=_ON_EFFECTS, language=language
    )
    return [
        replace(passage, cancer_ids=frozenset())
        for passage in passages
        if passage.id not in known
        and passage.cancer_ids
        and _EFFECTS_PAGE.search(passage.url or "")
    ]


async def has_texts(
    session: AsyncSession, asked: Asked, catalogue: Catalogue, fitness: Fitness
) -> bool:
    """Whether the corpus has any text on the cancer that was asked about."""
    return await has_passages(session, _cancer_ids(asked, catalogue, fitness))


def _is_on_another_drug(block: Block, asked: Asked) -> bool:
    """Whether a block is from a page on a drug that the question doesn't name."""
    if not _DRUG_PAGE.search(block.first.url or ""):
        return False
    if is_on_another_regimen(block.first.title, asked.regimens):
        return True
    things = (*asked.required, *asked.regimens)
    named = [*asked.specific, *(p for thing in things for p in thing.phrases)]
    names = {name for phrase in named for name in same_names(phrase)}
    return not speaks_of(block.title, wanted(names))


def _is_on_another_way(passage: Candidate, asked: Asked) -> bool:
    """Whether a passage is from a page on complementary medicine, for which nobody asked.

    Such a page tells of what was claimed before it tells what was found.
    """
    if asked.has("complementary") or "/cam/" not in (passage.url or ""):
        return False
    if asked.cancer is not None:
        return not asked.required
    # "Virus" is no question about the "Newcastle Disease Virus", nor "milk" one about the thistle.
    title = readable_now(passage.title)
    if speaks_of(title, _CANCER):
        return False
    names = wanted(mention.term.label for mention in find_terms(passage.title)) or (title,)
    said = [
        *asked.specific,
        *(p for thing in asked.required for p in (thing.label, *thing.phrases)),
    ]
    asked_of = [readable_now(name) for each in said for name in (each, *same_names(each))]
    return not any(speaks_of(each, names) or title.startswith(each) for each in asked_of)


def _is_on_another_effect(block: Block, asked: Asked) -> bool:
    """Whether a page is on one effect, where nobody asks of effects, nor of a cancer that has it.

    What it tells of risk, grades, tests and words is told of that effect.
    """
    if asked.cancer is not None or any(map(asked.has, _OF_EFFECTS)):
        return False
    if asked.of_kind(ConceptKind.EFFECT) or not speaks_of(block.title, _effects()):
        return False
    treatments = asked.of_kind(ConceptKind.TREATMENT)
    return not any(speaks_of(block.title, wanted(phrases(each))) for each in treatments)


@cache
def _effects() -> tuple[str, ...]:
    effects = (each for each in concepts().values() if each.kind is ConceptKind.EFFECT)
    return wanted([*_MOODS, *(phrase for each in effects for phrase in phrases(each))])


def _is_for_the_young(block: Block, asked: Asked) -> bool:
    """Whether a block is from a page for adolescents and young adults, and none of them asks."""
    of_young = _FOR_THE_YOUNG.search(f"{block.first.url} {block.first.title}") is not None
    return of_young and not (asked.has("child") or asked.said & _YOUNG)


def _is_on_a_few(passage: Candidate, asked: Asked, own_words: frozenset[str]) -> bool:
    """Whether a document is on a kind of the cancer that isn't asked, and has no name of its own.

    Kinds that the catalogue has are told apart by it; their `own_words` are those of its names.
    """
    found = _OF_A_FEW.search(passage.title)
    if found is not None and found["what"].lower() not in asked.said:
        return True
    kind = _KIND.search(passage.title)
    return kind is not None and kind["what"].lower() not in asked.said | own_words


def _is_on_what_came_from_elsewhere(passage: Candidate, asked: Asked) -> bool:
    """Whether a passage is on tumors in the brain that began elsewhere, and nobody asked."""
    return not asked.has("metastasis") and bool(_IN_THE_BRAIN.search(" ".join(passage.headings)))


def _is_report(block: Block) -> bool:
    return is_report(block.first.title, block.first.url or "")


def _of_children(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks headed as being about children, or all where there are none."""
    theirs = tuple(block for block in blocks if _CHILDREN.search(_named(block)))
    return theirs or blocks


def _named(block: Block) -> str:
    """Return all that says whom a block is about, its address too: ".../childhood-liver-cancer"."""
    return " ".join((*block.first.headings, block.first.url or ""))


def _is_there_a_guide(blocks: Sequence[Block], about: set[UUID], catalogue: Catalogue) -> bool:
    """Whether a whole document is on the treatment of one of the cancers."""
    documents = {
        (block.first.title, block.first.url)
        for block in blocks
        if speaks_of(block.title, _TREATMENT)
    }
    return any(about & set(cancers_of(catalogue, title, (), url)) for title, url in documents)


def _own(asked: Asked, catalogue: Catalogue) -> set[UUID]:
    """Return the cancer, with its childhood kinds where a child is asked about."""
    if asked.cancer is None:
        return set()
    own = {asked.cancer.id}
    if asked.has("child"):
        kinds = catalogue.descendants(asked.cancer)
        own |= {kind.id for kind in kinds if kind.name.startswith("Childhood")}
    return own


def _named_more_exactly(
    asked: Asked, catalogue: Catalogue, own: Collection[UUID]
) -> list[CatalogueEntry]:
    """Return the cancers with the asked one's name and more in theirs: "intraocular melanoma"."""
    if asked.cancer is None:
        return []
    name = set(words(asked.cancer.name))
    return [
        entry
        for entry in catalogue.by_id.values()
        if entry.id not in own and any(name < set(words(other)) for other in entry.names)
    ]


def _names_one_of(passage: Candidate, kinds: Sequence[CatalogueEntry]) -> bool:
    """Whether a document's title has the name of one of these, in whatever order."""
    title = set(words(passage.title))
    return any(
        kind.id in passage.cancer_ids and any(title.issuperset(words(name)) for name in kind.names)
        for kind in kinds
    )


def _above(asked: Asked, catalogue: Catalogue) -> set[UUID]:
    return {entry.id for entry in catalogue.ancestors(asked.cancer)} if asked.cancer else set()


def _for(audience: Audience, passages: Sequence[Candidate]) -> tuple[Block, ...]:
    return tuple(blocks_of(passage for passage in passages if _audience(passage) is audience))


def _audience(passage: Candidate) -> Audience:
    """Whom a passage is for; its address is believed where it says "health professionals"."""
    professional = _FOR_PROFESSIONALS.search(passage.url or "")
    return Audience.PROFESSIONAL if professional else passage.audience


def _cancer_ids(asked: Asked, catalogue: Catalogue, fitness: Fitness) -> list[UUID]:
    cancer = asked.cancer
    if cancer is None:
        return []
    family = [cancer, *catalogue.ancestors(cancer), *catalogue.descendants(cancer)]
    return [entry.id for entry in family if entry.id in fitness.allowed_ids]


def _generally(asked: Asked, plan: Sequence[SectionPlan]) -> list[SectionPlan]:
    if asked.cancer is None:
        return list(plan)
    return [section for section in plan if section.aspect.scope in {"both", "general"}]


def _of_section(section: SectionPlan) -> str:
    needs = all_of(section.needs)
    leaf = any_of(section.leaf) if section.aspect.scope == "general" else ""
    return " | ".join(f"({query})" for query in (needs, leaf) if query)


def _phrases(plan: Sequence[SectionPlan]) -> list[str]:
    phrases = [phrase for section in plan for need in section.needs for phrase in need]
    phrases += [phrase for section in plan for phrase in section.leaf]
    if any(section.aspect.key == "one_treatment" for section in plan):
        for concept in concepts().values():
            if concept.kind is ConceptKind.TREATMENT:
                phrases += concept.written
    return phrases
