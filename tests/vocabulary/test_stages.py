"""Stages, extents, grades and risk groups, however they are written."""

import pytest

from navis_api.vocabulary.stages import StageKind, stages_in


def keys(text: str) -> list[str]:
    return [mention.key for mention in stages_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stage IIIB", ["iiib"]),
        ("Stage 3b", ["iiib"]),
        ("stage three", ["iii"]),
        ("STAGE IV", ["iv"]),
        ("stage 4S", ["ivs"]),
        ("stage 0", ["0"]),
        ("stages I to III", ["i", "ii", "iii"]),
        ("stage I-III", ["i", "ii", "iii"]),
        ("stage IA, IB, and IIA", ["ia", "ib", "iia"]),
        ("stage III or stage IV", ["iii", "iv"]),
        ("stage III/IV", ["iii", "iv"]),
        ("stage 1 for 2 years", ["i"]),
        ("stage 2 or 3 years later", ["ii"]),
        ("grade 3", ["grade_3"]),
        ("grade II glioma", ["grade_2"]),
        ("Gleason 7", ["gleason_7"]),
        ("cancer stage vs grade", []),
        ("Gleason score 3 + 4 = 7", ["gleason_3+4", "gleason_7"]),
        ("T2N1M0", ["m0", "n1", "t2"]),
        ("node-negative", ["node_negative"]),
        ("limited-stage", ["limited"]),
        ("locally advanced", ["locally_advanced"]),
        ("non-metastatic", ["nonmetastatic"]),
        ("cannot be removed by surgery", ["unresectable"]),
        ("castration-resistant", ["castration_resistant"]),
        ("carcinoma in situ", ["in_situ"]),
        ("non-muscle-invasive", ["non_muscle_invasive"]),
        ("it spread to my lungs", ["metastatic"]),
        ("has spread to other parts of the body", ["metastatic"]),
        ("has not spread", ["nonmetastatic"]),
        ("hasn't spread to the lymph nodes", ["node_negative"]),
        ("it came back", ["recurrent"]),
    ],
)
def test_stages_are_read(text: str, expected: list[str]) -> None:
    assert sorted(keys(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "at this stage I am afraid",
        "the stage is important",
        "advanced age",
        "an advance directive",
        "can it spread to the brain?",
        "how does cancer spread",
        "my scan came back clear",
        "minimally invasive surgery",
        "carboxyl-terminal",
        "if left untreated",
    ],
)
def test_what_is_no_stage_is_not_read(text: str) -> None:
    assert keys(text) == []


def test_a_mention_tells_what_it_is_and_where() -> None:
    text = "Is stage IIA, high-grade disease curable?"
    first, second = stages_in(text)
    assert (first.key, first.kind, text[first.start : first.end]) == (
        "iia",
        StageKind.STAGE,
        "stage IIA",
    )
    assert (second.key, second.kind) == ("high_grade", StageKind.GRADE)
