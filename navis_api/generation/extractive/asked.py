"""What a question asks: its concepts, its stage, and the words that an answer has to meet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.extractive.markers import AskedMarker, markers_asked
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import (
    Concept,
    ConceptKind,
    SpokenConcept,
    Understanding,
    phrases,
    same_names,
    understand,
)
from navis_api.vocabulary.understanding import concepts as thesaurus

_NUMBERS = {"0": "0", "i": "1", "ii": "2", "iii": "3", "iv": "4"}
_SPOKEN_NUMBERS = {"zero": "0", "one": "i", "two": "ii", "three": "iii", "four": "iv"}
_STAGES = {
    **_SPOKEN_NUMBERS,
    **{number: stage for stage, number in _NUMBERS.items()},
    **{stage: stage for stage in _NUMBERS},
}
_STAGE = re.compile(r"\bstage ([0-4]|i{1,3}|iv|zero|one|two|three|four)([abc]?)\b")
# Yes-or-no questions, and those for a person, a place, a time or a number, are answered only by
# a text that speaks of each telling word in them.
_EXACT = re.compile(
    r"^(?:\W*(?:and|but|so|please|hi|hello)\W+)*"
    r"(?:is|are|am|was|do|does|did|can|could|will|would|should|shall|may|might|has|have|had"
    r"|which|who|where|when|how (?:much|many|often|far|soon|old)|what (?:time|hospital))\b"
)
_FIGURES = re.compile(
    r"\b(?:survival rates?|statistics|percent\w*|how (?:long|likely|many people)|odds"
    r"|chances? of surviv\w+|life expectancy)\b"
)
# "What is [the cancer]", and nothing about it: names stand as "cancer" when this is looked for.
_DEFINITION = re.compile(r"\b(?:what is|what's|what are) (?:an? |the )?cancer(?:$| and\b)")
# "After surgery" says when, and asks for something else: what to do now, or what comes next.
_BEHIND = re.compile(
    r"\b(?:after|since|following|despite|finished|completed|had|tried|failed|respond\w*(?: to)?"
    r"|resistant to|stopped|through|(?:removed|taken out) (?:by|with|in))"
    r"(?: (?:my|the|a|his|her))?$"
)
# Numbers and degrees, without which a text may answer all the same.
_NOT_TELLING = frozenset(
    {
        "low", "high", "mild", "severe", "small", "big", "large", "safe", "dangerous",
        "difference", "differences", "different", "differ", "between", "versus", "vs", "or",
        "age", "ages", "old", "start", "begin", "year", "years", "months", "used", "happens",
        "needed", "need", "necessary", "still", "often", "early", "late",
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "fifteen", "twenty", "thirty", "forty", "fifty",
    }
)  # fmt: skip
# What stands in somebody's papers: no source knows it.
_PRIVATE = re.compile(
    r"\bwhat (?:did|does|do) my (?:\w+ ){1,5}(?:show|say|find|reveal)\b"
    r"|\b(?:my|the) (?:co ?pay\w*|deductible|premium|appointment|password|login|bill)\b"
)
_HOW_OFTEN = re.compile(
    r"\bhow (?:often|frequent\w*|many times|old)\b|\b(?:what|which|at what) age\b"
    r"|\bwhen (?:should|do|must|can) (?:i|we|you|she|he|women|men|people)"
    r" (?:start|begin|get|have|stop)"
    r"|\b(?:every|once a) year\b|\bafter (?:the )?menopause\b|\bhow soon\b"
)
# Where one of these is asked, "treatment" says of or during what.
_OF_TREATMENT = frozenset(
    {
        "side_effects", "follow_up", "nutrition", "exercise", "coping", "work_money", "fertility",
        "sexuality", "family", "complementary", "clinical_trials",
    }
)  # fmt: skip
# "After menopause" says how old somebody is, beside whatever else is asked.
_AN_AGE = ("menopause",)
_OF_A_STAGE = frozenset({"metastasis", "advanced", "early_stage"})
# "Low-risk prostate cancer" is a kind of it, and no question about risks.
_RISK_GROUP = re.compile(r"\b(?:very )?(?:low|intermediate|high|standard) risk (?=cancer\b)")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Telling:
    """A word of the question that tells it from others, or a factor, and how it is written."""

    label: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the engine reads it.

    `required` are telling words without which a text doesn't answer; `circumstances` are
    telling words that an answer may pass over if it says so. `named` are the cancers that the
    question names besides the one it is about, and `specific` the names of single things among
    those that a concept covers ("mammogram"). `names` are the names of the cancer and of those
    above it, and `said` all words of the question; `kinds` are kinds of it that the question
    names, where it names several. What `is_private` stands in the asker's own papers; who
    `wants_times` asks from what age, or how often. It `names_what` when it asks what one of the
    `specific` things is.
    """

    cancer: CatalogueEntry | None
    concepts: tuple[Concept, ...]
    stage: str | None
    required: tuple[Telling, ...]
    circumstances: tuple[Telling, ...]
    named: tuple[CatalogueEntry, ...] = ()
    specific: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    kinds: tuple[CatalogueEntry, ...] = ()
    markers: tuple[AskedMarker, ...] = ()
    said: frozenset[str] = frozenset()
    is_private: bool = False
    wants_times: bool = False
    wants_figures: bool = False
    wants_definition: bool = False
    names_what: bool = False
    asks_whether: bool = False

    def looked_for(self, concept: Concept) -> tuple[str, ...]:
        """Return what sources write of a concept: the one thing that is named, or any."""
        named = tuple(
            name
            for phrase in concept.specific
            if phrase in self.specific
            for name in same_names(phrase)
        )
        return named or concept.written + concept.specific

    def name_of(self, concept: Concept) -> str:
        """Return the one thing of a concept that is named, or else the concept's label."""
        return next((name for name in self.specific if name in concept.specific), concept.label)

    def of_kind(self, kind: ConceptKind) -> tuple[Concept, ...]:
        """Return the question's concepts of a kind, in its order."""
        return tuple(concept for concept in self.concepts if concept.kind is kind)

    def has(self, key: str) -> bool:
        """Whether the question speaks of this concept."""
        return any(concept.key == key for concept in self.concepts)

    @property
    def of_treatment(self) -> bool:
        """Whether it asks for something beside treatment, of which that only says during what."""
        return any(concept.key in _OF_TREATMENT for concept in self.of_kind(ConceptKind.TOPIC))

    @property
    def stage_phrases(self) -> tuple[str, ...]:
        """How sources write the stage that the question names."""
        if self.stage is None:
            return ()
        return (f"stage {self.stage}", f"stage {_NUMBERS[self.stage]}")


