"""What counts as found, wrong and missed, and how well the committed samples are read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from navis_api.evaluation.cases import read_cases
from navis_api.evaluation.errors import CasesBroken
from navis_api.evaluation.extraction.cases import ExtractionCase, content_of
from navis_api.evaluation.extraction.evaluating import ExtractionFigures, evaluate_extraction
from navis_api.evaluation.extraction.matching import Compared, compare
from navis_api.evaluation.extraction.values import same_value
from navis_api.records.extraction.failures import ExtractionFailed
from navis_api.records.extraction.findings import Finding
from navis_api.records.extraction.limits import ExtractionLimits
from navis_api.records.extraction.reading import read_record
from navis_api.records.extraction.text.reading import findings_of_text
from tests.records.shared_data import RECORDS, needs_shared_records

SAMPLES = Path(__file__).parents[1] / "records" / "samples"


async def extract(content: bytes) -> Sequence[Finding]:
    try:
        return read_record(content, ExtractionLimits()).findings
    except ExtractionFailed:
        return ()


async def figures_of(path: Path, folder: Path) -> ExtractionFigures:
    return await evaluate_extraction(read_cases(path, ExtractionCase), folder, extract)


def compared(text: str, **labels: Any) -> Compared:
    return compare(labels, findings_of_text([text]))


def test_names_stages_and_brands_are_compared_by_what_they_mean() -> None:
    got = compared(
        "Stage 3c adenocarcinoma of the colon. She received Taxol.",
        cancer=["colon"],
        histology="adenocarcinoma",
        stage={"group": "IIIC"},
        treatments=[{"name": "paclitaxel", "status": "received"}],
    )
    assert (len(got.found), got.missing, got.wrong) == (4, (), ())


def test_planned_isn_t_given() -> None:
    got = compared(
        "We plan to start paclitaxel.", treatments=[{"name": "paclitaxel", "status": "received"}]
    )
    assert not got.found
    assert len(got.missing) == len(got.wrong) == 1


def test_a_wrong_value_is_missed_and_wrong() -> None:
    got = compared("PSA was 4.5 ng/mL.", biomarkers=[{"name": "PSA", "value": "9.1"}])
    assert len(got.missing) == len(got.wrong) == 1


def test_prefixes_agree_where_both_give_one() -> None:
    assert compared("pT2 N0.", stage={"t": "T2", "n": "N0"}).missing == ()
    assert len(compared("pT2 N0.", stage={"t": "cT2", "n": "N0"}).missing) == 1


def test_what_the_labels_don_t_speak_of_counts_neither_way() -> None:
    got = compared("Breast cancer with liver metastases. ECOG 1.", cancer=["breast"])
    assert got.wrong == ()
    assert len(compared("Breast cancer with liver metastases.", metastases=[]).wrong) == 1


def test_what_is_denied_or_only_considered_claims_nothing() -> None:
    got = compared(
        "No evidence of breast cancer. We discussed paclitaxel as an option.",
        cancer=[],
        treatments=[],
    )
    assert got.wrong == ()


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        ("Positive", "positive, 90%", True),
        ("Negative", "positive", False),
        ("wild type", "negative", True),
        ("1,240", "1240", True),
        ("5.557277417231358", "5.557277417231358", True),
        ("5.5", "5.6", False),
        ("less than 1.8", "<1.8", True),
        ("3+", "positive, 3+, IHC", True),
        ("high", "MSI-H", True),
    ],
)
def test_values(expected: str, found: str, same: bool) -> None:  # noqa: FBT001
    assert same_value(expected, found) is same


def test_a_file_outside_the_folder_isn_t_read(tmp_path: Path) -> None:
    for name in ("../x.json", "/x.json", "missing.json"):
        case = ExtractionCase(id="a", file=name, expected={})
        with pytest.raises(CasesBroken):
            content_of(case, tmp_path)


@pytest.mark.parametrize("name", ["", "second_", "third_", "fourth_", "fifth_", "sixth_"])
async def test_the_samples_are_read_as_well_as_free_text_must_be(name: str) -> None:
    figures = await figures_of(SAMPLES / f"{name}reports.jsonl", SAMPLES)
    overall = figures.overall["free_text"]
    assert overall.precision is not None
    assert overall.recall is not None
    assert overall.precision >= 0.9
    assert overall.recall >= 0.85
    assert figures.trap_hits == 0


@pytest.mark.parametrize("name", ["first.jsonl", "second.jsonl"])
async def test_the_samples_are_read_as_well_as_coded_files_must_be(name: str) -> None:
    folder = SAMPLES / "coded"
    overall = (await figures_of(folder / name, folder)).overall["coded"]
    assert overall.precision is not None
    assert overall.recall is not None
    assert overall.precision >= 0.98
    assert overall.recall >= 0.98


@needs_shared_records
async def test_records_that_others_wrote() -> None:
    figures = await figures_of(RECORDS / "gold.jsonl", RECORDS)
    for group, precision, recall in (("coded", 0.97, 0.98), ("free_text", 0.9, 0.85)):
        counts = figures.overall[group]
        assert (counts.precision or 0) >= precision
        assert (counts.recall or 0) >= recall
