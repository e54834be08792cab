"""Facts of another disease, or for another result, aren't told under the asked name; made up."""

import pytest

from navis_api.generation.extractive.markers import markers_asked
from navis_api.generation.extractive.short_names import names_another_by_letters
from navis_api.generation.extractive.unconditioned import lists_drugs_for_any_result

POLYCYTHEMIA = ("Polycythemia Vera", "Myeloproliferative Neoplasms", "Blood Cancer")


@pytest.mark.parametrize(
    "text",
    [
        "The prognosis and treatment options for CMML depend on:",
        "Treatment of CLL may include blue light.",
        "Symptoms of JMML include a dry nose.",
    ],
)
def test_what_is_said_of_other_letters_is_of_another_disease(text: str) -> None:
    assert names_another_by_letters(text, POLYCYTHEMIA)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Treatment options for NSCLC depend on the moon.", ("Non-Small Cell Lung Cancer",)),
        ("Treatment of PNET may include blue light.", ("Pancreatic Neuroendocrine Tumor",)),
        ("The prognosis depends on the PSA level.", ("Prostate Cancer",)),
        ("Changes of DNA are tested for.", POLYCYTHEMIA),
    ],
)
def test_own_letters_tests_and_genes_are_no_other_disease(text: str, names: tuple[str]) -> None:
    assert not names_another_by_letters(text, names)


KRAS = markers_asked("KRAS mutation in bowel cancer, which drugs?")


@pytest.mark.parametrize(
    "text",
    [
        "Targeted therapies used to treat colon cancer include:",
        "chemotherapy with or without targeted therapy (bevacizumab, cetuximab, or panitumumab)",
    ],
)
def test_a_list_of_drugs_without_their_condition_is_for_nobodys_result(text: str) -> None:
    assert lists_drugs_for_any_result(text, KRAS)
    assert not lists_drugs_for_any_result(text, ())


@pytest.mark.parametrize(
    "text",
    [
        "Targeted therapies for cancers without a KRAS mutation include:",
        "targeted therapy (encorafenib, cetuximab) in patients with a change in the BRAF gene",
        "Targeted therapy blocks what cancer cells need.",
    ],
)
def test_what_says_for_which_result_is_told(text: str) -> None:
    assert not lists_drugs_for_any_result(text, KRAS)
