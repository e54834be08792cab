"""The one form of what findings say: the vocabulary's words, or nothing at all."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from navis_api.records.extraction.findings import Finding, FindingKind
from navis_api.records.extraction.text.reading import findings_of_text
from navis_api.records.profile.normal.form import Stance
from navis_api.records.profile.normal.reading import known_line, normal_form
from tests.records.profile.findings import read

K = FindingKind
SAMPLES = Path(__file__).parent.parent / "samples"
PLANTED = "Zephyrine"


@cache
def sample_findings() -> tuple[Finding, ...]:
    """What is read out of the sample reports."""
    return tuple(
        finding
        for name in ("reports.jsonl", "second_reports.jsonl")
        for line in (SAMPLES / name).read_text().splitlines()
        for finding in findings_of_text([json.loads(line).get("text") or ""])
    )


READ = [
    # (kind, key, value, unit, name): (name, value, unit)
    ((K.PRIMARY_CANCER, "breast-cancer", None, None, ""), ("breast cancer", None, None)),
    ((K.PRIMARY_CANCER, "breast-cancer", "Breast Cancer", None, ""), ("breast cancer", None, None)),
    ((K.STAGE_GROUP, "group", "IIIC", None, ""), ("stage group", "IIIC", None)),
    ((K.STAGE_GROUP, "group", " stage 3c ", None, ""), ("stage group", "IIIC", None)),
    ((K.STAGE_GROUP, "group", "Stage III-C", None, ""), ("stage group", "IIIC", None)),
    ((K.STAGE_GROUP, "clark", "4", None, ""), ("Clark level", "IV", None)),
    ((K.STAGE_GROUP, "rai", "II", None, ""), ("Rai stage", "II", None)),
    ((K.STAGE_GROUP, "extent", "Metastatic", None, ""), ("extent of disease", "metastatic", None)),
    ((K.TNM_CATEGORY, "t", "PT2A", None, ""), ("T category", "pT2a", None)),
    ((K.TNM_CATEGORY, "n", "pN1a(sn)", None, ""), ("N category", "pN1a(sn)", None)),
    ((K.TNM_CATEGORY, "m", "M0", None, ""), ("M category", "M0", None)),
    ((K.TUMOR_MARKER, "gleason", "3 + 4 = 7", None, ""), ("Gleason score", "7 (3+4)", None)),
    ((K.TUMOR_MARKER, "grade", "high", None, ""), ("histologic grade", "high", None)),
    ((K.TUMOR_MARKER, "psa", "1,240.50", "NG/ML", ""), ("PSA", "1240", "ng/mL")),
    ((K.TUMOR_MARKER, "psa", "4.2 ng/ml", "U/L", ""), ("PSA", "4.2", "ng/mL")),
    ((K.TUMOR_MARKER, "psa", "0.6789742964129765", "ng/mL", ""), ("PSA", "0.679", "ng/mL")),
    ((K.TUMOR_MARKER, "psa", "less than 0.1", None, ""), ("PSA", "<0.1", None)),
    ((K.TUMOR_MARKER, "afp", "12", "[iU]/mL", ""), ("AFP", "12", "IU/mL")),
    ((K.TUMOR_MARKER, "cea", "Within  normal limits", None, ""), ("CEA", "normal", None)),
    ((K.TUMOR_MARKER, "er", "Strongly positive, 95 %", None, ""), ("ER", "positive, 95%", None)),
    ((K.TUMOR_MARKER, "her2", "equivocal; 2+", None, ""), ("HER2", "equivocal, 2+", None)),
    ((K.TUMOR_MARKER, "pd_l1", "TPS: 60%", None, ""), ("PD-L1", "60", "TPS")),
    ((K.TUMOR_MARKER, "mlh1", "loss of expression", None, ""), ("MLH1", "loss", None)),
    ((K.GENOMIC_VARIANT, "msi", "dMMR", None, ""), ("MSI", "MSI-H", None)),
    ((K.GENOMIC_VARIANT, "tmb", "8", "mutations per megabase", ""), ("TMB", "8", "mut/Mb")),
    ((K.GENOMIC_VARIANT, "kras", "mutated", None, "KRAS G12D"), ("KRAS G12D", "mutated", None)),
    (
        (K.GENOMIC_VARIANT, "egfr", "mutated", None, "EGFR ex19del"),
        ("EGFR exon 19 deletion", "mutated", None),
    ),
    (
        (K.GENOMIC_VARIANT, "braf", "Present, p.Val600Glu, Clinvar ID 1, Somatic", None, "BRAF"),
        ("BRAF V600E", "mutated, somatic", None),
    ),
    (
        (K.GENOMIC_VARIANT, "brca2", "Present, NM_000059.4:c.1813dup, Germline", None, "BRCA2 x"),
        ("BRCA2", "mutated, germline", None),
    ),
    ((K.GENOMIC_VARIANT, "alk+eml4", "Present", None, "EML4-ALK"), ("ALK", "rearranged", None)),
    ((K.MEDICATION, "folfox", None, None, ""), ("FOLFOX", None, None)),
    ((K.METASTATIC_SITE, "liver", None, None, ""), ("liver", None, None)),
    ((K.PERFORMANCE_STATUS, "ecog", "1", None, ""), ("ECOG performance status", "1", None)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), READ)
def test_what_the_vocabulary_knows_has_one_form(
    given: tuple[FindingKind, str, str | None, str | None, str],
    expected: tuple[str, str | None, str | None],
) -> None:
    kind, key, value, unit, name = given
    form = normal_form(read(kind, key, value, unit=unit, name=name or PLANTED))
    assert form is not None
    assert (form.name, form.value, form.unit) == expected


def test_a_corrected_histology_is_another_histology() -> None:
    form = normal_form(read(K.HISTOLOGY, "adenocarcinoma", "Squamous-cell carcinoma"))
    assert form is not None
    assert (form.key, form.name, form.value) == (
        "squamous_cell_carcinoma",
        "squamous cell carcinoma",
        "squamous cell carcinoma",
    )


def test_nearly_everything_that_is_read_out_of_records_has_a_form() -> None:
    found = sample_findings()
    assert len(found) > 300
    unread = [finding for finding in found if normal_form(finding) is None]
    assert len(unread) <= len(found) * 0.01, [(each.key, each.value) for each in unread]


def _with_planted(value: str) -> Iterator[str]:
    """A value with a word in it that nobody may see, at each place between its words."""
    words = value.split(" ")
    for place in range(len(words) + 1):
        yield " ".join([*words[:place], PLANTED, *words[place:]])
    for joint in (", ", "; ", " (", "/", "-", ".", "\u00a0", "\n"):
        yield f"{value}{joint}{PLANTED}"
        yield f"{PLANTED}{joint}{value}"


def test_a_word_beside_a_value_makes_it_unreadable() -> None:
    for finding in {
        f"{each.kind} {each.key} {each.value}": each for each in sample_findings()
    }.values():
        for value in _with_planted(finding.value or ""):
            assert normal_form(replace(finding, value=value)) is None, (finding.key, value)


def test_whatever_stands_in_a_finding_no_form_holds_it() -> None:
    """Names, codes, quotes, units, lines and keys are looked up, or left out."""
    for finding in sample_findings():
        hidden = replace(
            finding,
            name=f"{finding.name} {PLANTED}",
            quote=f"{PLANTED} {finding.quote}",
            code=PLANTED,
            code_system=PLANTED,
            locator=PLANTED,
            line=PLANTED,
            laterality=PLANTED,
        )
        assert PLANTED not in str(normal_form(hidden))
        unknown = normal_form(replace(finding, key=PLANTED.lower()))
        # A histology is told by its value alone.
        assert unknown is None or unknown == normal_form(finding)
        if finding.value is not None and finding.unit is not None:
            assert normal_form(replace(finding, unit=PLANTED)) is None
    assert known_line(PLANTED) is None
    assert known_line("adjuvant") == "adjuvant"


@pytest.mark.parametrize(
    "value",
    [
        "19720314", "03141972", "1972-03-14", "14.03.1972", "555-1234", "2125551234", "078051120",
        "4.2 on 14 March", "4.2 at St. Mary's", "MRN 4711", "4.2.1", "1e400", "\u0664\u0662",
        "4" * 200,
        "nan", "inf", "4 2",
    ],
)  # fmt: skip
def test_days_and_numbers_of_other_things_are_no_measurements(value: str) -> None:
    for key, unit in (("psa", "ng/mL"), ("psa", None), ("ki67", "%"), ("tmb", None), ("er", None)):
        kind = K.GENOMIC_VARIANT if key == "tmb" else K.TUMOR_MARKER
        assert normal_form(read(kind, key, value, unit=unit)) is None


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        (K.STAGE_GROUP, "other", "AJCC stage low risk"),
        (K.STAGE_GROUP, "group", "not IIIC but IV"),
        (K.TNM_CATEGORY, "t", "N1"),
        (K.TNM_CATEGORY, "t", "pT2 pN0"),
        (K.TUMOR_MARKER, "er", "positive, negative"),
        (K.TUMOR_MARKER, "er", None),
        (K.TUMOR_MARKER, "ki67", "140%"),
        (K.MEDICATION, "tamoxifen", "letrozole"),
        (K.MEDICATION, "zephyrinib", None),
        (K.PROCEDURE, "tamoxifen", None),
        (K.PRIMARY_CANCER, "breast-cancer", "colon cancer"),
        (K.HISTOLOGY, "adenocarcinoma", "something else"),
        (K.GENOMIC_VARIANT, "pof1b", "mutated"),
        (K.GENOMIC_VARIANT, "kras", "Present, uncertain significance"),
        (K.PERFORMANCE_STATUS, "ecog", "good"),
        (K.PERFORMANCE_STATUS, "ecog", "9"),
    ],
)
def test_what_is_not_surely_read_is_not_read(
    kind: FindingKind, key: str, value: str | None
) -> None:
    assert normal_form(read(kind, key, value)) is None


STANCES = [
    ("er", "1%", Stance.YES), ("er", "<1%", Stance.NO), ("er", "<10%", None),
    ("er", "3/8", Stance.YES), ("er", "2/8", Stance.NO), ("her2", "1+", Stance.NO),
    ("her2", "2+", None),
    ("her2", "3+", Stance.YES), ("her2", "low", Stance.NO),
    ("her2_fish", "not amplified", Stance.NO),
    ("ki67", "positive", Stance.YES),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "stance"), STANCES)
def test_scores_say_what_guidelines_say(key: str, value: str, stance: Stance | None) -> None:
    form = normal_form(read(K.TUMOR_MARKER, key, value))
    assert form is not None
    assert form.stance is stance


def test_no_text_makes_the_reading_slow_or_fail() -> None:
    """Time isn't measured here: a pattern that explodes would never come back."""
    rng = random.Random(7)
    pieces = [
        "strongly ",
        "positive",
        "not ",
        "(",
        "9",
        "%",
        " ",
        "p.",
        "stage ",
        ",",
        "\x00",
        "\ud800",
        "IV",
        "+",
    ]
    for _ in range(60):
        value = "".join(rng.choice(pieces) for _ in range(60))[:200]
        for kind in FindingKind:
            for key in ("er", "psa", "group", "t", "kras", "msi", "gleason", "ecog", "tamoxifen"):
                normal_form(read(kind, key, value, unit=value[:40], name=value))
    for value in ("strongly " * 22, "1," * 100, "not " * 50, "3+" * 100, "(" * 200, "9" * 200):
        for kind in FindingKind:
            normal_form(read(kind, "er", value, name=value))
