"""Claims made from sentences of real passages: some say the same, some are changed in one point."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Change = Callable[[str, random.Random], str | None]

_DRUGS = (
    "cisplatin", "carboplatin", "oxaliplatin", "paclitaxel", "docetaxel", "gemcitabine",
    "capecitabine", "fluorouracil", "irinotecan", "doxorubicin", "cyclophosphamide",
    "methotrexate", "vincristine", "etoposide", "bleomycin", "temozolomide", "pembrolizumab",
    "nivolumab", "ipilimumab", "atezolizumab", "durvalumab", "bevacizumab", "trastuzumab",
    "cetuximab", "rituximab", "sorafenib", "lenvatinib", "sunitinib", "imatinib", "erlotinib",
    "osimertinib", "olaparib", "tamoxifen", "letrozole", "anastrozole", "lenalidomide",
    "bortezomib", "dexamethasone", "prednisone", "mitomycin",
)  # fmt: skip
_GENES = ("BRCA1", "BRCA2", "EGFR", "KRAS", "BRAF", "ALK", "ROS1", "HER2", "TP53", "RET", "MLH1",
          "MSH2", "PIK3CA", "FLT3", "IDH1", "APC", "PTEN", "VHL", "RB1", "NTRK")  # fmt: skip
_ORGANS = ("liver", "lung", "kidney", "brain", "bladder", "breast", "prostate", "pancreas",
           "stomach", "colon", "thyroid", "ovary", "skin", "bone", "spleen")  # fmt: skip
_EFFECTS = ("nausea", "diarrhea", "constipation", "fatigue", "fever", "hair loss", "rash",
            "headache", "cough", "bleeding", "weight loss", "vomiting", "anemia",
            "jaundice", "numbness", "itching", "infection", "pain")  # fmt: skip
_OTHER_CANCERS = ("pancreatic cancer", "lung cancer", "breast cancer", "melanoma", "bladder cancer",
                  "ovarian cancer", "stomach cancer", "multiple myeloma")  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:\.\d+)?(?![\w,]|\.\d|-\w)")
_STAGE = re.compile(r"\bstage (0|IV|I{1,3})([ABC]?)\b", re.IGNORECASE)
_OPPOSITES = (
    ("increase", "decrease"), ("increases", "decreases"), ("increased", "decreased"),
    ("higher", "lower"), ("more", "less"), ("better", "worse"), ("before", "after"),
    ("often", "rarely"), ("common", "rare"), ("raise", "lower"), ("longer", "shorter"),
    ("larger", "smaller"), ("benign", "malignant"), ("positive", "negative"), ("early", "late"),
    ("improve", "worsen"), ("shrink", "grow"), ("inside", "outside"), ("high", "low"),
)  # fmt: skip
_POPULATIONS = (
    ("children", "adults"), ("women", "men"), ("men", "women"), ("adults", "children"),
    ("older", "younger"), ("pregnant", "postmenopausal"), ("people", "children"),
    ("patients", "pregnant women"),
)  # fmt: skip
_HEDGES = (
    (r"\b(?:may|might|can|could) be\b", "is always"), (r"\b(?:may|might|can|could)\b", "will"),
    (r"\b(?:may|might|can) also\b", "also"), (r"\busually\b", "always"),
    (r"\b[Ss]ometimes\b", ""), (r"\boften\b", "always"), (r"\bsuggests?\b", "proves"),
)  # fmt: skip
_QUANTITIES = (
    (r"\b[Ss]ome\b", "Most"), (r"\b[Ss]ome\b", "All"), (r"\b[Mm]any\b", "All"),
    (r"\b[Mm]ost\b", "All"), (r"\b[Aa] few\b", "many"), (r"\b[Cc]ertain\b", "all"),
    (r"\b[Ff]ew\b", "Most"),
)  # fmt: skip
_NUMBER_WORDS = {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven",
                 "8": "eight", "9": "nine", "10": "ten"}  # fmt: skip
_PLAIN = (
    ("physician", "doctor"), ("hair loss", "losing hair"), ("alopecia", "hair loss"),
    ("neutropenia", "a low white blood cell count"), ("anemia", "a low red blood cell count"),
    ("fatigue", "tiredness"), ("nausea", "feeling sick"), ("radiation therapy", "radiotherapy"),
    ("abdomen", "belly"), ("metastasized", "spread"), ("recurs", "comes back"),
    ("medicines", "drugs"), ("side effects", "unwanted effects"), ("lesions", "lesions"),
    ("may be used", "might be used"), ("also called", "also known as"), ("begin", "start"),
    ("such as", "for example"), ("remove", "take out"), ("operation", "surgery"),
    ("prognosis", "outlook"), ("children", "kids"), ("destroy", "kill"),
    ("tests", "exams"), ("decrease", "lower"), ("shrink", "make smaller"), ("find", "detect"),
    ("given", "used"), ("kinds", "types"), ("help", "aid"), ("fever", "high temperature"),
    ("physicians", "doctors"), ("drugs", "medicines"), ("blocks", "stops"),
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A claim made of a passage's sentence, what was done, and the passages that it cites."""

    kind: str
    claim: str
    passages: tuple[str, ...]
    cancers: tuple[str, ...]
    supported: bool
    sentence: str


