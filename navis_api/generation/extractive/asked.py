"""What a question asks: its concepts, its stage, and the words that an answer has to meet."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.extractive.drugs_asked import with_drugs
from navis_api.generation.extractive.markers import AskedMarker, markers_asked
from navis_api.generation.extractive.parts_asked import parts_asked
from navis_api.generation.extractive.people_asked import CHILDRENS_CANCERS
from navis_api.generation.extractive.spelling import put_right
from navis_api.generation.extractive.stages_asked import (
    in_headings,
    others_written,
    part_named,
    stages_named,
    stages_of_kind,
    written,
)
from navis_api.generation.extractive.telling import (
    Telling,
    asks_meaning,
    focus_of,
    telling_words,
    wants_definition,
    wants_exactly,
    without_markers,
)
from navis_api.generation.extractive.turning import turned
from navis_api.generation.extractive.usual_words import (
    OF_RESULTS,
    cannot_be_removed,
    in_usual_words,
    result_told,
    risk_groups,
)
from navis_api.kit.text import words
from navis_api.vocabulary.understanding import (
    Concept,
    ConceptKind,
    Understanding,
    same_names,
    understand,
)
from navis_api.vocabulary.understanding import concepts as thesaurus

_FIGURES = re.compile(
    r"\b(?:survival rates?|statistics|(?<!\d )percent\w*|how (?:long|likely|many people)|odds"
    r"|chances? of surviv\w+|life expectancy)\b"
)
_KINDS = re.compile(
    r"\b(?:what|which)(?: are)?(?: the)?(?: different| main| common| most common)?"
    r" (?:kinds|types|forms|subtypes) of cancer\b|\bhow many (?:kinds|types) of cancer\b"
)
_CHANCES = re.compile(r"\b(?:chances?|likelihood|likely|odds|how often|probability|percent\w*)\b")
# Who asks what to do about it wants that first.
_HELP = re.compile(
    r"\b(?:what (?:do|can|should|could) (?:i|we|you|one|she|he|they) do"
    r"|how (?:do|can|should|could|to|would)(?: (?:i|we|you|one|she|he|they))? (?:best )?"
    r"(?:deal|cope|manage|handle|treat|ease|relieve|reduce|control|lessen|help|stop|prevent|avoid"
    r"|get rid|care for|look after|live with)"
    r"|what (?:helps|can help|will help|works|can be done|is good for|to do)"
    r"|(?:tips|remed(?:y|ies)|anything) (?:for|to|that))\b"
)
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
        "side_effects", "follow_up", "nutrition", "exercise", "coping", "work", "money",
        "fertility", "sexuality", "family", "complementary", "clinical_trials",
    }
)  # fmt: skip
_OF_A_STAGE = frozenset({"metastasis", "advanced", "early_stage"})
_COMPARES = re.compile(
    r"\b(?:better|worse|safer|versus|vs|compared?|comparison|instead|choose|choosing|choice|decide"
    r"|deciding|difference|pros and cons|advantages?|fewer|which one)\b|\bor\b"
)
_TRIALS_OR_OPTIONS = re.compile(
    r"\btrials?\b(?: \w+){0,3} (?:or|and)(?: \w+){0,3} (?:options?|treatments|therapies|drugs)\b"
    r"|\b(?:options?|treatments|therapies|drugs)\b(?: \w+){0,3} (?:or|and)(?: \w+){0,3} trials?\b"
)
# What people tell of themselves before they ask: that they worry, how it was found.
_OFTEN_TOLD = frozenset({"coping", "screening", "diagnosis", "symptoms", "family"})
_ASKED_FOR = frozenset({ConceptKind.TOPIC, ConceptKind.TREATMENT})
_MEANS = re.compile(r"\bmeans?\b")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the engine reads it.

    `required` are telling words without which a text doesn't answer; `circumstances` are
    telling words that an answer may pass over if it says so. `named` are the cancers that the
    question names besides the one it is about, and `specific` the names of single things among
    those that a concept covers ("mammogram"). `names` are the names of the cancer and of those
    above it, and `said` all words of the question; `kinds` are kinds of it that the question
    names, where it names several, and `other_stages` the stages beside the first; `stage_part` is
    the letter of a stage ("3B"). States that it says aren't there are `denied`; who
    `was_treated` has treatment behind them, of which some `no_longer_helped`, and the keys of
    treatment that they want to do without are `refused`, as surgery is where the tumor
    `cannot_be_removed`; what is to be done next `is_implied` where nothing else is asked. What
    `is_private` stands in the asker's own papers; who `wants_times` asks from what age, or how
    often. It `names_what` when it asks what one of the `specific` things is, and `asks_meaning`
    when it asks what anything is, or means; it `wants_help` when it asks what can be done about
    something, `wants_kinds` of the cancer, `wants_options_too` when it asks for trials or for other
    options, or `wants_chances` that something happens; it `wonders` whether something is cancer, or
    `compares` treatments. A question that asks several things, or tells something before it asks,
    has `parts`.
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
    other_stages: tuple[str, ...] = ()
    stage_part: str = ""
    markers: tuple[AskedMarker, ...] = ()
    said: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    was_treated: bool = False
    no_longer_helped: tuple[Concept, ...] = ()
    refused: frozenset[str] = frozenset()
    cannot_be_removed: bool = False
    is_implied: bool = False
    is_private: bool = False
    wants_times: bool = False
    wants_figures: bool = False
    wants_definition: bool = False
    names_what: bool = False
    asks_meaning: bool = False
    asks_whether: bool = False
    wants_help: bool = False
    wants_kinds: bool = False
    wants_options_too: bool = False
    wonders: bool = False
    compares: bool = False
    wants_chances: bool = False
    parts: tuple["Asked", ...] = ()

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
        named = next((name for name in self.specific if name in concept.specific), None)
        if named is None:
            return concept.label
        if concept.kind is ConceptKind.EFFECT or concept.key == "surgery":
            # "My mouth is so sore" has a shorter name, which stands first among its likes.
            return next(name for name in concept.specific if name in same_names(named))
        return named

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
    def is_on_values(self) -> bool:
        """Whether the markers that it names are values in blood, on which no treatment acts."""
        return bool(self.markers) and all(marker.is_in_blood for marker in self.markers)

    @property
    def stage_in_headings(self) -> tuple[str, ...]:
        """How sources head what they say of the stage that the question names, also with others."""
        return in_headings(self.stage, self.stage_part) if self.stage else ()

    @property
    def stages_written(self) -> tuple[str, ...]:
        """How sources write the stages that the question names, with what they stand for."""
        return written((self.stage, *self.other_stages), self.stage_part) if self.stage else ()

    @property
    def other_stages_written(self) -> tuple[str, ...]:
        """How sources write the stages that the question doesn't name, where it names any."""
        return others_written(self.stages_written) if self.stage else ()


