"""The kinds of treatment that a cancer's own pages describe."""

from collections.abc import Sequence

from navis_api.generation.contract import DraftSection
from navis_api.generation.extractive.blocks import Block, treatments_named
from navis_api.generation.extractive.fitting import Fit, Wish, best
from navis_api.generation.extractive.matching import speaks_of, wanted
from navis_api.generation.extractive.section_plans import WHEN_GIVEN
from navis_api.vocabulary.understanding import Concept, ConceptKind, concepts, understand

_MOST_KINDS = 7
_FEWEST_NAMED = 3
_HEADING_WORDS = 6
_TREATING = wanted(("treatment", "treated", "treating", "therapy"))


def treatments_in(
    blocks: Sequence[Block], wish: Wish, options: Sequence[DraftSection], *, only_named: bool
) -> list[tuple[Concept, list[Fit]]]:
    """Return the kinds of treatment with headings of their own, in the pages' order.

    `options` are the sections that list options: with `only_named`, kinds that none of them
    names are left out, unless they name too few to go by.
    """
    named = _named_in(options)
    found: list[tuple[Concept, list[Fit]]] = []
    for concept in concepts().values():
        if concept.kind is not ConceptKind.TREATMENT or concept.key in WHEN_GIVEN:
            continue
        fits = [
            fitting
            for fitting in best(blocks, _for_concept(wish, concept))
            if speaks_of(fitting.block.leaf, wanted(concept.written + concept.specific))
            and len(fitting.block.leaf.split()) <= _HEADING_WORDS
            and speaks_of(fitting.block.path + fitting.block.title, _TREATING)
        ]
        if fits:
            # A heading that names this kind alone says more about it than one that names two.
            fits.sort(key=lambda fitting: len(treatments_named(fitting.block)))
            found.append((concept, fits))
    in_order = sorted(found, key=lambda kind: kind[1][0].block.order)
    if only_named and len(named) >= _FEWEST_NAMED:
        in_order = [kind for kind in in_order if kind[0].key in named]
    return in_order[:_MOST_KINDS]


def _for_concept(wish: Wish, concept: Concept) -> Wish:
    return Wish(
        needs=(wanted(concept.written + concept.specific),),
        without=wish.without,
        without_title=wish.without_title,
        welcome=wish.welcome,
        heading_only=True,
        cancer_id=wish.cancer_id,
        wider_ids=wish.wider_ids,
    )


def _named_in(options: Sequence[DraftSection]) -> frozenset[str]:
    text = " . ".join(claim.text for section in options for claim in section.claims)
    return understand(text).keys
