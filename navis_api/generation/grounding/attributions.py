"""Attributions: "according to …" must name a source that is cited, a guideline with its version."""

import re
from collections.abc import Sequence

from navis_api.generation.grounding.evidence import Evidence
from navis_api.generation.grounding.roots import root
from navis_api.generation.grounding.verdicts import Reason, ReasonKind
from navis_api.kit.text import fold, words

# Each body with its names; any of them stands for the others.
_BODIES: tuple[tuple[str, ...], ...] = (
    ("nccn", "national comprehensive cancer network"),
    ("asco", "american society of clinical oncology"),
    ("esmo", "european society for medical oncology", "european society of medical oncology"),
    ("nci", "national cancer institute", "pdq", "cancer.gov"),
    ("acs", "american cancer society"),
    ("who", "world health organization", "world health organisation"),
    ("fda", "food and drug administration"),
    ("ema", "european medicines agency"),
    ("nice", "national institute for health and care excellence"),
    ("nih", "national institutes of health"),
    ("cdc", "centers for disease control"),
    ("uspstf", "preventive services task force"),
    ("easl", "european association for the study of the liver"),
    ("aasld", "american association for the study of liver diseases"),
    ("astro", "american society for radiation oncology"),
    ("ash", "american society of hematology"),
    ("acog", "american college of obstetricians"),
    ("aua", "american urological association"),
    ("eau", "european association of urology"),
    ("sgo", "society of gynecologic oncology"),
    ("cochrane",),
    ("mayo clinic",),
    ("cleveland clinic",),
    ("md anderson",),
    ("memorial sloan kettering",),
    ("lancet",),
    ("new england journal of medicine", "nejm"),
    ("jama",),
    ("cancer research uk",),
    ("macmillan",),
    ("nhs", "national health service"),
    ("barcelona clinic", "bclc"),
    ("ajcc", "american joint committee on cancer"),
    ("medlineplus",),
    ("webmd",),
    ("wikipedia",),
    ("uptodate",),
)
_NAMES = {name.replace(".", " "): number for number, names in enumerate(_BODIES) for name in names}
# In small letters these are ordinary words.
_ONLY_IN_CAPITALS = frozenset(
    {"who", "nice", "ash", "acs", "astro", "sgo", "aua", "eau", "ema", "easl"}
)
_GUIDELINE = re.compile(r"\b(?:guidelines?|guidance|consensus statements?|practice statements?)\b")
_ACCORDING = re.compile(
    r"\b(?:according to|as (?:stated|recommended|reported|described) (?:by|in)|based on the"
    r"|in line with|per the)\b"
)
_RECOMMENDS = re.compile(
    r"\b(?:recommend\w*|advis\w+|suggest\w*|stat(?:e|es|ed)|says?|said|list|lists|listed|endors\w+"
    r"|support\w*|prefer\w*|requir\w+|include\w*|call for|calls for|consider\w*|guide\w*)\b"
)
_ACCORDING_PHRASE = re.compile(
    r"^\W*(?:according to|as (?:stated|recommended|reported|described) (?:by|in)|in line with"
    r"|per) [^,:;]{1,160}[,:;]\s*",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"\bversion\s?\d[\w.]*|\bv\.?\s?\d[\w.]*|\b(?:19|20)\d\d\b|\b\d{1,2}\.(?:20)\d\d\b"
)
_NAMELESS = frozenset(
    {"according", "to", "as", "stated", "recommended", "reported", "described", "by", "in", "the",
     "a", "an", "of", "and", "source", "sources", "text", "page", "passage", "doctors", "experts",
     "for", "on", "per", "line", "with", "current", "latest", "this", "these", "version", "v",
     "information", "summary", "patient", "patients", "from", "its", "s", "at", "published",
     "updated", "reviewed", "last", "dr", "study", "studies", "trial", "trials", "research",
     "researchers", "report", "reports", "review", "results", "findings", "analysis", "authors",
     "investigators"}
)  # fmt: skip


def against_attribution(text: str, evidence: Sequence[Evidence]) -> Reason | None:
    """Return what is wrong with a claim's attribution, or None."""
    folded = fold(text)
    named = bodies_in(text)
    is_guideline = _GUIDELINE.search(folded) is not None
    is_attributed = _ACCORDING.search(folded) is not None
    if not (named or is_guideline or is_attributed):
        return None
    told = ". ".join(_told(each) for each in evidence)
    if not named <= bodies_in(told):
        return Reason(ReasonKind.ATTRIBUTION, "a body that isn't cited")
    versions = _VERSION.findall(folded)
    recommends = bool(named) and _RECOMMENDS.search(folded) is not None
    if is_guideline and (is_attributed or recommends) and not versions:
        return Reason(ReasonKind.ATTRIBUTION, "a guideline without its version")
    folded_told = fold(told)
    given = {_bare(version) for version in _VERSION.findall(folded_told)}
    if any(_bare(version) not in given for version in versions):
        return Reason(ReasonKind.ATTRIBUTION, "another version")
    phrase = _ACCORDING_PHRASE.match(text)
    if phrase is not None:
        aliases = " ".join(alias for body in named for alias in _BODIES[body])
        known = {root(word) for word in (*words(told), *words(aliases), *_NAMELESS)}
        if any(root(word) not in known and not word.isdigit() for word in words(phrase[0])):
            return Reason(ReasonKind.ATTRIBUTION, "a source that isn't cited")
    return None


def without_attribution(text: str) -> str:
    """Return a claim without its opening "According to …,"."""
    return _ACCORDING_PHRASE.sub("", text, count=1)


def bodies_in(text: str) -> frozenset[int]:
    """Return which of the known bodies a text names, by their number."""
    spoken = f" {' '.join(words(text))} "
    return frozenset(
        number
        for name, number in _NAMES.items()
        if f" {name} " in spoken
        and (name not in _ONLY_IN_CAPITALS or re.search(rf"\b{name.upper()}\b", text))
    )


def _told(evidence: Evidence) -> str:
    dates = [str(day) for day in (evidence.published_on, evidence.last_reviewed_on) if day]
    version = f"version {evidence.version}" if evidence.version else ""
    parts = (evidence.publisher, *evidence.heading_path, version, *dates, evidence.text)
    return ". ".join(part for part in parts if part)


def _bare(version: str) -> str:
    return version.removeprefix("version").removeprefix("v").strip(" .")
