"""Resolving: what a model wrote as claims on citations, and what each of those is from."""

from collections.abc import Sequence

from navis_api.answers.drafts import DraftCitation, DraftClaim
from navis_api.answers.models import ClaimStyle
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.llm.output import WrittenClaim
from navis_api.generation.llm.plain_text import plain
from navis_api.generation.llm.quoting import lines_above, resolved
from navis_api.generation.llm.shown import ShownPassage

_SENTENCE_ENDS = frozenset('.!?”"’)')
_CLAIM_CHARS = range(3, 401)
_MOST_CITATIONS = 4


class Resolver:
    """Resolves claims against the passages that were shown, and remembers what they cite."""

    def __init__(self, passages: Sequence[ShownPassage]) -> None:
        self._passages = passages
        self._passage_of: dict[DraftCitation, ShownPassage] = {}
        self._lead_ins: dict[DraftCitation, tuple[str, ...]] = {}
        self._together: dict[tuple[DraftCitation, ...], tuple[tuple[DraftCitation, ...], ...]] = {}

    def claim(self, written: WrittenClaim) -> DraftClaim | None:
        """Return a claim with those of its citations that stand in the passages, if any do.

        The lead-ins of a list's item stand before it.
        """
        text = plain(written.text)
        cited: dict[DraftCitation, ShownPassage] = {}
        together: list[tuple[DraftCitation, ...]] = []
        for citation in written.citations[:_MOST_CITATIONS]:
            found = resolved(citation, self._passages)
            cited.update(found)
            together += [tuple(found)] if found else []
            lead_ins = tuple(each.quote for each in found if _introduces(each.quote))
            for each in found:
                self._lead_ins[each] = tuple(quote for quote in lead_ins if quote != each.quote)
        if not cited or len(text) not in _CLAIM_CHARS:
            return None
        self._passage_of.update(cited)
        self._together[tuple(cited)] = tuple(together)
        style = ClaimStyle.BULLET if written.style == "bullet" else ClaimStyle.SENTENCE
        if style is ClaimStyle.SENTENCE and text.endswith(":"):
            style = ClaimStyle.LEAD_IN
        return DraftClaim(text, style, tuple(cited), tuple(dict.fromkeys(written.facts)))

    def passage(self, citation: DraftCitation) -> ShownPassage:
        """Return the passage that a citation is from."""
        return self._passage_of[citation]

    def lead_ins(self, citation: DraftCitation) -> tuple[str, ...]:
        """Return what a cited item of a list completes."""
        return self._lead_ins.get(citation, ())

    def cited_together(self, claim: DraftClaim) -> tuple[tuple[DraftCitation, ...], ...]:
        """Return a claim's citations as they were written: each item with what it completes."""
        return self._together[claim.citations]

    def lines_above(self, citation: DraftCitation) -> tuple[DraftCitation, ...]:
        """Return the lines that a cited item of a list completes, whether they are cited or not."""
        passage = self._passage_of[citation]
        above = lines_above(citation, passage)
        self._passage_of.update(dict.fromkeys(above, passage))
        return above

    def evidence(self, citation: DraftCitation) -> Evidence:
        """Return what a citation says, and where it stands, for the grounding checks."""
        passage = self._passage_of[citation]
        return Evidence(
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


def _introduces(quote: str) -> bool:
    """Whether a quote is no sentence: a lead-in, or an item that can't be told from one."""
    return quote[-1] not in _SENTENCE_ENDS
