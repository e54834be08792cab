"""Why something is felt: what pages say of how a cancer or its treatment brings it about."""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.extractive.stated import Says
from navis_api.vocabulary.understanding import ConceptKind, phrases, same_names

_WHY = re.compile(
    r"\bwhy\b(?! (?:not|can'?t|do (?:they|doctors|you)|did (?:they|the doctor)|should|is (?:he|she"
    r"|surgery|chemo))\b)[^.?!]*|\bwhat(?:'s| is| makes?| causes?| is causing)\b[^.?!]*"
    r"\b(?:caus\w+|mak(?:es?|ing) (?:me|him|her))\b[^.?!]*",
    re.IGNORECASE,
)
CAUSING = (
    "cause", "causes", "caused", "causing", "because", "due to", "result of", "lead to", "leads to",
    "result in", "blocks", "block",
)  # fmt: skip
"""How sources write of what brings something about."""
_CAUSES = r"(?:caus(?:e|es|ing)|leads? to|results? in|brings? on|makes? (?:you|people|patients|it))"
_CAUSED = re.compile(
    r"\b(?:caused (?:by|when)|because|due to|results? (?:of|from)|comes? from|(?:happens?|occurs?"
    r"|develops?) (?:when|because|if))\b",
    re.IGNORECASE,
)
# What is written otherwise than it is said.
_WRITTEN = {
    "flush": ("carcinoid syndrome", "flushing"),
    "flushing": ("carcinoid syndrome", "flushing"),
    "yellow": ("jaundice", "yellowing"),
    "jaundice": ("jaundice", "yellowing"),
    "itch": ("itchy", "itching", "pruritus", "itch"),
    "itchy": ("itchy", "itching", "pruritus"),
    "hurt": ("pain", "painful"),
    "hurts": ("pain", "painful"),
    "tired": ("fatigue", "tired", "tiredness"),
}
_HEADING = "Why this happens"
# What is done about it says nothing of where it comes from.
_UNSURE = re.compile(
    r"\b(?:other (?:conditions|problems)|same symptoms|check with|talk (?:to|with)|find out"
    r"|not all|feels like|reversible|to help treat|treatment of|to lessen|to relieve"
    r"|medicines? for)\b",
    re.IGNORECASE,
)


def effects_wondered_at(asked_text: str) -> bool:
    """Whether a text asks why something is so."""
    return _WHY.search(asked_text) is not None


def of_reasons_of_effects(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield why each effect that is asked about is felt."""
    if not asked.asks_why_felt:
        return
    written = [word for word in _WRITTEN if word in asked.said]
    named = tuple(dict.fromkeys(name for word in written for name in _WRITTEN[word]))
    effects = asked.of_kind(ConceptKind.EFFECT)
    for effect in effects:
        name = asked.name_of(effect)
        section = plan("effect_reason", core=True, asks_for=f"why {name} happens", effect=effect)
        said = tuple(p for p in phrases(effect) if p in asked.said)
        names = named or tuple(
            other
            for each in (*asked.looked_for(effect), *said)
            for other in (each, *same_names(each))
        )
        yield replace(section, heading=_HEADING, needs=(names, CAUSING))
    names, scope = named, "both"
    if not effects and not named and not asked.whys and len(asked.required) == 1:
        # A mere word may be said of anything: on the cancer's own pages it is meant.
        names, scope = asked.required[0].phrases, "cancer"
    if names and not effects:
        section = plan("effect_reason", core=True, asks_for="why this happens")
        section = replace(section, heading=_HEADING, needs=(names, CAUSING))
        yield section.with_aspect(scope=scope)


def says_why(plan: SectionPlan) -> Says:
    """Return what tells how well a statement says what brings the plan's effect about."""
    names = wanted(plan.needs[0])
    named = "|".join(re.escape(name.strip()) for name in plan.needs[0])
    # "Anemia can cause fatigue", and not "fatigue can cause falls".
    brings = re.compile(rf"\b{_CAUSES}\b[^.:;]*\b(?:{named})", re.IGNORECASE)
    is_brought = re.compile(
        rf"\b(?:{named})\w*\b[^.;]{{0,90}}{_CAUSED.pattern}"
        rf"|\b(?:because|due to|when)\b[^.;]*\b(?:{named})",
        re.IGNORECASE,
    )

    def says(text: str, block: Block) -> float:
        if text.rstrip().endswith("?") or _UNSURE.search(text):
            return 0.0
        if not brings.search(text) and not is_brought.search(text):
            return 0.0
        return (
            1.0
            + 0.5 * speaks_of(block.leaf + block.title, names)
            + 0.25 * bool(speaks_of(readable_now(text), (" cancer ", " tumor ")))
        )

    return says
