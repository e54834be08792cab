"""Whether what treatment does to somebody goes away, and how long it lasts, as pages say it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.extractive.stated import Says
from navis_api.vocabulary.understanding import Concept, ConceptKind, phrases

_GOES = (
    r"(?:go(?:es|ing)? away|get(?:s|ting)? (?:any )?better|wear(?:s|ing)? off|disappear\w*|pass"
    r"|improve\w*|heal\w*|recover\w*|(?:be|is|are) (?:\w+ )?(?:permanent\w*|temporary|reversible"
    r"|for ?ever|normal again)|settle\w*|ease off|clear up|ever (?:end|stop))"
)
_ASKS = re.compile(
    r"\b(?:will|does|do|would|is|are|can|could|might|should|when|did)\b[^.?!]*"
    rf"\b{_GOES}\b|\b(?:permanent|temporary|reversible|forever)\b[^.?!]*$"
    r"|\bhow (?:long|soon)\b[^.?!]*\b(?:last\w*|go(?:es)? (?:on|away)|persist\w*|continue\w*"
    r"|take to|feel|be|have|come back|grow back|better|normal|until|before)\b"
    r"|\blast(?:s|ing)? (?:forever|long)\b",
    re.IGNORECASE,
)
_GROWS_BACK = re.compile(
    r"\b(?:hair|taste|smell|feeling|energy|appetite|memory|voice|nails?|eyebrows|eyelashes"
    r"|strength|saliva|periods?|erections?|sensation|counts?)\b[^.?!]{0,25}"
    r"\b(?:(?:come|comes|coming|grow|grows|growing|get|go) back|return\w*|regrow\w*|normal)\b",
    re.IGNORECASE,
)
_IS_IT_NORMAL = re.compile(r"\bis (?:it|that|this) (?:still )?normal\b", re.IGNORECASE)
COURSE = (
    "go away", "goes away", "lasts", "last for", "permanent", "temporary", "months or years",
    "after treatment ends", "treatment ends", "treatment is over", "treatment has ended",
    "gets better", "get better", "improve over", "improves", "return to normal",
    "returns to normal", "grows back", "grow back", "come back", "heal", "often recover",
    "long lasting", "for years", "for months", "not go away", "lifelong", "long term",
)  # fmt: skip
"""How sources write of how long something lasts."""
_RUNS = re.compile(
    r"\b(?:go(?:es)? away|wears? off|(?:permanent|temporary|temporarily|reversible|lifelong)(?:ly)?"
    r"|returns? to normal|(?:grows?|come) back\b(?! after it)"
    r"|(?:heals?|recovers?|improves?|lessens?|decreases?|resolves?|disappears?)\b[^.]*\b(?:after|within|over|in|when|once)\b"
    r"|(?:get|gets|feel) better\b[^.]*\b(?:after|within|over|in|when|once)\b"
    r"|(?:lasts?|persists?|continues?|remains?)\b[^.]{0,30}\b(?:days?|weeks?|months?|years?|life"
    r"|long|after)\b|(?:for|over) (?:\w+ ){0,3}(?:months|years)\b|months or years"
    r"|usually (?:go|heal|get|improve)\w*\b)",
    re.IGNORECASE,
)
# "Tell your doctor about pain that doesn't go away", and a question of a list of questions.
_A_SIGN = re.compile(
    r"(?:n['’]t|\bnot|\bnever) (?:go|get|heal|improve)\b[^.]*\.?$|\?$|\bbefore\b[^.]*\bgrow back\b"
    r"|\b(?:call|tell|talk|ask|check with|let) (?:to |with )?(?:your|the|a)\b"
    r"|\b(?:develops?|appears?|begins?|starts?)\b[^.]*\b(?:over|after|within)\b[^.]*\.?$"
    r"|\bshow up\b|\b(?:may|might|can) not (?:appear|occur)\b|^(?:ways|how) to\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(?:days?|weeks?|months?|years?|permanent\w*|temporar\w+)\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\bafter\b[^.]*\b(?:treatment|therapy|chemotherapy|radiation|surgery)\b", re.IGNORECASE
)
# The words with which people describe it, and sources as well.
_OF_THE_SAME = {
    "hair_loss": ("hair",),
    "neuropathy": ("numbness", "tingling", "nerve damage", "numb"),
    "memory": ("chemo brain", "cognitive", "memory"),
}


def asks_course(text: str) -> bool:
    """Whether a text asks if something goes away, or how long it lasts."""
    asking = (_ASKS, _GROWS_BACK, _IS_IT_NORMAL)
    return any(each.search(text) for each in asking)


def words_on_course(text: str) -> tuple[str, ...]:
    """Return the words that only ask how long something lasts, where a text asks that."""
    return _ASKING if asks_course(text) else ()


def regrows(text: str) -> bool:
    """Whether what is asked to come back is hair or taste, and no cancer."""
    return _GROWS_BACK.search(text) is not None


_ASKING = ("permanent", "temporary", "reversible", "forever", "lasting", "away", "normal")


def of_course_of_effects(asked: Asked, plan: SectionPlanner) -> Iterator[SectionPlan]:
    """Yield how long each effect lasts and whether it goes away, where that is asked."""
    for effect in asked.of_kind(ConceptKind.EFFECT) if asked.asks_course else ():
        name = asked.name_of(effect)
        label = f"how long {name} may last, or whether this goes away"
        section = plan("effect_course", core=True, asks_for=label, effect=effect)
        yield replace(section, needs=(_names(asked, effect), COURSE))


def says_course(plan: SectionPlan) -> Says:
    """Return what tells how well a statement says how long the plan's effect lasts."""
    names = wanted(plan.needs[0])

    def says(text: str, block: Block) -> float:
        if not _RUNS.search(text) or _A_SIGN.search(text):
            return 0.0
        is_named = speaks_of(readable_now(text), names)
        is_headed = speaks_of(block.leaf + block.title, names)
        if not is_named and not (is_headed and _TIME.search(text)):
            return 0.0
        return (
            2.0 * is_named + is_headed + 0.5 * bool(_TIME.search(text)) + bool(_AFTER.search(text))
        )

    return says


def _names(asked: Asked, effect: Concept) -> tuple[str, ...]:
    named = next((name for name in asked.specific if name in effect.specific), None)
    if named is not None:
        return asked.looked_for(effect)
    said = tuple(p for p in phrases(effect) if " " not in p and p in asked.said)
    return (*effect.written, *_OF_THE_SAME.get(effect.key, ()), *said)
