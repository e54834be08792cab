"""Reading a question: what it asks, and what it only tells."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.extractive.against_return import against_return, asks_against_return
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.asked_for_others import whose
from navis_api.generation.extractive.carriers import wanted_by_carriers
from navis_api.generation.extractive.choices_asked import is_near_the_end, weighs_comfort
from navis_api.generation.extractive.definition_asked import (
    asks_for_definition,
    states_asked_about,
)
from navis_api.generation.extractive.drugs_asked import with_drugs
from navis_api.generation.extractive.effect_course import asks_course, words_on_course
from navis_api.generation.extractive.effect_reasons import effects_wondered_at
from navis_api.generation.extractive.grown_up import had_it_as_a_child, without_children
from navis_api.generation.extractive.higher_risk import asks_which_cancers, is_at_higher_risk
from navis_api.generation.extractive.in_parts import in_parts
from navis_api.generation.extractive.last_days import asked_of_the_dying
from navis_api.generation.extractive.markers import markers_asked
from navis_api.generation.extractive.naming import words_of_names
from navis_api.generation.extractive.parts_asked import parts_asked
from navis_api.generation.extractive.passing_on import without_the_words
from navis_api.generation.extractive.people_asked import CHILDRENS_CANCERS, ONLY_CHILDRENS
from navis_api.generation.extractive.places_asked import beyond_sources
from navis_api.generation.extractive.procedures_asked import Procedure, procedure_asked
from navis_api.generation.extractive.regimens import asks_what_is_in_it, regimens_named
from navis_api.generation.extractive.spelling import put_right
from navis_api.generation.extractive.stages_asked import (
    part_named,
    stages_named,
    stages_of_kind,
)
from navis_api.generation.extractive.staging_systems import without_the_system
from navis_api.generation.extractive.swollen import NAME as OF_SWELLING
from navis_api.generation.extractive.swollen import TOLD_OF as SWELLING_TOLD_OF
from navis_api.generation.extractive.swollen import by_its_name, swells_after_treatment
from navis_api.generation.extractive.telling import (
    Telling,
    asks_meaning,
    asks_what_it_means,
    focus_of,
    telling_words,
    thing_explained,
    wants_exactly,
    without_markers,
)
from navis_api.generation.extractive.told_of_oneself import (
    had_surgery,
    has_stopped_smoking,
    tells_of_a_diagnosis,
)
from navis_api.generation.extractive.turning import NOT_COME_BACK, TESTS, turned
from navis_api.generation.extractive.usual_words import (
    OF_RESULTS,
    cannot_be_removed,
    in_usual_words,
    result_told,
    risk_groups,
)
from navis_api.generation.extractive.whether_cancer import thing_wondered
from navis_api.generation.extractive.why_asked import whys_asked
from navis_api.generation.grounding.roots import root
from navis_api.kit.text import fold, words
from navis_api.vocabulary.care_explained import care_explained
from navis_api.vocabulary.dying import tells_of_dying
from navis_api.vocabulary.meanwhile import asks_what_may_be_done_meanwhile
from navis_api.vocabulary.passing_on import asks_if_it_passes_on
from navis_api.vocabulary.terms import TermKind, find_terms
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
    r"|what (?:help|support) (?:is|are) there|where (?:can|do|could) (?:i|we) (?:get|find) help"
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
_OF_A_STAGE = frozenset({"metastasis", "advanced", "early_stage"})
_AN_AGE = re.compile(
    r"\b(?:i'?m|im|i am|aged?|at|turned|is|she'?s|he'?s) \d\d\b|\b\d\d years? old\b"
)
_COMPARES = re.compile(
    r"\b(?:better|worse|safer|versus|vs|compared?|comparison|instead|choose|choosing|choice|decide"
    r"|deciding|difference|pros and cons|advantages?|fewer|which one)\b|\bor\b"
    r"|\bas (?:good|effective|safe|successful|likely|well)\b|\bequally\b|\bthe same as\b"
)
_TRIALS_OR_OPTIONS = re.compile(
    r"\btrials?\b(?: \w+){0,3} (?:or|and)(?: \w+){0,3} (?:options?|treatments|therapies|drugs)\b"
    r"|\b(?:options?|treatments|therapies|drugs)\b(?: \w+){0,3} (?:or|and)(?: \w+){0,3} trials?\b"
)
_MEANS = re.compile(r"\bmeans?\b")
# "They offer a PARP inhibitor. What is that?"
_POINTS_BACK = re.compile(
    r"(?:(?:so|and|but|then) )*(?:what(?:'s| is| are| does| do)|how (?:does|do|is|are))"
    r" (?:it|that|this|they|these|those)"
    r"(?: (?:exactly|actually|really|all|then|do|work|mean|for|used|given|about"
    r"|supposed|meant|to))*$"
)
# Where it is asked what is done in a test, these say no more than that.
_OF_A_TEST = frozenset({"pain", "diagnosis", "screening", "definition", "symptoms", "sleep"})
_ITS_RISKS = Telling(
    "its risks",
    ("risk", "risks", "side effect", "side effects", "complication", "complications", "lymphedema"),
)
_STAYS_MEANT = frozenset({ConceptKind.STATE, ConceptKind.POPULATION})
_ASKED_FOR = frozenset({ConceptKind.TOPIC, ConceptKind.EFFECT, ConceptKind.TREATMENT})
_DRUGS = frozenset({TermKind.DRUG, TermKind.REGIMEN, TermKind.DRUG_CLASS})
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


def read_question(text: str, cancer: CatalogueEntry | None, catalogue: Catalogue) -> Asked:
    """Return what a question asks about a cancer, or in general where `cancer` is None."""
    explained = care_explained(text) if cancer is None else None
    if explained is not None and explained.asks_risks:
        # What it is doesn't depend on the cancer; its risks are told with it, or left open.
        first = _read(explained.question, cancer, catalogue)
        if not first.of_kind(ConceptKind.TREATMENT):
            return replace(first, circumstances=(*first.circumstances, _ITS_RISKS))
    whole = _read(text, cancer, catalogue)
    if tells_of_dying(text):
        # Whatever its parts ask, they ask it of the last days.
        return asked_of_the_dying(whole, text)
    if whole.passes_on:
        return without_the_words(whole)
    if whole.procedure is not None:
        # "What happens during it?" asks about the test that is told of before.
        return whole
    if whole.has("pregnancy"):
        # Whether it harms the baby is asked of the treatment, and of no other children.
        return whole
    parts = [
        read
        for part in parts_asked(text)
        if not _only_names(read := _read(part, cancer, catalogue), part, catalogue)
    ]
    whole = in_parts(whole, parts) if parts else whole
    return beyond_sources(whole, text)


def _read(text: str, cancer: CatalogueEntry | None, catalogue: Catalogue) -> Asked:
    plain, groups, named = _in_plain_words(text, catalogue)
    swollen = swells_after_treatment(" . ".join(plain))
    plain = [by_its_name(sentence) for sentence in plain] if swollen else plain
    all_plain, focus = " ".join(plain), focus_of(plain)
    understood = with_drugs(" . ".join(plain), understand(" . ".join(plain)))
    required, circumstances = telling_words(focus, understood)
    # Whoever has it is a child.
    child = (*_child_told(cancer), *words_on_course(all_plain))
    required, circumstances = _but(required, child), _but(circumstances, child)
    markers = markers_asked(text)
    required = without_markers(required, markers, understood)
    line, below = (
        (cancer, *catalogue.ancestors(cancer)) if cancer else (),
        _below(cancer, catalogue),
    )
    required = _but(required, words_of_names(line))
    circumstances = _but(circumstances, words_of_names((*line, *below)))
    of_group = tuple(Telling(f"{group} risk", (f"{group} risk",)) for group in groups[:1])
    if cancer is not None and _MEANS.search(focus) and not required:
        required = of_group
    else:
        circumstances += of_group
    meant = asks_what_it_means(all_plain)
    required, circumstances = _weighed(required, circumstances, understood, cancer, meant=meant)
    stages = stages_named(all_plain) or stages_of_kind(cancer)
    stage = stages[0] if stages else None
    turn = turned(all_plain, understood)
    if turn.wonders:
        # "Could it be cancer?" asks what speaks for it, whatever is told besides.
        required, circumstances = (), (*circumstances, *required)
    concepts = list(turn.concepts)
    if not required and _POINTS_BACK.match(focus):
        required, circumstances = _pointed_at(text, circumstances)
        if required:
            concepts = [concept for concept in concepts if concept.kind in _STAYS_MEANT]
            markers = ()
    if turn.is_implied and not required:
        # "After my bladder was removed, how will I urinate?" asks for that.
        required, circumstances = circumstances, ()
    circumstances += turn.circumstances
    if (result := result_told(all_plain, understood)) is not None:
        # What a result means, and what comes next, is asked.
        required = (Telling(result, same_names(result)),)
        circumstances = _but(circumstances, OF_RESULTS)
        concepts = [concept for concept in concepts if concept.key != "treatment"]
    procedure = procedure_asked(all_plain)
    if procedure is not None or swollen:
        # What the test is for, and how the limb came to swell, is told and not asked.
        required, circumstances = (), ()
    concepts = _but_told(concepts, procedure, swollen=swollen)
    stays, in_it = cannot_be_removed(all_plain), asks_what_is_in_it(text)
    concepts = _as_told(concepts, stays=stays, meant=meant, staged=stage is not None, in_it=in_it)
    if is_against_return := asks_against_return(all_plain):
        concepts = against_return(concepts, plain)
        circumstances = _but(circumstances, (NOT_COME_BACK,))
    specific = _specific(all_plain, understood)
    is_diagnosed = tells_of_a_diagnosis(" . ".join(plain))
    carries, concepts = wanted_by_carriers(
        all_plain,
        markers,
        concepts,
        is_ill=is_diagnosed or turn.was_treated or stage is not None,
    )
    return Asked(
        cancer=cancer,
        concepts=tuple(
            without_children(concepts) if had_it_as_a_child(text.lower(), cancer) else concepts
        ),
        stage=stage,
        other_stages=stages[1:],
        stage_part=part_named(all_plain) if len(stages) == 1 else "",
        required=required,
        circumstances=circumstances,
        named=tuple(entry for entry in named.values() if entry not in (*line, *below)),
        names=tuple(name for entry in line for name in entry.names),
        kinds=_kinds_named(named, below),
        markers=markers,
        said=frozenset(words(text)),
        spoken=understood.keys,
        denied=turn.denied,
        was_treated=turn.was_treated or swollen or is_against_return,
        is_against_return=is_against_return,
        no_longer_helped=turn.no_longer_helped,
        refused=turn.refused | (frozenset({"surgery"}) if stays else frozenset[str]()),
        withheld=turn.withheld,
        cannot_be_removed=stays,
        is_implied=turn.is_implied,
        is_private=bool(_PRIVATE.search(all_plain)),
        wants_times=bool(_HOW_OFTEN.search(all_plain)) or _tells_age(all_plain, concepts),
        wants_definition=asks_for_definition(plain) and stage is None,
        asked_states=states_asked_about(all_plain),
        names_what=any(map(_asks_what(specific).search, plain)),
        asks_meaning=meant or asks_meaning(focus),
        points_at_told=meant,
        explained=(
            (OF_SWELLING,) if swollen else _names_explained(thing_explained(focus), understood)
        ),
        whose=whose(text, is_childrens=cancer is not None and cancer.slug in ONLY_CHILDRENS),
        stopped_smoking=has_stopped_smoking(text),
        regimens=regimens_named(text),
        asks_what_is_in_it=in_it,
        is_diagnosed=is_diagnosed,
        is_carrier=carries,
        is_grown_up=had_it_as_a_child(text.lower(), cancer),
        had_surgery=had_surgery(" . ".join(plain)),
        wondered=thing_wondered(text, catalogue),
        asks_whether=wants_exactly(focus),
        wants_help=bool(_HELP.search(all_plain)),
        wants_kinds=bool(_KINDS.search(all_plain)),
        compares=_compares(all_plain, concepts),
        procedure=procedure,
        weighs_comfort=weighs_comfort(all_plain, understood),
        is_near_the_end=is_near_the_end(all_plain),
        wonders=turn.wonders,
        whys=whys_asked(". ".join(plain)),
        is_at_higher_risk=carries or is_at_higher_risk(all_plain),
        wants_cancers=asks_which_cancers(all_plain),
        is_during_treatment=asks_what_may_be_done_meanwhile(all_plain),
        passes_on=asks_if_it_passes_on(text),
        asks_course=asks_course(all_plain) and any(map(_is_effect, concepts)),
        asks_why_felt=effects_wondered_at(all_plain),
        wants_options_too=bool(_TRIALS_OR_OPTIONS.search(all_plain)),
        wants_chances=bool(_CHANCES.search(all_plain)),
        wants_figures=not turn.lasting and bool(_FIGURES.search(all_plain)),
        specific=tuple(sorted(specific, key=lambda phrase: (-len(phrase), phrase))),
    )


def _is_effect(concept: Concept) -> bool:
    return concept.kind is ConceptKind.EFFECT


def _only_names(read: Asked, part: str, catalogue: Catalogue) -> bool:
    """Whether a part names a cancer, and no more than where it sits: what is asked follows."""
    says_more = read.concepts or read.stage or read.markers or read.kinds or read.explained
    is_asking = read.asks_whether or read.asks_meaning or part.endswith("?")
    return bool(catalogue.mentions(part)) and not says_more and not is_asking


def _in_plain_words(
    text: str, catalogue: Catalogue
) -> tuple[list[str], list[str], dict[str, CatalogueEntry]]:
    """Return a text's sentences in usual words, and the risk groups and cancers that it names."""
    named: dict[str, CatalogueEntry] = {}
    plain: list[str] = []
    groups: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        without_names, mentioned = _without_names(sentence, catalogue)
        named.update((entry.slug, entry) for entry in mentioned)
        if without_names:
            groups += risk_groups(without_names)
            plain.append(without_the_system(put_right(in_usual_words(without_names))))
    return plain, groups, named


