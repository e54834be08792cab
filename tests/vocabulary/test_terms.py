"""Terms: one key for all names of a drug, regimen, gene, treatment or test, and nothing else."""

from itertools import pairwise

import pytest

from navis_api.vocabulary.terms import TermKind, find_terms, term_named, terms


def read(text: str) -> list[tuple[str, str]]:
    return [(mention.term.key, text[mention.start : mention.end]) for mention in find_terms(text)]


def keys(text: str) -> list[str]:
    return [key for key, _ in read(text)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Keytruda", "pembrolizumab"),
        ("pembrolizumab", "pembrolizumab"),
        ("KEYTRUDA", "pembrolizumab"),
        ("5-FU", "fluorouracil"),
        ("5FU", "fluorouracil"),
        ("5‑fluorouracil", "fluorouracil"),
        ("T-DM1", "trastuzumab_emtansine"),
        ("ado-trastuzumab emtansine", "trastuzumab_emtansine"),
        ("T-DXd", "trastuzumab_deruxtecan"),
        ("trastuzumab", "trastuzumab"),
        ("nab-paclitaxel", "nab_paclitaxel"),
        ("Abraxane", "nab_paclitaxel"),
        ("paclitaxel", "paclitaxel"),
        ("ATRA", "tretinoin"),
        ("BCG", "bcg"),
        ("MMF", "mycophenolate"),
        ("gemcitabine hydrochloride", "gemcitabine"),
        ("bevacizumab-awwb", "bevacizumab"),
        ("aromatase inhibitors", "aromatase_inhibitor"),
        ("PD-1 inhibitor", "pd1_inhibitor"),
        ("R-CHOP", "r_chop"),
        ("mFOLFOX6", "folfox"),
        ("XELOX", "capox"),
        ("HER2/neu", "her2"),
        ("Philadelphia chromosome", "bcr_abl"),
        ("del(17p)", "del17p"),
        ("CA 19-9", "ca199"),
        ("1p/19q", "1p19q"),
        ("oesophagectomy", "esophagectomy"),
        ("esophagectomy", "esophagectomy"),
        ("bone marrow transplants", "stem_cell_transplant"),
        ("CAR T-cell therapy", "car_t"),
        ("SBRT", "sbrt"),
        ("mammography", "mammogram"),
        ("colonoscopies", "colonoscopy"),
        ("turmeric", "turmeric"),
        ("ivermectin", "ivermectin"),
    ],
)
def test_a_thing_has_one_key_under_all_its_names(text: str, key: str) -> None:
    assert read(text) == [(key, text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BRCA1", "BRCA2"),
        ("trastuzumab", "trastuzumab deruxtecan"),
        ("doxorubicin", "pegylated liposomal doxorubicin"),
        ("FOLFOX", "FOLFIRI"),
        ("R-CHOP", "CHOP"),
        ("watchful waiting", "active surveillance"),
        ("autologous stem cell transplant", "allogeneic stem cell transplant"),
        ("PD-1", "PD-L1"),
    ],
)
def test_near_names_are_different_things(one: str, other: str) -> None:
    assert keys(one) != keys(other)
    assert len(keys(one)) == len(keys(other)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "I met my doctor",
        "a first aid kit",
        "we went to the ER last night",
        "she loves ice cream",
        "put on a cap",
        "Doe AC, Roe BR, et al.: A trial",
        "MY SISTER SAYS THAT ICE MET HER IN THE HOUSE OF MY MOTHER",
        "exposure to ultraviolet radiation",
        "Ph.D. of the hospital of Philadelphia",
        "a public relations (PR) person",
        "the hazard ratio (HR, 0.65)",
    ],
)
def test_ordinary_words_of_the_same_letters_are_not_read(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("MET amplification", "met"),
        ("a met mutation", "met"),
        ("RET fusion", "ret"),
        ("ER positive", "er"),
        ("I'm er+", "er"),
        ("estrogen positive", "er"),
        ("ICE chemotherapy", "ice"),
        ("AC followed by surgery", "ac"),
        ("map chemo", "map"),
    ],
)
def test_they_are_read_where_the_text_shows_what_they_mean(text: str, key: str) -> None:
    assert key in keys(text)


def test_a_regimen_names_the_drugs_that_it_is_made_of() -> None:
    regimen = term_named("FOLFIRINOX")
    assert regimen is not None
    assert regimen.kind is TermKind.REGIMEN
    assert set(regimen.components) == {"leucovorin", "fluorouracil", "irinotecan", "oxaliplatin"}


def test_drugs_that_are_only_listed_side_by_side_are_no_regimen() -> None:
    assert keys("gemcitabine plus cisplatin") == ["gemcitabine", "cisplatin"]
    assert keys("capecitabine and oxaliplatin") == ["capecitabine", "oxaliplatin"]


def test_a_product_of_two_drugs_names_both() -> None:
    product = term_named("Opdualag")
    assert product is not None
    assert product.components == ("nivolumab", "relatlimab")


def test_every_component_and_class_is_a_listed_term() -> None:
    listed = terms()
    for term in listed.values():
        for drug in term.components:
            assert (TermKind.DRUG, drug) in listed, term.key
        for drug_class in term.classes:
            assert (TermKind.DRUG_CLASS, drug_class) in listed, term.key


def test_a_word_built_like_a_drug_is_read_as_an_unknown_one() -> None:
    text = "Has anyone tried zerquatinib?"
    (mention,) = find_terms(text)
    assert not mention.term.known
    assert mention.term.kind is TermKind.DRUG
    assert mention.term.key == "zerquatinib"
    assert text[mention.start : mention.end] == "zerquatinib"


def test_the_longest_name_wins_and_mentions_do_not_overlap() -> None:
    text = "Trastuzumab deruxtecan (Enhertu) and PD-L1 inhibitors, then FOLFOX + bevacizumab"
    mentions = find_terms(text)
    assert [mention.term.key for mention in mentions] == [
        "trastuzumab_deruxtecan",
        "trastuzumab_deruxtecan",
        "pd_l1_inhibitor",
        "folfox",
        "bevacizumab",
    ]
    assert all(one.end <= other.start for one, other in pairwise(mentions))


def test_places_are_those_of_the_text_as_given() -> None:
    text = "Élise’s “tumour” – she takes Ibrance®"
    assert read(text) == [("palbociclib", "Ibrance")]


def test_nothing_is_read_in_nothing() -> None:
    assert find_terms("") == []
    assert find_terms(" \n\t ") == []
