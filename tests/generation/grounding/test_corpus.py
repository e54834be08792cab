"""The check on sentences of real pages, changed and unchanged, where those pages are here."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from navis_api.cancers.catalogue import Catalogue
from navis_api.generation.grounding.claims import check_claim, check_quote
from navis_api.generation.grounding.evidence import Evidence
from navis_api.sources.cleaning.markdown import clean_markdown
from navis_api.sources.passages import split_passages
from navis_api.sources.statements import StatementKind, split_statements
from navis_api.sources.subjects import cancers_of
from tests.generation.grounding.mutations import Made, made_from

Passage = tuple[str, tuple[str, ...], list[str]]

PAGES = 60
PASSAGES_A_PAGE = 5
SENTENCES_A_PASSAGE = 3
SENTENCE_WORDS = range(6, 45)
LEANING = re.compile(r"(?:It|This|These|They|See)\b")
LEAST_KEPT = 0.85
LEAST_REFUSED = 0.95
LEAST_QUOTED = 0.97


@pytest.fixture(scope="module")
def passages(shared_data: Path, catalogue: Catalogue) -> list[Passage]:
    found: list[Passage] = []
    with gzip.open(shared_data / "nci" / "nci_2025.jsonl.gz", "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    patients = [page for page in pages if page["audience"] == "patient"]
    for page in patients[:: len(patients) // PAGES]:
        text = clean_markdown(page["markdown"])
        for passage in list(split_passages(text))[1 : 1 + PASSAGES_A_PAGE]:
            words = text[passage.start : passage.end]
            about = cancers_of(catalogue, page["title"], url=page["url"])
            slugs = tuple(catalogue.by_id[cancer_id].slug for cancer_id in about)
            sentences = whole_sentences(words)
            if sentences:
                found.append((words, slugs, sentences))
    return found


def whole_sentences(text: str) -> list[str]:
    found = [
        text[each.start : each.end]
        for each in split_statements(text)
        if each.kind is StatementKind.SENTENCE
    ]
    fit = [
        sentence
        for sentence in found
        if len(sentence.split()) in SENTENCE_WORDS
        and sentence.endswith(".")
        and sentence[0].isupper()
        and not LEANING.match(sentence)
    ]
    return fit[:SENTENCES_A_PASSAGE]


def right(made: Made, catalogue: Catalogue) -> bool:
    cancer = catalogue.by_slug[made.cancers[0]] if len(made.cancers) == 1 else None
    evidence = [Evidence(passage) for passage in made.passages]
    verdict = check_claim(made.claim, evidence, cancer=cancer, catalogue=catalogue)
    return verdict.supported is made.supported


def test_changed_sentences_are_refused_and_rewritten_ones_stay(
    passages: list[Passage], catalogue: Catalogue
) -> None:
    total: Counter[tuple[bool, str]] = Counter()
    good: Counter[tuple[bool, str]] = Counter()
    for made in made_from(passages, seed=3):
        total[made.supported, made.kind] += 1
        good[made.supported, made.kind] += right(made, catalogue)
    for supported, least in ((True, LEAST_KEPT), (False, LEAST_REFUSED)):
        kinds = [key for key in total if key[0] is supported]
        share = sum(good[key] for key in kinds) / sum(total[key] for key in kinds)
        by_kind = {kind: f"{good[True, kind]}/{n}" for (_, kind), n in total.items()}
        assert share >= least, (supported, share, by_kind)


def test_hardly_any_quote_is_dropped(passages: list[Passage], catalogue: Catalogue) -> None:
    dropped = quoted = 0
    for text, slugs, sentences in passages:
        cancer = catalogue.by_slug[slugs[0]] if len(slugs) == 1 else None
        about = frozenset(catalogue.by_slug[slug].id for slug in slugs)
        for sentence in sentences:
            evidence = Evidence(text, cancer_ids=about)
            verdict = check_quote(sentence, evidence, cancer=cancer, catalogue=catalogue)
            quoted += 1
            dropped += not verdict.supported
    assert quoted > 100
    assert dropped <= (1 - LEAST_QUOTED) * quoted