def _but_told(
    concepts: Sequence[Concept], procedure: Procedure | None, *, swollen: bool
) -> list[Concept]:
    """Return the concepts without those that only say of what: a test, or where it swells."""
    told = _OF_A_TEST if procedure is not None else frozenset[str]()
    told |= SWELLING_TOLD_OF if swollen else frozenset[str]()
    return [concept for concept in concepts if concept.key not in told]


def _names_explained(thing: str, understood: Understanding) -> tuple[str, ...]:
    """Return the names of a thing that is asked to be explained, the one in the question first.

    Nothing where more than that is asked.
    """
    said = set(words(thing))
    beside = [
        spoken
        for spoken in understood.concepts
        if spoken.concept.key != "definition" and said.isdisjoint(spoken.words)
    ]
    if not thing or any(spoken.concept.kind in _ASKED_FOR for spoken in beside):
        return ()
    term = next((m.term for m in find_terms(thing) if (m.start, m.end) == (0, len(thing))), None)
    known = term.names if term else ()
    # "PET scan", however it was typed.
    names = [name for name in known if fold(name) == thing] or [thing]
    names += [*same_names(thing), *known]
    for spoken in understood.concepts:
        concept = spoken.concept
        if " ".join(spoken.words) != thing:
            continue
        # "Palliative therapy" for palliative care, and not "end of life".
        written = concept.written if thing not in concept.specific else ()
        names += [name for name in (concept.label, *written) if _is_akin(name, thing)]
    return tuple(dict.fromkeys(names))


