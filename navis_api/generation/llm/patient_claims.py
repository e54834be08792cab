"""Whether a model's claim is said of the patient, and on which of their facts it rests."""

from collections.abc import Sequence
from dataclasses import replace

from navis_api.answers.drafts import DraftCitation, DraftClaim
from navis_api.generation.llm.resolving import Resolver
from navis_api.generation.personal.contexts import is_conditional
from navis_api.generation.personal.judgements import UNSETTLED, Judgement, Standing, all_of, yes
from navis_api.generation.personal.paragraphs import stands_under
from navis_api.generation.personal.reading import PersonalReading


class PatientClaims:
    """Holds claims against one patient's facts, by the reading that the extractive engine has."""

    def __init__(self, reading: PersonalReading, cited: Resolver) -> None:
        self._reading = reading
        self._cited = cited
        self._names = {fact.number: fact.name.lower() for fact in reading.case.facts}
        self._of_cancer = frozenset(reading.case.of_cancer)

    def theirs(self, claim: DraftClaim, lead_in: DraftClaim | None) -> DraftClaim | None:
        """Return the claim with the facts that it rests on, or None when it isn't theirs.

        One that names a fact which doesn't count isn't believed at all. Of those that a model
        names the others stay only where the claim or its quotes speak of them.
        """
        if not set(claim.facts) <= set(self._names):
            return None
        texts = [claim.text, *([lead_in.text] if lead_in else [])]
        own = all_of(map(self._reading.of_claim, texts))
        judged = all_of([own, *(self._of(citation) for citation in claim.citations)])
        if judged.standing is Standing.YES:
            rests_on = judged.facts | self._named(claim) or self._on_cancer(claim)
            return replace(claim, facts=tuple(sorted(rests_on)))
        says_so = judged.open_on == own.open_on and UNSETTLED not in own.open_on
        if judged.standing is Standing.OPEN and says_so and any(map(is_conditional, texts)):
            rests_on = self._named(claim) or self._on_cancer(claim)
            return replace(claim, facts=tuple(sorted(rests_on)))
        return None

    def _of(self, citation: DraftCitation) -> Judgement:
        """Say whether a quote is said of the patient where it stands."""
        passage = self._cited.passage(citation)
        lead_ins: Sequence[str] = self._cited.lead_ins(citation)
        return all_of(
            [
                self._under(citation),
                self._reading.of_place(passage.headings, passage.cancer_ids),
                *map(self._reading.of_statement, (*lead_ins, citation.quote)),
            ]
        )

    def _under(self, citation: DraftCitation) -> Judgement:
        """Say whether what a quote's paragraph named before it holds for the patient.

        Where that is open, neither the quote nor the claim says for whom they are.
        """
        passage = self._cited.passage(citation)
        at = citation.start - passage.start
        under = stands_under(passage.text, self._reading)
        begins = max((start for start in under if start <= at), default=None)
        return yes() if begins is None else under[begins]

    def _named(self, claim: DraftClaim) -> frozenset[int]:
        """Return the facts that the model names and the claim or its quotes speak of."""
        spoken = " ".join([claim.text, *(each.quote for each in claim.citations)]).lower()
        return frozenset(number for number in claim.facts if self._names[number] in spoken)

    def _on_cancer(self, claim: DraftClaim) -> frozenset[int]:
        """Return the facts on which cancer it is, for a claim about that."""
        is_general = not any(self._cited.passage(each).cancer_ids for each in claim.citations)
        return frozenset[int]() if is_general else self._of_cancer
