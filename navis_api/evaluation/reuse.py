"""Whether a reviewed answer is served to the same question, and never to another one."""

from collections.abc import Iterable
from dataclasses import dataclass

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.evaluation.cases import ReusePair
from navis_api.evaluation.figures import Outcome, share
from navis_api.evaluation.naming import cancers_named
from navis_api.questions.sameness.decision import Decision, same_question, settle
from navis_api.questions.sameness.likeness import QuestionEmbedder
from navis_api.questions.subject import cancers_meant


@dataclass(frozen=True, slots=True)
class ReuseFigures:
    """Of `pairs`, `same` ask the same; `served` got the other's answer, `false_hits` wrongly.

    `precision` is the share of the served that are the same question, `recall` the share of the
    same questions that were served.
    """

    pairs: int
    same: int
    served: int
    false_hits: int
    precision: float | None
    recall: float | None
    cases: tuple[Outcome, ...]


async def evaluate_reuse(
    pairs: Iterable[ReusePair], catalogue: Catalogue, embedder: QuestionEmbedder | None
) -> ReuseFigures:
    """Decide on each pair as asking does when `a` is the question with the reviewed answer."""
    total = same = served = false_hits = 0
    cases: list[Outcome] = []
    for pair in pairs:
        decision = await _decide(pair, catalogue, embedder)
        total += 1
        same += pair.same
        served += decision.same
        false_hits += decision.same and not pair.same
        cases.append(
            Outcome(
                pair.id,
                "SERVED" if decision.same else "NOT_SERVED",
                decision.same == pair.same,
                tuple(reason.text for reason in decision.reasons),
            )
        )
    return ReuseFigures(
        pairs=total,
        same=same,
        served=served,
        false_hits=false_hits,
        precision=share(served - false_hits, served),
        recall=share(served - false_hits, same),
        cases=tuple(cases),
    )


async def _decide(
    pair: ReusePair, catalogue: Catalogue, embedder: QuestionEmbedder | None
) -> Decision:
    decision = same_question(
        pair.b,
        pair.a,
        catalogue,
        asked_cancer=_cancer(pair, pair.b, catalogue),
        known_cancer=_cancer(pair, pair.a, catalogue),
    )
    if embedder is None or not decision.can_be_settled:
        return decision
    similarities = await embedder.similarities(pair.b, [pair.a])
    return settle(decision, similarities[0]) if similarities else decision


def _cancer(pair: ReusePair, text: str, catalogue: Catalogue) -> CatalogueEntry | None:
    named = cancers_named(pair.cancer, catalogue) or cancers_meant(text, catalogue)
    return named[0] if len(named) == 1 else None