def _is_akin(name: str, thing: str) -> bool:
    """Whether two names have a word in common, in whatever form."""
    return not {root(word) for word in name.split()}.isdisjoint(map(root, thing.split()))


def _pointed_at(
    text: str, told: tuple[Telling, ...]
) -> tuple[tuple[Telling, ...], tuple[Telling, ...]]:
    """Return what "what is that?" asks about, the last drug that was told of, and the others."""
    named = [mention for mention in find_terms(text) if mention.term.kind in _DRUGS]
    said = words(text[named[-1].start : named[-1].end]) if named else []
    meant = tuple(thing for thing in told if thing.label in said)
    return meant, _but(told, said)


def _as_told(
    spoken: Sequence[Concept], *, stays: bool, meant: bool, staged: bool, in_it: bool
) -> list[Concept]:
    """Return the concepts as what else is told has them."""
    # "Which drugs are in R-CHOP" asks for these, and for no other treatment.
    left = [each for each in spoken if not (in_it and each.key == "treatment")]
    if stays:
        # What can't be operated on has grown or spread: there is no surgery to tell of.
        left = [each for each in left if each.key != "surgery"]
        left = [*dict.fromkeys((*left, thesaurus()["advanced"]))]
    if meant:
        # What the test said is asked, and not how it is done.
        left = [each for each in left if each.key not in TESTS]
    if staged:
        # The number says it more exactly than the state that it stands for.
        left = [each for each in left if each.key not in _OF_A_STAGE]
    return left


