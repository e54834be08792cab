"""Places that a cancer has spread to: "bone metastases", "metastatic to the liver"."""

import itertools
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from navis_api.vocabulary.cancers import MetastaticSite, metastatic_sites
from navis_api.vocabulary.phrasebook import Found, PhraseBook


@dataclass(frozen=True, slots=True)
class MetastasisMention:
    """A place of metastases, at `text[start:end]`."""

    site: MetastaticSite
    start: int
    end: int


_SPREAD: Final = r"(?:metasta(?:sis|ses|tic|sized|sised|sizing)|mets|secondaries|carcinomatosis)"
_AFTER_SITE = re.compile(
    rf"(?:\s+(?:and|or|,)?\s*(?:\w+\s+)?){{0,2}}?[\s-]*(?:(?:lesions?|nodules?|mass(?:es)?"
    rf"|involvement)\s+(?:are\s+|is\s+)?)?{_SPREAD}\b",
    re.IGNORECASE,
)
_BEFORE_SITE = re.compile(
    rf"\b{_SPREAD}\s+(?:(?:disease|cancer|carcinoma|adenocarcinoma|melanoma|tumou?r|deposits?"
    rf"|lesions?|nodules?|involvement|spread|foci|focus|lymphadenopathy|adenopathy"
    rf"|(?:[\w+/-]+\s+){{1,4}}(?:cancer|carcinoma|adenocarcinoma|melanoma|sarcoma)(?=\s+(?:to"
    rf"|with)\s))\s*)?"
    r"(?:(?:to|in|into|involving|within|of|throughout|on|at)\s+|[:(]\s*)?(?:(?:the|her|his|both"
    r"|multiple|left|right|bilateral|several|two|three|four|one|distant|regional|mediastinal"
    r"|supraclavicular|axillary|hilar|pelvic|retroperitoneal|obturator|inguinal|cervical"
    r"|upper|lower)\s*,?\s*){0,4}$",
    re.IGNORECASE,
)
# "Metastatic breast cancer (brain, liver)" lists where it is.
_LISTED_BEHIND = re.compile(
    rf"\b(?:metastatic|{_SPREAD}|stage\s+(?:IV|4)[A-C]?)\b[^.;()\n]{{0,50}}\(\s*(?:to\s+)?$",
    re.IGNORECASE,
)
_NOT_TO = re.compile(
    (
        rf"\b{_SPREAD}\s+(?:\w+\s+)?(?:cancer|carcinoma|adenocarcinoma|melanoma|tumou?r)\s+(?:of"
        rf"|from)\s+(?:the\s+)?"
    ),
    re.IGNORECASE,
)
_FROM = re.compile(r"\b(?:from|of)\s+(?:the\s+|a\s+)?(?:\w+\s+)?$", re.IGNORECASE)
_COMPATIBLE = re.compile(
    r"[^.;]{0,140}\b(?:compatible|consistent)\s+with\s+(?:\w+\s+)?metasta\w+"
        r"|[^.;]{0,60}\bpositive\s+for\s+metasta\w+", re.IGNORECASE
)  # fmt: skip
_LISTED = re.compile(
    r"\s*(?:,\s*(?:and\s+)?|and\s+|/|&\s*)(?:the\s+|her\s+|his\s+|also\s+|to\s+(?:the\s+)?|left\s+|right\s+"
    r"|pelvic\s+|regional\s+|distant\s+|mediastinal\s+|retroperitoneal\s+|multiple\s+)*",
    re.IGNORECASE,
)
_CANCER_AFTER = re.compile(
    r"^[\s-]*(?:cancer|carcinoma|adenocarcinoma|primary|cell|biops)", re.IGNORECASE
)
_WORKUP_AFTER = re.compile(
    r"^[\s-]*(?:scan|mri|ct|window|function|enzymes|toxicity|failure|marrow\s+biops)", re.IGNORECASE
)
# A name that says by itself that a cancer is there: "malignant ascites".
_SPREAD_ITSELF = re.compile(
    r"malignant\s+.*|(?:omental|peritoneal)\s+(?:cak|deposit|implant|nodule).*", re.IGNORECASE
)
_REACH: Final = 90


def metastases_of(text: str) -> list[MetastasisMention]:
    """Return the places that a text speaks of as metastatic, denied or not."""
    places = [
        place
        for place in _book().find(text)
        if not _WORKUP_AFTER.match(text[place.end : place.end + 20])
    ]
    found: list[MetastasisMention] = []
    for index, place in enumerate(places):
        before = text[max(0, place.start - _REACH) : place.start]
        after = text[place.end : place.end + 160]
        chained = (
            index > 0
            and bool(found)
            and found[-1].end >= places[index - 1].end
            and _LISTED.fullmatch(text, places[index - 1].end, place.start) is not None
        )
        spread_after = _AFTER_SITE.match(after)
        spread_before = _BEFORE_SITE.search(before) or _LISTED_BEHIND.search(before)
        if spread_before is not None and (_NOT_TO.search(before) or _CANCER_AFTER.match(after)):
            spread_before = None
        if spread_after is not None:
            found.append(
                MetastasisMention(place.meaning, place.start, place.end + spread_after.end())
            )
        elif spread_before is not None:
            start = place.start - len(before) + spread_before.start()
            found.append(MetastasisMention(place.meaning, start, place.end))
        elif _SPREAD_ITSELF.fullmatch(text, place.start, place.end) or (
            chained and not _CANCER_AFTER.match(after)
        ):
            found.append(MetastasisMention(place.meaning, place.start, place.end))
        elif (shown := _COMPATIBLE.match(after)) is not None and not _FROM.search(before[-20:]):
            found.append(MetastasisMention(place.meaning, place.start, place.end + shown.end()))
    return _with_listed_before(text, places, found)


def _with_listed_before(
    text: str, places: list[Found[MetastaticSite]], found: list[MetastasisMention]
) -> list[MetastasisMention]:
    """Add the places before one that is metastatic: "lung and lymph node metastases"."""
    known = {mention.start: mention for mention in found}
    for place, following in reversed([*itertools.pairwise(places)]):
        last = known.get(following.start)
        if last is None or place.start in known:
            continue
        if last.end > following.end and _LISTED.fullmatch(text, place.end, following.start):
            known[place.start] = MetastasisMention(place.meaning, place.start, last.end)
    return sorted(known.values(), key=lambda mention: mention.start)


@cache
def _book() -> PhraseBook[MetastaticSite]:
    book: PhraseBook[MetastaticSite] = PhraseBook()
    for site in metastatic_sites().values():
        for name in site.names:
            book.add(name, site)
    return book
