"""The vocabulary over the National Cancer Institute's pages, where they are at hand."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from navis_api.vocabulary.drug_words import is_built_like_a_drug
from navis_api.vocabulary.terms import find_terms

PAIR = re.compile(r"\[([^\[\]()]+) \(([^\[\]()]+)\)\]\([^)]*/treatment/drugs/")
COMBINATION = re.compile(
    r"Drugs in the (?P<name>\S+) combination:(?P<drugs>.*?)\n\n[A-Z]", re.DOTALL
)
ADDRESS = re.compile(r"\]\([^)]*\)|https?:\S+")
LINKED = re.compile(r"\[([^\]]+)\]\([^)]*/treatment/drugs/")

# The words among the corpus' commonest that are built like drugs, aren't listed by themselves and
# are parts of drugs' names or drugs: what is read beyond them is a false reading.
PARTS_OF_NAMES = frozenset(
    {
        *("vedotin", "ozogamicin", "deruxtecan", "autoleucel", "govitecan", "emtansine"),
        *("ciloleucel", "maraleucel", "vicleucel", "actinomycin", "tesirine", "datopotamab"),
        *("denileukin", "soravtansine", "belantamab", "laherparepvec", "rofecoxib", "mafodotin"),
        *("tirabrutinib", "firadenovec", "nadolol", "etanercept", "anamorelin", "saracatinib"),
        *("ketoprofen", "foretinib", "cixutumumab", "lorvotuzumab", "temazepam", "istiratumab"),
        *("mertansine", "valemetostat", "anakinra", "neomycin", "ponsegromab", "pegaptanib"),
        *("pegasparaginase",),
    }
)


@pytest.fixture(scope="module")
def pages(shared_data: Path) -> list[dict[str, str]]:
    with gzip.open(shared_data / "nci" / "nci_2025.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def drug_pages(pages: list[dict[str, str]]) -> list[str]:
    return [page["markdown"] for page in pages if "/treatment/drugs" in page["url"]]


def drugs(text: str) -> set[str]:
    """The known drugs of a text, those that products and regimens are made of too."""
    return {
        key
        for mention in find_terms(text)
        if mention.term.known
        for key in (mention.term.components or (mention.term.key,))
    }


def test_brand_and_generic_names_of_approved_drugs_are_one_drug(drug_pages: list[str]) -> None:
    pairs = {
        (" ".join(pair[0].split()), " ".join(pair[1].split()))
        for page in drug_pages
        for pair in PAIR.findall(page)
        if "," not in pair[1] and "\n" not in pair[0]
    }
    agreeing = [pair for pair in pairs if drugs(pair[0]) and drugs(pair[0]) == drugs(pair[1])]
    assert len(pairs) > 400
    assert len(agreeing) / len(pairs) > 0.98


def test_regimens_are_made_of_the_drugs_that_their_pages_name(drug_pages: list[str]) -> None:
    combinations = [found for page in drug_pages if (found := COMBINATION.search(page))]
    agreeing = [
        found["name"]
        for found in combinations
        if drugs(f"{found['name']} regimen") == drugs(" ; ".join(LINKED.findall(found["drugs"])))
    ]
    assert len(combinations) > 30
    assert len(agreeing) / len(combinations) > 0.95


def test_no_ordinary_word_is_read_as_an_unknown_drug(pages: list[dict[str, str]]) -> None:
    counted = Counter(
        word
        for page in pages
        for word in re.findall(r"[a-z]{6,}", ADDRESS.sub("]", page["markdown"]).lower())
    )
    common = [word for word, _ in counted.most_common(20_000)]
    read = {
        word for word in common if is_built_like_a_drug(word) and not find_terms(word)[0].term.known
    }
    assert read - PARTS_OF_NAMES == set()
