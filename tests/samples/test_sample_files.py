"""The sample content keeps its own rules. Read as files: no database, no importer."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypedDict

import pytest

import navis_api

SAMPLES = Path(navis_api.__file__).parent / "samples"
CORPUS = Path(__file__).parents[2].parent / "shared" / "data" / "nci" / "nci_2025.jsonl.gz"


class Cancer(TypedDict):
    slug: str
    name: str
    clinicalName: str | None
    aliases: list[str]
    abbreviations: list[str]
    bodySite: str
    icd10Codes: list[str]
    summary: str
    parent: str | None


class Source(TypedDict):
    key: str
    title: str
    publisher: str
    url: str
    licence: str
    version: str | None
    publishedOn: str | None
    lastReviewedOn: str | None
    accessedOn: str
    audience: str
    language: str
    text: str


class Citation(TypedDict):
    source: str
    quote: str


class Claim(TypedDict):
    text: str
    style: str
    citations: list[Citation]


class Section(TypedDict):
    kind: str
    heading: str
    claims: list[Claim]


class Question(TypedDict):
    text: str
    cancer: str | None
    slug: str
    askedOn: str
    alsoAsked: list[str]


class Answer(TypedDict):
    title: str
    summary: str
    sections: list[Section]
    doctorQuestions: list[str]
    nextSteps: list[str]


class Review(TypedDict):
    reviewer: str
    credentials: str
    reviewedOn: str
    nextReviewOn: str


class Entry(TypedDict):
    question: Question
    answer: Answer
    review: Review


@cache
def cancers() -> list[Cancer]:
    return json.loads((SAMPLES / "cancers.json").read_text(encoding="utf-8"))


@cache
def sources() -> dict[str, Source]:
    """Every source, by its key."""
    found: dict[str, Source] = {}
    for path in sorted((SAMPLES / "sources").glob("*.json")):
        source: Source = json.loads(path.read_text(encoding="utf-8"))
        assert source["key"] == f"sample:{path.stem}"
        found[source["key"]] = source
    return found


@cache
def entries() -> dict[str, Entry]:
    """Every question with its answer, by the question's slug."""
    found: dict[str, Entry] = {}
    for path in sorted((SAMPLES / "answers").glob("*.json")):
        entry: Entry = json.loads(path.read_text(encoding="utf-8"))
        assert entry["question"]["slug"] == path.stem
        found[path.stem] = entry
    return found


def claims_of(entry: Entry) -> list[Claim]:
    return [claim for section in entry["answer"]["sections"] for claim in section["claims"]]


def quotes_of(claim: Claim) -> str:
    return "\n".join(citation["quote"] for citation in claim["citations"])


def all_claims() -> Iterator[tuple[str, Claim]]:
    for slug, entry in entries().items():
        for claim in claims_of(entry):
            yield slug, claim


def everything_written() -> Iterator[tuple[str, str]]:
    """Every text that a reader could see, with where it stands."""
    for source in sources().values():
        yield source["key"], source["text"]
    for slug, entry in entries().items():
        answer = entry["answer"]
        fixed = [*answer["doctorQuestions"], *answer["nextSteps"]]
        for text in [answer["title"], answer["summary"], *fixed]:
            yield slug, text
        for section in answer["sections"]:
            yield slug, section["heading"]
            for claim in section["claims"]:
                yield slug, claim["text"]


# --- cancers

SPELLINGS = (
    ("tumour", "tumor"),
    ("leukaem", "leukem"),
    ("oesoph", "esoph"),
    ("oestrogen", "estrogen"),
    ("haem", "hem"),
    ("phaeo", "pheo"),
    ("paed", "ped"),
    ("aemia", "emia"),
    ("cythaem", "cythem"),
)
# Ordinary words, or abbreviations of several things: recognised in capitals or not at all.
NEVER_AN_ALIAS = {"all", "bcc", "cup", "et", "gist", "mcl", "mds", "mm", "mole", "net", "scc"}


def folded(name: str) -> str:
    text = name.casefold().replace("ö", "o").replace("é", "e")
    for british, american in SPELLINGS:
        text = text.replace(british, american)
    return " ".join(re.sub(r"[^a-z0-9+]+", " ", re.sub(r"['’]", "", text)).split())


