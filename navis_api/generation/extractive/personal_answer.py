"""What makes an answer one for a patient: the same steps, each held against their case."""

from collections.abc import Sequence
from dataclasses import replace

from navis_api.answers.drafts import DraftSection
from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.generation.contract import Closing, GenerationRequest
from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.asked_for import asked_for
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.choosing import Choosing
from navis_api.generation.extractive.fitness import Fitness
from navis_api.generation.extractive.naming import cancer_in_words
from navis_api.generation.extractive.personal_plans import personal_plan
from navis_api.generation.extractive.personal_units import UnitReader
from navis_api.generation.extractive.searching import Found
from navis_api.generation.extractive.section_plans import SectionPlan
from navis_api.generation.extractive.turning_points import turning_points
from navis_api.generation.personal.case import read_case
from navis_api.generation.personal.closing import for_patient
from navis_api.generation.personal.reading import PersonalReading
from navis_api.generation.personal.unknowns import Turning
from navis_api.sources.retrieval import Candidate


class PersonalAnswer:
    """One answer for the patient whose facts the request has."""

    def __init__(
        self, request: GenerationRequest, cancer: CatalogueEntry | None, catalogue: Catalogue
    ) -> None:
        self.case = read_case(request.facts, cancer, catalogue)
        self._catalogue = catalogue
        # Facts on another cancer than the one that is asked about change nothing.
        is_theirs = not self.case.is_elsewhere
        self.reading = PersonalReading(self.case, request.text) if is_theirs else None
        self.reader = UnitReader(self.reading) if self.reading else None
        self._turning = Turning()
        self._is_added = False

    def asked(self, asked: Asked) -> Asked:
        """Return the question with the stage or state that it leaves to the facts, as a whole."""
        asked = replace(asked, parts=(), points=())
        theirs = asked if self.case.is_elsewhere else asked_for(asked, self.case)
        self._is_added = theirs != asked
        return theirs

    def plan(self, plan: list[SectionPlan], asked: Asked) -> list[SectionPlan]:
        """Return a plan with what is said of the case first."""
        return personal_plan(plan, asked, self.case, is_added=self._is_added)

    def only_theirs(
        self, found: Found, plan: Sequence[SectionPlan], asked: Asked, fitness: Fitness
    ) -> Found:
        """Return what was found under headings that hold, and count what the rest turns on."""
        if self.reading is None or self.reader is None:
            return found
        choosing = Choosing(asked, self._catalogue, found)
        self._turning = turning_points(found, plan, choosing, fitness, self.reading)
        return found.where(self.reader.may_hold)

    def may_hold(self, passage: Candidate) -> bool:
        """Whether what a passage says may be said of the patient, by its headings."""
        return self.reader is None or self.reader.may_hold(Block((passage,)))

    def closing(self, closing: Closing, asked: Asked, sections: Sequence[DraftSection]) -> Closing:
        """Return the end of the answer with what isn't known and what isn't covered."""
        on_treatment = asked.has("treatment") or asked.has("cure")
        unknowns = self._turning.unknowns(
            self.case, cancer_in_words(self.case.cancer), on_treatment=on_treatment
        )
        return for_patient(closing, self.case, sections, unknowns, on_treatment=on_treatment)
