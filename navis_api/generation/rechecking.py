"""The grounding checks for what people have edited: they are held to what engines are held to."""

import asyncio
from collections.abc import Mapping, Sequence

from navis_api.answers.checking import CitedPassage, Objection
from navis_api.answers.drafts import DraftCitation, DraftSection
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.sections import Refused, check_section
from navis_api.generation.grounding.verdicts import Reason, ReasonKind

_SENTENCES = {
    ReasonKind.EMPTY: "It says nothing that can be looked for.",
    ReasonKind.UNREADABLE: "It holds characters that no text has, or is too long.",
    ReasonKind.NO_EVIDENCE: "It cites nothing that has words.",
    ReasonKind.NOT_SAID: "Its quotes don't say all of it.",
    ReasonKind.NAME_NOT_SAID: "It names something that its quotes don't name.",
    ReasonKind.NUMBER_DIFFERS: "A number, or what it is a number of, differs from its quotes.",
    ReasonKind.STAGE_DIFFERS: "It speaks of another stage than its quotes.",
    ReasonKind.NEGATION_DIFFERS: "It denies what its quotes say, or says what they deny.",
    ReasonKind.STRONGER: "It is surer, or speaks of more people, than its quotes.",
    ReasonKind.DIRECTION_DIFFERS: "It turns round what its quotes say.",
    ReasonKind.OTHER_CANCER: "Its quotes are about another cancer.",
    ReasonKind.ATTRIBUTION: (
        "It names a source that it doesn't cite, or a guideline without its version."
    ),
    ReasonKind.DOSE: "It gives a dose.",
    ReasonKind.ADVICE: "It tells the reader what to take or to do.",
    ReasonKind.PROMISE: "It promises what nobody can.",
    ReasonKind.INSTRUCTION: "It speaks to a program and not to a reader.",
    ReasonKind.QUOTE_DIFFERS: "A quote isn't in the text that it is said to be from.",
}


class GroundingCheck:
    """Checks claims by what they cite; fills `answers.checking.ClaimChecker`."""

    async def objections(
        self,
        sections: Sequence[DraftSection],
        passages: Mapping[DraftCitation, CitedPassage],
        *,
        cancer: CatalogueEntry | None,
        catalogue: Catalogue,
    ) -> list[Objection]:
        """Return why claims don't stand, in reading order.

        A long answer takes a good part of a second, so it is done beside the event loop.
        """
        return await asyncio.to_thread(_objections, sections, passages, cancer, catalogue)


def _objections(
    sections: Sequence[DraftSection],
    passages: Mapping[DraftCitation, CitedPassage],
    cancer: CatalogueEntry | None,
    catalogue: Catalogue,
) -> list[Objection]:
    # The quote alone: readers are shown that, and not the passage around it.
    evidence = {
        citation: Evidence(
            text=citation.quote,
            headings=passage.headings,
            title=passage.title,
            publisher=passage.publisher,
            version=passage.version,
            published_on=passage.published_on,
            last_reviewed_on=passage.last_reviewed_on,
            url=passage.url,
            cancer_ids=passage.cancer_ids,
        )
        for citation, passage in passages.items()
    }
    found: list[Objection] = []
    for at, section in enumerate(sections):
        check = check_section(section, evidence, cancer=cancer, catalogue=catalogue)
        found.extend(_placed(at, section, check.refused))
    return found


def _placed(at: int, section: DraftSection, refused: Sequence[Refused]) -> list[Objection]:
    """Say which claims were refused: they come in the section's order, as the same objects."""
    waiting = list(refused)
    found: list[Objection] = []
    for place, claim in enumerate(section.claims):
        if waiting and waiting[0].claim is claim:
            reasons = waiting.pop(0).verdict.reasons
            found.append(Objection(at, place, tuple(dict.fromkeys(map(_sentence, reasons)))))
    return found


def _sentence(reason: Reason) -> str:
    said = _SENTENCES[reason.kind]
    return f"{said.removesuffix('.')} ({reason.detail})." if reason.detail else said
