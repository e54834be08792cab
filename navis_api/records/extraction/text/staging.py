"""Stages, TNM categories and grades as reports write them.

Stage groups and TNM are those of the AJCC's manual, with its prefixes: c, p, y, r and a. Others
are read where they are named: Ann Arbor, FIGO, Rai, Binet, ISS, Dukes, Clark, limited and
extensive.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV", "0": "0"}


@dataclass(frozen=True, slots=True)
class StageReading:
    """A stage, category or grade, at `text[start:end]`.

    `system` is "group", "t", "n", "m", "grade", "extent" or the name of another system ("binet");
    `value` is written one way: "IIIC", "pT2a", "N1", "high".
    """

    system: str
    value: str
    start: int
    end: int


_STAGE = re.compile(
    r"\b(?:(?:(?P<figo>figo)\s+(?:20\d\d\s+)?(?=I))|(?:(?P<kind>clinical|pathologic(?:al)?|ajcc|figo|uicc|anatomic|prognostic|tnm"
    r"|ann\s+arbor|duke'?s?"
    r"|binet|rai|r?-?iss|r-iss|inss|inrgss|dukes|modified\s+\w+|igcccg|bclc|masaoka|okuda)\s+(?:20\d\d\s+)?)?"
    r"(?:stages?|staged?(?:\s+(?:as|at|group(?:ing)?|is))?|stage\s+grouping|staging(?:\s+is)?)"
    r"(?:\s*group)?\s*(?:was|is|of|:|=|-|–)?\s*)"
    r"(?P<value>(?P<low>(?:IV|I{1,3}|0|[1-4])(?:[\s-]?[A-E](?![A-Za-z])[1-4]?"
    r"|[a-e](?![A-Za-z])[1-4]?)?"
    r"(?:(?<=IV)S)?(?:E|X|BE|AE)?(?:\((?:i{1,3})\))?)"
    r"(?:\s*(?P<join>-|–|to|/)\s*(?P<high>(?:IV|I{1,3}"
    r"|[1-4])[A-Ea-e]?[1-4]?))?)(?![A-Za-z0-9%]|\.\d)",
    re.IGNORECASE,
)
_OTHER_DISEASE = re.compile(
    r"^\s*,?\s*(?:\(\w+\)\s*)?(?:chronic\s+)?(?:kidney|renal\s+(?:disease|insuff|failure)|ckd"
    r"|pressure|decubit|sacral"
    r"|ulcer|hypertension|heart|copd|lymph\s?edema|sleep|labor|fibrosis|cirrhosis|sarcoid|wound"
    r"|parkinson|dementia|retinopathy|glaucoma|osteoarthritis|esrd|of\s+(?:change|labor"
    r"|the\s+(?:study|trial))"
    r"|procedure|repair|reconstruction|trial|study|revision|surgery|bipap)",
    re.IGNORECASE,
)
_OTHER_DISEASE_BEFORE = re.compile(
    r"\b(?:kidney\s+disease|ckd|ulcer|decubitus|hypertension|heart\s+failure|copd|lymphedema"
    r"|disease,?\s+renal"
    r"|insufficiency|fibrosis|cirrhosis)[\s,(]*$",
    re.IGNORECASE,
)
_TNM = re.compile(
    r"(?<![A-Za-z0-9-])(?P<prefix>(?:[aryc]?[cp]|yp|yc|y|r|a)?)"
    r"(?:(?P<t>T(?:is|[0-4Xx])(?:[a-d](?![a-z])(?:[1-3](?!\d))?)?(?:\s?\((?:m|is|s|DCIS|LCIS"
    r"|\d)\))?)?"
    r"[\s,/;]{0,3}(?:and\s+)?"
    r"(?P<np>[cpy]{0,2})(?P<n>N(?:[0-3][a-c]?|[Xx])(?:mi)?(?:\s?\((?:i[+-]|sn|mol[+-]|mi"
    r"|f)\)){0,2})?"
    r"[\s,/;]{0,3}(?:and\s+)?"
    r"(?P<mp>[cpy]{0,2})(?P<m>M(?:[01Xx])(?:[a-d](?![a-z]))?(?:\(\d\))?)?)"
    r"(?![A-Za-z0-9-]|\s*[-–]?\s*(?:weighted|signal|hyper|hypo|vertebra|compression|level"
    r"|image|imaging|mri"
    r"|flair|spine|burst|fracture|laminectomy|nerve|to\s+[TL]\d|phase|bright|sequence"
    r"|stimulator|segment|body|disc|thoracic|nerve|receptor))",
)
_SIGN_OF_STAGING = re.compile(
    r"\b(?:stag\w*|tnm|ajcc|tumou?r|categor\w+|patholog\w+|clinical(?:ly)?|carcinoma|cancer"
    r"|melanoma|primary"
    r"|prostate|nodes?|lesion|adenocarcinoma|metastas\w+|invasion)\b",
    re.IGNORECASE,
)
_SPELLED_CATEGORY = re.compile(
    r"\b(?:primary\s+tumou?r|regional\s+lymph\s+nodes?|distant\s+metastas[ie]s)\s*"
    r"(?:\((?:[cpy]{0,2}[TNM])\))?\s*:\s*$",
    re.IGNORECASE,
)
_GRADE = re.compile(
    r"\b(?:(?P<how>histolog\w+|nuclear|nottingham(?:\s+\w+)?|figo|fuhrman|isup|who|tumou?r"
    r"|bloom[\s-]richardson"
    r"|combined\s+histolog\w+|overall|sbr|furhman|elston)\s+)?(?:(?P<word>high|low"
    r"|intermediate|moderate)[\s-]+"
    r"(?:histolog\w+\s+|nuclear\s+)?grade\b"
    r"|grade\s*(?:is|was|of|:|=)?\s*(?P<number>(?:IV|I{1,3}|[1-4])(?:\s*(?:/|of)\s*(?:III|IV"
    r"|[1-4]))?"
    r"|high|low|intermediate)(?![\w+]|\.\d))",
    re.IGNORECASE,
)
# "G2" as the UICC writes it: beside a category, a grade's name or a carcinoma.
_SHORT_GRADE = re.compile(
    r"(?<![A-Za-z0-9+-])G(?P<number>[1-4])(?![A-Za-z0-9+/.-]|\s*P\d)(?=(?P<after>.{0,40}))",
)
_GRADED_NEAR = re.compile(
    r"grade\W{0,5}$|\b[cpy]{0,2}[TN](?:[0-4]|is)|carcinoma|differentiated|urothelial|\bTCC\b|tumou?r",
    re.IGNORECASE,
)
_DIFFERENTIATED = re.compile(
    r"\b(?P<first>well|moderately|poorly|un)(?:\s*(?:to|-)\s*(?P<second>moderately|poorly))?[\s-]*"
    r"differentiat(?:ed|ion)\b",
    re.IGNORECASE,
)
_TUMOR_NEAR = re.compile(
    r"\b(?:carcinoma|cancer|adenocarcinoma|tumou?r|sarcoma|\w*sarcoma|glioma|lymphoma"
    r"|astrocytoma|dcis"
    r"|histolog\w+|nuclear|nottingham|differentiat\w+|fuhrman|ductal|urothelial|malignan\w+"
    r"|neoplasm"
    r"|\w+glioma|IDC|ILC|CNS|endometri\w+|carcinoid|in\s+situ)\b",
    re.IGNORECASE,
)
_TOXIC_NEAR = re.compile(
    r"\b(?:neuropath\w*|mucositis|dermatitis|toxicit\w*|nausea|diarrhea|fatigue|murmur"
    r"|esophagitis|varices"
    r"|sprain|tear|reflux|encephalopathy|fever|anemia|neutropenia|rash|hand[\s-]foot|ulcer"
    r"|edema|temperature"
    r"|spondylolisthesis|laceration|dysplasia|school|student|adverse|event|cystitis|prolapse"
    r"|cystocele"
    r"|stomatitis|proctitis|pneumonitis|squamous\s+intraepithelial|intraepithelial|pain)\b",
    re.IGNORECASE,
)
_GLEASON = re.compile(
    r"\bgleason(?:'s|’s)?(?:\s+(?:score|grade|sum|pattern|combined|total|histologic|grading))*\s*"
    r"(?:of|was|is|:|=|,|-)?\s*(?P<value>(?:\d{1,2}\s*\(\s*\d\s*\+\s*\d\s*\))|(?:\(?\d\s*\+\s*\d\)?"
    r"(?:\s*(?:=|\(|for\s+a\s+(?:total|sum|score)\s+of|equals)\s*(?:score\s+)?\d{1,2}\)?)?)"
    r"|\d{1,2}(?![\d+]))"
    r"(?!\s*(?:%|cm|mm|percent|/))",
    re.IGNORECASE,
)
_GRADE_GROUP = re.compile(
    r"\b(?:(?:isup|who)\s+)?(?:grade|prognostic)\s+(?:grade\s+)?group\s*:?\s*(?P<value>[1-5])\b"
    r"|\bISUP\s+(?:grade\s+)?(?P<isup>[1-5])\b", re.IGNORECASE
)  # fmt: skip
_KIDNEY = re.compile(r"\b(?:renal|kidneys?|nephr\w+|rcc|nucleolar|fuhrman)\b", re.IGNORECASE)
_OTHER_SYSTEMS: Final = (
    ("limited_extensive", re.compile(
        r"\b(?P<value>limited|extensive)[\s-]+(?:stage|disease)\b", re.IGNORECASE)),
    ("dukes", re.compile(
        r"\bdukes?['’]?s?\s+(?:stage\s+)?(?P<value>[A-D][1-3]?)\b", re.IGNORECASE)),
    ("binet", re.compile(r"\bbinet\s+(?:stage\s+)?(?P<value>[A-C])\b", re.IGNORECASE)),
    ("rai", re.compile(r"\brai\s+(?:stage\s+)?(?P<value>0|IV|I{1,3}|[1-4])\b", re.IGNORECASE)),
    ("iss", re.compile(
        r"\b(?:r-?iss|iss|international\s+staging\s+system)\s+(?:stage\s+)?(?P<value>I{1,3}"
            r"|[1-3])\b",
        re.IGNORECASE)),
    ("clark", re.compile(
        r"\bclark(?:'s|’s)?\s+(?:melanoma\s+)?level\s*(?:of|:|is)?\s*(?P<value>IV|V|I{1,3}"
            r"|[1-5])\b",
        re.IGNORECASE)),
    ("bclc", re.compile(r"\bbclc\s+(?:stage\s+)?(?P<value>0|[A-D])\b", re.IGNORECASE)),
)  # fmt: skip
_EXTENT = re.compile(
    r"\b(?P<value>metastatic|recurrent|locally\s+advanced|localized|oligometastatic"
        r"|recurrence|relapsed"
    r"|refractory)\b(?!\s+(?:work-?up|survey|evaluation|screen\w*|potential|surveillance))",
    re.IGNORECASE
)  # fmt: skip
_CONTEXT: Final = 60
_NEAR: Final = 45
_NAMED_STAGES: Final = frozenset({"binet", "rai", "iss", "riss", "rriss", "dukes", "duke", "bclc"})


def stages_of(text: str) -> list[StageReading]:
    """Return the stages, TNM categories, grades and Gleason scores of a text, in order."""
    found = [
        *_groups(text), *_categories(text), *_grades(text), *_gleasons(text), *_named(text),
    ]  # fmt: skip
    return sorted(found, key=lambda reading: (reading.start, reading.end, reading.system))


def stage_value(written: str) -> str:
    """Return a stage group one way: "3c" and "III-C" are both "IIIC"."""
    plain = re.sub(r"[\s–-]", "", written).upper()
    plain = re.sub(r"^(?:STAGE|GROUP)+", "", plain)
    return _ROMAN[plain[0]] + plain[1:] if plain[:1] in _ROMAN else plain


def category_value(written: str) -> str:
    """Return a TNM category one way: "PT2A" is "pT2a", "nx" is "NX"."""
    found = re.match(
        r"(?P<prefix>[a-z]{0,2}?)(?P<rest>[TNM](?:is|[0-4x]).*)", written.strip(), re.IGNORECASE
    )
    if found is None:
        return written.strip()
    rest = found["rest"]
    kept = rest[1:].lower().replace("x", "X").replace(" ", "")
    return found["prefix"].lower() + rest[0].upper() + kept


def is_of_other_disease(text: str, start: int, end: int) -> bool:
    """Tell whether a stage at `text[start:end]` is one of a kidney, an ulcer, or a trial."""
    return (
        _OTHER_DISEASE.match(text[end : end + _CONTEXT]) is not None
        or _OTHER_DISEASE_BEFORE.search(text[max(0, start - _CONTEXT) : start]) is not None
    )


def _groups(text: str) -> Iterator[StageReading]:
    for found in _STAGE.finditer(text):
        if is_of_other_disease(text, found.start(), found.end()):
            continue
        kind = re.sub(r"[^a-z]", "", (found["kind"] or "").lower())
        if kind in _NAMED_STAGES or re.search(
            r"\b(?:binet|rai|iss|bclc|dukes?'?s?)\s*$",
            text[max(0, found.start() - 8) : found.start()],
            re.IGNORECASE,
        ):
            continue
        value = stage_value(found["low"])
        if found["high"]:
            value = f"{value}-{stage_value(found['high'])}"
        yield StageReading("group", value, found.start(), found.end())


def _categories(text: str) -> Iterator[StageReading]:
    for found in _TNM.finditer(text):
        given = [part for part in ("t", "n", "m") if found[part]]
        if not given or not _is_staging(text, found, given):
            continue
        prefix = found["prefix"] or ""
        own = {"t": prefix, "n": found["np"] or prefix, "m": found["mp"] or ""}
        if not found["t"]:
            own["n"] = prefix + (found["np"] or "")
            if not found["n"]:
                own["m"] = prefix + (found["np"] or "") + (found["mp"] or "")
        for part in given:
            value = category_value(own[part].lower() + found[part])
            yield StageReading(part, value, found.start(part), found.end(part))


def _is_staging(text: str, found: re.Match[str], given: list[str]) -> bool:
    prefixes = {found["prefix"], found["np"], found["mp"]}
    if len(given) > 1 or not prefixes.isdisjoint({"p", "c", "yp", "yc"}):
        return True
    around = text[max(0, found.start() - _NEAR) : found.end() + _NEAR]
    if _SPELLED_CATEGORY.search(text[max(0, found.start() - _NEAR) : found.start()]):
        return True
    value = found[given[0]]
    if given == ["t"]:
        letter = re.fullmatch(r"T(?:is|[1-4][a-d])", value) is not None
        shut = (
            text[found.start() - 1 : found.start()] == "("
            and text[found.end() : found.end() + 1] == ")"
        )
        neighbour = re.search(r"(?<![A-Za-z0-9])[cpy]{0,2}[NM][0-3Xx]", around) is not None
        return letter or shut or neighbour or _SIGN_OF_STAGING.search(around) is not None
    neighbour = re.search(
        r"(?<![A-Za-z0-9])[cpy]{0,2}[TNM](?:[0-4Xx]|is)", around.replace(value, "", 1)
    )
    return neighbour is not None or _SIGN_OF_STAGING.search(around) is not None


def _grades(text: str) -> Iterator[StageReading]:
    for found in _GRADE.finditer(text):
        around = text[max(0, found.start() - _CONTEXT) : found.end() + _CONTEXT]
        if not _TUMOR_NEAR.search(around):
            continue
        close = text[max(0, found.start() - _NEAR // 2) : found.end() + _NEAR // 2]
        if _TOXIC_NEAR.search(close) or text[found.end() :].lower().startswith(
            (" group", " fever")
        ):
            continue
        said = (found["word"] or found["number"]).strip()
        number = re.match(r"IV|I{1,3}|[1-4]", said, re.IGNORECASE)
        value = _ROMAN.get(number.group(), number.group().upper()) if number else said.lower()
        yield StageReading("grade", _digit(value), found.start(), found.end())
    for found in _SHORT_GRADE.finditer(text):
        around = text[max(0, found.start() - _NEAR // 2) : found.start()] + found["after"]
        if _GRADED_NEAR.search(text[max(0, found.start() - _NEAR // 2) : found.start()]) or (
            _GRADED_NEAR.search(around)
        ):
            yield StageReading("grade", found["number"], found.start(), found.end())
    for found in _DIFFERENTIATED.finditer(text):
        first, second = found["first"].lower(), (found["second"] or "").lower()
        word = "undifferentiated" if first == "un" else f"{second or first} differentiated"
        yield StageReading("grade", word, found.start(), found.end())


def _digit(value: str) -> str:
    digits = {roman: digit for digit, roman in _ROMAN.items()}
    return digits.get(value, value)


def _gleasons(text: str) -> Iterator[StageReading]:
    for found in _GLEASON.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", found["value"])]
        value = _gleason_value(found["value"], numbers)
        if value is not None:
            yield StageReading("gleason", value, found.start(), found.end())
    for found in _GRADE_GROUP.finditer(text):
        value = found["value"] or found["isup"]
        around = text[max(0, found.start() - 2 * _CONTEXT) : found.end() + _CONTEXT]
        # The same society grades kidneys too, by their nucleoli and without groups.
        is_kidneys = found["isup"] is not None and _KIDNEY.search(around) is not None
        yield StageReading(
            "grade" if is_kidneys else "grade_group", value, found.start(), found.end()
        )


_LOWEST_SCORE: Final = 2
_HIGHEST_SCORE: Final = 10
_HIGHEST_PATTERN: Final = 5


def _gleason_value(written: str, numbers: list[int]) -> str | None:
    if "+" in written:
        first, second = (
            numbers[1:3] if "(" in written and numbers[0] > _HIGHEST_PATTERN else numbers[:2]
        )
        if not (1 <= first <= _HIGHEST_PATTERN and 1 <= second <= _HIGHEST_PATTERN):
            return None
        return f"{first + second} ({first}+{second})"
    return str(numbers[0]) if _LOWEST_SCORE <= numbers[0] <= _HIGHEST_SCORE else None


def _named(text: str) -> Iterator[StageReading]:
    for system, pattern in _OTHER_SYSTEMS:
        for found in pattern.finditer(text):
            value = found["value"]
            if system != "limited_extensive":
                value = value.upper()
            yield StageReading(system, value.lower() if system == "limited_extensive" else value,
                               found.start(), found.end())  # fmt: skip
    for found in _EXTENT.finditer(text):
        value = re.sub(r"\s+", " ", found["value"].lower())
        value = {"recurrence": "recurrent"}.get(value, value)
        yield StageReading("extent", value, found.start(), found.end())
