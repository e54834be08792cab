"""Markers with their status: the polarity is what turns an answer round."""

import pytest

from navis_api.vocabulary.markers import MarkerStatus, markers_in


def read(text: str) -> list[tuple[str, str]]:
    return [(mention.gene_key, mention.status.value) for mention in markers_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HER2+", [("her2", "positive")]),
        ("HER2 positive", [("her2", "positive")]),
        ("HER2–positive", [("her2", "positive")]),
        ("HER2-negative", [("her2", "negative")]),
        ("HER2 neg", [("her2", "negative")]),
        ("HER2 (−)", [("her2", "negative")]),
        ("HER2- breast cancer", [("her2", "negative")]),
        ("my HER2 status is negative", [("her2", "negative")]),
        ("HER2 is not overexpressed", [("her2", "negative")]),
        ("HER2-low", [("her2", "low")]),
        ("HER2 gene amplification", [("her2", "amplified")]),
        ("no EGFR mutation", [("egfr", "wild_type")]),
        ("EGFR-mutated", [("egfr", "mutated")]),
        ("without an ALK rearrangement", [("alk", "negative")]),
        ("ALK fusion", [("alk", "rearranged")]),
        ("wild-type KRAS", [("kras", "wild_type")]),
        ("KRAS wild-type", [("kras", "wild_type")]),
        ("hormone receptor-positive", [("hr", "positive")]),
        ("hormone positive", [("hr", "positive")]),
        ("ER+/PR-", [("er", "positive"), ("pr", "negative")]),
        ("MSI-high", [("msi", "high")]),
        ("dMMR", [("msi", "high")]),
        ("mismatch repair deficient", [("msi", "high")]),
        ("microsatellite stable", [("msi", "negative")]),
        ("PD-L1 expression of at least 50%", [("pd_l1", "high")]),
        ("PD-L1 <1%", [("pd_l1", "negative")]),
        ("tumors that do not express PD-L1", [("pd_l1", "negative")]),
        ("BRCA1 carrier", [("brca1", "mutated")]),
        ("changes in the BRCA1 gene", [("brca1", "mutated")]),
        ("tested negative for BRCA2", [("brca2", "negative")]),
        ("Ph+ ALL", [("bcr_abl", "positive")]),
        ("unmethylated MGMT", [("mgmt", "negative")]),
        ("elevated CEA", [("cea", "high")]),
        ("what is EGFR?", [("egfr", "unstated")]),
        ("*IDH*-[mutated] tumors", [("idh", "mutated")]),
    ],
)
def test_a_status_is_read_however_it_is_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ER, PR, and HER2 negative",
            [("er", "negative"), ("pr", "negative"), ("her2", "negative")],
        ),
        (
            "does not have EGFR, ALK or ROS1 mutations",
            [("egfr", "wild_type"), ("alk", "wild_type"), ("ros1", "wild_type")],
        ),
        (
            "no mutations in EGFR, ALK, or ROS1",
            [("egfr", "wild_type"), ("alk", "wild_type"), ("ros1", "wild_type")],
        ),
        ("HR-positive, HER2-negative", [("hr", "positive"), ("her2", "negative")]),
    ],
)
def test_a_list_shares_what_is_said_of_it_and_nothing_more(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert read(text) == expected


def test_triple_negative_is_three_markers() -> None:
    assert set(read("triple-negative breast cancer")) == {
        ("er", "negative"),
        ("pr", "negative"),
        ("her2", "negative"),
    }
    assert read("TNBC") == read("triple negative")


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("BRAF V600E mutation", "v600e"),
        ("KRAS G12C", "g12c"),
        ("EGFR exon 19 deletion", "exon 19 deletion"),
        ("FLT3-ITD", "itd"),
        ("PD-L1 50%", "50%"),
    ],
)
def test_a_variant_is_kept(text: str, variant: str) -> None:
    (mention,) = markers_in(text)
    assert mention.variant == variant
    assert mention.status.is_present


def test_a_drug_class_is_no_marker() -> None:
    assert read("EGFR inhibitors and anti-HER2 therapy") == []


def test_a_status_says_whether_the_marker_is_there() -> None:
    assert MarkerStatus.REARRANGED.is_present is True
    assert MarkerStatus.WILD_TYPE.is_present is False
    assert MarkerStatus.UNSTATED.is_present is None
