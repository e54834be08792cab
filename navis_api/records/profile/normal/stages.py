"""Stages, categories, grades and performance in their one form.

They are read by the same grammar as records are, and only where nothing else stands with them.
"""

import re
from typing import Final

from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.text.performance import performance_of
from navis_api.records.extraction.text.staging import category_value, stages_of
from navis_api.records.profile.normal.form import NormalForm

_STAGES: Final = {
    "group": "stage group", "extent": "extent of disease",
    "limited_extensive": "extent of disease", "binet": "Binet stage", "rai": "Rai stage",
    "iss": "ISS stage", "dukes": "Dukes stage", "clark": "Clark level", "bclc": "BCLC stage",
}  # fmt: skip
_CATEGORIES: Final = {"t": "T category", "n": "N category", "m": "M category"}
GRADES: Final = {
    "grade": "histologic grade", "gleason": "Gleason score", "grade_group": "grade group",
}  # fmt: skip
_PERFORMANCE: Final = {
    "ecog": "ECOG performance status", "karnofsky": "Karnofsky score", "lansky": "Lansky score",
}  # fmt: skip
# How a value alone is written so that the grammar knows what it is. `{}` is the value; what
# stands behind it is only there to tell that tumors are spoken of.
_WRITTEN: Final = {
    "group": ("stage {}", "{}"),
    "extent": ("{}",),
    "limited_extensive": ("{} stage", "{}"),
    "iss": ("ISS stage {}", "{}"),
    "clark": ("Clark level {}", "{}"),
    "t": ("{}| tumor",),
    "n": ("{}| tumor",),
    "m": ("{}| tumor",),
    "gleason": ("Gleason {}", "{}"),
    "grade_group": ("grade group {}", "{}"),
    "grade": ("grade {}| carcinoma", "{}| carcinoma"),
}
_PREFIX = re.compile(r"[a-z]*")
_STEPS = re.compile(
    r"([a-z]*[TN](?:is|[0-4])|[a-z]*M[01]|IV|I{1,3}|0)([A-Ea-e]|mi)?(\d)?(\([\w+-]+\))?"
)
_IN_ROMAN: Final = frozenset({"clark", "rai", "iss"})
_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}
_BASIS = re.compile(
    r"\b(?:(?P<clinical>clinical(?:ly)?)|(?P<pathological>patholog(?:ic|ical|ically)))\b",
    re.IGNORECASE,
)


def stage_form(finding: Finding) -> NormalForm | None:
    """Return a stage; whether it is the clinical or the pathological one, its quote says."""
    name = _STAGES.get(finding.key)
    value = _read(finding.key, finding.value)
    if name is None or value is None:
        return None
    if finding.key in _IN_ROMAN:
        value = _ROMAN.get(value, value)
    said = {found.lastgroup for found in _BASIS.finditer(finding.quote)}
    scope = next(iter(said)) or "" if len(said) == 1 else ""
    return NormalForm(finding.key, name, value, scope=scope, parts=_steps(value))


def category_form(finding: Finding) -> NormalForm | None:
    """Return a T, N or M category. One with another prefix is another fact."""
    name = _CATEGORIES.get(finding.key)
    value = _read(finding.key, category_value(" ".join((finding.value or "").split())))
    if name is None or value is None:
        return None
    prefix = _PREFIX.match(value)
    scope = prefix.group() if prefix else ""
    return NormalForm(finding.key, name, value, scope=scope, parts=_steps(value))


def grade_form(finding: Finding) -> NormalForm | None:
    """Return a grade or a Gleason score: of the tissue that was looked at that day."""
    name = GRADES.get(finding.key)
    value = _read(finding.key, finding.value)
    if name is None or value is None:
        return None
    # "Grade 2" and "low grade" count by scales of their own. A Gleason score may be told with
    # its patterns or without.
    scope = "" if value[0].isdigit() else value.split()[-1] if " " in value else "tier"
    return NormalForm(
        finding.key,
        name,
        value,
        scope=scope,
        parts=frozenset({value.partition(" (")[0], value}),
        is_measured=True,
    )


def performance_form(finding: Finding) -> NormalForm | None:
    """Return a performance score: it changes with time."""
    name = _PERFORMANCE.get(finding.key)
    if name is None or finding.value is None:
        return None
    value = finding.value.strip()
    written = f"{finding.key} {value}"
    for text in (written, value):
        for reading in performance_of(text):
            if (reading.scale, reading.start, reading.end) == (finding.key, 0, len(text)):
                return NormalForm(
                    finding.key, name, reading.value,
                    parts=frozenset({reading.value}), is_measured=True,
                )  # fmt: skip
    return None


def _steps(value: str) -> frozenset[str]:
    """Return a stage with those that it is a closer word for: "IIIC2" with "IIIC" and "III"."""
    found = _STEPS.fullmatch(value)
    if found is None:
        return frozenset({value})
    return frozenset(value[: found.end(at)] for at in range(1, 5) if found[at])


def _read(system: str, value: str | None) -> str | None:
    """Return a value in its one form; None unless all of it is one reading of that system."""
    if value is None:
        return None
    for form in _WRITTEN.get(system, (f"{system} stage {{}}", "{}")):
        body, _, context = form.partition("|")
        text = body.format(value.strip())
        for reading in stages_of(text + context):
            # The grammar leaves a category's prefix out of its span, and puts it into its value.
            start = reading.start
            if system in _CATEGORIES:
                start -= len(text) - len(text.lstrip("cpyra"))
            if reading.system == system and start <= 0 and reading.end == len(text):
                return reading.value
    return None
