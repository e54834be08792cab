"""Names as they stand in a sentence of ours."""

from collections.abc import Iterable, Mapping

from navis_api.cancers.catalogue import CatalogueEntry
from navis_api.kit.text import words

ROMAN = {"0": "0", "i": "I", "ii": "II", "iii": "III", "iv": "IV"}
STATE_SUFFIXES: Mapping[str, str] = {
    "recurrence": "that has come back",
    "metastasis": "that has spread",
    "advanced": "that is advanced",
    "early_stage": "found early",
    "progression": "that keeps growing",
    "remission": "in remission",
    "oligometastasis": "that has spread to only a few places",
}
"""How a state of the disease is said behind a cancer's name."""
_PROPER = frozenset(
    {
        "Hodgkin", "Non-Hodgkin", "Wilms", "Ewing", "Kaposi", "Merkel", "Paget", "Burkitt",
        "Langerhans", "Waldenstrom", "Waldenström",
    }
)  # fmt: skip


def cancer_in_words(cancer: CatalogueEntry | None) -> str:
    """Return a cancer's name as it stands within a sentence: "liver cancer", "Hodgkin lymphoma"."""
    if cancer is None:
        return "cancer"
    spoken = [_in_a_sentence(word) for word in cancer.name.split()]
    return " ".join(spoken)


def capitalised(text: str) -> str:
    """Return a text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def _in_a_sentence(word: str) -> str:
    if word == "Non-Hodgkin":
        return "non-Hodgkin"
    if word in _PROPER or (any(letter.isdigit() for letter in word) and "-" not in word):
        return word
    if len(word) > 1 and word[1:] != word[1:].lower() and "-" not in word:
        return word
    if "-" in word:
        parts = word.split("-")
        return "-".join(p if len(p) == 1 or p[1:] != p[1:].lower() else p.lower() for p in parts)
    return word.lower()


def words_of_names(cancers: Iterable[CatalogueEntry]) -> frozenset[str]:
    """Return the words of all names of these cancers."""
    return frozenset(word for entry in cancers for name in entry.names for word in words(name))
