"""What one may do during treatment: what pages advise on that very thing, and no mere mention."""

import re
from collections.abc import Iterator
from dataclasses import replace

from navis_api.generation.extractive.asked import Asked
from navis_api.generation.extractive.blocks import Block
from navis_api.generation.extractive.matching import readable_now, speaks_of, wanted
from navis_api.generation.extractive.section_plans import SectionPlan, SectionPlanner
from navis_api.generation.extractive.stated import Says
from navis_api.generation.extractive.telling import Telling, in_quotes
from navis_api.vocabulary.understanding import ConceptKind

# A rinse with alcohol in it is no answer to who asks whether to drink.
_DRUNK = (
    "drink alcohol", "drinking alcohol", "drinks with alcohol", "alcoholic drinks", "alcoholic",
    "avoid alcohol", "limit alcohol", "beer", "wine", "alcohol use",
    "intake of caffeine and alcohol", "these include alcohol",
)  # fmt: skip
_ADVISES = re.compile(
    r"\b(?:avoid\w*|limit\w*|(?:un)?safe\w*|should(?:n['’]t)?|ask|talk|check with|do not|don['’]t"
    r"|advised?|advise|recommend\w*|harm\w*|hurts?|worse|irritate\w*|risky?|may want|not be able"
    r"|okay|allowed|you (?:can|may)|interact\w*|affect how"
    r"|before (?:you )?(?:take|taking|start\w*))\b",
    re.IGNORECASE,
)
# What holds only for some says for whom: advice without that is on something else.
_SAYS_WHEN = re.compile(
    r"\b(?:treatments?|chemo\w*|radi(?:ation|otherapy)|therapy|surgery|medicines?|drugs?"
    r"|if (?:you|your)|worse|irritate\w*|no matter)\b",
    re.IGNORECASE,
)
_ON_RISKS = re.compile(r"\brisk of (?:\w+ ){0,2}cancers?\b", re.IGNORECASE)
_QUESTION = re.compile(r"\?\s*$")
# Advice on something else that has it in it.
_CONTAINS = re.compile(
    r"\b(?:rinse|mouthwash\w*|lotions?|wipes)\b|\b(?:contains?|list|without) alcohol\b",
    re.IGNORECASE,
)


_ALCOHOLIC = Telling("alcohol", ("alcohol",))
_ALCOHOL = frozenset({"alcohol", "wine", "beer", "alcoholic", "cocktail", "champagne"})
# The thing is what the advice is on: "time your drives" says nothing of driving.
_ADVICE_BEFORE = (
    r"(?:avoid\w*|limit\w*|not|n['’]t|safe to|safely|should|can|may|before|tak(?:e|ing)"
    r"|us(?:e|ing))"
    r"\W+(?:\w+\W+){0,4}?"
)
_ADVICE_BEHIND = (
    r"\b[^.]{0,40}\b(?:may|can|should|might|is|are)\b[^.]{0,40}"
    r"\b(?:hurt|harm\w*|interact\w*|worse|(?:un)?safe\w*|affect\w*|irritat\w*|avoided|limited)\b"
)


def things_meanwhile(asked: Asked) -> tuple[Telling, ...]:
    """Return what somebody asks whether they may have or do."""
    if asked.required:
        return asked.required
    named = [name for name in asked.specific if _is_of_a_topic(asked, name)]
    return tuple(Telling(name, (name, name.removesuffix("s"))) for name in named[:1])


def of_meanwhile(
    asked: Asked, plan: SectionPlanner, things: tuple[Telling, ...]
) -> Iterator[SectionPlan]:
    """Yield what is advised on the things during treatment, whatever is treated."""
    labels = in_quotes(things)
    if asked.said & _ALCOHOL:
        things = (_ALCOHOLIC,)
        labels = in_quotes(things)
    needs = tuple(_DRUNK if thing is _ALCOHOLIC else thing.phrases for thing in things)
    section = plan("meanwhile", core=True, asks_for=labels, telling=things)
    yield replace(section, needs=needs, of_a_cancer=False)
    for effect in asked.of_kind(ConceptKind.EFFECT):
        # What is known of the effect helps also where that one thing isn't.
        yield replace(plan("effect", core=True, effect=effect), unless="meanwhile")
        yield replace(plan("effect_help", effect=effect), unless="meanwhile")


def says_if_one_may(plan: SectionPlan) -> Says:
    """Return what tells how well a statement advises on all that the plan is on."""
    needs = tuple(map(wanted, plan.needs))
    named = "|".join(re.escape(name) for need in plan.needs for name in need)
    is_advised_on = re.compile(
        rf"\b{_ADVICE_BEFORE}(?:{named})|\b(?:{named})\w*{_ADVICE_BEHIND}"
        rf"|{'|'.join(map(re.escape, _DRUNK))}",
        re.IGNORECASE,
    )

    def says(text: str, block: Block) -> float:
        if not _ADVISES.search(text) or _QUESTION.search(text) or _CONTAINS.search(text):
            return 0.0
        if not _SAYS_WHEN.search(text) or _ON_RISKS.search(text):
            return 0.0
        if "/cam/" in (block.first.url or ""):
            return 0.0
        spoken = readable_now(text)
        if not all(speaks_of(spoken, need) for need in needs) or not is_advised_on.search(text):
            return 0.0
        return 1.0 + speaks_of(
            spoken, wanted(("treatment", "chemotherapy", "radiation", "therapy"))
        )

    return says


def _is_of_a_topic(asked: Asked, name: str) -> bool:
    return any(name in topic.specific for topic in asked.of_kind(ConceptKind.TOPIC))