def test_there_are_at_least_sixty_cancers_with_unique_slugs() -> None:
    slugs = [cancer["slug"] for cancer in cancers()]
    assert len(slugs) >= 60
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug) for slug in slugs)


def test_a_name_or_alias_names_exactly_one_cancer() -> None:
    owner: dict[str, str] = {}
    for cancer in cancers():
        names = [cancer["name"], cancer["clinicalName"] or cancer["name"]]
        for name in [*names, *cancer["aliases"], *cancer["abbreviations"]]:
            assert owner.setdefault(folded(name), cancer["slug"]) == cancer["slug"], name


def test_no_alias_is_an_ordinary_word_and_abbreviations_are_in_capitals() -> None:
    for cancer in cancers():
        for alias in cancer["aliases"]:
            assert folded(alias) not in NEVER_AN_ALIAS, alias
            assert len(folded(alias)) >= 3, alias
        for abbreviation in cancer["abbreviations"]:
            assert re.fullmatch(r"[A-Z]{2,6}s?", abbreviation), abbreviation


def test_everyday_names_lead_to_their_cancer() -> None:
    owner = {folded(a): c["slug"] for c in cancers() for a in [c["name"], *c["aliases"]]}
    assert owner[folded("liver tumour")] == "liver-cancer"
    assert owner["hcc"] == "hepatocellular-carcinoma"
    assert owner["bowel cancer"] == "colorectal-cancer"
    assert owner["womb cancer"] == "uterine-cancer"
    assert owner["food pipe cancer"] == "esophageal-cancer"
    # Cancer "in" the liver is as often a metastasis: it must not name liver cancer.
    assert "cancer in the liver" not in owner


def test_parents_exist_and_there_is_no_cycle() -> None:
    parent_of = {cancer["slug"]: cancer["parent"] for cancer in cancers()}
    assert parent_of["hepatocellular-carcinoma"] == "liver-cancer"
    for slug in parent_of:
        path = [slug]
        while (parent := parent_of[path[-1]]) is not None:
            assert parent in parent_of, parent
            assert parent not in path, path
            path.append(parent)


def test_every_cancer_has_icd_10_codes_a_site_and_a_plain_summary() -> None:
    for cancer in cancers():
        assert cancer["icd10Codes"], cancer["slug"]
        for code in cancer["icd10Codes"]:
            assert re.fullmatch(r"[CDO]\d\d(?:\.\d)?", code), (cancer["slug"], code)
        assert cancer["bodySite"]
        assert 1 <= len(sentences(cancer["summary"])) <= 2, cancer["slug"]


# --- sources


def test_every_source_says_what_it_is_and_on_what_page_it_rests() -> None:
    for source in sources().values():
        assert source["title"].startswith("Summary of: ")
        assert source["publisher"].startswith("Navis sample content")
        assert source["url"].startswith("https://www.cancer.gov/")
        assert source["licence"] == "CC0-1.0"
        assert source["audience"] == "patient"
        assert source["language"] == "en"
        assert source["accessedOn"]


def test_sources_are_short_and_in_short_sentences() -> None:
    for source in sources().values():
        lines = [line.lstrip("- ") for line in source["text"].splitlines()]
        prose = [line for line in lines if line and not line.startswith("#")]
        count = sum(len(line.split()) for line in prose)
        assert 300 <= len(source["text"].split()) <= 900, source["key"]
        assert count / sum(len(sentences(line)) for line in prose) < 16, source["key"]
        assert source["text"].startswith("## ")


def test_every_source_is_cited() -> None:
    cited = {citation["source"] for _, claim in all_claims() for citation in claim["citations"]}
    assert cited == set(sources())


# --- answers

# SectionKind of the contract, without the two that are fields of their own.
SECTION_KINDS = {
    "OVERVIEW",
    "EXPLANATION",
    "FACTORS",
    "OPTIONS",
    "EVIDENCE",
    "CONSIDERATIONS",
    "TAKEAWAY",
    "SUPPORT",
}
CLAIM_STYLES = {"SENTENCE", "BULLET", "LEAD_IN"}