def read_question(text: str, cancer: CatalogueEntry | None, catalogue: Catalogue) -> Asked:
    """Return what a question asks about a cancer, or in general where `cancer` is None."""
    named: dict[str, CatalogueEntry] = {}
    plain: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        without_names, mentioned = _without_names(sentence, catalogue)
        named.update((entry.slug, entry) for entry in mentioned)
        if without_names:
            plain.append(_RISK_GROUP.sub("", without_names))
    understood = understand(" . ".join(plain))
    required, circumstances = _telling(_focus(plain), understood)
    if cancer is None:
        # Of cancer in general there is much to say; none of it answers what is asked of a rash.
        required, circumstances = (*required, *circumstances), ()
    family: set[str] = set()
    below: set[str] = set()
    if cancer is not None:
        below = {entry.slug for entry in catalogue.descendants(cancer)}
        family = {cancer.slug, *(e.slug for e in catalogue.ancestors(cancer))}
        family |= {e.slug for e in catalogue.descendants(cancer)}
    stage = _STAGE.search(" ".join(plain))
    behind = _treatments_behind(" ".join(plain), understood)
    circumstances += tuple(Telling(concept.label, phrases(concept)) for concept in behind)
    by_age = [s for s in understood.concepts if s.words == _AN_AGE and len(understood.concepts) > 1]
    circumstances += tuple(Telling(_AN_AGE[0], _AN_AGE) for _ in by_age)
    spoken_of = [spoken.concept for spoken in understood.concepts if spoken not in by_age]
    concepts = _asked_for(spoken_of, behind)
    if stage:
        # The number says it more exactly than the state that it stands for.
        concepts = [concept for concept in concepts if concept.key not in _OF_A_STAGE]
    specific = {
        phrase
        for spoken in understood.concepts
        for phrase in spoken.concept.specific
        if f" {phrase} " in f" {' '.join(plain)} "
    }
    kinds = tuple(entry for slug, entry in named.items() if slug in below)
    return Asked(
        cancer=cancer,
        concepts=tuple(concepts),
        stage=_STAGES[stage[1]] if stage else None,
        required=required,
        circumstances=circumstances,
        named=tuple(entry for slug, entry in named.items() if slug not in family),
        names=_names(cancer, catalogue),
        kinds=kinds if len(kinds) > 1 else (),
        markers=markers_asked(text),
        said=frozenset(words(text)),
        is_private=bool(_PRIVATE.search(" ".join(plain))),
        wants_times=bool(_HOW_OFTEN.search(" ".join(plain))),
        wants_definition=any(map(_DEFINITION.search, plain)),
        names_what=any(map(_asks_what(specific).search, plain)),
        asks_whether=bool(_EXACT.match(_focus(plain))),
        wants_figures=bool(_FIGURES.search(" ".join(plain))),
        specific=tuple(sorted(specific, key=lambda phrase: (-len(phrase), phrase))),
    )


