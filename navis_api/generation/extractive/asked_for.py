"""What a question asks, for one patient: with their stage and state where it names none."""

from dataclasses import replace
from typing import Final

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.personal.case import Case
from navis_api.generation.personal.judgements import Standing
from navis_api.vocabulary.understanding import ConceptKind, concepts

# What depends on how far it has come, so that the patient's own stage is what is meant.
_BY_STAGE: Final = frozenset({"treatment", "cure"})


# "Which treatment fits me?" asks for no word that a text has to have.
_FOR_ME: Final = frozenset({"fit", "fits", "suit", "suits", "suitable", "right", "best", "apply"})


def asked_for(asked: Asked, case: Case) -> Asked:
    """Return the question with the stage or the state that the patient's facts say.

    Only where it asks what can be done and names neither: who asks about another stage than
    their own is told about that one.
    """
    if {thing.label for thing in asked.required} <= _FOR_ME:
        others = tuple(each for each in asked.circumstances if each.label not in _FOR_ME)
        asked = replace(asked, required=(), circumstances=others)
    topics = {topic.key for topic in asked.of_kind(ConceptKind.TOPIC)} - {"definition"}
    states = asked.of_kind(ConceptKind.STATE)
    if asked.stage or states or asked.markers or not topics <= _BY_STAGE or asked.required:
        return asked
    if asked.of_kind(ConceptKind.EFFECT) or asked.of_kind(ConceptKind.TREATMENT):
        return asked
    treatment = concepts()["treatment"]
    own = asked.concepts if treatment in asked.concepts else (*asked.concepts, treatment)
    if case.extent.is_recurrent().standing is Standing.YES:
        return replace(asked, concepts=(concepts()["recurrence"], *own))
    if case.extent.stage is not None:
        return replace(asked, stage=case.extent.stage, concepts=own)
    if case.extent.has_spread().standing is Standing.YES:
        return replace(asked, concepts=(concepts()["metastasis"], *own))
    return replace(asked, concepts=own) if asked.concepts else asked
