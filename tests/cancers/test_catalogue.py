from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry, name_key


def entry(
    number: int,
    name: str,
    *aliases: str,
    short: tuple[str, ...] = (),
    clinical: str | None = None,
    parent: int | None = None,
) -> CatalogueEntry:
    return CatalogueEntry(
        id=UUID(int=number),
        slug=name_key(name).replace(" ", "-"),
        name=name,
        clinical_name=clinical,
        aliases=aliases,
        abbreviations=short,
        body_site="somewhere",
        icd10_codes=(),
        summary="",
        parent_id=UUID(int=parent) if parent else None,
    )


LIVER = entry(1, "Liver cancer", "hepatic cancer", "liver tumor")
HCC = entry(2, "Hepatocellular carcinoma", short=("HCC",), parent=1)
FIBRO = entry(3, "Fibrolamellar carcinoma", parent=2)
BREAST = entry(4, "Breast cancer", clinical="Malignant neoplasm of breast")
TRIPLE = entry(5, "Triple-negative breast cancer", short=("TNBC",), parent=4)
ALL = entry(6, "Acute lymphoblastic leukemia", short=("ALL",))
HODGKIN = entry(7, "Hodgkin's lymphoma", "Hodgkin lymphoma", parent=8)
LYMPHOMA = entry(8, "Lymphoma")
SKIN = entry(9, "Cutaneous T-cell lymphoma", "skin lymphoma", parent=8)
BURKITT = entry(10, "Burkitt lymphoma", parent=8)
CATALOGUE = Catalogue((LIVER, HCC, FIBRO, BREAST, TRIPLE, ALL, HODGKIN, LYMPHOMA, SKIN, BURKITT))


def named(text: str) -> list[str]:
    return [mention.cancer.slug for mention in CATALOGUE.mentions(text)]


def likely(text: str) -> list[str]:
    return [mention.cancer.slug for mention in CATALOGUE.likely_mentions(text)]


def test_the_longest_name_wins_where_names_overlap() -> None:
    assert named("Is triple negative breast cancer worse?") == [TRIPLE.slug]
    assert named("Is it breast cancer?") == [BREAST.slug]


def test_mentions_come_in_the_texts_order_with_their_places() -> None:
    found = CATALOGUE.mentions("From breast cancer to liver cancer to breast cancer")
    assert [(each.cancer.slug, each.first_word, each.word_count) for each in found] == [
        (BREAST.slug, 1, 2),
        (LIVER.slug, 4, 2),
        (BREAST.slug, 7, 2),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "LIVER CANCER",
        "liver-cancer?",
        "a liver tumour",
        "Malignant neoplasm of  breast and hepatic cancer",
        "hepatic\ncancer",
    ],
)
def test_case_hyphens_spelling_and_aliases_do_not_matter(text: str) -> None:
    assert LIVER.slug in named(text) or BREAST.slug in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "breast cancer triple negative, what now",
        "Breast cancer. It's triple-negative.",
        "breast cancer of the triple negative type",
        "my breast cancer is triple negative",
    ],
)
def test_a_kind_may_stand_behind_the_name(text: str) -> None:
    assert named(text) == [TRIPLE.slug]


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("breast cancer, not triple negative", [BREAST.slug]),
        ("breast cancer with three negative nodes", [BREAST.slug]),
        ("lymphoma, skin rash", [LYMPHOMA.slug]),
        ("lymphoma skin", [LYMPHOMA.slug]),
        ("lymphoma, hodgkin lymphoma too", [LYMPHOMA.slug, HODGKIN.slug]),
        ("lymphoma, hodgkin or skin", [HODGKIN.slug]),
        ("breast cancer, triple negative breast cancer", [BREAST.slug, TRIPLE.slug]),
    ],
)
def test_what_is_no_kind_behind_the_name_stays_out_of_it(text: str, slugs: list[str]) -> None:
    assert named(text) == slugs


def test_two_kinds_behind_a_name_are_both_named_with_their_places() -> None:
    found = CATALOGUE.mentions("is lymphoma hodgkin or burkitt worse")
    assert [(each.cancer.slug, each.first_word, each.word_count) for each in found] == [
        (HODGKIN.slug, 1, 2),
        (BURKITT.slug, 4, 1),
    ]