def read_question(text: str, cancer: CatalogueEntry | None, catalogue: Catalogue) -> Asked:
    """Return what a question asks about a cancer, or in general where `cancer` is None."""
    parts = parts_asked(text)
    asked = _read(text, cancer, catalogue)
    if not parts or parts == [text]:
        return asked
    read = tuple(_read(part, cancer, catalogue) for part in parts)
    return replace(asked, parts=read, concepts=_without_told(asked.concepts, read))


def _without_told(spoken: tuple[Concept, ...], parts: Sequence[Asked]) -> tuple[Concept, ...]:
    """Return the concepts without the topics that are only told of, where others are asked."""
    asked_for = {concept for part in parts for concept in part.concepts}
    asks = {concept.kind for concept in asked_for if concept.key != "definition"}
    if not asks & _ASKED_FOR:
        return spoken
    return tuple(each for each in spoken if each.key not in _OFTEN_TOLD or each in asked_for)


def _read(text: str, cancer: CatalogueEntry | None, catalogue: Catalogue) -> Asked:
    named: dict[str, CatalogueEntry] = {}
    plain: list[str] = []
    groups: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        without_names, mentioned = _without_names(sentence, catalogue)
        named.update((entry.slug, entry) for entry in mentioned)
        if without_names:
            groups += risk_groups(without_names)
            plain.append(put_right(in_usual_words(without_names)))
    all_plain, focus = " ".join(plain), focus_of(plain)
    understood = with_drugs(" . ".join(plain), understand(" . ".join(plain)))
    required, circumstances = telling_words(focus, understood)
    if cancer is not None and cancer.slug in CHILDRENS_CANCERS:
        # Whoever has it is a child.
        child = thesaurus()["child"].label
        required, circumstances = _but(required, (child,)), _but(circumstances, (child,))
    markers = markers_asked(text)
    required = without_markers(required, markers, understood)
    line = (cancer, *catalogue.ancestors(cancer)) if cancer else ()
    below = catalogue.descendants(cancer) if cancer else []
    required = _but(required, _words_of(line))
    circumstances = _but(circumstances, _words_of((*line, *below)))
    of_group = tuple(Telling(f"{group} risk", (f"{group} risk",)) for group in groups[:1])
    if cancer is not None and _MEANS.search(focus) and not required:
        required = of_group
    else:
        circumstances += of_group
    if cancer is None:
        # Of cancer in general there is much to say; none of it answers what is asked of a rash.
        required, circumstances = (*required, *circumstances), ()
    stages = stages_named(all_plain) or stages_of_kind(cancer)
    stage = stages[0] if stages else None
    turn = turned(all_plain, understood)
    if turn.wonders:
        # "Could it be cancer?" asks what speaks for it, whatever is told besides.
        required, circumstances = (), (*circumstances, *required)
    concepts = list(turn.concepts)
    if turn.is_implied and not required:
        # "After my bladder was removed, how will I urinate?" asks for that.
        required, circumstances = circumstances, ()
    circumstances += turn.circumstances
    stays = cannot_be_removed(all_plain)
    result = result_told(all_plain, understood)
    if result is not None:
        # What a result means, and what comes next, is asked.
        required = (Telling(result, same_names(result)),)
        circumstances = _but(circumstances, OF_RESULTS)
        concepts = [concept for concept in concepts if concept.key != "treatment"]
    if stage:
        # The number says it more exactly than the state that it stands for.
        concepts = [concept for concept in concepts if concept.key not in _OF_A_STAGE]
    specific = _specific(all_plain, understood)
    kinds = tuple(entry for entry in named.values() if entry in below)
    return Asked(
        cancer=cancer,
        concepts=tuple(concepts),
        stage=stage,
        other_stages=stages[1:],
        stage_part=part_named(all_plain) if len(stages) == 1 else "",
        required=required,
        circumstances=circumstances,
        named=tuple(entry for entry in named.values() if entry not in (*line, *below)),
        names=tuple(name for entry in line for name in entry.names),
        kinds=kinds if len(kinds) > 1 else (),
        markers=markers,
        said=frozenset(words(text)),
        denied=turn.denied,
        was_treated=turn.was_treated,
        no_longer_helped=turn.no_longer_helped,
        refused=turn.refused | (frozenset({"surgery"}) if stays else frozenset[str]()),
        cannot_be_removed=stays,
        is_implied=turn.is_implied,
        is_private=bool(_PRIVATE.search(all_plain)),
        wants_times=bool(_HOW_OFTEN.search(all_plain)),
        wants_definition=any(map(wants_definition, plain)),
        names_what=any(map(_asks_what(specific).search, plain)),
        asks_meaning=asks_meaning(focus),
        asks_whether=wants_exactly(focus),
        wants_help=bool(_HELP.search(all_plain)),
        wants_kinds=bool(_KINDS.search(all_plain)),
        compares=_compares(all_plain, concepts),
        wonders=turn.wonders,
        wants_options_too=bool(_TRIALS_OR_OPTIONS.search(all_plain)),
        wants_chances=bool(_CHANCES.search(all_plain)),
        wants_figures=not turn.lasting and bool(_FIGURES.search(all_plain)),
        specific=tuple(sorted(specific, key=lambda phrase: (-len(phrase), phrase))),
    )


