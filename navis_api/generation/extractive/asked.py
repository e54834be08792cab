"""What a question asks: its concepts, its stage, and the words that an answer has to meet."""

from dataclasses import dataclass

from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.generation.extractive.markers import AskedMarker
from navis_api.generation.extractive.procedures_asked import Procedure
from navis_api.generation.extractive.stages_asked import in_headings, others_written, written
from navis_api.generation.extractive.telling import Telling
from navis_api.generation.extractive.why_asked import Why
from navis_api.vocabulary.understanding import Concept, ConceptKind, same_names

# Where one of these is asked, "treatment" says of or during what.
_OF_TREATMENT = frozenset(
    {
        "side_effects", "follow_up", "nutrition", "exercise", "coping", "work", "money",
        "fertility", "sexuality", "family", "complementary", "clinical_trials",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the engine reads it.

    `required` are telling words without which a text doesn't answer; `circumstances` are
    telling words that an answer may pass over if it says so. `named` are the cancers that the
    question names besides the one it is about, and `specific` the names of single things among
    those that a concept covers ("mammogram"). `names` are the names of the cancer and of those
    above it, and `said` all words of the question; `kinds` are kinds of it that the question
    names, where it names several, and `other_stages` the stages beside the first; `stage_part` is
    the letter of a stage ("3B"). States that it says aren't there are `denied`, and
    of `asked_states` it asks whether they will come; who
    `was_treated` has treatment behind them, of which some `no_longer_helped`, and the keys of
    treatment that they want to do without are `refused`, as surgery is where the tumor
    `cannot_be_removed`; those that they can't have are `withheld`; it `is_against_return` where it
    asks how to keep the cancer from coming back; what is to be done next `is_implied` where
    nothing else is asked. What `is_private` stands in the asker's own papers; who `wants_times`
    asks from what age, or how often. It `names_what` when it asks what one of the `specific`
    things is, and `asks_meaning` (and `points_at_told`, where it has told of that) when it asks
    what anything is, or means, or how it is done: `explained` are the names of that thing, and
    `regimens` the combinations of drugs that it names, of which it `asks_what_is_in_it`; it
    `wants_help` when it asks what can be done about something, `wants_kinds` of the cancer,
    `wants_options_too` when it asks for trials or for other options, or `wants_chances` that
    something happens, or `wants_cancers` that somebody may get who `is_at_higher_risk` than
    others, as who `is_carrier` of an inherited gene change is; it `wonders` whether something is
    cancer, asks the reasons of `whys`, or `compares` treatments, or `weighs_comfort` against one;
    it `is_near_the_end` where it speaks of the end of a life, and somebody `is_dying` where it
    says so. A `procedure` is a test of which it asks what is done, or how it feels. Who
    `is_diagnosed`, or asks for somebody who is, says so, and who `had_surgery`. `wondered` is the
    one thing, by its name, that is asked to be cancer or not. `spoken` are the keys of the
    concepts that stand in its words, and `undescribed` the treatments that no page on the cancer
    speaks of, which only a search tells. `whose` is the pronoun of who has the cancer, where that
    isn't the asker; who `stopped_smoking` did so before. Who `is_grown_up` had the cancer as a
    child. A question that asks several things, or tells something before it asks, has `parts`,
    each with what the whole tells, and `points`, the same as they stand. It
    `judges_somebody` where it asks whether a doctor or a clinic is good, and `is_of_a_place` where
    it asks for what sources only tell how to find, and `is_during_treatment` where it asks what
    may be done then. It `passes_on` where it asks whether others can catch it, `asks_course`
    where it asks how long what is felt lasts, and `asks_why_felt` where it asks why that is.
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
    asked_states: frozenset[str] = frozenset()
    was_treated: bool = False
    no_longer_helped: tuple[Concept, ...] = ()
    refused: frozenset[str] = frozenset()
    withheld: tuple[Concept, ...] = ()
    cannot_be_removed: bool = False
    is_against_return: bool = False
    is_implied: bool = False
    is_private: bool = False
    wants_times: bool = False
    wants_figures: bool = False
    wants_definition: bool = False
    names_what: bool = False
    asks_meaning: bool = False
    points_at_told: bool = False
    explained: tuple[str, ...] = ()
    regimens: tuple[Telling, ...] = ()
    asks_what_is_in_it: bool = False
    wondered: str = ""
    asks_whether: bool = False
    wants_help: bool = False
    wants_kinds: bool = False
    wants_options_too: bool = False
    wonders: bool = False
    whys: tuple[Why, ...] = ()
    is_at_higher_risk: bool = False
    is_carrier: bool = False
    is_grown_up: bool = False
    wants_cancers: bool = False
    compares: bool = False
    procedure: Procedure | None = None
    is_diagnosed: bool = False
    had_surgery: bool = False
    weighs_comfort: bool = False
    is_near_the_end: bool = False
    is_dying: bool = False
    judges_somebody: bool = False
    is_of_a_place: bool = False
    is_during_treatment: bool = False
    passes_on: bool = False
    asks_course: bool = False
    asks_why_felt: bool = False
    wants_chances: bool = False
    spoken: frozenset[str] = frozenset()
    undescribed: tuple[Concept, ...] = ()
    whose: str = ""
    stopped_smoking: bool = False
    parts: tuple["Asked", ...] = ()
    points: tuple["Asked", ...] = ()

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