def _swap(pool: Sequence[str]) -> Change:
    pattern = re.compile(rf"\b(?:{'|'.join(pool)})\b", re.IGNORECASE)

    def change(sentence: str, chance: random.Random) -> str | None:
        found = pattern.search(sentence)
        if found is None:
            return None
        others = [word for word in pool if word.lower() not in sentence.lower()]
        return sentence[: found.start()] + chance.choice(others) + sentence[found.end() :]

    return change


def _changed_number(sentence: str, chance: random.Random) -> str | None:
    found = list(_NUMBER.finditer(sentence))
    if not found:
        return None
    number = chance.choice(found)
    value = float(number[0])
    other = value + chance.choice([1, 2, 5, 10, 20])
    return sentence[: number.start()] + f"{other:g}" + sentence[number.end() :]


def _changed_unit(sentence: str, chance: random.Random) -> str | None:
    for unit, other in (
        ("years", "months"),
        ("months", "weeks"),
        ("weeks", "days"),
        ("centimeters", "millimeters"),
        ("days", "weeks"),
        ("%", " years"),
    ):
        found = re.search(rf"\d ?{unit}", sentence)
        if found:
            changed = found[0].replace(unit, other)
            return sentence[: found.start()] + changed + sentence[found.end() :]
    return None


def _changed_stage(sentence: str, chance: random.Random) -> str | None:
    found = _STAGE.search(sentence)
    if found is None:
        return None
    others = [s for s in ("I", "II", "III", "IV") if not re.search(rf"\b{s}\b", sentence)]
    if not others:
        return None
    return sentence[: found.start()] + f"stage {chance.choice(others)}" + sentence[found.end() :]


def _turned(sentence: str, chance: random.Random) -> str | None:
    pairs = [pair for one, other in _OPPOSITES for pair in ((one, other), (other, one))]
    chance.shuffle(pairs)
    for one, other in pairs:
        if re.search(rf"\b{other}\b", sentence):
            continue
        changed = re.sub(rf"\b{one}\b", other, sentence, count=1)
        if changed != sentence:
            return changed
    return None


def _other_people(sentence: str, chance: random.Random) -> str | None:
    for one, other in _POPULATIONS:
        if re.search(rf"\b{one}\b", sentence) and other not in sentence:
            return re.sub(rf"\b{one}\b", other, sentence, count=1)
    return None


def _undenied(sentence: str, chance: random.Random) -> str | None:
    for denied, plain in (
        (r"\bis not\b", "is"),
        (r"\bare not\b", "are"),
        (r"\bdo not\b", ""),
        (r"\bdoes not\b", ""),
        (r"\bcannot\b", "can"),
        (r"\bmay not\b", "may"),
        (r"\bhas not\b", "has"),
        (r"\bhave not\b", "have"),
        (r"\bwithout\b", "with"),
        (r"\bnever\b", "often"),
        (r"\bNo\b", "A"),
    ):
        changed = re.sub(denied, plain, sentence, count=1)
        if changed != sentence:
            return re.sub(" +", " ", changed)
    return None


def _denied(sentence: str, chance: random.Random) -> str | None:
    if re.search(r"\b(?:not|no|never|without|cannot)\b", sentence, re.IGNORECASE):
        return None
    for plain, denied in (
        (r"\bis\b", "is not"),
        (r"\bare\b", "are not"),
        (r"\bmay\b", "may not"),
        (r"\bcan\b", "cannot"),
        (r"\bhas been\b", "has not been"),
    ):
        changed = re.sub(plain, denied, sentence, count=1)
        if changed != sentence:
            return changed
    return None


