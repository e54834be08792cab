"""Where a cancer stands: its stage, and where it has spread."""

import re
from collections.abc import Iterator

from navis_api.questions.sameness.slots import Slot
from navis_api.vocabulary.stages import stages_in

_SPREAD = re.compile(
    r"\b(?:that|which|has|have|had|it's)(?:\s+(?:has|have|already))*\s+spread\b"
    r"(?:\s+to\s+(?:the\s+|my\s+|his\s+|her\s+)?(?:distant\s+|other\s+)?(?P<site>[a-z]+))?",
    re.IGNORECASE,
)
_SPREAD_TO = re.compile(r"spread to (?:the |my |a |other )?(?P<site>.+)")
_SPREAD_FROM = re.compile(r"spread (?P<site>from (?:the |my )?\w+ to (?:the |my )?.+)")
_SPREADING = frozenset({"metastasize", "metastasise"})
"""What a cancer may do, not where it stands."""

_TOLD_BY_THE_SUM = frozenset({"gleason_3+3"})
"""There is no other Gleason score of 6; of 7, 8 and 9 there are two."""

_SITES = r"(?P<site>bone|liver|brain|lung|spine|skin|lymph node|adrenal|peritoneum|ovarie?)s?\b"
_METASTASES = re.compile(
    rf"\b{_SITES}\s+(?:metastas[ei]s|mets?\b|secondaries|spread\b)", re.IGNORECASE
)
_METASTASES_IN = re.compile(
    rf"\b(?:metastas[ei]s|mets|metastatic|secondaries)\s+(?:to|in|on)\s+"
    rf"(?:the\s+|my\s+|his\s+|her\s+)?{_SITES}|\bis\s+(?:now\s+)?in\s+(?:the|my|his|her)\s+"
    rf"{_SITES.replace('site', 'place')}",
    re.IGNORECASE,
)


_ANYWHERE = re.compile(
    r"(?:other|distant|different)?\s*(?:organs|parts|places|areas)?"
    r"(?:\s(?:of|in)\s(?:the\s|my\s|your\s|his\s|her\s)?body)?",
    re.IGNORECASE,
)
"""No place in particular: who has cancer there has it spread, and that is all it says."""

_BEHIND_SITES = re.compile(
    r"[\s,]+(?:(?:and|but|so)\s+(?:is|it|its|it's|are|has|have|had|i|i'm|i've|my|the|no|not|how|what"
    r"|can|was|now|also|they|we|he|she)|but|so|after|before|during|while|with|without|who|that|which"
    r"|how|what|when|why|can|could|should|will|would|is|are|was|were|does|do|did|be|been|gets?|has"
    r"|have|scheduled|every|treated|cured|curable|diagnosed|removed|found|if|because|since|then)\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""What follows where it has spread to and is no part of it: "the bones, what can be done"."""


_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1
    )
}
_COUNTED = re.compile(
    rf"\b(?P<number>\d+|{'|'.join(_NUMBERS)})\s+(?:(?:positive|affected|involved|lymph)\s+){{0,2}}"
    r"(?P<of>node|gland|bone|place|spot|organ|metastas[ei])s?\b",
    re.IGNORECASE,
)


def extents(plain: str) -> Iterator[tuple[Slot, int, int, str]]:
    """Yield stages, each with its slot: that a cancer came back is what is asked."""
    for stage in stages_in(plain):
        end = stage.end
        said = plain[stage.start : end].lower()
        if said.startswith("spread "):
            said = _BEHIND_SITES.sub("", said)
            end = stage.start + len(said)
        site = _SPREAD_TO.fullmatch(said) or _SPREAD_FROM.fullmatch(said)
        # "Just diagnosed" is said of oneself, and "left untreated" is what is asked.
        if stage.key == "newly_diagnosed" and re.search(r"just|recently|^untreated", said):
            continue
        if said in _SPREADING or stage.key in _TOLD_BY_THE_SUM:
            continue
        if stage.key == "recurrent":
            yield Slot.ASKED, stage.start, end, "recurrence"
            continue
        if stage.key in {"metastatic", "regional"} and site is not None:
            yield Slot.STAGE, stage.start, end, _spread(site["site"])
            continue
        yield Slot.STAGE, stage.start, end, stage.key.replace("_", " ")
    for found in _SPREAD.finditer(plain):
        yield Slot.STAGE, found.start(), found.end(), _spread(found["site"])
    for found in _METASTASES.finditer(plain):
        yield Slot.STAGE, found.start(), found.end(), _spread(found["site"].lower())
    for found in _METASTASES_IN.finditer(plain):
        site = (found["site"] or found["place"]).lower()
        yield Slot.STAGE, found.start(), found.end(), _spread(site)


def counted_places(plain: str) -> frozenset[str]:
    """Return in how many nodes or places it is: a number that is within where it has spread."""
    return frozenset(
        f"{_NUMBERS.get(found['number'].lower(), found['number'])} {found['of'].lower()}s"
        for found in _COUNTED.finditer(plain)
    )


def _spread(site: str | None) -> str:
    if site is None or _ANYWHERE.fullmatch(site):
        return "metastatic"
    return f"metastatic to {site.removesuffix('s')}"
