"""Which cancers operations, tests and organs tell."""

import json
from importlib.resources import files

import pytest

from navis_api.vocabulary.cancer_treatments import cancer_treatments
from navis_api.vocabulary.cancers import cancers
from navis_api.vocabulary.implied_cancers import implied_cancers
from navis_api.vocabulary.terms import TermKind, terms


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("What does a high PSA mean?", ["prostate-cancer"]),
        ("Is a prostate biopsy risky?", ["prostate-cancer"]),
        ("How is a biopsy of the prostate done?", ["prostate-cancer"]),
        ("Can I fly after a breast op?", ["breast-cancer"]),
        ("How is a small renal mass found?", ["kidney-cancer"]),
        ("What does BI-RADS 4 mean?", ["breast-cancer"]),
        ("What is androgen deprivation?", ["prostate-cancer"]),
        ("After my bladder was removed, how will I urinate?", ["bladder-cancer"]),
        ("They want to take out a part of my colon", ["colorectal-cancer"]),
        ("My dad lost his voice box", ["laryngeal-cancer"]),
        ("Can I swim with a colostomy?", ["colorectal-cancer", "anal-cancer"]),
        ("Does a mammogram show anything after a mastectomy?", ["breast-cancer"]),
        ("What happens in a Whipple operation?", ["pancreatic-cancer"]),
        ("What is life like without a stomach?", ["stomach-cancer"]),
        ("What are the side effects of Ibrance?", ["breast-cancer"]),
        ("How long does Xtandi work after prostate surgery?", ["prostate-cancer"]),
        ("How often is R-CHOP given?", ["non-hodgkin-lymphoma"]),
        ("Does ABVD harm the lungs?", ["hodgkin-lymphoma"]),
        ("Is FOLFOX given at home?", []),
        ("hot flushes from hormone injections prostate", ["prostate-cancer"]),
        ("How do I keep my prostate healthy?", []),
        ("ovarian chemo hair loss", ["ovarian-cancer"]),
        ("Does chemo harm the ovaries?", []),
        ("gist imatinib side effects", ["gastrointestinal-stromal-tumor"]),
        ("What is the gist of this treatment?", []),
        ("Is cisplatin bad for my ears?", []),
        ("What helps against nausea from chemo?", []),
        ("Which clinic is best for a second opinion?", []),
        ("Is a mammogram as good as a PSA test?", []),
        ("My bladder hurts", []),
        ("", []),
    ],
)
def test_what_a_text_names_tells_the_cancer(text: str, told: list[str]) -> None:
    assert list(implied_cancers(text)) == told


def test_every_name_in_the_lists_is_known() -> None:
    lists = json.loads(
        files("navis_api.vocabulary").joinpath("implied_cancers.json").read_text(encoding="utf-8")
    )
    tests = {key for kind, key in terms() if kind is TermKind.TEST}
    assert set(lists["tests"]) <= tests
    drugs = {key for kind, key in terms() if kind is TermKind.DRUG}
    assert set(lists["drugs"]) <= drugs
    assert set(lists["mostly"]) <= set(cancer_treatments())
    assert set(lists["mostly"].values()) <= set(cancers())
    known = set(cancers())
    parts = ("tests", "words", "organs", "drugs")
    for told in (told for part in parts for told in lists[part].values()):
        assert told
        assert set(told) <= known