def _asks_what(things: Iterable[str]) -> re.Pattern[str]:
    """Match "what is a PSA test", for any of the things."""
    named = "|".join(map(re.escape, things))
    return re.compile(rf"\bwhat (?:is|are) (?:an? |the )?(?:{named})\b" if named else r"(?!)")


def _treatments_behind(text: str, understood: Understanding) -> list[Concept]:
    """Return the treatments that were given already: "it came back after surgery"."""
    spoken_words = words(text)
    return [
        spoken.concept
        for spoken in understood.concepts
        if spoken.concept.kind is ConceptKind.TREATMENT
        and _BEHIND.search(" ".join(spoken_words[: spoken.first_word]))
    ]


def _asked_for(spoken: list[Concept], behind: list[Concept]) -> list[Concept]:
    """Return the concepts without treatments that are behind the asker.

    Who asks for nothing else wants to know what comes next.
    """
    left = [concept for concept in spoken if concept not in behind]
    asks = {ConceptKind.TOPIC, ConceptKind.STATE, ConceptKind.EFFECT, ConceptKind.TREATMENT}
    if behind and not any(concept.kind in asks and concept.key != "definition" for concept in left):
        left.append(thesaurus()["follow_up"])
    return left


def _without_names(sentence: str, catalogue: Catalogue) -> tuple[str, list[CatalogueEntry]]:
    """Return the sentence's words with "cancer" for each name of one, and the cancers named."""
    spoken = words(sentence)
    mentions = catalogue.mentions(sentence)
    at_start = {mention.first_word: mention for mention in mentions}
    kept: list[str] = []
    at = 0
    while at < len(spoken):
        mention = at_start.get(at)
        kept.append("cancer" if mention else spoken[at])
        at += mention.word_count if mention else 1
    return " ".join(kept), [mention.cancer for mention in mentions]


def _stands_for_itself(spoken: SpokenConcept) -> bool:
    """Whether a specific name is looked for under its concept: a kind of treatment or of test."""
    concept = spoken.concept
    tests = concept.key in {"screening", "diagnosis"}
    return (tests or concept.kind is ConceptKind.TREATMENT) and (
        " ".join(spoken.words) in concept.specific
    )


def _names(cancer: CatalogueEntry | None, catalogue: Catalogue) -> tuple[str, ...]:
    if cancer is None:
        return ()
    return tuple(name for entry in (cancer, *catalogue.ancestors(cancer)) for name in entry.names)


def _focus(sentences: list[str]) -> str:
    """Return the sentence that asks: the first that begins like a question, or the last."""
    asking = re.compile(r"^(?:what|how|why|which|who|when|where)\b")
    for sentence in sentences:
        if _EXACT.match(sentence) or asking.match(sentence):
            return sentence
    return sentences[-1] if sentences else ""


def _people_asked_about(understood: Understanding) -> dict[str, Telling]:
    """Return the people of a question that asks for nothing but whether it concerns them."""
    kinds = {spoken.concept.kind for spoken in understood.concepts}
    if kinds != {ConceptKind.POPULATION}:
        return {}
    return {
        spoken.words[0]: Telling(spoken.concept.label, spoken.concept.written)
        for spoken in understood.concepts
    }


def _telling(
    focus: str, understood: Understanding
) -> tuple[tuple[Telling, ...], tuple[Telling, ...]]:
    """Return what an answer has to speak of, and what it may pass over."""
    plainly = {
        word
        for spoken in understood.concepts
        if _stands_for_itself(spoken)
        for word in spoken.words
    }
    things: dict[str, Telling] = {
        word: Telling(word, same_names(word))
        for word in understood.remaining_words
        if word not in plainly | _NOT_TELLING and len(word) > 1 and not word.isdigit()
    }
    for spoken in understood.concepts:
        if spoken.concept.kind is ConceptKind.FACTOR:
            factor = Telling(spoken.concept.label, spoken.concept.written)
            things[spoken.words[0]] = factor
    things |= _people_asked_about(understood)
    words_in_focus = focus.split()
    exact = bool(_EXACT.match(focus))
    topics = any(
        spoken.concept.kind not in {ConceptKind.POPULATION, ConceptKind.FACTOR}
        # "What is" asks for a definition of what follows, which may be anything.
        and (spoken.concept.key != "definition" or bool(_DEFINITION.search(focus)))
        for spoken in understand(focus).concepts
    )
    required: list[Telling] = []
    for at, word in enumerate(words_in_focus):
        if word not in things:
            continue
        follows_what = at > 0 and words_in_focus[at - 1] in {"what", "which", "whose"}
        if follows_what or exact or not topics:
            required.append(things[word])
    required = list(dict.fromkeys(required))
    return tuple(required), tuple(thing for thing in things.values() if thing not in required)