# Drugs named anywhere in the samples. A word that looks like a drug and is missing here fails.
DRUGS: frozenset[str] = frozenset(
    re.findall(
        r"[a-z]+",
        """
        acalabrutinib alfa amivantamab atezolizumab bcg bendamustine bevacizumab binimetinib
        bisphosphonates bortezomib cabozantinib carfilzomib cobimetinib dabrafenib daratumumab
        dexamethasone durvalumab encorafenib firadenovec gemcitabine govitecan ibrutinib inbakicept
        interleukin ipilimumab laherparepvec lazertinib lenalidomide lenvatinib mitomycin
        nadofaragene niraparib nivolumab nogapendekin obinutuzumab olaparib osimertinib pazopanib
        pembrolizumab polatuzumab ramucirumab regorafenib relatlimab rituximab rucaparib sacituzumab
        sorafenib sunitinib tafasitamab talimogene trametinib tremelimumab vedotin vemurafenib
        venetoclax zanubrutinib
        """,
    )
)
LOOKS_LIKE_A_DRUG = re.compile(
    r"\b[a-z]+(?:mab|nib|parib|zomib|domide|toclax|platin|taxel|citabine|rubicin|mustine|cept|"
    r"vec|gene|mycin|sone)\b"
)
NOT_DRUGS = {"gene"}


def drugs_in(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+", text.lower()) if word in DRUGS}


def facts_in(text: str) -> set[str]:
    """Drugs, numbers, and words in capitals: genes, stages, markers, and names of trials."""
    numbers = re.findall(r"\d+(?:[.,]\d+)*%?", text)
    capitals = re.findall(r"\b[A-Z][A-Z0-9]+\b|\b[IV]\b", text)
    return drugs_in(text) | set(numbers) | set(capitals)


def test_every_word_that_looks_like_a_drug_is_a_known_drug() -> None:
    for where, text in everything_written():
        found = set(LOOKS_LIKE_A_DRUG.findall(text.lower())) - NOT_DRUGS
        assert found <= DRUGS, (where, found - DRUGS)


def test_there_are_at_least_fourteen_answers_over_eight_cancers() -> None:
    assert len(entries()) >= 14
    named = {entry["question"]["cancer"] for entry in entries().values()} - {None}
    assert len(named) >= 8
    assert named <= {cancer["slug"] for cancer in cancers()}


def test_the_two_required_questions_are_answered() -> None:
    cancer_of = {e["question"]["text"]: e["question"]["cancer"] for e in entries().values()}
    assert (
        cancer_of["What can be done when liver cancer comes back after treatment?"]
        == "liver-cancer"
    )
    assert "What is oligometastatic disease, and can it be cured?" in cancer_of


def test_every_claim_is_cited_with_a_quote_that_stands_once_in_its_source() -> None:
    for slug, claim in all_claims():
        assert claim["citations"], (slug, claim["text"])
        for citation in claim["citations"]:
            # Once: a quote that stood twice would leave its place to chance.
            text = sources()[citation["source"]]["text"]
            assert text.count(citation["quote"]) == 1, (slug, citation["quote"])


def test_drugs_numbers_genes_and_stages_of_a_claim_stand_in_its_quotes() -> None:
    for slug, claim in all_claims():
        missing = facts_in(claim["text"]) - facts_in(quotes_of(claim))
        assert not missing, (slug, claim["text"], missing)


def test_a_summary_says_only_what_the_claims_say() -> None:
    for slug, entry in entries().items():
        claims = "\n".join(claim["text"] for claim in claims_of(entry))
        summary = entry["answer"]["summary"]
        assert facts_in(summary) <= facts_in(claims), slug
        assert 1 <= len(sentences(summary)) <= 3, slug


def test_answers_have_the_agreed_shape_and_no_repeated_claim() -> None:
    for slug, entry in entries().items():
        answer = entry["answer"]
        assert 5 <= len(answer["sections"]) <= 8, slug
        assert 4 <= len(answer["doctorQuestions"]) <= 6, slug
        assert 3 <= len(answer["nextSteps"]) <= 5, slug
        for section in answer["sections"]:
            assert section["kind"] in SECTION_KINDS, (slug, section["kind"])
            assert section["heading"], slug
            assert section["claims"], (slug, section["heading"])
            assert {claim["style"] for claim in section["claims"]} <= CLAIM_STYLES, slug
        repeated = Counter(claim["text"] for claim in claims_of(entry)).most_common(1)
        assert repeated[0][1] == 1, (slug, repeated)


def test_a_lead_in_is_followed_by_a_bullet() -> None:
    for slug, entry in entries().items():
        for section in entry["answer"]["sections"]:
            styles = [claim["style"] for claim in section["claims"]]
            for style, following in zip(styles, [*styles[1:], "END"], strict=True):
                assert style != "LEAD_IN" or following == "BULLET", (slug, section["heading"])


def test_questions_for_the_doctor_and_next_steps_name_no_drug() -> None:
    for slug, entry in entries().items():
        for text in [*entry["answer"]["doctorQuestions"], *entry["answer"]["nextSteps"]]:
            assert not drugs_in(text), (slug, text)


DOSE = re.compile(
    r"\b\d[\d.,]*\s*(?:mg|mcg|µg|g|ml|iu|gy|units?)\b|mg/m|\bmilligrams?\b|\bmicrograms?\b|"
    r"\b(?:once|twice|times) (?:a|per|each) (?:day|week)\b|\b(?:twice|once) daily\b|"
    r"\bevery \d+ (?:hours|days|weeks)\b|\btablets?\b",
    re.IGNORECASE,
)
NEVER_SAID = re.compile(
    r"you should|you need to|you must|you have to|we recommend|guarantee|will be cured|"
    r"will cure|many patients respond|don't worry|\bPDQ\b",
    re.IGNORECASE,
)


def test_nothing_gives_a_dose() -> None:
    for where, text in everything_written():
        assert not DOSE.search(text), (where, DOSE.search(text))


def test_nothing_commands_or_promises() -> None:
    for where, text in everything_written():
        assert not NEVER_SAID.search(text), (where, NEVER_SAID.search(text))


def test_every_review_says_that_no_clinician_has_reviewed_it() -> None:
    for slug, entry in entries().items():
        review = entry["review"]
        assert review["reviewer"] == "Sample reviewer", slug
        assert review["credentials"] == "Sample content. No clinician has reviewed it.", slug
        assert entry["question"]["askedOn"] <= review["reviewedOn"] < review["nextReviewOn"]


# --- reading grade


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]