def test_british_leukaemia_and_hodgkins_with_any_apostrophe_are_found() -> None:
    assert named("acute lymphoblastic leukaemia") == [ALL.slug]
    assert (
        named("Hodgkin\u2019s lymphoma")
        == named("Hodgkin's lymphoma")
        == named("hodgkin lymphoma")
        == [HODGKIN.slug]
    )


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("HER2+ breast cancer", "her2+-breast-cancer"),
        ("HER2 + breast cancer", "her2+-breast-cancer"),
        ("her2 (+) breast cancer", "her2+-breast-cancer"),
        ("HER2- breast cancer", "breast-cancer"),
        ("HER2\u2212 breast cancer", "breast-cancer"),
        ("HER2(-) breast cancer", "breast-cancer"),
        ("HER2 breast cancer", "breast-cancer"),
        ("HER2+ breas cancer", "her2+-breast-cancer"),
        ("HER2- breas cancer", "breast-cancer"),
        ("breast- or liver cancer", "breast-cancer liver-cancer"),
        ("breast cancer- what now", "breast-cancer"),
    ],
)
def test_a_sign_is_part_of_a_name(text: str, slug: str) -> None:
    signed = replace(entry(8, "HER2+ breast cancer", parent=4), slug="her2+-breast-cancer")
    catalogue = Catalogue((*CATALOGUE.entries, signed))
    found = catalogue.likely_mentions(text)
    assert [mention.cancer.slug for mention in found] == slug.split()


def test_abbreviations_count_only_in_capitals() -> None:
    assert named("My HCC came back") == [HCC.slug]
    assert named("Is this all that hcc means, after all?") == []
    assert named("Is ALL curable?") == [ALL.slug]


def test_an_abbreviation_beside_its_own_name_is_one_mention() -> None:
    assert named("Hepatocellular carcinoma (HCC)") == [HCC.slug]


def test_part_of_a_name_or_of_a_word_is_no_mention() -> None:
    assert named("My liver hurts, and my breast. Deliver cancerous news.") == []


@pytest.mark.parametrize(
    "text", ["livr cancer", "liver cancr", "lievr cancer", "livver cancer", "libver tumour"]
)
def test_one_typing_error_is_forgiven(text: str) -> None:
    assert named(text) == []
    assert likely(text) == [LIVER.slug]


def test_two_typing_errors_in_a_word_are_not() -> None:
    assert likely("lvr cancer") == []


def test_a_text_that_names_a_cancer_is_not_corrected_to_another() -> None:
    assert likely("breast cancer and livr cancer") == [BREAST.slug]


@pytest.mark.parametrize("text", ["What is LCIS?", "lcis", "a hematoma", "Haematoma after surgery"])
def test_another_abbreviation_or_word_is_no_typing_error(text: str) -> None:
    catalogue = Catalogue((entry(1, "DCIS"), entry(2, "hepatoma")))
    assert catalogue.likely_mentions(text) == []
    (found,) = catalogue.likely_mentions("a hepatomma")
    assert found.cancer.name == "hepatoma"


def test_the_most_specific_of_a_line_stays() -> None:
    assert CATALOGUE.most_specific([LIVER, FIBRO, HCC, BREAST]) == [FIBRO, BREAST]
    assert CATALOGUE.most_specific([LIVER, BREAST]) == [LIVER, BREAST]
    assert CATALOGUE.most_specific([]) == []


def test_what_stands_above_and_below() -> None:
    assert CATALOGUE.ancestors(FIBRO) == [HCC, LIVER]
    assert CATALOGUE.ancestors(LIVER) == []
    assert CATALOGUE.descendants(LIVER) == [HCC, FIBRO]
    assert CATALOGUE.descendants(FIBRO) == []
    assert CATALOGUE.subtypes(LIVER) == [HCC]
    assert CATALOGUE.parent(HCC) == LIVER
    assert CATALOGUE.parent(LIVER) is None


def test_an_empty_catalogue_names_nothing() -> None:
    assert Catalogue().mentions("liver cancer HCC") == []
    assert Catalogue().likely_mentions("livr cancer") == []


@given(st.text(max_size=200))
def test_no_text_is_too_odd_to_read(text: str) -> None:
    for mention in CATALOGUE.likely_mentions(text):
        assert mention.cancer in CATALOGUE.entries


@pytest.mark.parametrize(
    "text",
    [
        "Does breast and liver cancer run together?",
        "breast or hepatic cancer",
        "Breast vs liver cancer",
    ],
)
def test_two_names_may_share_their_last_word(text: str) -> None:
    assert named(text) == [BREAST.slug, LIVER.slug]


def test_a_word_before_and_that_names_no_cancer_is_none() -> None:
    assert named("Surgery and liver cancer") == [LIVER.slug]
    assert named("breast pain and liver cancer") == [LIVER.slug]
