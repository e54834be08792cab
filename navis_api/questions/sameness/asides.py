"""What people say around a question: greetings, thanks, worries, and that nobody told them.

Such an aside asks nothing and tells nothing of the patient. It is known by its words alone:
each of them is in `asides.json`, and one at least says that somebody asks, tells or worries.
A clause with any other word is left as it stands, since that word may change the answer.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_BREAK = re.compile(r"([.?!,;:\n]+|\s-+\s)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SPOKEN_START = re.compile(
    r"^\s*(?:(?:ok|okay|right|alright|well|so|anyway|um|er|now then)\b[,.!]?\s+)+"
    r"(?=(?:what|how|why|when|where|who|which|is|are|can|could|does|do|will|would|should|am)\b)",
    re.IGNORECASE,
)
_THANKED = re.compile(
    r"[\s,.]+(?:(?:many )?thanks|thank you|thankyou|cheers|(?:please|pls|plz) help(?: me)?)"
    r"(?: so much| very much| a lot| in advance| all| everyone| for (?:any|your) help)*\s*[.!]*$",
    re.IGNORECASE,
)
_AUXILIARIES = frozenset(
    {"is", "are", "can", "could", "does", "do", "will", "would", "am", "did", "has", "have"}
)
_JOINING = frozenset({"and", "but", "so"})
_NAMING = frozenset({"this", "it", "that"})
"""Before "is" these tell of something: "sorry if this is a silly question"."""

_I_ASK = frozenset({"ask", "just"})


@dataclass(frozen=True, slots=True)
class _Asides:
    telling: frozenset[str]
    all_words: frozenset[str]
    openers: frozenset[str]
    others: frozenset[str]


def without_asides(plain: str) -> str:
    """Return a plain text without its asides, or as it is where it would ask nothing then."""
    told = _THANKED.sub("", _SPOKEN_START.sub("", plain))
    pieces = _BREAK.split(told)
    asides = _asides()
    kept: list[str] = []
    for at in range(0, len(pieces), 2):
        piece, ending = pieces[at], "".join(pieces[at + 1 : at + 2])
        said = [found.group().lower() for found in _WORD.finditer(piece)]
        if said and _is_aside(said, asides):
            continue
        kept.append(_without_opening(piece, asides) + ending)
    left = "".join(kept).strip()
    if left == told.strip():
        return told
    asks = any(found.group().lower() in asides.openers for found in _WORD.finditer(left))
    return left if asks else plain


def _is_aside(said: list[str], asides: _Asides) -> bool:
    if not asides.all_words.issuperset(said) or asides.telling.isdisjoint(said):
        return False
    first = next((at for at, word in enumerate(said) if word not in _JOINING), 0)
    if said[first] not in _AUXILIARIES:
        return True
    # "Will I know" and "is it sure" are asked, "can you help" and "can I ask" are not.
    after = said[first + 1 : first + 3]
    return bool(asides.others & {*after[:1]}) or (after[:1] == ["i"] and bool(_I_ASK & {*after}))


def _without_opening(piece: str, asides: _Asides) -> str:
    """Return a clause without the asides that it opens with: "sorry to ask but what is it"."""
    found = list(_WORD.finditer(piece))
    said = [each.group().lower() for each in found]
    begins = 0
    for at in range(1, len(said)):
        if said[at - 1] not in asides.all_words:
            break
        opens = said[at] in asides.openers and said[at - 1] not in _NAMING
        if opens and _is_aside(said[begins:at], asides):
            begins = at
    return piece[: found[0].start()] + piece[found[begins].start() :] if begins else piece


@cache
def _asides() -> _Asides:
    data: dict[str, list[str]] = json.loads(
        files("navis_api.questions.sameness").joinpath("asides.json").read_text(encoding="utf-8")
    )
    telling = frozenset(data["telling"])
    return _Asides(
        telling,
        telling | frozenset(data["beside"]),
        frozenset(data["openers"]),
        frozenset(data["asked of others"]),
    )