def syllables(word: str) -> int:
    """Groups of vowels, without a silent final e: an estimate that needs no dictionary."""
    count = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le")
    return max(1, count - 1 if silent else count)


def reading_grade(texts: list[str]) -> float:
    """Flesch-Kincaid grade level (Kincaid et al., 1975); a bullet counts as a sentence."""
    count = sum(len(sentences(text)) for text in texts)
    words = [word for text in texts for word in re.findall(r"[A-Za-z']+", text)]
    per_word = sum(syllables(word) for word in words) / len(words)
    return 0.39 * len(words) / count + 11.8 * per_word - 15.59


def test_the_reading_grade_tells_plain_from_learned_prose() -> None:
    learned = "Metastatic dissemination necessitates multidisciplinary consideration."
    assert reading_grade(["The cat sat on the mat."]) < 2
    assert reading_grade([learned]) > 15


@pytest.mark.parametrize("slug", sorted(entries()))
def test_answers_read_at_ninth_grade_or_below(slug: str) -> None:
    assert reading_grade([claim["text"] for claim in claims_of(entries()[slug])]) <= 9


# --- against the pages that the facts come from


@pytest.mark.skipif(not CORPUS.exists(), reason="the NCI corpus is not beside this checkout")
def test_every_fact_of_a_source_stands_on_the_page_that_it_names() -> None:
    pages: dict[str, str] = {}
    wanted = {source["url"] for source in sources().values()}
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        for line in lines:
            page: dict[str, str] = json.loads(line)
            if page["url"] in wanted:
                pages[page["url"]] = page["markdown"].lower().replace("\xa0", " ")
    assert set(pages) == wanted
    # Abbreviations that the samples introduce themselves, with their long form beside them.
    ours = {"DLBCL"}
    for source in sources().values():
        page_text = pages[source["url"]]
        missing = {fact for fact in facts_in(source["text"]) if fact.lower() not in page_text}
        assert missing <= ours, (source["key"], missing)
