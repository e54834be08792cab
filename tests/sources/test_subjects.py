"""Which cancers a document or a passage is about."""

from uuid import UUID, uuid4

import pytest

from navis_api.cancers.catalogue import Catalogue, CatalogueEntry
from navis_api.sources.subjects import cancers_of, named_cancers, names_disease
from tests.sources.corpus import CANCERS


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    ids: dict[str | None, UUID] = {draft.slug: uuid4() for draft in CANCERS}
    return Catalogue(
        tuple(
            CatalogueEntry(
                id=ids[draft.slug],
                slug=draft.slug,
                name=draft.name,
                clinical_name=draft.clinical_name,
                aliases=draft.aliases,
                abbreviations=draft.abbreviations,
                body_site=draft.body_site,
                icd10_codes=draft.icd10_codes,
                summary=draft.summary,
                parent_id=ids.get(draft.parent),
            )
            for draft in CANCERS
        )
    )


def about(catalogue: Catalogue, title: str, *path: str, url: str | None = None) -> set[str]:
    return {catalogue.by_id[found].slug for found in cancers_of(catalogue, title, path, url)}


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Liver and Bile Duct Cancer", {"liver-cancer", "bile-duct-cancer"}),
        ("Stomach (Gastric) Cancer", {"stomach-cancer"}),
        ("breast, colon, and skin cancers", {"breast-cancer", "colon-cancer", "skin-cancer"}),
        ("Ovarian, Fallopian Tube, & Liver Cancers",
            {"ovarian-cancer", "fallopian-tube-cancer", "liver-cancer"}),
        ("Childhood Basal & Squamous Cell Carcinoma of the Skin",
            {"basal-cell-carcinoma", "squamous-cell-carcinoma-of-the-skin"}),
        ("Needles go through the skin or an incision to reach the tumor", set[str]()),
        ("where the cancer is in the liver", set[str]()),
    ],
)  # fmt: skip
def test_joined_names_and_plurals_are_all_named(
    catalogue: Catalogue, text: str, slugs: set[str]
) -> None:
    assert {found.slug for found in named_cancers(catalogue, text)} == slugs


def test_the_title_says_what_a_document_is_about(catalogue: Catalogue) -> None:
    assert about(catalogue, "Liver Cancer Treatment") == {"liver-cancer"}
    assert about(catalogue, "Childhood Liver Cancer Treatment") == {"liver-cancer"}


def test_a_kind_behind_a_joint_or_a_time_completes_no_name(catalogue: Catalogue) -> None:
    for text in (
        "Liver and Nail Changes and Cancer Treatment",
        "liver and nail care during cancer",
    ):
        assert named_cancers(catalogue, text) == []


def test_a_heading_narrows_and_a_wider_one_does_not_widen(catalogue: Catalogue) -> None:
    assert about(catalogue, "Liver and Bile Duct Cancer", "Bile Duct Cancer") == {
        "bile-duct-cancer"
    }
    assert about(catalogue, "Hepatocellular Carcinoma", "Types of liver cancer") == {
        "hepatocellular-carcinoma"
    }


def test_texts_on_cancer_as_such_and_on_drugs_are_general(catalogue: Catalogue) -> None:
    assert about(catalogue, "Recurrent Cancer", "Why Cancer Comes Back") == set()
    assert about(catalogue, "Metastatic Cancer: When Cancer Spreads") == set()
    assert about(catalogue, "Sorafenib Tosylate", "Use in Cancer") == set()


def test_the_address_speaks_where_the_title_names_nothing(catalogue: Catalogue) -> None:
    address = "https://example.org/types/breast/screening/mammograms"
    assert about(catalogue, "Mammograms", url=address) == {"breast-cancer"}
    assert about(catalogue, "Mammograms", url="https://example.org/tests/breast") == set()


def test_a_disease_that_is_not_in_the_catalogue_is_not_its_neighbour(catalogue: Catalogue) -> None:
    address = "https://example.org/types/liver/choriocarcinoma"
    assert about(catalogue, "Infantile Choriocarcinoma of the Liver", url=address) == set()
    assert names_disease("Infantile Choriocarcinoma of the Liver")
    assert not names_disease("Side Effects of Radiation Therapy")
