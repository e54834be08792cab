"""Whether what a claim cites supports it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.grounding.added import added
from navis_api.generation.grounding.attributions import against_attribution, without_attribution
from navis_api.generation.grounding.citing import Place
from navis_api.generation.grounding.closeness.model import ClosenessModel, closeness_model
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.looking import look
from navis_api.generation.grounding.manner import against_manner
from navis_api.generation.grounding.subjects import (
    is_about_another,
    is_of_a_type_only,
    is_somebodys_history,
    names_in,
    subjects_of,
)
from navis_api.generation.grounding.verdicts import Reason, ReasonKind, Verdict
from navis_api.generation.grounding.weighing import weigh
from navis_api.generation.grounding.wrapped import flowing

MAX_CLAIM_CHARS = 2_000
"""No sentence or bullet that a reader takes in is longer."""
MAX_EVIDENCE_CHARS = 60_000
"""Of what is cited together, so much is read: many times the longest passage."""


def check_claim(
    text: str,
    evidence: Sequence[Evidence],
    *,
    cancer: CatalogueEntry | None,
    catalogue: Catalogue,
    model: ClosenessModel | None = None,
) -> Verdict:
    """Say whether the evidence supports a claim made in an answer about `cancer`.

    Each sentence of the claim has to stand in sentences of the evidence: its names, numbers,
    stages and telling words, as denied, as hedged and in the same direction, about the same
    cancer. What no claim may say (doses, advice, promises) is refused whatever is cited. `model`
    is another one than the one that is shipped, to measure it.
    """
    reason = _unreadable(text)
    if reason is not None:
        return Verdict((reason,))
    cited = _readable(evidence)
    if not cited:
        return Verdict((Reason(ReasonKind.NO_EVIDENCE),))
    reason = against_manner(text, " ".join(each.text for each in cited)) or against_attribution(
        text, cited
    )
    if reason is not None:
        return Verdict((reason,))
    said = without_attribution(text)
    reason = added(said, (each.text for each in cited))
    if reason is not None:
        return Verdict((reason,))
    claimed = names_in(catalogue, said)
    reasons: list[Reason] = []
    for looked in look(said, cited, cancer=cancer, catalogue=catalogue):
        rests_on = [_resting(each.place) for each in looked.found if each.place is not None]
        if looked.turned is not None:
            reasons.append(looked.turned)
        if not looked.quoted:
            reasons += weigh(looked, model or closeness_model())
            if looked.compared is not None and not rests_on:
                rests_on = [(number, each.text) for number, each in looked.compared.rests_on]
        drug = any(token.is_treatment for token in looked.reading.tokens)
        if _other_cancer(said, claimed, rests_on, cited, cancer, catalogue, names_drug=drug):
            reasons.append(Reason(ReasonKind.OTHER_CANCER))
    return Verdict(tuple(dict.fromkeys(reasons)))


def check_quote(
    quote: str, evidence: Evidence, *, cancer: CatalogueEntry | None, catalogue: Catalogue
) -> Verdict:
    """Say whether words quoted to the letter may stand as a claim in an answer about `cancer`.

    What they say stands in the evidence by itself; they still may name no dose, tell nobody what
    to take, promise nothing and be about no other cancer.
    """
    reason = _unreadable(quote) or against_manner(quote, quote)
    if reason is not None:
        return Verdict((reason,))
    if is_somebodys_history(quote, evidence, cancer=cancer, catalogue=catalogue):
        return Verdict()
    subjects = subjects_of(catalogue, evidence, quote)
    claimed = [catalogue.by_id[cancer_id] for cancer_id in subjects.named]
    if is_about_another(claimed, subjects, quote, cancer=cancer, catalogue=catalogue):
        return Verdict((Reason(ReasonKind.OTHER_CANCER),))
    return Verdict()


def _unreadable(text: str) -> Reason | None:
    if len(text) > MAX_CLAIM_CHARS:
        return Reason(ReasonKind.UNREADABLE, "too long")
    if not text.strip() or not any(letter.isalnum() for letter in text):
        return Reason(ReasonKind.EMPTY)
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
        return Reason(ReasonKind.UNREADABLE, "characters")
    return None


def _readable(evidence: Sequence[Evidence]) -> list[Evidence]:
    readable: list[Evidence] = []
    room = MAX_EVIDENCE_CHARS
    for each in evidence:
        if each.text.strip() and len(each.text) <= room:
            readable.append(replace(each, text=flowing(each.text)))
            room -= len(each.text)
    return readable


def _resting(place: Place) -> tuple[int, str]:
    """Return the number of the passage and the sentences that a place is."""
    window, passage = place.window, place.cited.passage
    sentences = passage.sentences[window.first : window.first + window.sentences]
    return place.cited.number, " ".join(sentences)


def _other_cancer(
    claim: str,
    claimed: Sequence[CatalogueEntry],
    rests_on: Iterable[tuple[int, str]],
    cited: Sequence[Evidence],
    cancer: CatalogueEntry | None,
    catalogue: Catalogue,
    *,
    names_drug: bool,
) -> bool:
    for number, sentence in rests_on:
        subjects = subjects_of(catalogue, cited[number], sentence)
        if is_about_another(
            claimed,
            subjects,
            sentence,
            cancer=cancer,
            catalogue=catalogue,
            names_drug=names_drug,
        ) or is_of_a_type_only(
            claim, claimed, subjects, sentence, cancer=cancer, catalogue=catalogue
        ):
            return True
    return False