def _compares(text: str, spoken: Sequence[Concept]) -> bool:
    treatments = [each for each in spoken if each.kind is ConceptKind.TREATMENT]
    return len(treatments) > 1 and _COMPARES.search(text) is not None


def _specific(text: str, understood: Understanding) -> set[str]:
    """Return the names of single things: of "bone marrow biopsy" and "biopsy" the first."""
    found = {
        phrase
        for spoken in understood.concepts
        for phrase in spoken.concept.specific
        if f" {phrase} " in f" {text} "
    }
    return {
        phrase
        for phrase in found
        if not any(f" {phrase} " in f" {longer} " for longer in found - {phrase})
    }


def _asks_what(things: Iterable[str]) -> re.Pattern[str]:
    """Match "what is a PSA test", for any of the things."""
    named = "|".join(map(re.escape, things))
    return re.compile(rf"\bwhat (?:is|are) (?:an? |the )?(?:{named})\b" if named else r"(?!)")


def _without_names(sentence: str, catalogue: Catalogue) -> tuple[str, list[CatalogueEntry]]:
    """Return the sentence's words with "cancer" for each name of one, and the cancers named."""
    spoken = words(sentence)
    mentions = catalogue.mentions(sentence)
    # Carcinoid syndrome is what a tumor does, and not its name.
    mentions = [
        mention
        for mention in mentions
        if spoken[mention.first_word + mention.word_count :][:1] != ["syndrome"]
    ]
    at_start = {mention.first_word: mention for mention in mentions}
    kept: list[str] = []
    at = 0
    while at < len(spoken):
        mention = at_start.get(at)
        kept.append("cancer" if mention else spoken[at])
        at += mention.word_count if mention else 1
    return " ".join(kept), [mention.cancer for mention in mentions]


def _words_of(entries: Iterable[CatalogueEntry]) -> frozenset[str]:
    """Return the words of all names of these cancers."""
    return frozenset(word for entry in entries for name in entry.names for word in words(name))


def _but(things: Sequence[Telling], said: Collection[str]) -> tuple[Telling, ...]:
    """Return the telling words without those that are said otherwise."""
    return tuple(thing for thing in things if thing.label not in said)
