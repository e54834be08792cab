"""What a drug's name looks like: its stem, its salt, the four letters of a biological's maker."""

import re
from functools import cache
from typing import Final

from navis_api.vocabulary import term_data
from navis_api.vocabulary.phrasebook import Word

# The shortest international name with a stem is about as long ("abemab").
_SHORTEST_NAME: Final = 6

# The FDA's "nonproprietary naming of biological products" (2017): four lower-case letters without
# a meaning after a hyphen ("trastuzumab-dkst"). These four-letter words follow a drug's name, too.
_SUFFIX_LETTERS: Final = 4
_NO_SUFFIX: Final = frozenset(
    [
        "like",
        "plus",
        "only",
        "free",
        "arm",
        "type",
        "base",
        "dose",
        "then",
        "with",
        "from",
        "drug",
        "both",
        "used",
        "less",
        "than",
        "based",
    ]
)
_TAKES_SUFFIX = re.compile(
    r"(?:mab|cept|stim|fusp|alfa|beta|vedotin|tecan|ozogamicin|tesirine|tansine|hyaluronidase"
    r"|pegol|pmln|vec|inbakicept|recombinant|mafodotin|kinra|aflibercept|interferon|tansin|2b|2a"
    r"|insulin|poetin)$"
)


def is_built_like_a_drug(folded: str) -> bool:
    """Tell whether a word ends in a stem of drugs' international names."""
    return (
        len(folded) >= _SHORTEST_NAME
        and _stem().search(folded) is not None
        and folded not in term_data.ordinary_words()
    )


def drug_ending(text: str, words: list[Word], last: int) -> int:
    """Return the last word of a drug's name with the salts and suffix that follow it."""
    while last + 1 < len(words) and _continues(text, words[last], words[last + 1]):
        last += 1
    return last


def _continues(text: str, word: Word, following: Word) -> bool:
    between = text[word.end : following.start]
    if between == "-":
        return (
            len(following.folded) == _SUFFIX_LETTERS
            and following.folded.isalpha()
            and following.folded not in _NO_SUFFIX
            and _TAKES_SUFFIX.search(word.folded) is not None
        )
    return between == " " and following.folded in term_data.salts()


@cache
def _stem() -> re.Pattern[str]:
    return re.compile(rf"..(?:{'|'.join(term_data.stems())})$")
