"""Other names of one thing, as texts give them: "X (also called Y)", "X, also known as Y".

Precision comes first: a name that is too general is nobody's other name, so both sides must be
names of a disease, or a short form must stand in the long one, letter by letter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from navis_api.kit.text import words
from navis_api.sources.models import NameKind
from navis_api.sources.names.abbreviations import abbreviations_in

RULES = 1
"""To be raised whenever other names would be read out of the same text."""

_KIND = (
    r"cancers?|tumou?rs?|neoplasms?|syndromes?|diseases?|disorders?|malignanc(?:y|ies)"
    r"|carcinoids?|moles?|polyps?"
)
_OWN_NAME = (
    r"\w{2,}omas?|\w*leuka?emias?|\w{2,}(?:aemia|emia|osis|oses|plasia|cytosis)|fungoides|in situ"
    r"|\w*pregnancy"
)
_HEAD = rf"(?:{_KIND}|{_OWN_NAME})"
_NAMES_DISEASE = re.compile(rf"\b{_HEAD}(?: of (?:the )?[\w-]+(?: [\w-]+)?)?$", re.IGNORECASE)
_KIND_ALONE = re.compile(rf"{_KIND}|carcinoma|leukemia|lymphoma|sarcoma|melanoma|metastasis|of|the")

# Words that say which case of a disease, not which disease: with one of them a text speaks of
# a state ("stage IV mesothelioma, also called metastatic mesothelioma").
_STATES = frozenset(
    {
        "stage", "metastatic", "metastasis", "advanced", "recurrent", "relapsed", "refractory",
        "localized", "local", "regional", "distant", "early", "late", "resectable",
        "unresectable", "limited", "extensive", "secondary", "progressive", "untreated",
        "persistent", "residual", "grade", "inherited", "side", "complete", "minimal",
    }
)  # fmt: skip
_SAYING_NOTHING = frozenset(
    {
        "solid", "primary", "rare", "common", "certain", "benign", "malignant", "other", "new",
        "specific", "different", "invasive", "noninvasive", "genetic", "hereditary", "familial",
        "chronic", "acute", "high", "low", "risk", "large", "small", "aggressive", "indolent",
        "childhood", "adult", "pediatric", "human", "known", "severe", "blood", "immune",
        "autoimmune", "infectious", "viral", "abnormal", "type", "first", "second",
    }
)  # fmt: skip
# Where a name that is read backwards begins.
_BEFORE_NAMES = frozenset(
    {
        "a", "an", "the", "and", "or", "of", "in", "to", "for", "with", "by", "on", "at", "from",
        "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "may", "can",
        "named", "termed", "as", "that", "which", "who", "this", "these", "those",
        "such", "including", "include", "includes", "like", "some", "most", "many", "several",
        "all", "any", "both", "each", "other", "another", "rare", "common", "called", "known",
        "type", "types", "form", "forms", "kind", "kinds", "develop", "develops", "cause",
        "causes", "treat", "treats", "than", "between", "versus", "not", "also", "into",
        "patients", "people", "children", "adults", "women", "men", "their", "its", "your",
        "childhood", "adult", "pediatric", "if", "when", "while", "about", "under",
        "rarely", "usually", "often", "formerly", "previously", "having", "associated", "because",
        "resembling", "isolated", "remaining", "pure", "particularly", "severe", "classic",
        "classical", "typical", "typically",
    }
)  # fmt: skip
_NAME_WORDS = 6

_CALLED = r"(?:called|known as|referred to as|termed|named|classified as|designated(?: as)?)"
_ADVERB = r"(?:also|sometimes|often|formerly|previously|commonly|otherwise|now|once|more commonly)"
# Begins with what is rare in a text, so that long texts are read fast.
_JOINT = re.compile(
    rf"\((?:{_ADVERB} )*(?:{_CALLED}|formerly|or|aka|a\.k\.a\.) "
    rf"|, (?:{_ADVERB} )+{_CALLED} | (?:is|are) (?:{_ADVERB} )+{_CALLED} |, or (?:the )?",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.;:()\n|]")
_NAME_CHARS = 90
_OTHERS_CHARS = 160
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and|or)\s+|,\s*|\s+or\s+|\s+and\s+(?:as\s+)?)\s*")
_OTHERS_END = re.compile(
    r",?\s+(?:is|are|was|were|which|that|who|has|have|occurs?|forms?|begins?|starts?|develops?"
    r"|may|can|accounts?|refers?|represents?|arises?|comprises?|in|among|when|with|but|because"
    r"|a|an|the most|usually|to|for|by|on|at|from|does)\s",
    re.IGNORECASE,
)
_APPOSITION = re.compile(r", (?:is|are|was|which) ")
_SHORT_FORM = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Za-z0-9-]{2,7}")
_IN_TITLE = re.compile(r"(?P<before>[^()]{3,80}?)\s*\((?P<inside>[^()]{2,60})\)(?P<after>[^()]*)")
_LEADING = re.compile(r"^(?:an?|the|as|including)\s+", re.IGNORECASE)
_EDGE = " ,-\"“”'’*"


@dataclass(frozen=True, slots=True)
class LearnedName:
    """Two names that a text gives to one thing, as printed."""

    name: str
    other: str
    kind: NameKind


def name_key(name: str) -> str:
    """Return the form in which names are compared: folded words in the singular."""
    return " ".join(_singular(word) for word in words(name))


def learn_names(
    title: str, passages: Iterable[str], listed: Iterable[str] = ()
) -> list[LearnedName]:
    """Return the names that a document gives to one thing, each pair once.

    `passages` are its texts, `listed` the other names that its publisher lists for what the
    title names.
    """
    found: dict[tuple[str, str], LearnedName] = {}
    for learned in _all(title, passages, listed):
        keys = sorted((name_key(learned.name), name_key(learned.other)))
        if all(keys) and keys[0] != keys[1]:
            found.setdefault((keys[0], keys[1]), learned)
    return list(found.values())


def _all(title: str, passages: Iterable[str], listed: Iterable[str]) -> Iterator[LearnedName]:
    for other in listed:
        if len(other) <= _NAME_CHARS:
            yield LearnedName(title, other, NameKind.LISTED)
    yield from _of_title(title)
    for text in passages:
        for long, short in abbreviations_in(text):
            yield LearnedName(long, short, NameKind.ABBREVIATION)
        yield from _stated(text)


def _of_title(title: str) -> Iterator[LearnedName]:
    """Read "Bile Duct Cancer (Cholangiocarcinoma)" and "Cardiac (Heart) Tumors"."""
    read = _IN_TITLE.search(title)
    if read is None:
        return
    before, inside = _name_at_end(read["before"]), read["inside"].strip(_EDGE)
    if inside.casefold().startswith("including"):
        return
    if before and is_disease_name(inside):
        yield LearnedName(before, inside, NameKind.LISTED)
        return
    head = re.match(rf"\s*((?:(?!and|or)[\w-]+ )?{_HEAD})\b", read["after"], re.IGNORECASE)
    site = read["before"].split()[-1]
    if head and head[1] and inside[:1].isupper() and len(inside.split()) == 1:
        names = f"{site} {head[1]}", f"{inside} {head[1]}"
        if all(map(is_disease_name, names)):
            yield LearnedName(*names, NameKind.LISTED)


def _stated(text: str) -> Iterator[LearnedName]:
    for joint in _JOINT.finditer(text):
        before = text[max(joint.start() - _NAME_CHARS, 0) : joint.start()]
        name = _name_at_end(_CLAUSE_END.split(before)[-1])
        if name is None:
            continue
        after = text[joint.end() : joint.end() + _OTHERS_CHARS]
        end = _CLAUSE_END.search(after)
        others = _others(
            after[: end.start()] if end else after,
            closed=end is not None and end[0] == ")",
            one=joint[0].strip(" ,(").casefold() in {"or", "or the"},
        )
        for other in others:
            if (is_disease_name(other) or _SHORT_FORM.fullmatch(other)) and not _adds_words(
                name, other
            ):
                yield LearnedName(name, other, NameKind.STATED)


def _others(text: str, *, closed: bool, one: bool) -> list[str]:
    if not closed:
        cut = _OTHERS_END.search(text + " ")
        if one and (cut is None or not _APPOSITION.match(cut[0])):
            # "X, or Y, is": without its second comma another thing may be meant.
            return []
        text = text[: cut.start()] if cut else text
    names = [_LEADING.sub("", name.strip(_EDGE)) for name in _BETWEEN.split(text)]
    return names[:1] if one else names


def _name_at_end(text: str) -> str | None:
    """Return the name of a disease that a text ends in, or None."""
    spoken = text.strip(_EDGE).split()
    for length in range(1, min(_NAME_WORDS, len(spoken)) + 1):
        if length == len(spoken) or spoken[-length - 1].casefold().strip(_EDGE) in _BEFORE_NAMES:
            name = " ".join(spoken[-length:])
            return name if is_disease_name(name) else None
        if spoken[-length - 1][-1] in ",;:":
            return None
    return None


def is_disease_name(name: str) -> bool:
    """Whether a text is the name of one disease, and of no wider or vaguer thing."""
    told = words(name)
    if not 1 <= len(told) <= _NAME_WORDS or not _NAMES_DISEASE.search(name):
        return False
    if any(word in _STATES for word in told):
        return False
    telling = [
        word
        for word in told
        if word not in _SAYING_NOTHING
        and word not in _BEFORE_NAMES
        and not _KIND_ALONE.fullmatch(_singular(word))
    ]
    return bool(telling)


def _adds_words(name: str, other: str) -> bool:
    """Whether one of two names only adds words to the other: a kind of it, not another name."""
    one, two = set(name_key(name).split()), set(name_key(other).split())
    return one < two or two < one


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "is", "us")):  # noqa: PLR2004  (no word so short has a plural)
        return word[:-1]
    return word
