"""Whether what a claim cites supports it."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.grounding.attributions import against_attribution, without_attribution
from navis_api.generation.grounding.citing import Cited, Place
from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.manner import against_manner
from navis_api.generation.grounding.passages import read_passage
from navis_api.generation.grounding.reading import Reading, read
from navis_api.generation.grounding.subjects import is_about_another, names_in, subjects_of
from navis_api.generation.grounding.support import find_support
from navis_api.generation.grounding.tokens import Kind
from navis_api.generation.grounding.verdicts import Reason, ReasonKind, Verdict
from navis_api.kit.text import words
from navis_api.sources.sentences import sentence_spans

_DRUG_KEYS = ("drug:", "regimen:")
_OF_WOMEN = frozenset(
    {"cervical", "uterine", "endometrial", "ovarian", "fallopian", "vaginal", "vulvar",
     "trophoblastic"}
)  # fmt: skip
_OF_MEN = frozenset({"prostate", "testicular", "penile"})
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
) -> Verdict:
    """Say whether the evidence supports a claim made in an answer about `cancer`.

    Each sentence of the claim has to stand in sentences of the evidence: its names, numbers,
    stages and telling words, as denied, as hedged and in the same direction, about the same
    cancer. What no claim may say (doses, advice, promises) is refused whatever is cited.
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
    claimed = names_in(catalogue, said)
    topic = _topic(cancer)
    passages = [
        Cited(read_passage(each.text), _content(each.heading_path), number)
        for number, each in enumerate(cited)
    ]
    reasons: list[Reason] = []
    for start, end in sentence_spans(said, 0, len(said)):
        sentence = read(said[start:end])
        named = _places_of(catalogue, cancer, said[start:end], sentence)
        found = find_support(sentence, passages, named, topic)
        reasons += [each.reason for each in found if each.reason is not None]
        places = [each.place for each in found if each.place is not None]
        drug = any(key.startswith(_DRUG_KEYS) for t in sentence.tokens for key in t.keys)
        if _other_cancer(claimed, places, cited, cancer, catalogue, names_drug=drug):
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
            readable.append(each)
            room -= len(each.text)
    return readable


def _topic(cancer: CatalogueEntry | None) -> frozenset[str]:
    """Return the keys of the names of the answer's cancer."""
    if cancer is None:
        return frozenset()
    return _content((*cancer.names, *cancer.abbreviations))


def _people_of(cancer: CatalogueEntry | None) -> frozenset[str]:
    """Return the people that have a cancer by its nature: what is said of them needs no support."""
    parts = set(cancer.slug.split("-")) if cancer is not None else set[str]()
    if not parts.isdisjoint(_OF_WOMEN):
        return frozenset({"woman"})
    return frozenset({"man"}) if not parts.isdisjoint(_OF_MEN) else frozenset()


def _places_of(
    catalogue: Catalogue, cancer: CatalogueEntry | None, text: str, reading: Reading
) -> frozenset[int]:
    """Return the places of the words that name the answer's cancer.

    Whose facts these are is for `subjects`; the name may be left out of a source's sentence.
    """
    spoken = words(text)
    places: list[int] = []
    flat: list[str] = []
    for at, token in enumerate(reading.tokens):
        for word in token.words:
            if word[0].isalnum():
                flat.append(word)
                places.append(at)
    people = _people_of(cancer)
    found = {at for at, token in enumerate(reading.tokens) if not people.isdisjoint(token.keys)}
    for mention in catalogue.mentions(text):
        if mention.cancer != cancer:
            continue
        name = spoken[mention.first_word : mention.first_word + mention.word_count]
        first = next((at for at in range(len(flat)) if flat[at : at + len(name)] == name), None)
        if first is not None:
            found.update(places[first : first + len(name)])
    return frozenset(found)


@lru_cache(maxsize=1_024)
def _content(names: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of names or headings, and keep them: they hold no patient's words."""
    return frozenset(
        key
        for token in read(" / ".join(names)).tokens
        if token.kind is not Kind.FUNCTION
        for key in (*token.keys, *token.implied)
    )


def _other_cancer(
    claimed: Sequence[CatalogueEntry],
    places: Iterable[Place],
    cited: Sequence[Evidence],
    cancer: CatalogueEntry | None,
    catalogue: Catalogue,
    *,
    names_drug: bool,
) -> bool:
    for place in places:
        window = place.window
        passage = place.cited.passage
        sentence = " ".join(passage.sentences[window.first : window.first + window.sentences])
        subjects = subjects_of(catalogue, cited[place.cited.number], sentence)
        if is_about_another(
            claimed,
            subjects,
            sentence,
            cancer=cancer,
            catalogue=catalogue,
            names_drug=names_drug,
        ):
            return True
    return False