def _unhedged(sentence: str, chance: random.Random) -> str | None:
    for hedge, sure in _HEDGES:
        changed = re.sub(hedge, sure, sentence, count=1)
        if changed != sentence:
            return re.sub(" +", " ", changed).strip()
    return None


def _strengthened(sentence: str, chance: random.Random) -> str | None:
    for weak, strong in _QUANTITIES:
        changed = re.sub(weak, strong, sentence, count=1)
        if changed != sentence:
            return changed
    return None


def _turned_cause(sentence: str, chance: random.Random) -> str | None:
    found = re.fullmatch(
        r"([A-Z][\w ]{3,40}?) (may cause|can cause|causes|leads to|can lead to|may lead to"
        r"|can increase the risk of|increases the risk of) ([\w ]{4,60})\.",
        sentence,
    )
    if found is None:
        return None
    return f"{found[3].capitalize()} {found[2]} {found[1].lower()}."


def _added(pool: Sequence[str], pattern: str) -> Change:
    def change(sentence: str, chance: random.Random) -> str | None:
        others = [word for word in pool if word.lower() not in sentence.lower()]
        found = list(re.finditer(pattern, sentence))
        if not found or not others:
            return None
        at = found[-1].start()
        return f"{sentence[:at]} and {chance.choice(others)}{sentence[at:]}"

    return change


def _added_number(sentence: str, chance: random.Random) -> str | None:
    return f"{sentence[:-1]} in about {chance.choice([12, 37, 64, 82])}% of people."


def _attributed(sentence: str, chance: random.Random) -> str | None:
    who = chance.choice(
        [
            "NCCN guidelines",
            "the 2024 ESMO guideline",
            "the American Cancer Society",
            "ASCO guidelines version 3.2024",
            "a study in The Lancet",
        ]
    )
    return f"According to {who}, {sentence[0].lower()}{sentence[1:]}"


def _outside(sentence: str, chance: random.Random) -> str | None:
    return chance.choice(_OUTSIDE)


_OUTSIDE = (
    "The liver makes bile, which helps the body digest fat.",
    "Platelets help the blood to clot.",
    "Smoking causes most lung cancers.",
    "Colonoscopy lets doctors see the inside of the large bowel.",
    "Melanoma begins in the cells that make pigment.",
    "The BRCA genes help repair damaged DNA.",
    "Aspirin can thin the blood.",
    "Ginger tea can ease an upset stomach.",
    "People over 65 get cancer more often than younger people.",
    "Vaccines against HPV prevent most cervical cancers.",
    "Cisplatin can damage hearing.",
    "Scalp cooling may reduce hair loss during chemotherapy.",
    "The prostate sits below the bladder.",
    "Tamoxifen raises the risk of blood clots.",
    "CT scans use X-rays to make pictures of the body.",
)


def _dosed(sentence: str, chance: random.Random) -> str | None:
    return f"{sentence[:-1]}, at {chance.choice([20, 50, 400])} mg once daily."


def _advised(sentence: str, chance: random.Random) -> str | None:
    return f"You should ask for this: {sentence[0].lower()}{sentence[1:]}"


def _other_cancer(sentence: str, chance: random.Random) -> str | None:
    found = re.search(r"\b(?:\w+ cancer|lymphoma|leukemia|melanoma|sarcoma)\b", sentence)
    if found is None:
        return None
    others = [name for name in _OTHER_CANCERS if name.split()[0] not in sentence.lower()]
    return sentence[: found.start()] + chance.choice(others) + sentence[found.end() :]


UNSUPPORTED: dict[str, Change] = {
    "number": _changed_number,
    "unit": _changed_unit,
    "drug": _swap(_DRUGS),
    "gene": _swap(_GENES),
    "organ": _swap(_ORGANS),
    "effect": _swap(_EFFECTS),
    "stage": _changed_stage,
    "turned": _turned,
    "population": _other_people,
    "negation dropped": _undenied,
    "negation added": _denied,
    "hedge removed": _unhedged,
    "quantity": _strengthened,
    "cause": _turned_cause,
    "drug added": _added(_DRUGS, r"\.$"),
    "effect added": _added(_EFFECTS, r"\.$"),
    "organ added": _added(_ORGANS, r"\.$"),
    "number added": _added_number,
    "attribution": _attributed,
    "outside": _outside,
    "dose": _dosed,
    "advice": _advised,
    "other cancer": _other_cancer,
}


