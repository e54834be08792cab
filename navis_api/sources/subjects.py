"""Which cancers a text is about: a document by its title, a passage by the headings above it.

Printed English joins names ("Liver and Bile Duct Cancer", "breast, lung, and colon cancers") and
puts them in the plural, where a look-up of whole names finds only part of them.
"""

import re
from collections.abc import Iterator, Sequence
from uuid import UUID

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.kit.text import words

_KINDS = r"cancers?|tumou?rs?|carcinomas?|sarcomas?|lymphomas?|leuka?emias?|melanomas?"
_PLURAL = re.compile(
    r"\b((?:cancer|tumou?r|carcinoma|sarcoma|lymphoma|leuka?emia|melanoma|blastoma|glioma"
    r"|\w+oma|neoplasm|syndrome))s\b",
    re.IGNORECASE,
)
_OF_THE_KIND = re.compile(rf"\b({_KINDS})\b", re.IGNORECASE)
_JOINTS = re.compile(r"\s*(?:,\s*(?:and|or|&)\s|,|\(|\)|/|\band\b|\bor\b|&)\s*", re.IGNORECASE)
# In "Skin and Nail Changes and Cancer" the last word is no part of what stands before it.
_STANDS_ALONE = re.compile(r"(?:\band|\bor|&)\s*$", re.IGNORECASE)
_DISEASE = re.compile(
    r"\b\w{2,}omas?\b|\w+ tumou?rs?\b|\bleuka?emia|\bsyndromes?\b|\bneoplas|histiocytosis"
    r"|lymphoprolif|polyposis",
    re.IGNORECASE,
)
_NOT_IN_NAMES = frozenset(
    {
        "a", "an", "the", "of", "in", "to", "for", "from", "with", "by", "on", "at", "is",
        "are", "was", "were", "be", "been", "has", "have", "may", "can", "that", "which",
        "who", "where", "when", "as", "not", "no", "other", "some", "many", "most", "these",
        "those", "this", "it", "than", "into", "about", "through", "remove", "reach",
        "kill", "cause", "causes", "such", "including", "include", "like", "between",
        "during", "after", "before", "because", "changes", "problems",
    }
)  # fmt: skip
_MOST_JOINED = 10
_UNKNOWN_KIND = re.compile(
    r"\b(?!metasta|clinic|chronic\b|medic|surg|typical|local|gener)\w+(?:ic|al|oid|ous)"
    r" (?:leuka?emia|lymphoma|sarcoma|myeloma|melanoma|glioma)",
    re.IGNORECASE,
)
# A name before its kind has at most this many words: "primary central nervous system lymphoma".
_NAME_WORDS = 4
_SITE_FOLDER = "types"


def named_cancers(catalogue: Catalogue, text: str) -> list[CatalogueEntry]:
    """Return the cancers that a text names, in plurals and joined names too, each once.

    "Liver and bile duct cancers" names liver cancer and bile duct cancer. Ancestors of a
    cancer that the same text names more exactly stay in.
    """
    found = {mention.cancer.id: mention.cancer for mention in catalogue.mentions(text)}
    if _OF_THE_KIND.search(text):
        singular = _PLURAL.sub(r"\1", text)
        if singular != text:
            found.update((m.cancer.id, m.cancer) for m in catalogue.mentions(singular))
        for name in _completed_names(singular):
            length = len(words(name))
            mentions = [m for m in catalogue.mentions(name) if m.word_count == length]
            found.update((m.cancer.id, m.cancer) for m in mentions)
    return list(found.values())


def cancers_of(
    catalogue: Catalogue, title: str, heading_path: Sequence[str] = (), url: str | None = None
) -> list[UUID]:
    """Return the cancers that a passage is about, most specific first; none for a general text.

    The title speaks first, or the address where the title names none ("Mammograms" under
    `/types/breast/`). A heading that names a cancer then narrows it, except where it only
    repeats a wider name. A document on metastatic or recurrent cancer as such, and one on a
    drug, names no cancer in its title and is general; its statements speak for themselves.
    """
    subjects = catalogue.most_specific(named_cancers(catalogue, title))
    if not subjects and url and not names_disease(title):
        subjects = _of_address(catalogue, url)
    for heading in heading_path:
        if _UNKNOWN_KIND.search(heading) and subjects:
            # "Chronic Neutrophilic Leukemia" isn't what the catalogue says of leukemia.
            known = catalogue.most_specific(named_cancers(catalogue, heading))
            if all(len(words(entry.name)) == 1 for entry in known):
                continue
        named = catalogue.most_specific(named_cancers(catalogue, heading))
        if named and not _only_wider(catalogue, named, subjects):
            subjects = named
    return [subject.id for subject in subjects]


def names_disease(title: str) -> bool:
    """Whether a title names a disease of its own ("Infantile Choriocarcinoma of the Liver").

    Where the catalogue doesn't know that disease, its document is about no cancer of the
    catalogue, and isn't a general text either.
    """
    return _DISEASE.search(title) is not None


def _only_wider(
    catalogue: Catalogue, named: Sequence[CatalogueEntry], subjects: Sequence[CatalogueEntry]
) -> bool:
    above = {entry.id for subject in subjects for entry in catalogue.ancestors(subject)}
    return bool(subjects) and all(entry.id in above for entry in named)


def _of_address(catalogue: Catalogue, url: str) -> list[CatalogueEntry]:
    _, has_folder, path = url.partition(f"/{_SITE_FOLDER}/")
    if not has_folder:
        return []
    for segment in reversed(path.split("/")):
        site = segment.replace("-", " ")
        named = [
            mention.cancer
            for text in (site, f"{site} cancer")
            for mention in catalogue.mentions(text)
            if mention.first_word == 0 and mention.word_count >= len(site.split())
        ]
        if named:
            return catalogue.most_specific(named)
    return []


def _completed_names(text: str) -> Iterator[str]:
    """Give each of several joined names the kind that stands behind the last one."""
    for kind in _OF_THE_KIND.finditer(text):
        parts = _joined_names(text[: kind.start()])
        place = re.match(r"\s+of\s+the\s+\w+", text[kind.end() :])
        # "Basal and Squamous Cell Carcinoma": what they share is "Cell Carcinoma".
        shared = ("", *_endings(parts[-1])) if parts else ()
        for part in parts:
            names = part.split()
            for length in range(1, len(names) + 1):
                for ending in shared:
                    name = f"{' '.join(names[-length:])} {ending}{kind[1]}"
                    yield f"{name}{place[0]}" if place else name
                    yield name


def _joined_names(before: str) -> list[str]:
    """Return the names that joints hold together at the end of a text, the last one last.

    "in adults with breast, lung, and colon " gives "breast", "lung" and "colon": a name has
    few words, and none that only joins words.
    """
    pieces = _JOINTS.split(before)
    if len(pieces) == 1 or _STANDS_ALONE.search(before):
        return []
    names: list[str] = []
    for piece in reversed(pieces[-_MOST_JOINED:]):
        if not piece.strip():
            continue
        tail = _name_tail(piece)
        if not tail:
            break
        names.insert(0, " ".join(tail))
        if len(tail) < len(piece.split()):
            break
    return names


def _name_tail(text: str) -> list[str]:
    tail: list[str] = []
    for word in reversed(text.split()):
        plain = word.casefold()
        if plain in _NOT_IN_NAMES or plain[-1] in ".;:?!" or len(tail) == _NAME_WORDS:
            break
        tail.insert(0, word)
    return tail


def _endings(part: str) -> Iterator[str]:
    names = part.split()
    for length in range(1, len(names)):
        yield " ".join(names[-length:]) + " "
