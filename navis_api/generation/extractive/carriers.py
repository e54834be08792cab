"""Who carries an inherited gene change and isn't said to have cancer: what may lower the risk."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.markers import AskedMarker
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.extractive.topic_sections import of_times
from navis_api.vocabulary.understanding import Concept, ConceptKind
from navis_api.vocabulary.understanding import concepts as thesaurus

# Changes of these are told of people, who were born with them.
_INHERITED = frozenset(
    {
        "brca1", "brca2", "brca", "palb2", "chek2", "brip1", "rad51", "bard1", "mlh1", "msh2",
        "msh6", "pms2", "epcam", "apc", "mutyh", "bmpr1a", "cdh1", "ctnna1", "stk11", "hoxb13",
        "men1", "lynch",
    }
)  # fmt: skip
# These are found in tumors as often: that somebody carries one has to be said.
_EITHER = frozenset(
    {
        "tp53", "pten", "atm", "ret", "nf1", "nf2", "vhl", "cdkn2a", "bap1", "rb1", "dicer1",
        "sdh", "fh", "flcn", "mitf", "nbn", "fanca", "tsc", "sufu", "ptch1", "smad4", "cdk4",
        "smarcb1", "wt1",
    }
)  # fmt: skip
_CARRIES = re.compile(
    r"\b(?:carriers?|carry|carries|carrying|inherited|hereditary|born with|germ ?line|healthy"
    r"|runs in (?:my|our|the|his|her) family|gen(?:e|etic) test\w*|prophylactic|preventive(?:ly)?"
    r"|preventative)\b"
)
_SOMEBODYS = re.compile(r"\b(?:i|i'?m|im|we|my|our|he|she|his|her|who|me|carriers?)\b")
_ASKED = frozenset(
    {
        "prevention", "screening", "definition", "causes", "genetics", "treatment", "diagnosis",
        "follow_up", "coping", "biomarkers",
    }
)  # fmt: skip
_ON_THE_RISK = frozenset({"definition", "biomarkers", "causes", "genetics"})


def wanted_by_carriers(
    text: str, markers: Sequence[AskedMarker], spoken: Sequence[Concept], *, is_ill: bool
) -> tuple[bool, list[Concept]]:
    """Return whether a question is about who carries a gene change and is well, and its concepts.

    For such people these have what lowers the risk for the treatment of the ill.
    """
    if not _is_carrier(text, markers, spoken, is_ill=is_ill):
        return False, list(spoken)
    wants_surgery = any(concept.key == "surgery" for concept in spoken)
    keys = {concept.key for concept in spoken if concept.kind is ConceptKind.TOPIC}
    left = [concept for concept in spoken if concept.key not in {"treatment", "biomarkers"}]
    if wants_surgery or "treatment" in keys or keys <= _ON_THE_RISK:
        left.append(thesaurus()["prevention"])
    return True, list(dict.fromkeys(left))


def of_carrier(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield surgery to lower the risk with its harms, other ways, and screening, as asked."""
    wants_surgery = asked.has("surgery")
    wants_less_risk = wants_surgery or asked.has("prevention")
    if asked.has("screening"):
        yield from of_times(asked, plan, thesaurus()["screening"])
        general = plan("screening", core=True)
        yield replace(general, unless="screening_at_risk")
    if wants_less_risk:
        label = "surgery to lower the risk" if wants_surgery else ""
        yield plan("risk_surgery", core=True, asks_for=label)
        # Where only texts for professionals tell of it, what they say of that very operation.
        for marker in asked.markers:
            told = plan("risk_surgery_told", core=True, asks_for=label, marker=marker)
            yield replace(told, unless="risk_surgery")
        yield plan("risk_surgery_harms", core=wants_surgery)
        yield plan("risk_other_ways", core=not wants_surgery)
    for marker in asked.markers:
        yield plan("marker_risk", core=not asked.has("screening"), marker=marker)
    if not asked.has("screening"):
        yield plan("screening_at_risk")


def _is_carrier(
    text: str, markers: Sequence[AskedMarker], spoken: Sequence[Concept], *, is_ill: bool
) -> bool:
    genes = {marker.gene_key for marker in markers}
    carries = genes & _INHERITED or (genes & _EITHER and _CARRIES.search(text))
    if not carries or is_ill or _SOMEBODYS.search(text) is None:
        return False
    of_kind = {kind: {c.key for c in spoken if c.kind is kind} for kind in ConceptKind}
    return (
        not of_kind[ConceptKind.STATE]
        and of_kind[ConceptKind.TREATMENT] <= {"surgery"}
        and of_kind[ConceptKind.TOPIC] <= _ASKED
    )
