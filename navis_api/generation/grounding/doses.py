"""Doses: how much of something is taken or given, and of a drug that is named how often."""

import re

from navis_api.generation.wording import names_a_drug

_WORDS = (
    "half|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty"
    "|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million"
)
_UNITS = (
    r"mg|mcg|µg|μg|(?-i:g|gm)|gy|cgy|mci|[kmg]bq|iu|ml|cc|rads?|milligram(?:me)?s?|microgram(?:me)?s?"
    r"|gram(?:me)?s?|grays?|millilit(?:er|re)s?|units?|international units"
    r"|drops|puffs|patches|(?:tea|table)spoons?(?! (?:of )?(?:salt|baking soda|sugar|honey)\b)"
)
# What is measured in blood is no dose: "3.5 g/dL", "37 units per milliliter".
_NO_LEVEL = (
    r"(?!\s?(?:/|per )\s?[dmuµμ]?l\b|\s?(?:/|per )\s?(?:deci|milli|micro)?lit(?:er|re)"
    r"|\s?(?:/|per )\s?(?:min|mmol|mol)|\s?/\s?24)"
)
_DOSE = re.compile(
    rf"(?:\d|[¼½¾⅛]|\b(?:{_WORDS}))[\s-]?(?:million )?(?:{_UNITS})\b{_NO_LEVEL}"
    r"|\d[\s-]?(?:tablets?|pills?|capsules?)\b"
    r"|\b(?:two|three|four|five|six) (?:tablets|pills|capsules)\b"
    r"|\b(?:one|two|three|four|half an?|a|\d) (?:tablets?|pills?|capsules?|doses?)"
    r" (?:a|per|each|every|twice|daily|once|in the|at bed)\b"
    r"|\bmg/(?!d?l\b|ml\b|min\b)"
    r"|\bAUC\b(?: of)?\s?=?\s?\d"
    r"|\b(?:daily|weekly|maximum|starting|usual|recommended|standard) dos(?:e|age) (?:is|of)\b"
    r"|\b(?:double|halve|increase|reduce|raise|lower|skip|adjust) (?:your|the) (?:own )?"
    r"dos(?:e|age)s?\b",
    re.IGNORECASE,
)
# How often is a dose where something is taken, and none where teeth are brushed.
_OFTEN = re.compile(
    r"\b(?:once|twice|(?:two|three|four|five|\d+) times|every) (?:a |per |each |other )?"
    r"(?:day|daily|morning|evening|night|\d+ hours|(?:four|six|eight|twelve) hours)\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:take|takes|taken|taking|given|dos\w+|tablets?|pills?|capsules?|drugs?|medicines?"
    r"|swallow\w*"
    r"|inject\w*|infus\w*|medications?|by mouth)\b",
    re.IGNORECASE,
)
# Check-ups too are every few months, but none is on days 1, 8 and 15.
_SCHEDULE = re.compile(
    r"\bevery (?:other |\d+ |two |three |four |six )(?:(?:to|or) (?:\d+|three|four) )?"
    r"(?:days?|weeks?)\b"
    r"|\b(?:once|twice|three times) (?:a|per|each|every) week\b"
    r"|\bdays? \d+(?:\s?,\s?\d+)*,?(?: and | or | to |\s?[-–]\s?|\s?,\s?)\d+\b",
    re.IGNORECASE,
)


def names_a_dose(text: str) -> bool:
    """Whether a text says how much, or how often, something is taken or given."""
    if _DOSE.search(text):
        return True
    is_drug = names_a_drug(text)
    if _OFTEN.search(text) and (is_drug or _TAKEN.search(text)):
        return True
    return is_drug and _SCHEDULE.search(text) is not None