def _kinds_named(
    named: Mapping[str, CatalogueEntry], below: Collection[CatalogueEntry]
) -> tuple[CatalogueEntry, ...]:
    """Return the kinds of the cancer that are named, where there are several."""
    kinds = tuple(entry for entry in named.values() if entry in below)
    return kinds if len(kinds) > 1 else ()


def _below(cancer: CatalogueEntry | None, catalogue: Catalogue) -> Sequence[CatalogueEntry]:
    return catalogue.descendants(cancer) if cancer else []


def _child_told(cancer: CatalogueEntry | None) -> tuple[str, ...]:
    """Return what goes without saying where only children have the cancer."""
    is_childrens = cancer is not None and cancer.slug in CHILDRENS_CANCERS
    return (thesaurus()["child"].label,) if is_childrens else ()


def _weighed(
    required: tuple[Telling, ...],
    circumstances: tuple[Telling, ...],
    understood: Understanding,
    cancer: CatalogueEntry | None,
    *,
    meant: bool,
) -> tuple[tuple[Telling, ...], tuple[Telling, ...]]:
    """Return what an answer has to speak of, and what it may pass over, by what it is about."""
    if cancer is None:
        # Of cancer in general there is much to say; none of it answers what is asked of a rash.
        return (*required, *circumstances), ()
    if "pregnancy" in understood.keys:
        # What is safe for whom is told under headings on pregnancy, in whatever words.
        return (), (*circumstances, *required)
    if meant and circumstances and not required:
        return circumstances, ()
    return required, circumstances


def _tells_age(text: str, spoken: Sequence[Concept]) -> bool:
    """Whether somebody tells their age where screening is asked about: it may begin or end then."""
    return any(each.key == "screening" for each in spoken) and _AN_AGE.search(text) is not None


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


def _but(things: Sequence[Telling], said: Collection[str]) -> tuple[Telling, ...]:
    """Return the telling words without those that are said otherwise."""
    return tuple(thing for thing in things if thing.label not in said)