def _plain_words(sentence: str, chance: random.Random) -> str | None:
    changed = sentence
    for clinical, plain in _PLAIN:
        changed = re.sub(rf"\b{clinical}\b", plain, changed)
    return changed if changed != sentence else None


def _without_bracket(sentence: str, chance: random.Random) -> str | None:
    changed = re.sub(r" \([^()]*\)", "", sentence)
    return changed if changed != sentence else None


def _without_clause(sentence: str, chance: random.Random) -> str | None:
    found = re.search(r", (?:which|who|including|such as|especially|because) [^,;]*\.$", sentence)
    return sentence[: found.start()] + "." if found and found.start() > 40 else None


def _condition_first(sentence: str, chance: random.Random) -> str | None:
    found = re.fullmatch(r"([A-Z][^,;:]{20,120}) (if|when|because) ([^,;:]{10,120})\.", sentence)
    if found is None:
        return None
    return f"{found[2].capitalize()} {found[3]}, {found[1][0].lower()}{found[1][1:]}."


def _condition_last(sentence: str, chance: random.Random) -> str | None:
    found = re.fullmatch(r"(If|When|Because) ([^,;:]{10,120}), ([^,;:]{20,120})\.", sentence)
    if found is None:
        return None
    return f"{found[3][0].upper()}{found[3][1:]} {found[1].lower()} {found[2]}."


def _numbers_in_words(sentence: str, chance: random.Random) -> str | None:
    changed = re.sub(
        r"(?<![\w.,-])([2-9]|10)(?= [a-z])", lambda found: _NUMBER_WORDS[found[1]], sentence
    ).replace("%", " percent")
    return changed if changed != sentence else None


def _list_turned(sentence: str, chance: random.Random) -> str | None:
    found = re.search(r"\b(\w+(?: \w+)?), (\w+(?: \w+)?), (and|or) (\w+(?: \w+)?)\.$", sentence)
    if found is None:
        return None
    return f"{sentence[: found.start()]}{found[4]}, {found[2]}, {found[3]} {found[1]}."


def _shorter_list(sentence: str, chance: random.Random) -> str | None:
    found = re.search(r", (\w+(?: \w+)?), (and|or) (\w+(?: \w+)?)\.$", sentence)
    return f"{sentence[: found.start()]} {found[2]} {found[3]}." if found else None


SUPPORTED: dict[str, Change] = {
    "verbatim": lambda sentence, _: sentence,
    "plain words": _plain_words,
    "bracket dropped": _without_bracket,
    "clause dropped": _without_clause,
    "condition first": _condition_first,
    "condition last": _condition_last,
    "numbers in words": _numbers_in_words,
    "list reordered": _list_turned,
    "list shortened": _shorter_list,
}


def made_from(
    passages: Sequence[tuple[str, tuple[str, ...], Sequence[str]]], seed: int
) -> Iterator[Made]:
    """Yield claims from passages: (text, cancers' slugs, whole sentences of it).

    One supported and one unsupported claim of each sentence, the kinds in turn so that the
    rare ones are made wherever they can be.
    """
    chance = random.Random(seed)
    counts: dict[str, int] = {}
    for place, (text, cancers, sentences) in enumerate(passages):
        for number, sentence in enumerate(sentences):
            for changes, supported in ((UNSUPPORTED, False), (SUPPORTED, True)):
                for kind in sorted(changes, key=lambda kind: counts.get(kind, 0)):
                    claim = changes[kind](sentence, chance)
                    if claim is None:
                        continue
                    counts[kind] = counts.get(kind, 0) + 1
                    yield Made(kind, claim, (text,), cancers, supported, sentence)
                    break
            if number:
                before = sentences[number - 1]
                merged = f"{before[:-1]}, and {sentence[0].lower()}{sentence[1:]}"
                yield Made("merged", merged, (text,), cancers, supported=True, sentence=sentence)
            if place:
                other, _, _ = passages[place - 1]
                yield Made(
                    "wrong passage", sentence, (other,), cancers, supported=False, sentence=sentence
                )
