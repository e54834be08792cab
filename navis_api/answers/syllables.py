"""How many syllables an English word is spoken with.

Two counts, each short where the other is not: groups of vowels, put right for the spellings in
which letters are silent ("treated", "lifetime") or two vowels in a row are two syllables
("leukemia", "nuclear"), and the places where a word may be hyphenated (pyphen's American
patterns), which hardly ever are more than there are syllables, but often fewer ("a-pnea", "ovary").
The larger one is taken.
"""

import re
from functools import cache

from pyphen import Pyphen

_GROUP = re.compile(r"[aeiouy]+")
# "MRI" and "EGFR" are said letter by letter, as is what has no vowel; a "W" has three syllables.
_LONGEST_SPELT = 3
_HARD_TO_SAY = re.compile(r"^[A-Z]*[B-DF-HJ-NP-TV-XZ]{3}[A-Z]*$")
_OF_W = 3
# An e that isn't heard: "bone", "types", "treated", but not "able", "doses", "needed".
_SILENT_AT_END = re.compile(
    r"(?:[^aeiouy](?<![^aeiouylr]l)(?<![bcdfgkpt]r)e"
    r"|[^aeiouysxzcg](?<![^aeiouylr]l)(?<!ch)(?<!sh)es"
    r"|(?:[^aeiouytd]|[aeo]y)ed"
    r"|[gq]ues?)$"
)
_SILENT_INSIDE = re.compile(
    r"[aeiouy](?:[^aeiouy](?<![lr])|[^aeiouy]{2,}(?<![^aeiouylr]l)|(?<=[aeiouy])[lr])e"
    r"(?=(?:ly|less|lessly|lessness|ful|fully|ments?|mental|ness|lets?|ty|lihood|hood)$)"
)
_COMPOUND = re.compile(
    r"^(?:some|there|where|care|life|home|more|side|time|make|bone|nose|safe|wide|whole|guide"
    r"|base|like|else|hedge|frame|nine)(?=[bcdfghjklmnopstvwy])(?!sides?$|mores?$)"
)
_SILENT = (
    _SILENT_AT_END,
    _SILENT_INSIDE,
    _COMPOUND,
    re.compile(r"business|vegetabl|fluo(?=r)|[aeiou]ye(?:s|d)?$(?<!ayed)"),
)
# Vowels in a row that are two syllables.
_TWO = (
    re.compile(r"(?<![ctgsx])ia(?!ges?$)|(?<=[ctgsx])ia(?=t|s|$)"),
    re.compile(r"(?<![ctgsxnlhv])io|[nlv]io(?!ns?$|rs?$|rals?$)|[cs]io(?=l|p)|tio(?=l)|gio(?!n|u)"),
    re.compile(r"i(?=um|us|ur)|i(?=ii)"),
    re.compile(r"(?<![ctsgr])ien|[or]ien(?<!frien)|(?<=[bdfhlmnprtvyx])ie(?=rs?$|st$|t(?:y|ies)$)"),
    re.compile(r"^(?:di|qui|cli)e(?=t|n)|scie|quie|cie(?=t)"),
    re.compile(r"(?<![qg])ua|(?<![qg])uo|uu|(?<![qg])ui(?=ty|ta|ci|ds?$)"),
    re.compile(r"(?<!g)eo(?!us|ple|n$)|[^g]eou|(?<=[tsn])eo(?=n)|ao"),
    re.compile(r"(?<=[a-z]{2}[dghnrst])ea(?=l?s?$)|^area|^idea|^urea"),
    re.compile(
        r"(?<!t)(?<!th)rea(?=t(?:e[ds]?|es|ing|ion|ive|or|inine)$)|[ln]ea(?=rs?$)(?<=[uino].ea)"
    ),
    re.compile(r"e(?=um|us)|oi(?=nt?est)"),
    re.compile(r"yi|[aeou]i(?=ng)|[aeou]y(?=[aeiou])"),
    re.compile(r"[st]ms?$|thms?$|(?<=[ds])n't$"),
)


@cache
def _hyphenation() -> Pyphen:
    return Pyphen(lang="en_US")


@cache
def syllables(word: str) -> int:
    """Return the syllables of a word, at least one. In capitals, a short one is spelt out."""
    folded = word.lower().replace("\u2019", "'").removesuffix("'s")
    is_spelt = word.isupper() and 1 < len(word) <= _LONGEST_SPELT
    if is_spelt or _HARD_TO_SAY.search(word) or not _GROUP.search(folded):
        return sum(_OF_W if letter == "w" else 1 for letter in folded if letter.isalpha()) or 1
    count = len(_GROUP.findall(folded))
    count += sum(len(spelling.findall(folded)) for spelling in _TWO)
    count -= sum(1 for spelling in _SILENT if spelling.search(folded))
    hyphens = len(_hyphenation().positions(folded))
    # Of "-ically" everybody swallows a vowel: the patterns hyphenate what isn't said.
    return max(1, max(count, hyphens + 1) - folded.endswith("ically"))
